//! Schedules of `GetInferenceUsage`: any grouping, filters, and every shape of its table.

use ark_usage_emulator::faults::{BehaviorList, Effect};
use ark_usage_emulator::{
    CellForm, ColumnOrder, CountForm, Duplicates, FieldForm, GroupRule, HourText,
    InferenceBehaviors, KeylessText, OutsideRows, ProjectColumn, RowForm, RowMember, ZeroRows,
};
use ark_usage_model::{DimensionFilter, Tags};

use crate::action::ActionKind;
use crate::random::Random;
use crate::schedule::Schedule;
use crate::world::{INFERENCE_KEYS, World};

/// Turns a schedule to `GetInferenceUsage`, with groupings of its own.
pub(crate) fn turn(schedule: &mut Schedule, world: &World, random: &mut Random) {
    schedule.action = ActionKind::InferenceUsage;
    for target in &mut schedule.targets {
        // It knows no scenes.
        target.scenes.clear();
        for (_, tag) in INFERENCE_KEYS {
            // More of them cost time and show nothing new.
            if target.filters.len() < 2 && random.once_in(3) {
                // These a target names in another way.
                let is_named = tag == Tags::ENDPOINT_ID || target.batch_job_id.is_some();
                let values = if random.once_in(4) && !is_named {
                    let values = world.values(target, tag);
                    let chosen = random.below(u32::try_from(values.len()).unwrap_or(1));
                    values
                        .into_iter()
                        .nth(usize::try_from(chosen).unwrap_or(0))
                        .into_iter()
                        .collect()
                } else {
                    Vec::new()
                };
                target.filters.push(DimensionFilter { key: tag.to_owned(), values });
            }
        }
    }
    schedule.behaviors.inference = behaviors(random);
    for fault in &mut schedule.faults.faults {
        if let Effect::Behavior { set } = &mut fault.effect {
            *set = behavior(random);
        }
    }
}

/// Shapes of the table; its truth stays the same.
fn behaviors(random: &mut Random) -> InferenceBehaviors {
    let usually = Duplicates::None;
    InferenceBehaviors {
        cells: random
            .one_of(CellForm::Text, &[CellForm::Number, CellForm::EmptyZeros, CellForm::NullZeros]),
        fields: random.one_of(
            FieldForm::Objects,
            &[FieldForm::Strings, FieldForm::FieldName, FieldForm::LowerCase],
        ),
        member: random.one_of(RowMember::Data, &[RowMember::Rows]),
        rows: random.one_of(RowForm::Arrays, &[RowForm::Objects, RowForm::Values]),
        hour: random.one_of(HourText::Short, &[HourText::Padded, HourText::Text]),
        project_column: random
            .one_of(ProjectColumn::WhenSent, &[ProjectColumn::Always, ProjectColumn::Never]),
        columns: random.one_of(ColumnOrder::Usual, &[ColumnOrder::Reversed]),
        absent: if random.once_in(4) { vec!["CacheTokensHit", "ReqCnt"] } else { Vec::new() },
        count: random
            .one_of(CountForm::Number, &[CountForm::Text, CountForm::Wrong, CountForm::None]),
        outside: random.one_of(OutsideRows::None, &[OutsideRows::Added]),
        duplicates: random
            .one_of(usually, &[usually, usually, Duplicates::Repeated, Duplicates::Split]),
        groups: random.one_of(
            GroupRule::Combined,
            &[GroupRule::Combined, GroupRule::Combined, GroupRule::First],
        ),
        keyless: random.one_of(KeylessText::Empty, &[KeylessText::Null]),
        zero_rows: random.one_of(ZeroRows::LeftOut, &[ZeroRows::Kept]),
        max_days: random.one_of(Some(30), &[None, Some(31), Some(1), Some(3)]),
        // Counted usage stays: the truth has all of it.
        ..InferenceBehaviors::default()
    }
}

/// A behavior that the server takes up midway.
fn behavior(random: &mut Random) -> BehaviorList {
    let text = random.one_of(
        "inference-cells=number",
        &[
            "inference-cells=empty",
            "inference-cells=null",
            "inference-fields=strings",
            "inference-fields=none",
            "inference-member=rows",
            "inference-rows=objects",
            "inference-hour=text",
            "inference-columns=reversed",
            "inference-count=wrong",
            "inference-outside=added",
            "inference-duplicates=repeated",
            "inference-duplicates=split",
            "inference-zero-rows=kept",
            "inference-zero-rows=left-out",
            "inference-absent=ImageCount",
            "inference-project-column=always",
            "order=unsorted",
            "errors=http-200",
        ],
    );
    BehaviorList::try_from(text.to_owned()).expect("a known switch")
}
