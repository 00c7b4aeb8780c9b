//! From rows to panels: one for each metric, with a line for each bucket or key.

use std::collections::BTreeMap;

use ark_usage_model::{Interval, Metric};

use super::{ChartLine, Look, Panel};
use crate::answer::title_line;
use crate::harmless::one_line;
use crate::mark::marks;
use crate::table::{moment, others};
use crate::{Answer, Lines};
use ark_usage_report::chart_data::{Amount, course, course_of_tokens, week};
use ark_usage_report::view::{Dimension, TOTAL_TOKENS, TotalRow, View, ViewRow, ViewSpec};
use ark_usage_report::view::{interval_name, metric_order};
use ark_usage_report::{Lang, UsageData};

/// Hours with a bar each; of more than two days, the heat map alone fits a screen.
const MOST_HOURS: usize = 48;

/// Draws charts of an answer. Rows that are not split by time are split for the sparkline of each
/// line.
pub fn of_usage(answer: &Answer<'_>, spec: &ViewSpec, data: &UsageData, look: Look) -> String {
    let buckets = buckets(answer, spec, data);
    let buckets = buckets.as_ref().map(|view| Answer { view, ..*answer });
    let title = title_line(answer.query.scope.counted, look.lang);
    let chart = super::chart(panels(answer, buckets.as_ref(), look.lang), look);
    title + &chart + &marks(answer.warnings, look.lang)
}

/// Returns the same usage split by time, for sparklines, where rows are grouped by keys alone.
fn buckets(answer: &Answer<'_>, spec: &ViewSpec, data: &UsageData) -> Option<View> {
    if answer.view.by.is_empty() || answer.view.by.iter().any(Dimension::is_time) {
        return None;
    }
    let unit = match answer.range.rows {
        Interval::Day => Dimension::Day,
        Interval::Hour => Dimension::Hour,
    };
    let by = spec.by.iter().cloned().chain([unit]).collect();
    Some(View::new(&ViewSpec { by, ..spec.clone() }, data, answer.generated_at))
}

/// Returns a panel for each metric of the answer, one after the other. `buckets` is the same answer split
/// by time, where it is not split itself.
fn panels<'a>(
    answer: &'a Answer<'a>,
    buckets: Option<&'a Answer<'a>>,
    lang: Lang,
) -> impl Iterator<Item = Panel> + use<'a> {
    let lines = Lines::of(answer, lang);
    let buckets = buckets.map(|answer| by_metric(Lines::of(answer, lang).rows));
    let index = answer.report.index();
    let totals: BTreeMap<&Metric, &TotalRow> =
        answer.view.totals.iter().map(|total| (&total.metric, total)).collect();
    let columns = lines.columns;
    let mut sums: Vec<(&Metric, Vec<KeyedRow<'_>>)> = by_metric(lines.rows).into_iter().collect();
    sums.sort_unstable_by(|(one, _), (two, _)| metric_order(answer.report.metrics, one, two));
    sums.into_iter().map(move |(metric, sums)| {
        let buckets = buckets.as_ref().map(|all| all.get(metric).map_or(&[][..], Vec::as_slice));
        let lines = chart_lines(metric, &sums, buckets, answer, lang);
        let has_course = lines.iter().any(|line| !line.history.is_empty());
        let total = totals.get(metric);
        let now = answer.generated_at;
        let is_all = *metric == TOTAL_TOKENS;
        let course =
            if is_all { course_of_tokens(&index, now) } else { course(&index, metric, now) };
        let week = week(&course, answer.range);
        let is_week_alone = week.is_some() && !has_course && lines.len() > MOST_HOURS;
        Panel {
            title: title(metric, &columns, has_course, answer, lang),
            metric: one_line(metric.as_str()).into_owned(),
            lines: if is_week_alone { Vec::new() } else { lines },
            total: total.map_or(Amount::NOTHING, |it| Amount { value: it.value, state: it.state }),
            week,
        }
    })
}

/// A row with its keys.
type KeyedRow<'a> = (Vec<String>, &'a ViewRow);

/// Returns the rows of each metric: looking for them among all, metric by metric, would cost the square
/// of their number.
fn by_metric<'a>(rows: Vec<KeyedRow<'a>>) -> BTreeMap<&'a Metric, Vec<KeyedRow<'a>>> {
    let mut metrics: BTreeMap<&Metric, Vec<KeyedRow<'a>>> = BTreeMap::new();
    for (keys, row) in rows {
        metrics.entry(&row.metric).or_default().push((keys, row));
    }
    metrics
}

/// `PromptTokens by day`, or `PromptTokens by model, trend by day`.
fn title(
    metric: &Metric,
    columns: &[String],
    has_course: bool,
    answer: &Answer<'_>,
    lang: Lang,
) -> String {
    let metric = one_line(metric.as_str());
    if answer.view.totals_only {
        return metric.into_owned();
    }
    let words = |is_time: bool| {
        let these = answer.view.by.iter().filter(move |one| one.is_time() == is_time);
        these.map(|one| one.words().in_lang(lang).trim_end().to_owned()).collect::<Vec<_>>()
    };
    let (mut times, mut things) = (words(true), words(false));
    if times.is_empty() {
        times.push(interval_name(answer.range, lang).to_owned());
    }
    if answer.view.by.is_empty() {
        things.extend_from_slice(columns);
    }
    let joined = |words: &[String]| one_line(&words.join(lang.pick(", ", "、"))).into_owned();
    let (times, things) = (joined(&times), joined(&things));
    if has_course {
        return lang.pick(
            format!("{metric} by {things}, trend by {times}"),
            format!("{metric}（按{things}；走势按{times}）"),
        );
    }
    lang.pick(format!("{metric} by {times}"), format!("{metric}（按{times}）"))
}

/// Returns a line for each bucket where there is a single key; else one for each key, with a sparkline.
fn chart_lines(
    metric: &Metric,
    sums: &[KeyedRow<'_>],
    buckets: Option<&[KeyedRow<'_>]>,
    answer: &Answer<'_>,
    lang: Lang,
) -> Vec<ChartLine> {
    if answer.view.totals_only {
        return Vec::new();
    }
    let things = by_thing(buckets.unwrap_or(sums));
    if buckets.is_some() {
        let known: BTreeMap<&[String], &Vec<Amount>> =
            things.iter().map(|(keys, history)| (*keys, history)).collect();
        let line = |(keys, row): &KeyedRow<'_>| ChartLine {
            label: label(keys),
            history: known.get(keys.as_slice()).map_or_else(Vec::new, |it| (*it).clone()),
            amount: amount(row),
        };
        return sums.iter().map(line).collect();
    }
    if let [_] = things.as_slice() {
        let bucket = |(_, row): &KeyedRow<'_>| ChartLine {
            label: row.others.map_or_else(|| moment(answer, row), |count| others(count, lang)),
            history: Vec::new(),
            amount: amount(row),
        };
        return sums.iter().map(bucket).collect();
    }
    let additive = answer.report.metrics.is_additive(metric);
    let thing = |(keys, history): (&[String], Vec<Amount>)| ChartLine {
        label: label(keys),
        amount: Amount::sum(history.iter().copied(), additive),
        history,
    };
    things.into_iter().map(thing).collect()
}

/// Returns the amounts of each key by time, keys in the order of their first row.
fn by_thing<'a>(rows: &'a [KeyedRow<'_>]) -> Vec<(&'a [String], Vec<Amount>)> {
    let mut places: BTreeMap<&[String], usize> = BTreeMap::new();
    let mut things: Vec<(&[String], BTreeMap<i64, Amount>)> = Vec::new();
    for (keys, row) in rows {
        let place = *places.entry(keys).or_insert(things.len());
        if place == things.len() {
            things.push((keys, BTreeMap::new()));
        }
        if let Some((_, amounts)) = things.get_mut(place) {
            amounts.insert(row.start, amount(row));
        }
    }
    let by_time = |amounts: BTreeMap<i64, Amount>| amounts.into_values().collect();
    things.into_iter().map(|(keys, amounts)| (keys, by_time(amounts))).collect()
}

/// Returns the name of a line: its keys, without those that are not known.
fn label(keys: &[String]) -> String {
    let known: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
    one_line(&known.join("  ")).into_owned()
}

fn amount(row: &ViewRow) -> Amount {
    Amount { value: row.value, state: row.state }
}
