//! Tokens that a plan pays for.

use std::collections::BTreeSet;

use ark_usage_model::UnixSeconds;
use ark_usage_model::get_coding_plan_usage::{CodingPlanUsage, GetCodingPlanUsage};
use ark_usage_model::get_inference_usage::RawCell;

use super::{
    BILLING, DAY, InferenceProbe, ProbeCalls, ProbeError, ProbeFinding, SAFE_DAYS, grouped,
    or_refused, refused, shown,
};
use crate::{listed, text};

pub(super) const QUESTION: &str = "tokens of a Coding Plan";

/// Looks for billing statuses of a plan, and without any, for a plan that is in use all the same.
pub(super) async fn finding<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    today: i64,
    now: i64,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let range = client.days(today - (SAFE_DAYS - 1) * DAY, today);
    let usage = client.fetch(&grouped(&range, &[BILLING])).await?;
    if !usage.has(BILLING) {
        let why = text!("no row names a billing status", "没有任何一行带有计费状态");
        return Ok(ProbeFinding::open(QUESTION, why));
    }
    let used = usage.0.rows.iter().filter(|row| !usage.is_zero(row));
    let statuses: BTreeSet<String> = used
        .filter_map(|row| usage.0.cell(row, BILLING).and_then(RawCell::text))
        .filter(|status| status.to_ascii_lowercase().contains("plan"))
        .map(shown)
        .collect();
    if !statuses.is_empty() {
        let all = listed(&statuses, 5);
        return Ok(ProbeFinding::settled(
            QUESTION,
            text!("included, with the billing status {all}", "包含在内，计费状态为 {all}"; all = all),
            text!("usage grouped by billing status", "按计费状态分组的用量"),
        ));
    }
    let about = text!("probe: the Coding Plan", "探测：Coding Plan");
    let plan = match or_refused(client.calls.send(&GetCodingPlanUsage {}, about).await)? {
        Ok(plan) => plan.unwrap_or_default(),
        Err(error) => return Ok(ProbeFinding::open(QUESTION, refused(&error))),
    };
    if !is_used(&plan, now) {
        return Ok(ProbeFinding::open(
            QUESTION,
            text!(
                "no usage has the billing status of a plan, and no Coding Plan was used this week",
                "没有套餐计费状态的用量，本周也没有使用 Coding Plan"
            ),
        ));
    }
    Ok(ProbeFinding::settled(
        QUESTION,
        text!("not included", "不包含"),
        text!(
            "a Coding Plan was used this week, and no usage has the billing status of a plan",
            "本周使用了 Coding Plan，而没有套餐计费状态的用量"
        ),
    ))
}

/// Returns true if the plan was used in its current week.
fn is_used(plan: &CodingPlanUsage, now: i64) -> bool {
    let is_positive = |number: &str| {
        let digits = number.split(['e', 'E']).next().unwrap_or_default();
        !number.starts_with('-') && digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
    };
    plan.quota_usage.iter().any(|window| {
        let ends = window.reset_timestamp.and_then(UnixSeconds::instant);
        window.level.eq_ignore_ascii_case("weekly")
            && ends.is_some_and(|end| end > now)
            && window.percent.as_ref().is_some_and(|percent| is_positive(percent.as_str()))
    })
}
