//! `history status`, `verify` and `revisions`.

use std::time::Duration;

use ark_usage_history::{
    PlanRule, Revision, Slice, Store as _, SumKind, Survey, UnequalSums, check_sums, survey,
};
use ark_usage_model::{State, Window};
use ark_usage_render::history::{
    FormerValue, HistoryCheck, HistoryStatus, HistoryVerdict, KeptGap, NextSync, RevisedValue,
    Revisions, SeriesStatus, VerifiedHistory,
};

use super::{OpenHistory, state_of, tags_of, usage_of};
use crate::actions::ACTIONS;
use crate::args::{ReportFormat, RevisionsArgs, RevisionsFormat, StatusArgs};
use crate::commands::sync::RECHECK;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Shows what is kept.
pub(super) fn status(args: &StatusArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let history = OpenHistory::new(&args.file, context)?;
    let now = context.clock.now().as_second();
    let rule = |slice: &Slice| {
        let action = ACTIONS.iter().find(|action| action.action.name() == slice.action());
        let settle = action.map_or(Duration::from_hours(1), |action| action.action.settle());
        PlanRule { now, settle, recheck: RECHECK }
    };
    let mut series = Vec::new();
    for account in history.accounts()? {
        let names = history.store.names(&account).map_err(|error| history.failed(error))?;
        let surveys =
            survey(&history.store, &account, &rule).map_err(|error| history.failed(error))?;
        series.extend(surveys.iter().map(|survey| series_of(survey, names.profile.as_ref())));
    }
    let size = history.store.size().map_err(|error| history.failed(error))?;
    let range = history.range(None, args.tz.as_deref(), context)?;
    let status = HistoryStatus {
        range: &range,
        history: &history.path,
        size_bytes: size,
        series: &series,
        generated_at: now,
    };
    let screen = context.screen(&Output::Stdout);
    crate::output::write_stdout(&match args.format {
        ReportFormat::Text => status.table(screen, context.lang),
        ReportFormat::Json => status.json()?,
    })?;
    Ok(ExitStatus::Done)
}

fn series_of(survey: &Survey, profile: Option<&String>) -> SeriesStatus {
    let buckets = survey.next.iter().map(Window::len).sum::<usize>();
    SeriesStatus {
        usage: usage_of(&survey.subject),
        profile: profile.cloned(),
        interval: survey.interval,
        endpoints: survey.endpoints,
        points: survey.points,
        start: survey.start,
        end: survey.end,
        settling: survey.settling,
        gaps: survey.gaps.iter().map(|(start, end)| KeptGap { start: *start, end: *end }).collect(),
        last_sync: Some(survey.fetched_at),
        next: NextSync {
            buckets: u64::try_from(buckets).unwrap_or(u64::MAX),
            start: survey.next.first().map(Window::first),
        },
    }
}

/// Checks the file and the sums in it.
pub(super) fn verify(args: &StatusArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let history = OpenHistory::new(&args.file, context)?;
    let damage = history.store.check().map_err(|error| history.failed(error))?;
    let (mut checks, mut open) = (0_u64, Vec::new());
    for account in history.accounts()? {
        let sums = check_sums(&history.store, &account).map_err(|error| history.failed(error))?;
        checks += sums.checks;
        open.extend(sums.unequal.iter().map(check_of));
    }
    let range = history.range(None, args.tz.as_deref(), context)?;
    let verified = VerifiedHistory {
        range: &range,
        history: &history.path,
        damage: &damage,
        checks,
        equal: checks.saturating_sub(u64::try_from(open.len()).unwrap_or(u64::MAX)),
        open: &open,
        generated_at: context.clock.now().as_second(),
    };
    let screen = context.screen(&Output::Stdout);
    crate::output::write_stdout(&match args.format {
        ReportFormat::Text => verified.table(screen, context.lang),
        ReportFormat::Json => verified.json()?,
    })?;
    Ok(Conclusion::of_check(verified.has_passed()).into())
}

fn check_of(sums: &UnequalSums) -> HistoryCheck {
    let verdict = match sums.kind {
        _ if !sums.is_final => HistoryVerdict::Settling,
        SumKind::Endpoints if sums.parts < sums.whole => HistoryVerdict::Unattributed,
        SumKind::Endpoints | SumKind::Hours => HistoryVerdict::Differs,
    };
    HistoryCheck {
        check: match sums.kind {
            SumKind::Hours => "hours",
            SumKind::Endpoints => "endpoints",
        },
        usage: usage_of(&sums.subject),
        metric: sums.metric.as_str().to_owned(),
        start: sums.start,
        end: sums.start + sums.interval.seconds(),
        whole: sums.whole,
        parts: sums.parts,
        verdict,
    }
}

/// Lists the values that have changed.
pub(super) fn revisions(
    args: &RevisionsArgs,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let history = OpenHistory::new(&args.rows.file, context)?;
    let range = history.range(Some(&args.rows.range), args.rows.range.tz.as_deref(), context)?;
    let output = Output::from_flag(args.rows.output.as_deref());
    let mut sink = output.open()?;
    let mut values = Vec::new();
    let (start, end) = (range.window.first(), range.window.end());
    let mut each = |revision: &Revision| {
        let mut value = value_of(revision);
        if args.only_final {
            value.previous.retain(|former| former.state == State::Final);
        }
        if !value.previous.is_empty() {
            values.push(value);
        }
    };
    history.store.revisions(start, end, &mut each).map_err(|error| history.failed(error))?;
    let generated_at = context.clock.now().as_second();
    let (history, only_final) = (history.path.as_str(), args.only_final);
    let revisions = Revisions { range: &range, history, only_final, values: &values, generated_at };
    sink.write(&match args.format {
        RevisionsFormat::Table => revisions.table(context.screen(&output), context.lang),
        RevisionsFormat::Json => revisions.json()?,
        RevisionsFormat::Csv => revisions.csv()?,
    })?;
    sink.finish()?;
    Ok(ExitStatus::Done)
}

fn value_of(revision: &Revision) -> RevisedValue {
    let former = revision.previous.iter().map(|former| FormerValue {
        value: former.value,
        fetched_at: former.fetched_at,
        state: state_of(former.is_final),
    });
    RevisedValue {
        usage: usage_of(&revision.subject),
        tags: tags_of(&revision.line),
        metric: revision.line.metric.as_str().to_owned(),
        start: revision.point.start,
        end: revision.point.start + revision.interval.seconds(),
        value: revision.point.value,
        previous: former.collect(),
    }
}
