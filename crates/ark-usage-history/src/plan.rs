//! The windows to ask for, given what is known.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::Window;

use crate::window_answer::settles_after;
use crate::{Place, Span, Subject};

/// The rule by which known buckets are asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRule {
    /// The server's time. Buckets that start later are not asked for.
    pub now: i64,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
    /// Buckets that ended within this time before now are asked for although they are known.
    pub recheck: Duration,
}

/// The parts of a window to ask for, in order: buckets that have begun and were never answered, had
/// not settled when they were last answered, or ended within the time to recheck. Pure: the same
/// spans give the same windows.
///
/// ```
/// use std::time::Duration;
///
/// use ark_usage_history::{PlanRule, Span, plan};
/// use ark_usage_model::{Interval, Window};
///
/// let hour = 1_731_945_600; // 2024-11-19T00:00:00+08:00
/// let wanted = Window::new(Interval::Hour, hour, hour + 9 * 3_600)?;
/// let known = [Span { start: hour, end: hour + 4 * 3_600, fetched_at: hour + 4 * 3_600 }];
/// let rule = PlanRule {
///     now: hour + 6 * 3_600,
///     settle: Duration::from_hours(1),
///     recheck: Duration::ZERO,
/// };
/// // The fourth hour had not settled, the sixth has just begun.
/// let windows = plan(&known, wanted, rule);
/// assert_eq!(windows, [Window::new(Interval::Hour, hour + 3 * 3_600, hour + 6 * 3_600)?]);
/// # Ok::<(), ark_usage_model::WindowError>(())
/// ```
pub fn plan(known: &[Span], wanted: Window, rule: PlanRule) -> Vec<Window> {
    let seconds = wanted.interval().seconds();
    let mut spans = known.iter().peekable();
    let mut windows: Vec<Window> = Vec::new();
    for start in wanted.buckets().take_while(|start| *start <= rule.now) {
        while spans.next_if(|span| span.end <= start).is_some() {}
        let span = spans.peek().filter(|span| span.start <= start);
        let end = start.saturating_add(seconds);
        // A time of the future comes from a clock that was wrong.
        let fetched_at = |span: &Span| span.fetched_at.min(rule.now);
        let is_known = span.is_some_and(|span| !settles_after(end, rule.settle, fetched_at(span)));
        if is_known && !settles_after(end, rule.recheck, rule.now) {
            continue;
        }
        let joined = windows.last().filter(|last| last.end() == start).copied();
        let first = joined.map_or(start, |last| last.first());
        let window = Window::of_days(wanted.days(), wanted.interval(), first, start);
        let Ok(window) = window else { continue };
        if joined.is_some() {
            windows.pop();
        }
        windows.push(window);
    }
    windows
}

/// The same windows of several subjects together, as one query can ask for them: a whole and its
/// endpoints count twice in one, so that wholes come first and endpoints in a group of their own.
pub fn group_by_window(
    plans: impl IntoIterator<Item = (Subject, Vec<Window>)>,
) -> Vec<(Window, Vec<Subject>)> {
    let mut groups: BTreeMap<(Window, bool), Vec<Subject>> = BTreeMap::new();
    for (subject, windows) in plans {
        let is_part = subject.place != Place::Whole;
        for window in windows {
            groups.entry((window, is_part)).or_default().push(subject.clone());
        }
    }
    groups.into_iter().map(|((window, _), subjects)| (window, subjects)).collect()
}
