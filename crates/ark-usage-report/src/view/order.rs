//! `--sort` and `--top`: the order of groups, and the rest that `--top` leaves.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Metric, MetricTable};

use super::group::{Group, Key, Sum};
use super::metrics::find;
use super::row::RowNames;
use super::times::TimeSpan;
use super::words::metric_order;
use crate::error::ReportError;
use crate::{MOST_LISTED, listed, suggest, text};

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    by: SortBy,
    /// Last or largest first.
    reverse: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum SortBy {
    Time,
    Name,
    /// By the value of a metric; the first metric when none is named.
    Value(Option<Metric>),
    /// By how much it changed since the previous range, most first; the first metric.
    Change,
}

impl Sort {
    /// The largest value first, of the first metric.
    pub const LARGEST_FIRST: Self = Self { by: SortBy::Value(None), reverse: true };

    /// Reads `--sort`; a word that is none is held against the metrics that an action declares.
    pub fn parse(text: &str, declared: MetricTable) -> Result<Self, ReportError> {
        let (reverse, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let by = match (word, word.strip_prefix("metric:")) {
            ("time", _) => SortBy::Time,
            ("name", _) => SortBy::Name,
            ("value", _) => SortBy::Value(None),
            // Nobody looks for what changed least.
            ("change", _) => SortBy::Change,
            (_, Some(metric)) if !metric.is_empty() => SortBy::Value(Some(Metric::from(metric))),
            _ => return Err(unknown(text, word, declared)),
        };
        Ok(Self { by, reverse })
    }

    /// Refuses a metric that is a declared one but for a letter or two. Any other may be a new one, and data
    /// decides.
    pub(super) fn check_metric(&self, declared: MetricTable) -> Result<(), ReportError> {
        let is_unknown = |metric: &&Metric| find(metric.as_str(), declared).is_none();
        let Some(metric) = self.metric().filter(is_unknown) else {
            return Ok(());
        };
        let names: Vec<&str> = declared.iter().map(|info| info.name.as_str()).collect();
        let Some(meant) = suggest::misspelt(metric.as_str(), names.iter().copied()) else {
            return Ok(());
        };
        let sign = if self.reverse { "-" } else { "" };
        let all = text!(
            "known metrics: {names}",
            "可用的指标：{names}";
            names = listed(names, MOST_LISTED)
        );
        Err(ReportError::invalid(text!(
            "--sort {sign}metric:{metric}: unknown metric",
            "--sort {sign}metric:{metric}：未知的指标"
        ))
        .with_hint(suggest::hint_of(&format!("--sort {sign}metric:"), Some(meant), all)))
    }

    /// Refuses an order by something that rows do not have.
    pub(super) fn check_rows(&self, has_times: bool, has_names: bool) -> Result<(), ReportError> {
        let sign = if self.reverse { "-" } else { "" };
        let (word, problem, add) = match self.by {
            SortBy::Time if !has_times => {
                ("time", text!("rows have no time", "行中没有时间"), "day")
            }
            SortBy::Name if !has_names => {
                ("name", text!("rows have no name", "行中没有名称"), "endpoint")
            }
            _ => return Ok(()),
        };
        Err(ReportError::invalid(text!(
            "--sort {sign}{word}: {problem}",
            "--sort {sign}{word}：{problem}";
            problem = problem
        ))
        .with_hint(text!(
            "add {add} to --by, or sort with --sort value or --sort -value (largest first)",
            "请在 --by 中加上 {add}，或用 --sort value、--sort -value（从大到小）"
        )))
    }

    /// Refuses an order by changes where nothing is compared.
    pub(super) fn check_compared(&self, compared: bool) -> Result<(), ReportError> {
        if compared || !self.is_by_change() {
            return Ok(());
        }
        let sign = if self.reverse { "-" } else { "" };
        Err(ReportError::invalid(text!(
            "--sort {sign}change: nothing is compared",
            "--sort {sign}change：没有与上一周期比较"
        ))
        .with_hint(text!("add --compare previous", "请加上 --compare previous")))
    }

    /// Returns whether it is by how much a row changed.
    pub(super) fn is_by_change(&self) -> bool {
        self.by == SortBy::Change
    }

    /// The metric that is named.
    pub(super) fn metric(&self) -> Option<&Metric> {
        if let SortBy::Value(metric) = &self.by { metric.as_ref() } else { None }
    }
}

fn unknown(text: &str, word: &str, declared: MetricTable) -> ReportError {
    let before = if text == word { "--sort " } else { "--sort -" };
    let all = text!(
        "use time, name, value, change or metric:NAME; a leading - puts the last or largest first",
        "可用的有 time、name、value、change 和 metric:指标名；前面加 - 表示从最后或最大的开始"
    );
    ReportError::invalid(text!("--sort {text}: unknown order", "--sort {text}：未知的排序方式"))
        .with_hint(suggest::hint_of(before, meant(word, declared).as_deref(), all))
}

/// Returns the order that a word means.
fn meant(word: &str, declared: MetricTable) -> Option<String> {
    const ORDERS: [&str; 6] = ["time", "name", "value", "change", "metric:input", "metric:output"];
    let is_there = |order: &&str| {
        order.strip_prefix("metric:").is_none_or(|metric| find(metric, declared).is_some())
    };
    let order = suggest::meant("--sort", word, ORDERS.into_iter().filter(is_there));
    order.map(str::to_owned).or_else(|| {
        let names = declared.iter().map(|info| info.name.as_str());
        suggest::misspelt(word, names).map(|metric| format!("metric:{metric}"))
    })
}

/// Returns the metric that is declared first, of those there are.
pub(super) fn first_metric(groups: &[Group], declared: MetricTable) -> Option<Metric> {
    let metrics: BTreeSet<&Metric> = groups.iter().flat_map(|group| group.sums.keys()).collect();
    let first = metrics.into_iter().min_by(|one, two| metric_order(declared, one, two));
    first.cloned()
}

/// Sorts groups. Equal ones stay in the order of time and key; the rest that `--top` left is last.
pub(super) fn sort(groups: &mut [Group], sort: &Sort, metric: Option<&Metric>) {
    groups.sort_by(|one, other| {
        let place = match &sort.by {
            SortBy::Time => one.time.cmp(&other.time),
            SortBy::Name => one.key.cmp(&other.key),
            SortBy::Value(_) => {
                return by_value(one, other, |group| value(group, metric), sort.reverse);
            }
            SortBy::Change => {
                let size = |group: &Group| {
                    Some(i128::try_from(change(group, metric)?.unsigned_abs()).unwrap_or(i128::MAX))
                };
                return by_value(one, other, size, true);
            }
        };
        let place = if sort.reverse { place.reverse() } else { place };
        one.others.is_some().cmp(&other.others.is_some()).then(place)
    });
}

/// Missing values are last, in either direction.
fn by_value(
    one: &Group,
    other: &Group,
    value: impl Fn(&Group) -> Option<i128>,
    reverse: bool,
) -> Ordering {
    let place = |group: &Group| {
        let value = value(group);
        let directed = if reverse { value.map(|it| Reverse(Some(it))) } else { None };
        (group.others.is_some(), value.is_none(), directed, if reverse { None } else { value })
    };
    place(one).cmp(&place(other))
}

fn value(group: &Group, metric: Option<&Metric>) -> Option<i128> {
    group.sums.get(metric?)?.value()
}

/// The change since the previous range. What is new or gone changed by all that it is or was.
fn change(group: &Group, metric: Option<&Metric>) -> Option<i128> {
    let (_, sums) = group.before.as_ref()?;
    let before = sums.get(metric?).and_then(Sum::value);
    let now = value(group, metric);
    now.or(before)?;
    Some(now.unwrap_or(0).saturating_sub(before.unwrap_or(0)))
}

/// Keeps the `count` keys with the largest values, or changes where rows are sorted by them, over the whole range, largest first, and puts
/// the rest of each stretch of time together. Without keys, stretches are what is kept.
pub(super) fn top(
    groups: Vec<Group>,
    count: usize,
    metric: Option<&Metric>,
    keyed: bool,
    by_change: bool,
) -> Vec<Group> {
    let value = if by_change { change } else { value };
    let place = |group: &Group| (if keyed { 0 } else { group.time }, group.key.clone());
    let mut values: BTreeMap<(usize, Key), Option<i128>> = BTreeMap::new();
    for group in &groups {
        let additive =
            metric.and_then(|metric| group.sums.get(metric)).is_none_or(Sum::is_additive);
        let known = values.entry(place(group)).or_default();
        let Some(value) = value(group, metric) else { continue };
        // Of levels, the highest counts.
        *known = Some(match *known {
            Some(known) if additive => known.saturating_add(value),
            Some(known) => known.max(value),
            None => value,
        });
    }
    let mut ranked: Vec<((usize, Key), Option<i128>)> = values.into_iter().collect();
    let size = |value: i128| if by_change { value.unsigned_abs() } else { 0 };
    ranked.sort_by_key(|(_, value)| {
        let directed = value.filter(|_| !by_change).map(Reverse);
        (value.is_none(), value.map(size).map(Reverse), directed)
    });
    let left: usize = ranked.len().saturating_sub(count);
    let ranks: BTreeMap<(usize, Key), usize> =
        ranked.into_iter().take(count).zip(0..).map(|((place, _), rank)| (place, rank)).collect();

    let mut kept: Vec<(usize, Group)> = Vec::new();
    let mut rests: BTreeMap<usize, Group> = BTreeMap::new();
    for group in groups {
        match ranks.get(&place(&group)) {
            Some(rank) => kept.push((*rank, group)),
            None => put_together(&mut rests, group, left, keyed),
        }
    }
    let rests = rests.into_values().map(|rest| (usize::MAX, rest));
    let mut all: Vec<(usize, Group)> = kept.into_iter().chain(rests).collect();
    all.sort_by_key(|(rank, group)| (if keyed { group.time } else { 0 }, *rank));
    all.into_iter().map(|(_, group)| group).collect()
}

fn put_together(rests: &mut BTreeMap<usize, Group>, group: Group, left: usize, keyed: bool) {
    let time = if keyed { group.time } else { usize::MAX };
    match rests.get_mut(&time) {
        None => {
            let names = RowNames::default();
            let rest = Group { time, key: Key::default(), names, others: Some(left), ..group };
            rests.insert(time, rest);
        }
        Some(rest) => {
            rest.span = around(rest.span, group.span);
            for (metric, sum) in &group.sums {
                rest.sums.entry(metric.clone()).or_default().merge(sum);
            }
            // The change of a rest is unknown when part of it is not compared.
            let (Some((all, before)), Some((span, sums))) = (&mut rest.before, group.before) else {
                rest.before = None;
                return;
            };
            *all = around(*all, span);
            for (metric, sum) in sums {
                before.entry(metric).or_default().merge(&sum);
            }
        }
    }
}

fn around(one: TimeSpan, other: TimeSpan) -> TimeSpan {
    TimeSpan { start: one.start.min(other.start), end: one.end.max(other.end) }
}

#[cfg(test)]
mod tests {
    use ark_usage_model::UsageAction;
    use ark_usage_model::get_usage::GetUsageAction;

    use super::*;

    fn metrics() -> MetricTable {
        GetUsageAction.metrics()
    }

    #[test]
    fn every_order_and_its_reverse() {
        let sort = |by, reverse| Sort { by, reverse };
        assert_eq!(Sort::parse("time", metrics()).unwrap(), sort(SortBy::Time, false));
        assert_eq!(Sort::parse("-value", metrics()).unwrap(), sort(SortBy::Value(None), true));
        let named = Some(Metric::COMPLETION_TOKENS);
        let metric = Sort::parse("-metric:CompletionTokens", metrics()).unwrap();
        assert_eq!(metric, sort(SortBy::Value(named), true));
        let error = Sort::parse("-vlaue", metrics()).unwrap_err().in_full();
        assert!(error.contains("--sort -vlaue") && error.contains("--sort -value?"), "{error}");
        assert!(Sort::parse("change", metrics()).unwrap().check_compared(true).is_ok());
        assert!(Sort::parse("-change", metrics()).unwrap().check_compared(false).is_err());
        assert!(Sort::parse("metric:", metrics()).is_err() && Sort::parse("", metrics()).is_err());
    }
}
