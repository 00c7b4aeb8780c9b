//! The names and the order of metrics, states and intervals.

use std::cmp::Ordering;

use ark_usage_model::{Interval, Metric, MetricTable, State};

use crate::lang::Lang;
use crate::range::Range;

/// Compares metrics by the order of their declaration; those not declared come after, by name.
pub fn metric_order(declared: MetricTable, one: &Metric, two: &Metric) -> Ordering {
    let rank = |metric: &Metric| {
        let place = declared.iter().position(|info| info.name == *metric);
        place.unwrap_or(usize::MAX)
    };
    rank(one).cmp(&rank(two)).then_with(|| one.cmp(two))
}

/// Returns the name of the interval of a range.
pub fn interval_name(range: &Range, lang: Lang) -> &'static str {
    match range.rows {
        Interval::Day => lang.pick("day", "天"),
        Interval::Hour => lang.pick("hour", "小时"),
    }
}

/// A state as people read it.
pub fn state_name(state: State, lang: Lang) -> &'static str {
    lang.pick(
        state.name(),
        match state {
            State::Final => "已定",
            State::Settling => "未定",
            State::Missing => "缺失",
        },
    )
}
