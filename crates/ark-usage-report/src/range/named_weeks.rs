//! Weeks by their ISO 8601 number or as "last", and what was meant by a text that is none.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::numbers::number;
use crate::error::ReportError;
use crate::{other_words, suggest, text};

/// Returns the Monday of the week that `--week` names.
pub(super) fn week(text: &str, today: Date) -> Result<Date, ReportError> {
    let written = text.to_ascii_lowercase();
    let monday = match written.as_str() {
        "this" => monday(today),
        "last" => monday_before(today),
        _ => None,
    };
    if let Some(monday) = monday {
        return Ok(monday);
    }
    let Some((year, week)) = year_and_week(&written) else {
        return Err(not_a_week(text, today));
    };
    of_number(year, week).ok_or_else(|| {
        let weeks = if of_number(year, 53).is_some() { 53 } else { 52 };
        let what = text!(
            "--week {text}: the weeks of {year} are 01 to {weeks}",
            "--week {text}：{year} 年的周为 01 到 {weeks}"
        );
        ReportError::invalid(what).with_hint(how_to_write(today))
    })
}

/// Returns the Monday of the week of a day.
pub(super) fn monday(day: Date) -> Option<Date> {
    let days = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(Span::new().days(days)).ok()
}

/// Returns the Monday of the week before that of a day.
pub(super) fn monday_before(day: Date) -> Option<Date> {
    monday(day)?.checked_sub(Span::new().days(7)).ok()
}

/// Reads `2026-w48`, also without the dash or with one digit.
fn year_and_week(written: &str) -> Option<(i16, i16)> {
    let (year, week) = written.split_once('w')?;
    let year = year.strip_suffix('-').unwrap_or(year);
    Some((number(year, 4..=4)?, number(week, 1..=2)?))
}

fn of_number(year: i16, week: i16) -> Option<Date> {
    ISOWeekDate::new(year, i8::try_from(week).ok()?, Weekday::Monday).ok().map(ISOWeekDate::date)
}

fn not_a_week(text: &str, today: Date) -> ReportError {
    let meant = week_meant(text, today).map(in_numbers);
    let what =
        text!("--week {text}: not a year and the number of a week", "--week {text}：不是年和周数");
    let meant = meant.as_deref().or_else(|| other_words::value_meant("--week", text));
    let hint = suggest::hint_of("--week ", meant, how_to_write(today));
    ReportError::invalid(what).with_hint(hint)
}

fn how_to_write(today: Date) -> crate::Text {
    text!(
        "write --week last, or year and number (ISO 8601): today is in {this}",
        "请写 --week last（上周），或年和周数（ISO 8601）：今天在 {this}",
        this = in_numbers(today)
    )
}

/// Returns the week of a day as `--week` takes it.
fn in_numbers(day: Date) -> String {
    let week = day.iso_week_date();
    format!("{}-W{:02}", week.year(), week.week())
}

/// Returns a day of the week meant by one of its days or by its number alone: the latest that has begun.
fn week_meant(text: &str, today: Date) -> Option<Date> {
    if let Ok(day) = text.parse::<Date>() {
        return Some(day);
    }
    if let Some((year, week)) = text.split_once('-') {
        return of_number(number(year, 4..=4)?, number(week, 1..=2)?);
    }
    let week = number(text.trim_start_matches(['w', 'W']), 1..=2)?;
    let year = today.iso_week_date().year();
    of_number(year, week).filter(|monday| *monday <= today).or_else(|| of_number(year - 1, week))
}
