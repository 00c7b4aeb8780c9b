//! The end of a command that shows usage: notes on missing data, and the exit status.

use std::collections::BTreeMap;

use ark_usage_model::{GapReason, Metric};
use ark_usage_report::{MOST_LISTED, MissingUsage, UsageData, listed, text, unreturned_names};

use super::fetch::{FetchResult, StopReason};
use super::summary::print_warnings;
use crate::args::Format;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::lang::{Lang, Text};

/// Prints warnings and everything that is missing, and returns the exit status.
pub(super) fn finish(
    result: &FetchResult,
    format: Format,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    print_warnings(&result.usage.warnings, context);
    let summary = result.summary();
    match result.stopped {
        None => {
            for note in result.usages().filter_map(|usage| missing_values_note(usage, format)) {
                context.note(note);
            }
            if let Some(message) = summary.partial_message() {
                let gaps = result.usages().map(failed_gaps);
                context.say(Text::all(std::iter::once(message).chain(gaps)));
            }
        }
        Some(StopReason::Interrupted) if summary.has_data() => context.say(text!(
            "interrupted: showing the data received so far; the rest is listed as missing",
            "已中断：已收到的部分照常显示，其余列为缺失"
        )),
        Some(StopReason::Interrupted | StopReason::OutputClosed) => {}
    }
    summary.exit_status(Conclusion::Shown)
}

/// The note on buckets the service answered without a value: no failure, but not 0 either.
fn missing_values_note(usage: &UsageData, format: Format) -> Option<Text> {
    let seconds = usage.range.window.interval().seconds();
    // `None` stands for any metric, of a target without data.
    let mut counts: BTreeMap<Option<&str>, i64> = BTreeMap::new();
    for gap in &usage.report.coverage.missing {
        if gap.reason == GapReason::NotReturned {
            let metric = gap.metric.as_ref().map(Metric::as_str);
            *counts.entry(metric).or_default() += (gap.end - gap.start) / seconds;
        }
    }
    if counts.is_empty() {
        return None;
    }
    let are_shown =
        matches!(format, Format::Table | Format::Markdown) && counts.keys().any(Option::is_some);
    let meaning = if are_shown {
        text!("shown as \"-\", not 0", "显示为“-”，不等于 0")
    } else {
        text!("missing, not 0", "属于缺失，不等于 0")
    };
    Some(text!(
        "note: the service returned no value for {buckets}{of}: {meaning}",
        "注意：服务端没有返回 {buckets}{of}：{meaning}";
        buckets = Text::each(|lang| bucket_counts(&counts, lang)),
        of = of_whom(usage),
        meaning = meaning
    ))
}

/// ` (doubao-seed-1-6, doubao-seedance-1-0-pro)`: what the values would have been of.
fn of_whom(usage: &UsageData) -> Text {
    let names = unreturned_names(&usage.report);
    let shown = listed(&names, NAMED);
    Text::all((!names.is_empty()).then(|| text!(" ({shown})", "（{shown}）"; shown = shown)))
}

/// `2 buckets of PromptTokens, 3 of CompletionTokens`; the number once where it is the same for all.
fn bucket_counts(counts: &BTreeMap<Option<&str>, i64>, lang: Lang) -> String {
    if let Some(same) = counts.values().next().filter(|_| counts.len() > 1)
        && counts.iter().all(|(metric, count)| metric.is_some() && count == same)
    {
        let metrics = listed(counts.keys().flatten(), MOST_LISTED);
        let metrics = metrics.in_lang(lang);
        let s = if *same == 1 { "" } else { "s" };
        return lang.pick(
            format!("{same} bucket{s} each of {metrics}"),
            format!("{metrics} 的各 {same} 个时间段"),
        );
    }
    // Targets without any metric come last, where there are others.
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
    listed(each, MOST_LISTED).in_lang(lang).to_owned()
}

/// The number of models, endpoints and so on that a message names.
const NAMED: usize = 5;

/// The ranges whose calls failed, one a line.
fn failed_gaps(usage: &UsageData) -> Text {
    gap_lines(MissingUsage::new(&usage.report, &usage.profiles).gaps(&usage.range))
}

/// Returns usage that is missing, one a line.
pub(super) fn gap_lines(gaps: impl IntoIterator<Item = Text>) -> Text {
    let mut lines =
        gaps.into_iter().map(|gap| text!("\n  missing: {gap}", "\n  缺失：{gap}"; gap = gap));
    let shown: Vec<Text> = lines.by_ref().take(MOST_LISTED).collect();
    let more = match lines.count() {
        0 => None,
        more => Some(text!("\n  and {more} more", "\n  另有 {more} 处")),
    };
    Text::all(shown.into_iter().chain(more))
}
