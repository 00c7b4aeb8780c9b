//! The names and the order of metrics, states and intervals.

use std::cmp::Ordering;

use ark_usage_model::{Interval, Metric, State};

use crate::lang::Lang;
use crate::range::Range;

/// Prompt before completion, as they happen; what is new comes after, by name.
pub fn metric_order(one: &Metric, two: &Metric) -> Ordering {
    let rank = |metric: &Metric| match metric {
        known if *known == Metric::PROMPT_TOKENS => 0,
        known if *known == Metric::COMPLETION_TOKENS => 1,
        _ => 2,
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
