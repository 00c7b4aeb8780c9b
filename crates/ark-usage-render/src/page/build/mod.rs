//! Builds a page from usage: every section from one view of the same data.

mod breakdown;
mod coverage;
mod lead;
mod request_text;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Metric, MetricInfo, Unit};

use self::breakdown::{amount, before, breakdowns};
use self::coverage::coverage;
use self::views::PageViews;
use super::{CostPart, MetricPart, Page, PageOptions};
use crate::svg::Point;
use ark_usage_report::chart_data::{Amount, WeekGrid, course, course_of_tokens, week};
use ark_usage_report::range::Range;
use ark_usage_report::view::{Comparison, TOTAL_TOKENS, TotalRow, ViewRow, ViewSpec};
use ark_usage_report::view::{interval_name, metric_order};
use ark_usage_report::{Lang, Text, UsageData};

/// Builds the page of some usage.
pub(super) fn page(data: &UsageData, options: &PageOptions<'_>) -> Page {
    let PageOptions { spec, query, lang, generated_at: now, .. } = *options;
    let range = &data.range;
    let views = PageViews { spec, query, data, now };
    let mut trend = views.by(&[views.unit()]);
    // The first sentence is about all tokens, whichever metrics are shown.
    let whole = spec.metrics.is_some().then(|| ViewSpec { metrics: None, ..spec.clone() });
    let all = whole.as_ref().map(|spec| PageViews { spec, ..views }.by(&[views.unit()]));
    let declared = data.report.metrics;
    let totals = &mut trend.totals;
    totals.sort_unstable_by(|one, two| metric_order(declared, &one.metric, &two.metric));
    let starts: BTreeSet<i64> = trend.rows.iter().map(|row| row.start).collect();
    let starts: Vec<i64> = starts.into_iter().collect();
    let names: Vec<Metric> = trend.totals.iter().map(|total| total.metric.clone()).collect();
    let amounts = amounts(&trend.rows);
    let index = data.report.index();
    let metrics = trend.totals.iter().map(|total| {
        let is_all = total.metric == TOTAL_TOKENS;
        let course =
            if is_all { course_of_tokens(&index, now) } else { course(&index, &total.metric, now) };
        let meaning = if is_all {
            Some(lang.pick("all tokens", "全部 token"))
        } else {
            meaning(declared.get(&total.metric), lang)
        };
        let week = week(&course, range);
        metric(total, meaning, amounts.get(&total.metric), &starts, week, range)
    });
    let warnings = data.warnings.iter().map(|(_, text)| text.in_lang(lang));
    let warnings = warnings.chain(trend.notes.iter().filter_map(|note| caution(note, lang)));
    let warnings = warnings.map(|text| without_flags(text, lang));
    Page {
        lang,
        title: title(options),
        lead: lead::sentence(all.as_ref().unwrap_or(&trend), data, query.scope.counted, lang),
        sentence: request_text::sentence(range, &query.scope, lang),
        question: request_text::parts(range, options),
        demo: query.scope.demo,
        generated_at: range.rfc3339(now),
        version: env!("CARGO_PKG_VERSION"),
        bucket: interval_name(range, lang).to_owned(),
        metrics: metrics.collect(),
        costs: trend
            .costs
            .as_ref()
            .map(|costs| CostPart { total: costs.total.clone(), state: costs.state }),
        breakdowns: breakdowns(&views, &names, &starts, lang),
        before: trend.comparison.as_ref().map(|comparison| span(comparison, range)),
        coverage: coverage(&query.scope, data, lang),
        warnings: warnings.collect(),
        not_asked: request_text::not_requested(range, options),
    }
}

/// Returns the title: the one given, or one with the projects that are counted.
fn title(options: &PageOptions<'_>) -> String {
    let (scope, lang) = (options.query.scope.counted, options.lang);
    let words = scope.words(lang);
    match options.title {
        Some(title) if scope.is_reduced() => {
            lang.pick(format!("{title} ({words})"), format!("{title}（{words}）"))
        }
        Some(title) => title.to_owned(),
        None => {
            lang.pick(format!("Token usage on Ark: {words}"), format!("方舟 token 用量：{words}"))
        }
    }
}

/// Returns the warning of a note; facts about changes are in their tables.
fn caution(note: &Text, lang: Lang) -> Option<&str> {
    note.in_lang(lang).strip_prefix(lang.pick("note: ", "注意："))
}

/// Leaves out the parts of a sentence that name flags: they are advice to whoever makes the page.
fn without_flags(text: &str, lang: Lang) -> String {
    let separator = lang.pick("; ", "；");
    let parts = text.split(separator).filter(|part| !part.contains("--"));
    let kept = parts.collect::<Vec<_>>().join(separator);
    if kept.is_empty() { text.replace("--", "") } else { kept }
}

/// Returns the previous range, by its first and last bucket.
fn span(comparison: &Comparison, range: &Range) -> String {
    let last = comparison.span.end - range.window.interval().seconds();
    format!("{} … {}", range.bucket_label(comparison.span.start), range.bucket_label(last))
}

/// Amounts by the start of their bucket.
type ByStart = BTreeMap<i64, Amount>;

/// Returns the amounts of each metric by bucket.
fn amounts(rows: &[ViewRow]) -> BTreeMap<&Metric, ByStart> {
    let mut metrics: BTreeMap<&Metric, ByStart> = BTreeMap::new();
    for row in rows {
        metrics.entry(&row.metric).or_default().entry(row.start).or_insert_with(|| amount(row));
    }
    metrics
}

/// Returns the words for a metric whose short name is known.
fn meaning(info: Option<&MetricInfo>, lang: Lang) -> Option<&'static str> {
    let info = info?;
    // The whole that tokens are parts of has no short name of its own: `total` is a sum for every action.
    let total = || (info.unit == Unit::Tokens && info.part_of.is_none()).then_some("total");
    Some(match info.alias.or_else(total)? {
        "input" => lang.pick("tokens sent to the model", "发给模型的 token"),
        "cached" => lang
            .pick("tokens read from a cache, part of the input", "命中缓存的 token，已含在输入中"),
        "output" => lang.pick("tokens the model answered", "模型返回的 token"),
        "total" => lang.pick("all tokens", "全部 token"),
        "images" => lang.pick("images the model made", "模型生成的图片"),
        "requests" => lang.pick("calls of the model", "对模型的调用次数"),
        _ => return None,
    })
}

fn metric(
    total: &TotalRow,
    meaning: Option<&'static str>,
    amounts: Option<&ByStart>,
    starts: &[i64],
    week: Option<WeekGrid>,
    range: &Range,
) -> MetricPart {
    let nothing = Amount { value: None, state: ark_usage_model::State::Missing };
    let at = |start| amounts.and_then(|amounts| amounts.get(start)).copied().unwrap_or(nothing);
    MetricPart {
        name: total.metric.as_str().to_owned(),
        meaning,
        total: Amount { value: total.value, state: total.state },
        buckets: total.buckets,
        before: total.previous.as_ref().map(before),
        week: week.map(Box::new),
        trend: starts.iter().map(|start| point(*start, at(start), range)).collect(),
    }
}

/// Returns a bucket with its names in the table and on the axis.
fn point(start: i64, amount: Amount, range: &Range) -> Point {
    let local = range.local(start);
    let midnight = local.hour() == 0 && local.minute() == 0;
    let (tick, is_major) = match range.rows {
        Interval::Day => ("%m-%d", false),
        Interval::Hour if midnight => ("%m-%d", true),
        Interval::Hour => ("%H:%M", false),
    };
    Point {
        start,
        label: range.bucket_label(start),
        tick: local.strftime(tick).to_string(),
        is_major,
        amount,
    }
}
