//! Checks of the service against itself: a day and its hours, a project and its endpoints.
//!
//! Pure: reports are arguments, and checks are values. Missing data makes a check unknown, never equal.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{BucketTotal, Interval, Metric, ReportIndex, State, TargetId, UsageReport};

use crate::lang::Text;
use crate::text;

/// The two numbers that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum CheckKind {
    /// A day and the sum of its hours.
    Hours,
    /// A project and the sum of its endpoints.
    Endpoints,
}

impl CheckKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hours, Self::Endpoints];

    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Endpoints => "endpoints",
        }
    }

    /// For people.
    pub fn label(self) -> Text {
        match self {
            Self::Hours => text!("day = hours", "天 = 各小时"),
            Self::Endpoints => text!("project = endpoints", "项目 = 各推理接入点"),
        }
    }
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum CheckVerdict {
    /// The two numbers are the same, and neither will change any more.
    Equal,
    /// They differ, and neither will change any more.
    Differs,
    /// One of them may still change, whether they are the same now or not.
    Settling,
    /// Data of one of them is missing.
    Unknown,
}

impl CheckVerdict {
    /// All, best known first.
    pub const ALL: [Self; 4] = [Self::Equal, Self::Differs, Self::Settling, Self::Unknown];

    /// For people.
    pub fn label(self) -> Text {
        Text::both(
            self.name(),
            match self {
                Self::Equal => "一致",
                Self::Differs => "不一致",
                Self::Settling => "未定",
                Self::Unknown => "未知",
            },
        )
    }

    /// `equal`, `differs`, `settling` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Differs => "differs",
            Self::Settling => "settling",
            Self::Unknown => "unknown",
        }
    }
}

/// One of two numbers that should be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The exact sum of the values received.
    pub value: Option<i128>,
    /// The worst of its parts.
    pub state: State,
    /// The number of its buckets.
    pub wanted: usize,
    /// The number of buckets that were received.
    pub received: usize,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Start of the day, unix seconds.
    pub start: i64,
    /// The project's position among those compared.
    pub project: usize,
    /// The metric; `None` when none was received.
    pub metric: Option<Metric>,
    /// The kind of the check.
    pub kind: CheckKind,
    /// The total as the service reports it.
    pub whole: Side,
    /// The sum of its parts.
    pub parts: Side,
}

impl Check {
    /// Returns the result.
    pub fn verdict(&self) -> CheckVerdict {
        match self.whole.state.max(self.parts.state) {
            State::Missing => CheckVerdict::Unknown,
            State::Settling => CheckVerdict::Settling,
            State::Final if self.agrees() => CheckVerdict::Equal,
            State::Final => CheckVerdict::Differs,
        }
    }

    /// Returns whether both numbers are known and the same, if only for now.
    pub fn agrees(&self) -> bool {
        let state = self.whole.state.max(self.parts.state);
        state != State::Missing && self.whole.value == self.parts.value
    }

    /// Returns the parts minus the whole, when both are complete.
    pub fn difference(&self) -> Option<i128> {
        if self.verdict() == CheckVerdict::Unknown {
            return None;
        }
        Some(self.parts.value?.saturating_sub(self.whole.value?))
    }
}

/// The same usage, requested in three ways.
#[derive(Debug)]
pub struct Reports {
    /// Projects by day.
    pub days: UsageReport,
    /// The same projects by hour, in the same order.
    pub hours: UsageReport,
    /// The endpoints of projects by day; `None` when no project has any.
    pub endpoints: Option<UsageReport>,
    /// The target with the endpoints of each project; `None` when it has no endpoints.
    pub places: Vec<Option<TargetId>>,
    /// The positions of projects whose endpoints are not all listed.
    pub unlisted: BTreeSet<usize>,
}

/// Every check, by day, project, metric and kind.
pub fn reconcile(reports: &Reports, now: i64) -> Vec<Check> {
    let mut checks = Vec::new();
    let (days, hours) = (reports.days.index(), reports.hours.index());
    let of_endpoints = reports.endpoints.as_ref().map(UsageReport::index);
    for ((project, target), place) in (0..).zip((0..).map(TargetId)).zip(&reports.places) {
        let whole = Lines { index: &days, target };
        let hours = Lines { index: &hours, target };
        let endpoints = of_endpoints.as_ref().zip(*place);
        let endpoints = endpoints.map(|(index, target)| Lines { index, target });
        for metric in metrics([Some(whole), Some(hours), endpoints]) {
            let whole = by_day(whole, metric, now);
            let by_hour = by_day(hours, metric, now);
            let endpoints = endpoints.map(|lines| by_day(lines, metric, now));
            let is_listed = !reports.unlisted.contains(&project);
            let none = if is_listed { NONE_OF_NONE } else { NOTHING };
            for start in reports.days.window.buckets() {
                let of = |sides: &Sides| sides.get(&start).copied().unwrap_or(NOTHING);
                let parts = [
                    (CheckKind::Hours, of(&by_hour)),
                    (CheckKind::Endpoints, endpoints.as_ref().map_or(none, of)),
                ];
                checks.extend(parts.map(|(kind, parts)| Check {
                    start,
                    project,
                    metric: metric.cloned(),
                    kind,
                    whole: of(&whole),
                    parts,
                }));
            }
        }
    }
    checks.sort_by_key(|check| (check.start, check.project));
    checks
}

type Sides = BTreeMap<i64, Side>;

/// A side of which nothing was received.
const NOTHING: Side = Side { value: None, state: State::Missing, wanted: 1, received: 0 };

/// The sum over no endpoints is known: 0.
const NONE_OF_NONE: Side = Side { value: Some(0), state: State::Final, wanted: 0, received: 0 };

/// The values of one target in one report.
#[derive(Clone, Copy)]
struct Lines<'a> {
    index: &'a ReportIndex<'a>,
    target: TargetId,
}

/// Every metric that any of the answers knows and whose values may be added up; one without a name when none does.
fn metrics<'a>(lines: [Option<Lines<'a>>; 3]) -> Vec<Option<&'a Metric>> {
    let of = |lines: Lines<'a>| {
        let declared = lines.index.report().metrics;
        let additive = move |metric: &&Metric| declared.is_additive(metric);
        lines.index.metrics_of(lines.target).filter(additive)
    };
    let metrics: BTreeSet<&Metric> = lines.into_iter().flatten().flat_map(of).collect();
    if metrics.is_empty() { vec![None] } else { metrics.into_iter().map(Some).collect() }
}

/// The numbers of a target, by the day their buckets lie in.
fn by_day(lines: Lines<'_>, metric: Option<&Metric>, now: i64) -> Sides {
    let mut sides = Sides::new();
    let Some(metric) = metric else { return sides };
    let window = lines.index.report().window;
    for BucketTotal { start, value, state, .. } in
        lines.index.bucket_totals(lines.target, metric, now)
    {
        let empty = Side { value: None, state: State::Final, wanted: 0, received: 0 };
        let side = sides.entry(window.start_of_unit(Interval::Day, start)).or_insert(empty);
        side.wanted += 1;
        side.received += usize::from(state != State::Missing);
        side.state = side.state.max(state);
        if let Some(value) = value {
            side.value = Some(side.value.unwrap_or(0).saturating_add(value));
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn side(value: i128, state: State) -> Side {
        Side { value: Some(value), state, wanted: 1, received: 1 }
    }

    fn verdict(whole: Side, parts: Side) -> (CheckVerdict, Option<i128>) {
        let check =
            Check { start: 0, project: 0, metric: None, kind: CheckKind::Hours, whole, parts };
        (check.verdict(), check.difference())
    }

    #[test]
    fn a_missing_value_is_never_equal() {
        use State::{Final, Missing, Settling};
        let cases = [
            (side(5, Final), side(5, Final), (CheckVerdict::Equal, Some(0))),
            (side(5, Settling), side(5, Settling), (CheckVerdict::Settling, Some(0))),
            (side(5, Final), side(4, Final), (CheckVerdict::Differs, Some(-1))),
            (side(5, Settling), side(7, Final), (CheckVerdict::Settling, Some(2))),
            (side(5, Final), side(5, Missing), (CheckVerdict::Unknown, None)),
            (NOTHING, NOTHING, (CheckVerdict::Unknown, None)),
            (side(0, Final), NONE_OF_NONE, (CheckVerdict::Equal, Some(0))),
            (side(3, Final), NONE_OF_NONE, (CheckVerdict::Differs, Some(-3))),
        ];
        for (whole, parts, expected) in cases {
            assert_eq!(verdict(whole, parts), expected, "{whole:?} {parts:?}");
        }
    }
}
