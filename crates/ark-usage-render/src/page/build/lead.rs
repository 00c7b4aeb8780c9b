//! The first sentence of a page: the result, for readers who know nothing else.

use std::cmp::Ordering;

use ark_usage_model::{Interval, State, Unit};
use ark_usage_report::chart_data::{grouped, percent};
use ark_usage_report::view::{TotalRow, View};
use ark_usage_report::{Lang, Scope, UsageData};

/// `All projects used 6,850,066,958 tokens from 2024-11-14 to 2024-11-20, 4.2% more than in the previous
/// range. The latest numbers may still change.`
pub(super) fn sentence(trend: &View, data: &UsageData, scope: &Scope, lang: Lang) -> String {
    let range = &data.range;
    let first = range.bucket_label(range.window.first());
    let last = range.bucket_label(range.last_row());
    let counted: Vec<&TotalRow> = counted(&trend.totals, data);
    let when = if first == last {
        lang.pick(format!("on {first}"), first)
    } else {
        lang.pick(format!("from {first} to {last}"), format!("{first} 至 {last}"))
    };
    let scope = scope.words(lang);
    let values = counted.iter().map(|total| total.value);
    let Some(sum) = values.sum::<Option<i128>>().filter(|_| !counted.is_empty()) else {
        return lang.pick(
            format!("No number of tokens is known {when}: {scope}."),
            format!("{when}：没有收到 token 用量（{scope}）。"),
        );
    };
    let tokens = grouped(sum);
    let change = change(&counted, sum, data, lang);
    let state = counted.iter().map(|total| total.state).max().unwrap_or(State::Missing);
    lang.pick(
        format!("Tokens used {when}: {tokens} ({scope}){change}.{}", doubt(state, lang)),
        format!("{when}共使用 {tokens} 个 token（{scope}）{change}。{}", doubt(state, lang)),
    )
}

/// Returns the totals that add up to all tokens.
fn counted<'a>(totals: &'a [TotalRow], data: &UsageData) -> Vec<&'a TotalRow> {
    let names = totals.iter().filter(|total| total.value.is_some()).map(|total| &total.metric);
    let groups = data.report.metrics.sum_groups(names);
    let tokens = groups.into_iter().find(|group| group.unit == Unit::Tokens);
    let metrics = tokens.map(|group| group.metrics).unwrap_or_default();
    totals.iter().filter(|total| metrics.contains(&&total.metric)).collect()
}

/// Returns how much more or less that is than in the previous range, where one was requested. Where one
/// range is longer, as a month is, the change per day follows.
fn change(counted: &[&TotalRow], sum: i128, data: &UsageData, lang: Lang) -> String {
    let before = counted.iter().map(|total| total.previous.as_ref()?.value);
    let Some(before) = before.sum::<Option<i128>>() else { return String::new() };
    let Some(words) = more_or_less(sum, before, lang) else { return String::new() };
    let whole = match sum.cmp(&before) {
        Ordering::Equal => lang
            .pick(", as many as in the previous range".to_owned(), "，与上一周期相同".to_owned()),
        _ => lang
            .pick(format!(", {words} than in the previous range"), format!("，比上一周期{words}")),
    };
    whole + &per_row(sum, before, data, lang).unwrap_or_default()
}

/// `4.2% more`
fn more_or_less(now: i128, before: i128, lang: Lang) -> Option<String> {
    let share = percent(now.checked_sub(before)?.saturating_abs(), before)?;
    Some(match now.cmp(&before) {
        Ordering::Greater => lang.pick(format!("{share} more"), format!("多 {share}")),
        Ordering::Less => lang.pick(format!("{share} less"), format!("少 {share}")),
        Ordering::Equal => lang.pick("as many", "相同").to_owned(),
    })
}

/// Returns the change per day or hour, where the two ranges have not as many.
fn per_row(sum: i128, before: i128, data: &UsageData, lang: Lang) -> Option<String> {
    let rows = |window| i128::try_from(data.range.count_rows(window)).ok();
    let (now, then) = (rows(data.range.window)?, rows(data.previous.as_ref()?.window)?);
    if now == then {
        return None;
    }
    let words = more_or_less(sum.checked_mul(then)?, before.checked_mul(now)?, lang)?;
    let unit = match data.range.rows {
        Interval::Day => lang.pick("day", "天"),
        Interval::Hour => lang.pick("hour", "小时"),
    };
    Some(lang.pick(format!("; per {unit} {words}"), format!("；按每{unit}算{words}")))
}

/// Returns the sentence behind it, where the sum may not be all.
fn doubt(state: State, lang: Lang) -> &'static str {
    match state {
        State::Final => "",
        State::Settling => {
            lang.pick(" The latest numbers may still grow.", "最近的数字可能还会增加。")
        }
        State::Missing => lang.pick(
            " Some data is missing, so the true number may be larger.",
            "有数据缺失，实际数字可能更大。",
        ),
    }
}
