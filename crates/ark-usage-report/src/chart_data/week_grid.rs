//! Usage by the hour of the day and the day of the week.

use ark_usage_model::State;
use jiff::civil::Weekday;

use super::Amount;
use crate::lang::Lang;

/// Days of a week, Monday first.
pub const DAYS: usize = 7;
/// Hours of a day.
pub const HOURS: usize = 24;

/// The usage of each hour of the week, over all weeks of a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekGrid {
    cells: [[WeekCell; HOURS]; DAYS],
}

/// One hour of the week, over all weeks of a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekCell {
    /// The sum of the complete hours. Only their mean is given out: levels have a mean, no sum.
    sum: i128,
    /// The number of these hours.
    pub came: u32,
    /// The number of hours that are incomplete or missing.
    pub missing: u32,
    /// The number of received hours that are still settling.
    pub settling: u32,
}

impl WeekGrid {
    /// Adds an hour's amount; days count from Monday.
    pub fn add(&mut self, weekday: Weekday, hour: i8, amount: Amount) {
        let day = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        let hour = usize::try_from(hour).unwrap_or_default();
        let Some(cell) = self.cells.get_mut(day).and_then(|hours| hours.get_mut(hour)) else {
            return;
        };
        match amount.value {
            Some(value) if !amount.is_incomplete() => {
                cell.sum = cell.sum.saturating_add(value);
                cell.came += 1;
                cell.settling += u32::from(amount.state == State::Settling);
            }
            _ => cell.missing += 1,
        }
    }

    /// The days, Monday first, each with its hours from midnight.
    pub fn days(&self) -> impl Iterator<Item = &[WeekCell; HOURS]> {
        self.cells.iter()
    }

    /// Every hour of the week.
    pub fn cells(&self) -> impl Iterator<Item = &WeekCell> {
        self.cells.iter().flatten()
    }

    /// The largest mean of any hour.
    pub fn largest(&self) -> i128 {
        self.cells().filter_map(WeekCell::mean).max().unwrap_or_default()
    }
}

impl WeekCell {
    /// Returns the mean of the hours received, rounded down; `None` when there is none.
    pub fn mean(&self) -> Option<i128> {
        self.sum.checked_div(i128::from(self.came))
    }

    /// Returns whether the range has such an hour at all.
    pub fn is_wanted(&self) -> bool {
        self.came + self.missing > 0
    }

    /// Returns its shade, from 0 for none to `most` for the largest; `None` when nothing was received.
    pub fn level(&self, largest: i128, most: u8) -> Option<u8> {
        let mean = self.mean()?.max(0);
        let (largest, most) = (largest.max(1), i128::from(most));
        let level = mean.saturating_mul(most).saturating_add(largest - 1) / largest;
        u8::try_from(level.min(most)).ok()
    }
}

/// A weekday's short name, counted from Monday.
pub fn weekday(day: usize, lang: Lang) -> &'static str {
    const NAMES: [(&str, &str); DAYS] = [
        ("Mon", "周一"),
        ("Tue", "周二"),
        ("Wed", "周三"),
        ("Thu", "周四"),
        ("Fri", "周五"),
        ("Sat", "周六"),
        ("Sun", "周日"),
    ];
    NAMES.get(day).map_or("", |(en, zh)| lang.pick(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(value: Option<i128>, state: State) -> Amount {
        Amount { value, state }
    }

    #[test]
    fn hours_of_several_weeks_become_a_mean() {
        let mut grid = WeekGrid::default();
        grid.add(Weekday::Monday, 9, amount(Some(10), State::Final));
        grid.add(Weekday::Monday, 9, amount(Some(20), State::Settling));
        grid.add(Weekday::Monday, 9, amount(None, State::Missing));
        // A sum of which some is missing would make the mean too small.
        grid.add(Weekday::Monday, 9, amount(Some(1), State::Missing));
        grid.add(Weekday::Sunday, 23, amount(Some(0), State::Final));
        let cell = grid.cells[0][9];
        assert_eq!((cell.mean(), cell.came, cell.missing, cell.settling), (Some(15), 2, 2, 1));
        assert_eq!(grid.largest(), 15);
        assert_eq!((cell.level(15, 4), grid.cells[6][23].level(15, 4)), (Some(4), Some(0)));
        assert_eq!(WeekCell { sum: 1, came: 1, ..cell }.level(1_000, 4), Some(1));
        assert!(!grid.cells[1][0].is_wanted());
        assert_eq!(grid.cells[1][0].level(15, 4), None);
    }
}
