//! The refusal of a text that is no date or time: what is wrong with it, and what was meant.

use jiff::civil::{Date, DateTime};

use super::named_months::{first_day, year_and_month};
use super::numbers::number;
use super::spans::parse_last;
use crate::error::ReportError;
use crate::{Text, other_words, suggest, text};

/// Fails for the value of a flag that takes a time.
pub(super) fn not_a_time(flag: &str, text: &str) -> ReportError {
    // A time after the date does not change what is wrong with the date.
    let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let (what, meant) = date_like(flag, date)
        .unwrap_or_else(|| (text!("invalid date or time", "不是有效的日期或时间"), None));
    let of_date = meant.map(|day| format!("{flag} {day}{rest}"));
    let (what, meant) = match without_offset(text) {
        Some(time) if of_date.is_none() => {
            (text!("no offset from UTC", "没有写时区偏移"), Some(format!("{flag} {time}+08:00")))
        }
        _ => (what, of_date.or_else(|| of_words(flag, text))),
    };
    let what = text!("{flag} {text}: {what}", "{flag} {text}：{what}"; what = what);
    ReportError::invalid(what).with_hint(suggest::hint_of("", meant.as_deref(), forms(flag)))
}

fn forms(flag: &str) -> Text {
    if flag == "--now" {
        return text!(
            "write 2024-11-19T08:00:00+08:00 (with its offset, or Z) or 1731945600",
            "请写 2024-11-19T08:00:00+08:00（带时区偏移或 Z）或 1731945600"
        );
    }
    text!(
        "write 2024-11-19 (a whole day), today, yesterday, 2024-11-19T08:00:00+08:00 (with its offset, or Z), or 1731945600",
        "请写 2024-11-19（一整天）、today（今天）、yesterday（昨天）、2024-11-19T08:00:00+08:00（带时区偏移或 Z）或 1731945600"
    )
}

/// Fails for eight digits, which are a date to people and seconds to programs.
pub(super) fn eight_digits(flag: &str, digits: &str) -> ReportError {
    let what = text!(
        "{flag} {digits}: ambiguous, a date or unix seconds",
        "{flag} {digits}：有歧义，可能是日期，也可能是 unix 秒数"
    );
    let day = Date::strptime("%Y%m%d", digits).ok().map(|day| day.to_string());
    ReportError::invalid(what).with_hint(suggest::hint_of(
        &format!("{flag} "),
        day.as_deref(),
        text!(
            "write dates with dashes, for example 2024-11-19; unix seconds have ten digits",
            "日期请带连字符，例如 2024-11-19；unix 秒数为十位"
        ),
    ))
}

/// Returns a date with a time but no offset, as it has to be written.
fn without_offset(text: &str) -> Option<String> {
    let has_time = text.len() > 10 && !text.ends_with(['Z', 'z']);
    let time: DateTime = has_time.then(|| text.parse().ok()).flatten()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

/// Returns the day of a date that begins with the day or the month, where only one of them is possible.
fn with_year_last(text: &str) -> Option<Date> {
    let mut parts = text.split(['/', '.', '-']);
    let (one, two, year) = (parts.next()?, parts.next()?, parts.next()?);
    let of_two = |text| number(text, 1..=2).and_then(|number| i8::try_from(number).ok());
    let (one, two, year) = (of_two(one)?, of_two(two)?, number(year, 4..=4)?);
    let days = [Date::new(year, one, two).ok(), Date::new(year, two, one).ok()];
    match days {
        [Some(day), other] | [other, Some(day)] if other.is_none_or(|other| other == day) => {
            Some(day)
        }
        _ => None,
    }
}

/// Returns what is wrong with a text in the shape of a date, and the day meant by it.
fn date_like(flag: &str, text: &str) -> Option<(Text, Option<Date>)> {
    if let Some((year, month)) = year_and_month(text) {
        let first = first_day(year, month)?;
        let day = if flag == "--end" { first.last_of_month() } else { first };
        return Some((text!("a month, not a day", "是月份，不是某一天"), Some(day)));
    }
    if let Some(day) = with_year_last(text) {
        return Some((text!("the year comes first", "应先写年份"), Some(day)));
    }
    let written = text.trim_end_matches('日').replace(['/', '.', '年', '月'], "-");
    let mut parts = written.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let of_two = |text| number(text, 1..=2).and_then(|number| i8::try_from(number).ok());
    let (year, month, day) = (number(year, 4..=4)?, of_two(month)?, of_two(day)?);
    if parts.next().is_some() {
        return None;
    }
    let Some(first) = first_day(year, month.into()) else {
        let what = text!("there is no month {month}", "没有 {month} 月");
        return Some((what, Date::new(year, day, month).ok()));
    };
    let days = first.days_in_month();
    let in_words = first.strftime("%B %Y").to_string();
    Some(match Date::new(year, month, day) {
        // A right date with something wrong after it.
        Ok(_) if written == text && text.len() == 10 => return None,
        Ok(date) => (text!("not written as a date", "日期的写法不对"), Some(date)),
        Err(_) if day == 0 => (text!("there is no day 0", "没有 0 日"), Some(first)),
        Err(_) => (
            text!("{in_words} has {days} days", "{year} 年 {month} 月只有 {days} 天"),
            Some(first.last_of_month()),
        ),
    })
}

/// Returns the flag meant by a word almost right, or by a length of time.
fn of_words(flag: &str, text: &str) -> Option<String> {
    if flag == "--now" {
        return None;
    }
    let length = text.trim_start_matches('-');
    let text = other_words::value_meant(flag, text).unwrap_or(text);
    if flag == "--start" && parse_last(length).is_ok() {
        return Some(format!("--last {length}"));
    }
    let lower = text.to_lowercase().replace([' ', '_'], "-");
    match lower.as_str() {
        "last-week" | "last-month" => return Some(format!("--{lower}")),
        // A range ends with the current bucket at the latest.
        "now" | "tomorrow" => return Some(format!("{flag} today")),
        _ => {}
    }
    let known = ["today", "yesterday"];
    let known = known.into_iter().filter(|known| lower.chars().next() == known.chars().next());
    suggest::nearest(text, known).map(|word| format!("{flag} {word}"))
}
