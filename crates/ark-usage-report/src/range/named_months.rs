//! Calendar months by number or as "last", and what was meant by a text that is none.

use jiff::Span;
use jiff::civil::Date;

use super::numbers::number;
use crate::error::ReportError;
use crate::{other_words, suggest, text};

const NAMES: [(&str, i16); 12] = [
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
];

/// Returns the first day of the month that `--month` names.
pub(super) fn month(text: &str, today: Date) -> Result<Date, ReportError> {
    match text.to_ascii_lowercase().as_str() {
        "this" => return Ok(today.first_of_month()),
        "last" => return month_before(today).ok_or_else(|| not_a_month(text, today)),
        _ => {}
    }
    let Some((year, month)) = year_and_month(text) else { return Err(not_a_month(text, today)) };
    first_day(year, month).ok_or_else(|| {
        let what =
            text!("--month {text}: there is no month {month}", "--month {text}：没有 {month} 月");
        ReportError::invalid(what).with_hint(text!(
            "months are 01 to 12; write year and month, for example --month 2026-10",
            "月份为 01 到 12；请写年和月，例如 --month 2026-10"
        ))
    })
}

/// Returns the first day of the month before that of a day.
pub(super) fn month_before(day: Date) -> Option<Date> {
    day.first_of_month().checked_sub(Span::new().months(1)).ok()
}

/// Reads `2026-10` or `2026-1`.
pub(super) fn year_and_month(text: &str) -> Option<(i16, i16)> {
    let (year, month) = text.split_once('-')?;
    Some((number(year, 4..=4)?, number(month, 1..=2)?))
}

/// Returns the first day of a month, if there is such a month.
pub(super) fn first_day(year: i16, month: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, 1).ok()
}

fn not_a_month(text: &str, today: Date) -> ReportError {
    let meant = month_meant(text, today).map(|day| day.strftime("%Y-%m").to_string());
    let what = text!("--month {text}: not a year and a month", "--month {text}：不是年和月");
    let hint = text!(
        "write year and month, for example --month 2026-10, or --month last",
        "请写年和月，例如 --month 2026-10，或写 --month last（上个月）"
    );
    let meant = meant.as_deref().or_else(|| other_words::value_meant("--month", text));
    ReportError::invalid(what).with_hint(suggest::hint_of("--month ", meant, hint))
}

/// Returns the month meant by its name or its number; without a year, the latest that has begun.
fn month_meant(text: &str, today: Date) -> Option<Date> {
    let written = text.to_lowercase().replace(['年', '月'], " ");
    let (mut year, mut month) = (None, None);
    for word in written.split(|letter: char| !letter.is_alphanumeric()) {
        if let Some((of_year, of_month)) = together(word) {
            (year, month) = (Some(of_year), Some(of_month));
        } else if let Some(number) = number(word, 4..=4) {
            year = Some(number);
        } else if let Some(number) = number(word, 1..=2).or_else(|| of_name(word)) {
            month = Some(number);
        }
    }
    let month = month?;
    if let Some(year) = year {
        return first_day(year, month);
    }
    let this_year = first_day(today.year(), month)?;
    if this_year <= today { Some(this_year) } else { first_day(today.year() - 1, month) }
}

/// Reads `202610`.
fn together(word: &str) -> Option<(i16, i16)> {
    let (year, month) = word.split_at_checked(4)?;
    Some((number(year, 4..=4)?, number(month, 2..=2)?))
}

fn of_name(word: &str) -> Option<i16> {
    let begins = |name: &str| word.len() >= 3 && name.starts_with(word);
    let exact = NAMES.iter().find(|(name, _)| begins(name));
    let near = || {
        let name = suggest::nearest(word, NAMES.iter().map(|(name, _)| *name))?;
        NAMES.iter().find(|(other, _)| *other == name)
    };
    exact.or_else(near).map(|(_, month)| *month)
}
