//! The range in words, for standard error.

use ark_usage_model::Interval;

use super::{DEFAULT_ZONE, Range};
use crate::lang::Text;
use crate::text;

/// That an end in the future was taken for now.
pub(crate) fn cut_at_now() -> Text {
    text!(
        "note: the end lies in the future; the range was cut at now",
        "注意：结束时间在未来；范围已截止到现在"
    )
}

impl Range {
    /// `2024-11-13 … 2024-11-19, 7 days, both included`
    pub(crate) fn words(&self) -> Text {
        let count = self.window.len();
        let (first, last) =
            (self.bucket_label(self.window.first()), self.bucket_label(self.window.last()));
        let plural = if count == 1 { "" } else { "s" };
        let words = match self.window.interval() {
            Interval::Day => text!(
                "{first} … {last}, {count} day{plural}, both included",
                "{first} … {last}，共 {count} 天，含首尾",
            ),
            Interval::Hour => text!(
                "{first} … {last}, {count} hour{plural}, both included",
                "{first} … {last}，共 {count} 小时，含首尾",
            ),
        };
        if self.window.interval() == Interval::Day && self.zone_name == DEFAULT_ZONE {
            return words;
        }
        text!("{words} ({zone})", "{words}（{zone}）", zone = self.zone_name; words = words)
    }
}
