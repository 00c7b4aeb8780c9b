//! Notes of a view, for people.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Metric, MetricTable, State, Tags, Window};

use super::group::Group;
use super::metric_order;
use super::times::{TimeSpan, Times, is_cut};
use super::{CostSummary, Dimension, Driver, Labels, TotalRow, View, ViewSpec};
use crate::lang::{Lang, Text};
use crate::range::Range;
use crate::usage_data::UsageData;
use crate::{MOST_LISTED, accounts_added_up, listed, suggest, text};

/// Endpoints that have usage and no labels, where there is a file of labels.
pub(super) fn unlabelled_of(spec: &ViewSpec, asked: &UsageData) -> Option<Text> {
    let labels = spec.labels.as_ref()?;
    let tagged = asked.report.series.iter();
    let tagged = tagged.filter_map(|line| line.tags.get(Tags::ENDPOINT_ID));
    let asked_for = asked.report.targets.iter().flat_map(|target| &target.endpoint_ids);
    let all = tagged.chain(asked_for.map(String::as_str)).collect();
    unlabelled(labels, &all)
}

/// Those of some endpoints that have no labels, or that there are no endpoints at all.
pub fn unlabelled(labels: &Labels, all: &BTreeSet<&str>) -> Option<Text> {
    let without: Vec<&str> = all.iter().filter(|id| labels.of(id).is_none()).copied().collect();
    if all.is_empty() {
        return Some(text!(
            "note: --labels: no row has an endpoint; use --by endpoint or --all-endpoints",
            "注意：--labels：没有任何行对应推理接入点；请用 --by endpoint 或 --all-endpoints 分别查询"
        ));
    }
    let (count, file) = (without.len(), labels.file());
    let shown = listed(without, SHOWN);
    let s = if count == 1 { " has" } else { "s have" };
    (count > 0).then(|| {
        text!(
            "note: {count} endpoint{s} no labels in {file}: {shown}",
            "注意：{count} 个推理接入点在 {file} 中没有标签：{shown}";
            shown = shown
        )
    })
}

/// The number of names a note has room for.
const SHOWN: usize = 5;
/// Weeks and months that lie within the range only in part.
pub(super) fn cut(by: &[Dimension], range: &Range, spans: &[TimeSpan]) -> Option<Text> {
    // The coarsest says it for all of them.
    let unit = [Dimension::Month, Dimension::Week].into_iter().find(|unit| by.contains(unit))?;
    if by.iter().any(|one| matches!(one, Dimension::Hour | Dimension::Day)) {
        return None;
    }
    let (first, last) = (spans.first()?, spans.last()?);
    let ends: Vec<TimeSpan> = [*first, *last].into_iter().take(spans.len()).collect();
    let cut = ends.iter().filter(|span| is_cut(&unit, range, **span)).map(|span| {
        let day = |unix: i64| range.local(unix).strftime("%Y-%m-%d").to_string();
        // The last day is that in which the last bucket begins.
        let last = span.end - range.window.interval().seconds();
        format!("{} … {}", day(span.start), day(last))
    });
    let cut = cut.collect::<Vec<_>>();
    if cut.is_empty() {
        return None;
    }
    let cut = cut.join(", ");
    Some(match unit {
        Dimension::Month => text!(
            "note: months at the edge of the range are incomplete: {cut}",
            "注意：位于范围边缘的月份只统计范围之内的部分：{cut}"
        ),
        _ => text!(
            "note: weeks at the edge of the range are incomplete: {cut}",
            "注意：位于范围边缘的周只统计范围之内的部分：{cut}"
        ),
    })
}

/// The lengths of the two ranges where they differ, and the rows without a counterpart.
pub(super) fn unlike(
    range: &Range,
    before: Window,
    now: &[TimeSpan],
    then: &[TimeSpan],
) -> Option<Text> {
    let label = |span: &TimeSpan| {
        let last = span.end - range.window.interval().seconds();
        let (first, last) = (range.bucket_label(span.start), range.bucket_label(last));
        if first == last { first } else { format!("{first} … {last}") }
    };
    let alone = now.iter().chain(then).map(label).collect::<Vec<_>>();
    let differ = range.count_rows(range.window) != range.count_rows(before);
    if alone.is_empty() && !differ {
        return None;
    }
    let (has, are) = if alone.len() == 1 { ("has", "is") } else { ("have", "are") };
    let alone = (!alone.is_empty()).then(|| {
        text!(
            "{shown} {has} no counterpart and {are} not compared",
            "{shown} 没有对应的时间段，不作比较";
            shown = listed(alone, SHOWN)
        )
    });
    let lengths = differ.then(|| {
        text!(
            "the previous range has {then}, this range {now}",
            "上一周期有 {then}，本周期有 {now}";
            then = range.length_words(before), now = range.length_words(range.window)
        )
    });
    let totals = if differ {
        text!(
            "totals compare {now} with {then}",
            "合计是 {now}与 {then}相比";
            then = range.length_words(before), now = range.length_words(range.window)
        )
    } else {
        text!("totals compare the whole ranges", "合计比较的是两个完整周期")
    };
    let parts = [lengths, alone, Some(totals)].into_iter().flatten().collect::<Vec<_>>();
    Some(Text::each(|lang| {
        let parts = parts.iter().map(|part| part.in_lang(lang)).collect::<Vec<_>>();
        format!("{}{}", lang.pick("note: ", "注意："), parts.join(lang.pick("; ", "；")))
    }))
}

/// Hours that are compared with hours of another time of day, because clocks were changed.
pub(super) fn clock_changed(range: &Range, times: &Times, before: Window) -> Option<Text> {
    let usual = range.local(before.first()).offset();
    let changed = || {
        let mut buckets = before.buckets().chain(range.window.buckets());
        buckets.any(|unix| range.local(unix).offset() != usual)
    };
    (times.has_hours_metric_order() && changed()).then(|| {
        text!(
            "note: clocks change in these ranges; hours are compared in order, not by time of day",
            "注意：这两个周期内时钟有调整：小时按先后次序比较，而非按钟点比较"
        )
    })
}

/// Tags to sum by that nothing has.
pub(super) fn unknown_tags(by: &[Dimension], asked: &UsageData) -> Vec<Text> {
    let wanted: Vec<&str> = by
        .iter()
        .filter_map(|one| if let Dimension::Tag(key) = one { Some(key.as_str()) } else { None })
        .collect();
    if wanted.is_empty() || asked.report.series.is_empty() {
        return Vec::new();
    }
    let of_endpoints = asked.endpoints.values().flat_map(|endpoint| &endpoint.tags);
    let of_endpoints = of_endpoints.filter_map(|tag| tag.key.as_deref());
    let of_usage = asked.report.series.iter().flat_map(|line| line.tags.keys());
    let of_accounts = asked.account_ids.iter().flatten().map(|_| Tags::ACCOUNT_ID);
    let known: BTreeSet<&str> = of_endpoints.chain(of_usage).chain(of_accounts).collect();
    let unknown = wanted.into_iter().filter(|key| !known.contains(key));
    let note = |key: &str| match suggest::nearest(key, known.iter().copied()) {
        Some(meant) => text!(
            "warning: --by tag:{key}: no usage has this tag; did you mean tag:{meant}?",
            "警告：--by tag:{key}：没有任何用量带有这个标签；是否想写 tag:{meant}？"
        ),
        None if known.is_empty() => text!(
            "warning: --by tag:{key}: no usage has this tag, or any other",
            "警告：--by tag:{key}：没有任何用量带有这个标签，也没有其他标签"
        ),
        None => text!(
            "warning: --by tag:{key}: no usage has this tag; tags found: {all}",
            "警告：--by tag:{key}：没有任何用量带有这个标签；现有的标签：{all}";
            all = listed(&known, MOST_LISTED)
        ),
    };
    unknown.map(note).collect()
}

/// A metric to sort by that was not received.
pub(super) fn no_such_metric(metric: &Metric, groups: &[Group]) -> Option<Text> {
    let metrics: BTreeSet<&Metric> = groups.iter().flat_map(|group| group.sums.keys()).collect();
    if metrics.is_empty() || metrics.contains(metric) {
        return None;
    }
    let names = metrics.iter().map(|metric| metric.as_str());
    let meant = suggest::nearest(metric.as_str(), names.clone())
        .map(|meant| text!("; did you mean metric:{meant}?", "；是否想写 metric:{meant}？"));
    Some(text!(
        "warning: --sort metric:{metric}: unknown metric; received {names}{meant}",
        "警告：--sort metric:{metric}：没有这个指标；现有 {names}{meant}";
        names = listed(names, MOST_LISTED), meant = Text::all(meant)
    ))
}

/// Accounts that are added up: rows that are of no account, or totals alone.
pub(super) fn accounts(are_added: bool, asked: &UsageData) -> Option<Text> {
    let words = accounts_added_up(&asked.profiles).filter(|_| are_added)?;
    Some(text!(
        "note: {words}; --by account shows each",
        "注意：{words}；--by account 可分别列出";
        words = words
    ))
}

/// Usage that no price applies to.
pub(super) fn unpriced(costs: &CostSummary) -> Option<Text> {
    let words = costs.unpriced.words()?;
    Some(text!("warning: {words}", "警告：{words}"; words = words))
}

/// The change of the total, and the keys that changed most.
pub(super) fn compared(view: &View, declared: MetricTable) -> Vec<Text> {
    let Some(comparison) = &view.comparison else { return Vec::new() };
    let mut drivers: BTreeMap<&Metric, Vec<&Driver>> = BTreeMap::new();
    for driver in &comparison.drivers {
        drivers.entry(&driver.metric).or_default().push(driver);
    }
    let mut totals: Vec<&TotalRow> = view.totals.iter().collect();
    totals.sort_unstable_by(|one, other| metric_order(declared, &one.metric, &other.metric));
    let running = totals.iter().any(|total| total.state == State::Settling);
    let running = running.then(|| {
        text!(
            "note: the range has not ended or is still settling; use --complete to compare settled data only",
            "注意：该范围尚未结束或含未定的数据；加上 --complete 只比较已定的部分"
        )
    });
    let lost = totals.iter().any(|total| {
        let then = total.previous.as_ref().map(|previous| previous.state);
        total.state == State::Missing || then == Some(State::Missing)
    });
    let lost = lost.then(|| {
        text!(
            "note: data is missing in one of the two ranges; changes may be artefacts",
            "注意：本周期或上一周期有数据缺失：变化可能只是由此造成"
        )
    });
    let told = totals.into_iter().filter_map(|total| {
        let change = total.previous.as_ref()?.change?;
        let drivers = drivers.get(&total.metric).map_or(&[][..], Vec::as_slice);
        Some(Text::each(|lang| {
            let sum = signed(change);
            let head = text!("{metric}: {sum}", "{metric}：{sum}", metric = total.metric);
            let head = head.in_lang(lang).to_owned();
            if drivers.is_empty() {
                return head;
            }
            let each = drivers.iter().map(|driver| in_words(driver, lang));
            let each = each.collect::<Vec<_>>().join(lang.pick(", ", "，"));
            let most = text!("{head}; largest changes: {each}", "{head}；变化最大：{each}");
            most.in_lang(lang).to_owned()
        }))
    });
    let mut told: Vec<Text> = told.collect();
    let more = told.len().saturating_sub(MOST_LISTED);
    if more > 0 {
        told.truncate(MOST_LISTED);
        told.push(text!("and {more} more metrics", "另有 {more} 个指标"));
    }
    told.into_iter().chain(running).chain(lost).collect()
}

/// `ep-1 +1,234`
fn in_words(driver: &Driver, lang: Lang) -> String {
    let unknown = lang.pick("(unattributed)", "（未归属）");
    let name = driver.key.iter().map(|part| part.as_deref().unwrap_or(unknown));
    let fate = match (driver.value, driver.previous) {
        (Some(_), None) => lang.pick(" (new)", "（新增）"),
        (None, Some(_)) => lang.pick(" (gone)", "（消失）"),
        _ => "",
    };
    let named = driver.endpoint_name.as_deref();
    let named = named.map(|name| lang.pick(format!(" ({name})"), format!("（{name}）")));
    let name = name.collect::<Vec<_>>().join(" ") + &named.unwrap_or_default();
    format!("{name} {}{fate}", signed(driver.change))
}

fn signed(value: i128) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", crate::chart_data::grouped(value))
}
