//! The windows of plans: five hours, days, weeks and months by Beijing's clock.

use crate::calendar::{BEIJING_OFFSET, DAY, HOUR, day_start, day_text};

/// A stretch of time, from its first second to the first one behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlanWindow {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl PlanWindow {
    /// The window of this length that an instant is in, counted from an origin.
    fn of_length(now: i64, origin: i64, length: i64) -> Self {
        let start = now.saturating_sub(now.saturating_sub(origin).rem_euclid(length));
        Self { start, end: start.saturating_add(length) }
    }

    /// Five hours, counted from an origin.
    pub(crate) fn session(now: i64, origin: i64) -> Self {
        Self::of_length(now, origin, 5 * HOUR)
    }

    /// A day of Beijing.
    pub(crate) fn day(now: i64) -> Self {
        Self::of_length(now, -BEIJING_OFFSET, DAY)
    }

    /// Seven days, counted from an origin.
    pub(crate) fn week(now: i64, origin: i64) -> Self {
        Self::of_length(now, origin, 7 * DAY)
    }

    /// A week of Beijing: it begins on Monday. 1970-01-05 was one.
    pub(crate) fn calendar_week(now: i64) -> Self {
        Self::week(now, 4 * DAY - BEIJING_OFFSET)
    }

    /// A month that begins on a day from the 1st to the 28th.
    pub(crate) fn month(now: i64, first_day: u8) -> Self {
        let text = day_text(now);
        let part = |from, to| text.get(from..to).and_then(|part| part.parse::<i64>().ok());
        let year = part(0, 4).unwrap_or(1970);
        let (month, day) = (part(5, 7).unwrap_or(1), part(8, 10).unwrap_or(1));
        let months = year * 12 + month - 1 - i64::from(day < i64::from(first_day));
        let first = |months: i64| {
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
            day_start(&format!("{year:04}-{month:02}-{first_day:02}")).unwrap_or(now)
        };
        Self { start: first(months), end: first(months + 1) }
    }

    /// The hours of the window that have begun.
    pub(crate) fn hours(self, now: i64) -> impl Iterator<Item = i64> {
        let count = (self.end.min(now) - self.start).max(0).div_euclid(HOUR)
            + i64::from((self.end.min(now) - self.start).max(0) % HOUR != 0);
        (0..count).map(move |nth| self.start + nth * HOUR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-11-20T12:00:00+08:00, a Wednesday.
    const NOW: i64 = 1_732_075_200;

    fn days(window: PlanWindow) -> (String, String) {
        (day_text(window.start), day_text(window.end))
    }

    #[test]
    fn windows_hold_the_instant_and_begin_where_they_say() {
        let day = |text: &str| text.to_owned();
        assert_eq!(days(PlanWindow::day(NOW)), (day("2024-11-20"), day("2024-11-21")));
        assert_eq!(days(PlanWindow::calendar_week(NOW)), (day("2024-11-18"), day("2024-11-25")));
        for (first, from, to) in [
            (1, "2024-11-01", "2024-12-01"),
            (20, "2024-11-20", "2024-12-20"),
            (21, "2024-10-21", "2024-11-21"),
        ] {
            assert_eq!(days(PlanWindow::month(NOW, first)), (day(from), day(to)), "{first}");
        }
        let new_year = day_start("2025-01-01").unwrap();
        assert_eq!(days(PlanWindow::month(new_year, 2)), (day("2024-12-02"), day("2025-01-02")));
        let session = PlanWindow::session(NOW, PlanWindow::day(NOW).start);
        assert_eq!((NOW - session.start, session.end - session.start), (2 * HOUR, 5 * HOUR));
    }

    #[test]
    fn hours_are_those_that_have_begun() {
        let window = PlanWindow::day(NOW);
        assert_eq!(window.hours(NOW).count(), 12);
        assert_eq!(window.hours(NOW + 1).count(), 13);
        assert_eq!(window.hours(NOW + 9 * DAY).count(), 24);
        assert_eq!(window.hours(window.start).count(), 0);
    }
}
