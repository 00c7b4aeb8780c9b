//! The range in words, for standard error.

use std::fmt;

use ark_usage_model::Interval;

use super::Range;

/// `2024-11-13 … 2024-11-19, 7 days, both included`
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.window.len();
        let unit = match (self.window.interval(), count) {
            (Interval::Day, 1) => "day",
            (Interval::Day, _) => "days",
            (Interval::Hour, 1) => "hour",
            (Interval::Hour, _) => "hours",
        };
        let (first, last) =
            (self.bucket_label(self.window.first()), self.bucket_label(self.window.last()));
        write!(f, "{first} … {last}, {count} {unit}, both included")?;
        if self.window.interval() == Interval::Hour || self.zone_name != "Asia/Shanghai" {
            write!(f, " ({})", self.zone_name)?;
        }
        Ok(())
    }
}
