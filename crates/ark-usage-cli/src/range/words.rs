//! The range in words, for standard error.

use ark_usage_model::Interval;

use super::{DEFAULT_ZONE, Range};
use crate::lang::Text;
use crate::text;

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
        Text::each(|lang| {
            let zone = text!(" ({zone})", "（{zone}）", zone = self.zone_name);
            format!("{}{}", words.in_lang(lang), zone.in_lang(lang))
        })
    }
}
