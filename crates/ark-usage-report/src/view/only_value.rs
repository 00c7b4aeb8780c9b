//! `-f value`: one number, for a script.

use ark_usage_model::{MetricTable, State};

use super::{View, ViewSpec};
use crate::chart_data::grouped;
use crate::error::ReportError;
use crate::lang::Text;
use crate::range::Range;
use crate::text;

impl ViewSpec {
    /// Refuses a view of a range that may have more than one number.
    pub fn check_only_value(
        &self,
        range: &Range,
        declared: MetricTable,
    ) -> Result<(), ReportError> {
        let chosen = self.metrics.as_ref().map(|chosen| chosen.metrics().len());
        let metrics = chosen.unwrap_or_else(|| declared.iter().len());
        let is_one_bucket = range.last_row() == range.window.first();
        let is_one_row = self.totals_only || (self.has_buckets() && !self.lines && is_one_bucket);
        let add = match (metrics == 1, is_one_row, self.by.is_empty()) {
            (true, true, _) => return Ok(()),
            (true, false, true) => text!("add --totals-only", "请加上 --totals-only"),
            (true, false, false) => {
                text!("use --totals-only instead of --by", "请用 --totals-only 代替 --by")
            }
            (false, true, _) => text!("add --metric total", "请加上 --metric total"),
            (false, false, true) => {
                text!("add --totals-only --metric total", "请加上 --totals-only --metric total")
            }
            (false, false, false) => text!(
                "use --totals-only --metric total instead of --by",
                "请用 --totals-only --metric total 代替 --by"
            ),
        };
        Err(ReportError::invalid(text!(
            "--format value: prints one number, and there would be more than one",
            "--format value：只能输出一个数，而这里不止一个"
        ))
        .with_hint(add))
    }
}

impl View {
    /// Returns its only number; in words why there is none, where nothing was received or some of it is
    /// missing. A bare number has no room for a mark.
    pub fn only_value(&self) -> Result<i128, Text> {
        match self.only() {
            Some((Some(value), State::Final | State::Settling)) => Ok(value),
            Some((Some(value), State::Missing)) => Err(text!(
                "--format value: data is missing, so no number is printed; received so far: {value}",
                "--format value：数据有缺失，因此不输出数值；目前收到：{value}",
                value = grouped(value)
            )),
            _ => Err(text!(
                "--format value: no value was received, so no number is printed",
                "--format value：没有收到数值，因此不输出"
            )),
        }
    }

    /// Returns the note on an only number that has not settled.
    pub fn unsettled_value(&self) -> Option<Text> {
        matches!(self.only(), Some((Some(_), State::Settling))).then(|| {
            text!(
                "note: this number may still change, because not all of it has settled; add --complete to count settled data only",
                "注意：这个数还可能变化，因为其中有未定的数据；加上 --complete 只统计已定的部分"
            )
        })
    }

    /// Returns value and state of the only row, or of the only total.
    fn only(&self) -> Option<(Option<i128>, State)> {
        let of_rows = self.rows.iter().map(|row| (row.value, row.state));
        let of_totals = self.totals.iter().map(|total| (total.value, total.state));
        let all: Vec<_> = if self.totals_only { of_totals.collect() } else { of_rows.collect() };
        if let [only] = all.as_slice() { Some(*only) } else { None }
    }
}
