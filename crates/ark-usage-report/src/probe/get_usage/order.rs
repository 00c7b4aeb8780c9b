//! The order of buckets in a series.

use super::observation::UsageObservation;
use super::{ProbeFinding, no_usage};
use crate::text;

const QUESTION: &str = "order";

/// Looks at every series that came.
pub(super) fn finding(days: &UsageObservation, hourly: &[UsageObservation]) -> ProbeFinding {
    let mut orders = std::iter::once(days).chain(hourly).flat_map(UsageObservation::are_sorted);
    match (orders.next(), orders.all(|is_sorted| is_sorted)) {
        (None, _) => ProbeFinding::open(QUESTION, no_usage()),
        (Some(true), true) => ProbeFinding::settled(
            QUESTION,
            text!("by time", "按时间"),
            text!("every series is sorted", "每组数据都有序"),
        ),
        _ => ProbeFinding::settled(
            QUESTION,
            text!("not sorted", "无序"),
            text!("some series are not sorted by time", "有的数据没有按时间排列"),
        ),
    }
}
