//! The length of a range as people write it: `7d`, `24h`, `1week`, `3mo`.

use super::calendar::too_early;
use crate::error::ReportError;
use crate::{other_words, suggest, text};

/// The unit of a length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastUnit {
    Hours,
    Days,
    Weeks,
    Months,
}

/// Reads the value of `--last`: a number and a unit, short or in full, in letters of any size.
pub(super) fn parse_last(text: &str) -> Result<(u32, LastUnit), ReportError> {
    let written = text.trim().to_ascii_lowercase();
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = written.split_at(digits);
    let unit = match unit.trim_start() {
        "h" | "hr" | "hrs" | "hour" | "hours" => LastUnit::Hours,
        "d" | "day" | "days" => LastUnit::Days,
        "w" | "week" | "weeks" => LastUnit::Weeks,
        "mo" | "month" | "months" => LastUnit::Months,
        "m" => return Err(minutes_or_months(text)),
        _ => return Err(bad_last(text, meant(number, unit).as_deref())),
    };
    match number.parse::<u32>() {
        Ok(0) => {
            let nothing = text!("--last {text}: empty range", "--last {text}：范围为空");
            Err(ReportError::invalid(nothing).with_hint(text!(
                "use at least --last 1h (the current hour) or --last 1d (today)",
                "最小的范围是 --last 1h（当前这一小时）和 --last 1d（今天）"
            )))
        }
        Ok(count) => Ok((count, unit)),
        Err(_) if number.is_empty() => Err(bad_last(text, meant(number, &written).as_deref())),
        Err(_) => Err(too_early(&format!("--last {text}"))),
    }
}

/// Returns the flags that a length without its number, without its unit or in years was meant for.
fn meant(number: &str, unit: &str) -> Option<String> {
    match (number.parse::<u32>(), unit.trim_start()) {
        (Err(_), "week") => Some("--last-week".to_owned()),
        (Err(_), "month") => Some("--last-month".to_owned()),
        (Ok(days), "") => Some(format!("--last {days}d")),
        (Ok(years), "y" | "year" | "years" | "年") => {
            years.checked_mul(12).map(|months| format!("--last {months}mo"))
        }
        (Ok(count), unit) => of_unit(unit).map(|unit| format!("--last {count}{unit}")),
        _ => None,
    }
}

/// Returns the unit of a Chinese word.
fn of_unit(word: &str) -> Option<&'static str> {
    match word {
        "天" | "日" => Some("d"),
        "小时" | "个小时" | "时" => Some("h"),
        "周" | "星期" | "个星期" => Some("w"),
        "月" | "个月" => Some("mo"),
        _ => None,
    }
}

fn minutes_or_months(text: &str) -> ReportError {
    ReportError::invalid(text!(
        "--last {text}: m is ambiguous, minutes or months",
        "--last {text}：是分钟还是月？m 有歧义"
    ))
    .with_hint(text!(
        "use hours (24h), days (30d), weeks (4w), months (3mo), or --month 2026-10",
        "请用小时（24h）、天（30d）、周（4w）、月（3mo），或 --month 2026-10"
    ))
}

fn bad_last(text: &str, meant: Option<&str>) -> ReportError {
    let what = text!(
        "--last {text}: must be a number followed by h, d, w or mo",
        "--last {text}：应为数字后跟 h、d、w 或 mo"
    );
    let hint = text!(
        "write --last 24h, --last 7d, --last 4w or --last 3mo",
        "请写 --last 24h、--last 7d、--last 4w 或 --last 3mo"
    );
    // Years are asked for by those who look for history.
    let hint = match text.trim_start_matches(|sign: char| sign.is_ascii_digit()).trim() {
        "y" | "year" | "years" | "年" => {
            let limit = other_words::history_limit();
            text!("{hint}\n{limit}", "{hint}\n{limit}"; hint = hint, limit = limit)
        }
        _ => hint,
    };
    ReportError::invalid(what).with_hint(suggest::hint_of("", meant, hint))
}
