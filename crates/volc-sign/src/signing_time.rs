//! Stage 0: the instant under signature.

use core::fmt;
use core::str::FromStr;

use crate::text::ascii;

/// Last second the sixteen characters of X-Date can carry: 9999-12-31T23:59:59Z.
const LAST_SECOND: u64 = 253_402_300_799;
const SECONDS_PER_DAY: u64 = 86_400;

/// Seconds X-Date may differ from the server's clock by default (vendor's common parameters
/// pages).
pub(crate) const DEFAULT_MAX_SKEW: u64 = 900;

/// The instant a request is signed at: whole seconds in UTC.
///
/// Prints and parses as `X-Date` wants it (`20241119T021530Z`, rule R7). The date of the
/// [credential scope](crate::CredentialScope) is always taken from the same value, never from a
/// second reading of the clock. This crate has no clock: the time is always an argument.
///
/// ```
/// use volc_sign::SigningTime;
///
/// let time = SigningTime::from_unix(1_731_982_530)?;
/// assert_eq!(time.to_string(), "20241119T021530Z");
/// assert_eq!("20241119T021530Z".parse::<SigningTime>()?, time);
/// # Ok::<(), volc_sign::SigningTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SigningTime(u64);

impl SigningTime {
    pub(crate) const EPOCH: Self = Self(0);

    /// The instant that many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`SigningTimeError::OutOfRange`] after the year 9999, which X-Date cannot write.
    pub const fn from_unix(seconds: u64) -> Result<Self, SigningTimeError> {
        if seconds > LAST_SECOND {
            return Err(SigningTimeError::OutOfRange);
        }
        Ok(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }

    /// The last second at which a server whose clock is right accepts a signature of this time: 900 seconds
    /// later or, for a presigned URL with `X-Expires`, so many. `None` after the year 9999.
    ///
    /// ```
    /// use volc_sign::SigningTime;
    ///
    /// let time: SigningTime = "20241119T021530Z".parse()?;
    /// assert_eq!(time.good_until(None), Some("20241119T023030Z".parse()?));
    /// assert_eq!(time.good_until(Some(60)), Some("20241119T021630Z".parse()?));
    /// # Ok::<(), volc_sign::SigningTimeError>(())
    /// ```
    pub fn good_until(self, expires_in: Option<u32>) -> Option<Self> {
        let lifetime = expires_in.map_or(DEFAULT_MAX_SKEW, u64::from);
        Self::from_unix(self.0.saturating_add(lifetime)).ok()
    }

    /// `YYYYMMDDTHHMMSSZ`, without allocating.
    pub(crate) fn to_ascii(self) -> XDate {
        let (year, month, day) = civil_from_days(self.0 / SECONDS_PER_DAY);
        let second_of_day = self.0 % SECONDS_PER_DAY;
        let [y1, y2] = two_digits(year / 100);
        let [y3, y4] = two_digits(year);
        let [m1, m2] = two_digits(month);
        let [d1, d2] = two_digits(day);
        let [h1, h2] = two_digits(second_of_day / 3600);
        let [n1, n2] = two_digits(second_of_day / 60 % 60);
        let [s1, s2] = two_digits(second_of_day % 60);
        XDate([y1, y2, y3, y4, m1, m2, d1, d2, b'T', h1, h2, n1, n2, s1, s2, b'Z'])
    }
}

impl fmt::Display for SigningTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_ascii().as_str())
    }
}

impl FromStr for SigningTime {
    type Err = SigningTimeError;

    fn from_str(text: &str) -> Result<Self, SigningTimeError> {
        let bytes: &[u8; 16] =
            text.as_bytes().try_into().map_err(|_| SigningTimeError::Malformed)?;
        let [y1, y2, y3, y4, m1, m2, d1, d2, b'T', h1, h2, n1, n2, s1, s2, b'Z'] = *bytes else {
            return Err(SigningTimeError::Malformed);
        };
        let year = number([y1, y2])? * 100 + number([y3, y4])?;
        let month = number([m1, m2])?;
        let day = number([d1, d2])?;
        let (hour, minute, second) = (number([h1, h2])?, number([n1, n2])?, number([s1, s2])?);
        if hour > 23 || minute > 59 || second > 59 || day == 0 || day > days_in_month(year, month) {
            return Err(SigningTimeError::Malformed);
        }
        let days = days_from_civil(year, month, day).ok_or(SigningTimeError::OutOfRange)?;
        Self::from_unix(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second)
    }
}

/// A number or a text that is not a [`SigningTime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningTimeError {
    /// Before 1970 or after 9999. Correct the clock the value came from.
    OutOfRange,
    /// Not `YYYYMMDDTHHMMSSZ`, or no such day or hour. Write the time in UTC and in exactly this
    /// form.
    Malformed,
}

impl fmt::Display for SigningTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "signing time outside the years 1970 to 9999",
            Self::Malformed => "signing time is not of the form YYYYMMDDTHHMMSSZ",
        })
    }
}

impl core::error::Error for SigningTimeError {}

/// The sixteen characters of X-Date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct XDate([u8; 16]);

impl XDate {
    /// Parses an X-Date, and keeps its text, which has only one form.
    pub(crate) fn parse(text: &str) -> Result<(SigningTime, Self), SigningTimeError> {
        let bytes = text.as_bytes().try_into().map_err(|_| SigningTimeError::Malformed)?;
        Ok((text.parse()?, Self(bytes)))
    }

    pub(crate) fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    /// The date of the scope.
    pub(crate) fn date(&self) -> &str {
        date_of(self.as_str())
    }
}

/// The first eight characters of an X-Date, which are the date of the scope (R7).
pub(crate) fn date_of(x_date: &str) -> &str {
    x_date.get(..8).unwrap_or_default()
}

/// The last two digits of a number.
fn two_digits(value: u64) -> [u8; 2] {
    let digit = |value: u64| u8::try_from(value % 10).map_or(b'0', |digit| b'0' + digit);
    [digit(value / 10), digit(value)]
}

fn number(digits: [u8; 2]) -> Result<u64, SigningTimeError> {
    digits.into_iter().try_fold(0, |sum, digit| {
        if digit.is_ascii_digit() {
            Ok(sum * 10 + u64::from(digit - b'0'))
        } else {
            Err(SigningTimeError::Malformed)
        }
    })
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days of a year that begins in March, before the given month (0 = March): the usual trick that
/// puts the leap day last, so that it needs no case of its own.
fn days_before_shifted_month(month: u64) -> u64 {
    (153 * month + 2) / 5
}

/// Gregorian date of a day number counted from 1970-01-01.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    // Count from 0000-03-01, in eras of 400 years.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - days_before_shifted_month(shifted_month) + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

/// Day number of a valid Gregorian date, or `None` before 1970.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = days_before_shifted_month(shifted_month) + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}
