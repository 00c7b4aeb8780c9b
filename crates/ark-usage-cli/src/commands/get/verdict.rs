//! What the run comes to: the exit status, and on standard error what people must know.

use std::collections::BTreeMap;

use ark_usage_model::{CallFailure, GapReason, Metric};
use volc_openapi::strip_control;

use crate::args::Format;
use crate::commands::call_error;
use crate::commands::fetch::{FetchResult, StopReason, unread};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text};
use crate::text;

/// Says what is missing and why, and picks the exit status.
pub(in crate::commands) fn verdict(
    result: &FetchResult,
    format: Format,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    for (_, message) in &result.warnings {
        context.note(warning(message));
    }
    match result.end {
        Some(StopReason::Enough) => return Ok(ExitStatus::Done),
        Some(StopReason::Interrupted) if result.anything_came() => {
            context.say(text!(
                "interrupted: what came is shown, the rest is listed as missing",
                "已中断：已收到的部分照常显示，其余列为缺失"
            ));
            return Ok(ExitStatus::Interrupted);
        }
        Some(StopReason::Interrupted) => return Err(CliError::interrupted()),
        None => {}
    }
    if let Some(unreturned) = unreturned(result, format) {
        context.note(unreturned);
    }
    let Some(failure) = result.first_failure() else { return Ok(without_failure(result)) };
    if !result.anything_came() {
        return Err(error_of(failure, result));
    }
    context.say(partial(result, failure));
    Ok(ExitStatus::Partial)
}

/// Every call was answered; but of an answer that could not be read something is missing.
fn without_failure(result: &FetchResult) -> ExitStatus {
    if unread(&result.warnings).is_some() {
        return ExitStatus::Partial;
    }
    ExitStatus::Done
}

/// What the service answered without: no failure, but not 0 either.
fn unreturned(result: &FetchResult, format: Format) -> Option<Text> {
    let seconds = result.range.window.interval().seconds();
    // `None` is any metric, of a target that nothing came of.
    let mut counts: BTreeMap<Option<&str>, i64> = BTreeMap::new();
    for gap in &result.report.coverage.missing {
        if gap.reason == GapReason::NotReturned {
            let metric = gap.metric.as_ref().map(Metric::as_str);
            *counts.entry(metric).or_default() += (gap.end - gap.start) / seconds;
        }
    }
    if counts.is_empty() {
        return None;
    }
    let shown =
        matches!(format, Format::Table | Format::Markdown) && counts.keys().any(Option::is_some);
    let they = if shown {
        text!("show as \"-\" and are not 0", "显示为“-”，不等于 0")
    } else {
        text!("are missing, not 0", "属于缺失，不等于 0")
    };
    Some(text!(
        "note: the service did not return {each}; they {they}",
        "注意：服务端没有返回 {each}；它们{they}";
        each = Text::each(|lang| counted(&counts, lang)),
        they = they
    ))
}

/// `2 buckets of PromptTokens, 3 of CompletionTokens`
fn counted(counts: &BTreeMap<Option<&str>, i64>, lang: Lang) -> String {
    // What nothing came of comes last, where there are others.
    let named = counts.iter().filter(|(metric, _)| metric.is_some());
    let all = named.chain(counts.iter().filter(|(metric, _)| metric.is_none()));
    let each = all.zip(0..).map(|((metric, count), place)| {
        let metric = metric.unwrap_or(lang.pick("any metric", "任何指标"));
        match (lang, place, count) {
            (Lang::En, 0, 1) => format!("1 bucket of {metric}"),
            (Lang::En, 0, _) => format!("{count} buckets of {metric}"),
            (Lang::En, _, _) => format!("{count} of {metric}"),
            (Lang::Zh, _, _) => format!("{metric} 的 {count} 个时间段"),
        }
    });
    each.collect::<Vec<_>>().join(lang.pick(", ", "、"))
}

/// A warning as people read it.
pub(crate) fn warning(message: &Text) -> Text {
    Text::each(|lang| {
        let message = strip_control(message.in_lang(lang));
        text!("warning: {message}", "警告：{message}").in_lang(lang).to_owned()
    })
}

fn partial(result: &FetchResult, failure: &CallFailure) -> Text {
    let failed = |reason: &GapReason| matches!(reason, GapReason::CallFailed(_));
    let coverage = &result.report.coverage;
    let gaps = coverage.missing.iter().chain(&coverage.parts).filter(|gap| failed(&gap.reason));
    let lines = gaps.map(|gap| {
        let (start, end) = (result.range.rfc3339(gap.start), result.range.rfc3339(gap.end));
        let of = result.project(gap.target);
        let of = of.map(|name| text!(" of project {name}", "，项目 {name}"));
        let by = result.profile(gap.target);
        let by = by.map(|name| text!(" by profile {name}", "，使用 profile {name}"));
        text!(
            "\n  missing: {start} to {end}{of}{by}",
            "\n  缺失：{start} 至 {end}{of}{by}";
            of = Text::all(of), by = Text::all(by)
        )
    });
    let lines = Text::all(lines);
    let error = error_of(failure, result);
    Text::each(|lang| error.report_partial(lang) + lines.in_lang(lang))
}

fn error_of(failure: &CallFailure, result: &FetchResult) -> CliError {
    call_error::of_call(failure, result.last_error.as_ref(), &result.base_url)
}
