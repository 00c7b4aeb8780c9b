//! The range in words, for standard error.

use ark_usage_model::{Interval, Window};

use super::{DEFAULT_ZONE, Range};
use crate::lang::Text;
use crate::text;

/// The note that an end in the future was replaced by now.
pub fn cut_at_now() -> Text {
    text!(
        "note: the end is in the future; the range ends now",
        "注意：结束时间在未来；范围已截止到现在"
    )
}

impl Range {
    /// `2024-11-13 … 2024-11-19, 7 days, both included`
    pub fn words(&self) -> Text {
        let count = self.count_rows(self.window);
        let (first, last) =
            (self.bucket_label(self.window.first()), self.bucket_label(self.window.last()));
        let plural = if count == 1 { "" } else { "s" };
        let words = match self.rows {
            Interval::Day => text!(
                "{first} … {last}, {count} day{plural}, both included",
                "{first} … {last}，共 {count} 天，含首尾",
            ),
            Interval::Hour => text!(
                "{first} … {last}, {count} hour{plural}, both included",
                "{first} … {last}，共 {count} 小时，含首尾",
            ),
        };
        if self.rows == Interval::Day && self.zone_name == DEFAULT_ZONE {
            return words;
        }
        text!("{words} ({zone})", "{words}（{zone}）", zone = self.zone_name; words = words)
    }

    /// `compared with 2024-11-06 … 2024-11-12`, where the previous range is requested.
    pub fn compared_words(&self) -> Option<Text> {
        let before = self.previous?;
        let (first, last) = (self.bucket_label(before.first()), self.bucket_label(before.last()));
        Some(text!("previous range: {first} … {last}", "上一周期：{first} … {last}"))
    }

    /// The note that days are not those of the service, with the consequence.
    pub fn put_together_words(&self) -> Option<Text> {
        self.is_put_together().then(|| {
            text!(
                "note: days of {zone} are computed from hours",
                "注意：{zone} 的每一天由小时数据合成",
                zone = self.zone_name
            )
        })
    }

    /// `31 days`, for a window of as fine buckets as its own.
    pub(crate) fn length_words(&self, window: Window) -> Text {
        let count = self.count_rows(window);
        let plural = if count == 1 { "" } else { "s" };
        match self.rows {
            Interval::Day => text!("{count} day{plural}", "{count} 天"),
            Interval::Hour => text!("{count} hour{plural}", "{count} 小时"),
        }
    }

    /// Returns the number of days, or hours, that the buckets of a window begin in.
    pub fn count_rows(&self, window: Window) -> usize {
        let date = |unix: i64| self.local(unix).date();
        let days = || (date(window.last()) - date(window.first())).get_days();
        match self.rows {
            Interval::Hour => window.len(),
            Interval::Day => usize::try_from(days()).unwrap_or_default() + 1,
        }
    }
}
