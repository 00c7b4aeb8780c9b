//! The latest usage: the last settled hour, the last settled day and the month to date.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ark_usage_model::{Gap, State};

use super::group::{Group, Grouping, Key, Keys, Sum};
use super::row::{RowNames, ViewRow};
use super::times::{TimeSpan, Times, is_cut};
use super::{Dimension, ViewSpec};
use crate::range::{Range, RangeInput};
use crate::scope::Scope;
use crate::usage_data::UsageData;

/// A window of time that moves with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "formats have a name for each")]
pub enum LatestWindow {
    /// The last hour that has settled.
    Hour,
    /// The last day that has settled.
    Day,
    /// The current calendar month until now, with what may still change.
    MonthToDate,
}

/// The usage of one window.
#[derive(Clone, Debug)]
pub struct LatestUsage {
    /// The window.
    pub window: LatestWindow,
    /// Its time; of the month to date until the time of the report.
    pub span: TimeSpan,
    /// A row for each group and metric. A missing one has no value that can be shown.
    pub rows: Vec<ViewRow>,
    /// Everything of the window was received and could be read, of every target.
    pub is_complete: bool,
}

impl LatestWindow {
    /// Returns the ranges that hold the last settled day and the month to date, for
    /// [`RangeInput::Since`]. `settle` is the time a day takes to settle, in seconds.
    pub fn days(settle: u64) -> Vec<RangeInput> {
        // A day has 23 hours at least. The running one and the last settled one come on top.
        const SHORTEST_DAY: u64 = 23 * 3_600;
        // Nothing settles after years, and no range begins before the service did.
        const MOST: u64 = 1_000;
        let days = settle.div_ceil(SHORTEST_DAY).saturating_add(2).min(MOST);
        vec![RangeInput::ThisMonth, RangeInput::Last(format!("{days}d"))]
    }

    /// Returns the range of settled hours that holds the last one. The clock that says what has settled
    /// may be a second behind, and the hour before is the last one then.
    pub fn settled_hours() -> RangeInput {
        RangeInput::Last("2h".to_owned())
    }

    const fn unit(self) -> Dimension {
        match self {
            Self::Hour => Dimension::Hour,
            Self::Day | Self::MonthToDate => Dimension::Day,
        }
    }
}

impl LatestUsage {
    /// Returns the usage of a window by the dimensions of `spec`, of which none is a time; `None` if the
    /// range does not hold the window. `now_unix` is the time the report was complete.
    pub fn new(
        window: LatestWindow,
        spec: &ViewSpec,
        usage: &UsageData,
        now_unix: i64,
    ) -> Option<Self> {
        let finder = WindowFinder::new(window, usage, now_unix);
        let labels = spec.labels.as_ref();
        let facts = usage.meta();
        let names =
            if spec.by.is_empty() { RowNames::shared(&facts, labels) } else { RowNames::default() };
        let keys = Keys::Of(&spec.by);
        let grouping = Grouping { facts, labels, keys, names: &names, now_unix };
        let groups = grouping.groups(&usage.report, &finder.times, usage.report.window);
        let declared = usage.report.metrics;
        let (span, mut groups) = match window {
            LatestWindow::Hour | LatestWindow::Day => finder.settled(&groups)?,
            LatestWindow::MonthToDate => finder.month_to_date(groups)?,
        };
        for group in groups.iter_mut().filter(|_| spec.has_total()) {
            group.add_total(declared);
        }
        let rows = groups.into_iter().flat_map(|group| group.rows(false, declared));
        let rows: Vec<ViewRow> = rows.filter(|row| spec.shows(&row.metric)).collect();
        let is_whole = rows.iter().all(|row| row.state != State::Missing);
        let is_complete = is_whole && !finder.has_gap(span) && is_readable(usage);
        Some(Self { window, span, rows, is_complete })
    }

    /// Rounds costs to so many decimals. They are exact sums, of which nothing was rounded before.
    pub fn round_costs(&mut self, places: u32) {
        let costs = self.rows.iter_mut().filter_map(|row| row.cost.as_mut());
        costs.for_each(|cost| cost.round(places));
    }
}

/// Finds the groups of a window.
struct WindowFinder<'a> {
    usage: &'a UsageData,
    unit: Dimension,
    times: Times,
    /// Seconds after its end during which a bucket may change.
    settle: i64,
    /// By the server's clock.
    now: i64,
}

impl<'a> WindowFinder<'a> {
    fn new(window: LatestWindow, usage: &'a UsageData, now_unix: i64) -> Self {
        let unit = window.unit();
        let times = Times::new(&usage.range, usage.report.window, std::slice::from_ref(&unit));
        let settle = i64::try_from(usage.report.settle.as_secs()).unwrap_or(i64::MAX);
        Self { usage, unit, times, settle, now: usage.report.server_time(now_unix) }
    }

    /// Returns the groups of the last span that is whole and has settled.
    fn settled(&self, groups: &[Group]) -> Option<(TimeSpan, Vec<Group>)> {
        let of_span = |place: usize| groups.iter().filter(move |group| group.time == place);
        let is_settling =
            |group: &Group| group.sums.values().any(|sum| sum.state == State::Settling);
        let (place, span) = self.times.spans.iter().enumerate().rev().find(|(place, span)| {
            self.has_settled(span.end)
                && !is_cut(&self.unit, &self.usage.range, **span)
                && !of_span(*place).any(is_settling)
        })?;
        Some((*span, of_span(place).cloned().collect()))
    }

    /// Returns the groups of the current month, summed over its days.
    fn month_to_date(&self, groups: Vec<Group>) -> Option<(TimeSpan, Vec<Group>)> {
        let range = &self.usage.range;
        let month = |unix: i64| range.local(unix).date().first_of_month();
        let current = month(self.now);
        let mut days = self.times.spans.iter().enumerate();
        let (first, day) = days.find(|(_, day)| month(day.start) == current)?;
        let begins_before = month(day.start - range.window.interval().seconds()) != current;
        // The day behind the range has settled: the range ends before what is known to date.
        let end = range.window.end();
        let ends_early = self.has_settled(end_of_day(range, end));
        if !begins_before || ends_early {
            return None;
        }
        let span = TimeSpan { start: day.start, end: end.min(self.now) };
        let mut months: BTreeMap<Key, Group> = BTreeMap::new();
        for mut group in groups.into_iter().filter(|group| group.time >= first) {
            self.forgive_running(&mut group);
            let Group { key, sums, .. } = group.clone();
            let whole =
                months.entry(key).or_insert_with(|| Group { span, sums: BTreeMap::new(), ..group });
            for (metric, sum) in sums {
                match whole.sums.entry(metric) {
                    Entry::Vacant(place) => drop(place.insert(sum)),
                    Entry::Occupied(mut place) => place.get_mut().merge(&sum),
                }
            }
        }
        Some((span, months.into_values().collect()))
    }

    /// Takes a day that has not settled for one that may still change where no value came for it: the
    /// service was asked, and its first value of the day may be still to come.
    fn forgive_running(&self, group: &mut Group) {
        if self.has_settled(group.span.end) || self.hides_usage(group.span) {
            return;
        }
        let missing = |sum: &&mut Sum| sum.state == State::Missing;
        for sum in group.sums.values_mut().filter(missing) {
            sum.state = State::Settling;
        }
    }

    fn has_settled(&self, end: i64) -> bool {
        end.saturating_add(self.settle) <= self.now
    }

    /// Returns true if usage of a span may exist that the report does not show.
    fn hides_usage(&self, span: TimeSpan) -> bool {
        self.gaps(span).any(|gap| gap.reason.hides_usage())
    }

    /// Returns true if something of a span did not come, but for values of days that still run.
    fn has_gap(&self, span: TimeSpan) -> bool {
        let has_settled = |gap: &Gap| {
            let days = self.times.spans.iter().filter(|day| overlap(**day, span));
            days.filter(|day| overlap(**day, of_gap(gap))).any(|day| self.has_settled(day.end))
        };
        self.gaps(span).any(|gap| gap.reason.hides_usage() || has_settled(gap))
    }

    fn gaps(&self, span: TimeSpan) -> impl Iterator<Item = &Gap> {
        let coverage = &self.usage.report.coverage;
        let gaps = coverage.missing.iter().chain(&coverage.parts);
        gaps.filter(move |gap| overlap(of_gap(gap), span))
    }
}

fn of_gap(gap: &Gap) -> TimeSpan {
    TimeSpan { start: gap.start, end: gap.end }
}

fn overlap(one: TimeSpan, other: TimeSpan) -> bool {
    one.start < other.end && other.start < one.end
}

/// Returns the end of the day of a range's zone that contains an instant.
fn end_of_day(range: &Range, unix: i64) -> i64 {
    let next = range.local(unix).date().tomorrow();
    let midnight = next.and_then(|date| date.to_zoned(range.zone.clone()));
    midnight.map_or(i64::MAX, |midnight| midnight.timestamp().as_second())
}

/// Returns true if every value could be read and everything wanted was listed.
fn is_readable(usage: &UsageData) -> bool {
    const DOUBTS: [&str; 4] =
        ["unaligned_bucket", "unreadable_value", "list_incomplete", Scope::WARNING];
    !usage.warnings.iter().any(|(code, _)| DOUBTS.contains(code))
}

#[cfg(test)]
#[path = "latest_tests.rs"]
mod tests;
