//! The sums and cells of one response.

use std::collections::BTreeMap;

use ark_usage_model::get_inference_usage::{GetInferenceUsage, RawCell, RawTable};
use volc_openapi::ServiceDays;

use super::super::HOUR;
use super::{MEASURES, TIME};

/// One response.
#[derive(Clone, Debug, Default)]
pub(super) struct TableObservation(pub(super) RawTable);

impl TableObservation {
    /// Returns true if there is a column with this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.0.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
    }

    /// Returns the cells of a column.
    pub(super) fn cells<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a RawCell> {
        self.0.rows.iter().filter_map(move |row| self.0.cell(row, column))
    }

    /// Returns the sum of a column; cells without a number count as 0.
    pub(super) fn sum(&self, column: &str) -> i128 {
        self.cells(column).filter_map(RawCell::integer).map(i128::from).sum()
    }

    /// Returns the sums of all columns of numbers.
    pub(super) fn sums(&self) -> [i128; 6] {
        MEASURES.map(|measure| self.sum(measure))
    }

    /// Returns true if some usage came.
    pub(super) fn has_usage(&self) -> bool {
        self.sums().iter().any(|sum| *sum > 0)
    }

    /// Returns the days with usage, as they are written, the oldest first.
    pub(super) fn busy_days(&self) -> Vec<String> {
        let busy = self.0.rows.iter().filter(|row| !self.is_zero(row));
        let days = busy.filter_map(|row| self.0.cell(row, "Day")?.text());
        let mut days: Vec<String> = days.map(str::to_owned).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Returns the part of it that is of one day.
    pub(super) fn of_day(&self, day: &str) -> Self {
        let is_of_day =
            |row: &&Vec<RawCell>| self.0.cell(row, "Day").and_then(RawCell::text) == Some(day);
        let mut part = self.0.clone();
        part.rows = self.0.rows.iter().filter(is_of_day).cloned().collect();
        Self(part)
    }

    /// Returns a number of a row.
    pub(super) fn number(&self, row: &[RawCell], column: &str) -> Option<i128> {
        self.0.cell(row, column)?.integer().map(i128::from)
    }

    /// Returns true if no number of a row is more than 0.
    pub(super) fn is_zero(&self, row: &[RawCell]) -> bool {
        MEASURES.iter().all(|column| self.number(row, column).is_none_or(|number| number <= 0))
    }

    /// Returns the hours of each group, by what is neither a time nor a number.
    pub(super) fn hours_by_group(&self) -> BTreeMap<Vec<&str>, Vec<i64>> {
        let known = |name: &String| {
            let mut known = TIME.iter().chain(&MEASURES);
            known.any(|known| name.eq_ignore_ascii_case(known))
        };
        let mut groups: BTreeMap<_, Vec<i64>> = BTreeMap::new();
        for row in &self.0.rows {
            let named = self.0.columns.iter().zip(row).filter(|(name, _)| !known(name));
            let group = named.map(|(_, cell)| cell.text().unwrap_or_default()).collect();
            groups.entry(group).or_default().extend(self.hour(row));
        }
        groups
    }

    /// Returns the hour of a row, counted from 1970.
    pub(super) fn hour(&self, row: &[RawCell]) -> Option<i64> {
        let day = GetInferenceUsage::day_start(self.0.cell(row, "Day")?.text()?, ServiceDays::Utc)?;
        let text = self.0.cell(row, "Hour")?.text()?;
        let hour = text.split_once(':').map_or(text, |(before, _)| before);
        let hour: i64 = hour.rsplit([' ', 'T']).next()?.parse().ok()?;
        (0..24).contains(&hour).then_some(day / HOUR + hour)
    }
}
