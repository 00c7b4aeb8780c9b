//! Numbers of years, months, weeks and days.

use std::ops::RangeInclusive;

/// Reads a number that is written in so many digits, without a sign.
pub(super) fn number(text: &str, digits: RangeInclusive<usize>) -> Option<i16> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
