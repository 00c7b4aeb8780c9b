//! Words below the counts of a check: how much it covers, and whether its numbers may still change.

use ark_usage_report::range::Range;
use ark_usage_report::{Lang, Text, text};

/// Returns a number with its noun: `3 projects`.
pub(crate) fn number_of(count: usize, one: &str, zh: &str, lang: Lang) -> String {
    let s = if count == 1 { "" } else { "s" };
    lang.pick(format!("{count} {one}{s}"), format!("{count} {zh}"))
}

/// Returns the number of days with the zone they are days of: `1 day (Asia/Shanghai)`.
pub(crate) fn days_of(count: usize, range: &Range, lang: Lang) -> String {
    let zone = &range.zone_name;
    let days = number_of(count, "day", "天", lang);
    lang.pick(format!("{days} ({zone})"), format!("{days}（{zone}）"))
}

/// Returns the sentence for numbers that are not final: data is missing, or they may change for `settle` seconds
/// after the range; `None` if everything is final.
pub(crate) fn open_words(
    range: &Range,
    settle: i64,
    is_missing: bool,
    is_settling: bool,
) -> Option<Text> {
    if is_missing {
        return Some(text!(
            "not everything was received: data is missing",
            "没有全部收到：有数据缺失"
        ));
    }
    let end = range.window.end().saturating_add(settle);
    let until = range.local(end).strftime("%Y-%m-%d %H:%M").to_string();
    is_settling.then(|| {
        text!(
            "not everything is final: numbers may change until {until}",
            "并非全部已定：数字在 {until} 之前还可能变化"
        )
    })
}
