//! Dates of the service's calendar.

use volc_openapi::ServiceDays;

const DAY: i64 = 86_400;

/// The days from 0000-03-01 to 1970-01-01.
const FROM_MARCH_OF_YEAR_0: i64 = 719_468;
const DAYS_OF_400_YEARS: i64 = 146_097;

/// A date of the service's calendar.
///
/// ```
/// use ark_usage_model::{CivilDate, ServiceDays};
///
/// let date = CivilDate::of(1_731_945_600, ServiceDays::Beijing); // 2024-11-19T00:00:00+08:00
/// assert_eq!((date.year, date.month, date.day), (2024, 11, 19));
/// assert_eq!(CivilDate::new(2024, 11, 1).start(ServiceDays::Beijing), 1_730_390_400);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CivilDate {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
}

impl CivilDate {
    /// Returns a date, which no calendar need have.
    pub const fn new(year: i64, month: i64, day: i64) -> Self {
        Self { year, month, day }
    }

    /// Returns the date of an instant in unix seconds.
    pub const fn of(unix: i64, days: ServiceDays) -> Self {
        // Years begin in March here, so that a leap day is the last of its year.
        let since_1970 = unix.saturating_add(days.offset()).div_euclid(DAY);
        let days = since_1970 + FROM_MARCH_OF_YEAR_0;
        let (era, of_era) =
            (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (year * 365 + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - days_before(from_march) + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year + if month <= 2 { 1 } else { 0 };
        Self { year, month, day }
    }

    /// Returns the start of the date in unix seconds. A day that the month does not have counts on into the next.
    pub const fn start(self, days: ServiceDays) -> i64 {
        let march_year = if self.month <= 2 { self.year - 1 } else { self.year };
        let (era, of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
        let of_year = days_before((self.month + 9) % 12) + self.day - 1;
        let number = era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        (number - FROM_MARCH_OF_YEAR_0) * DAY - days.offset()
    }
}

/// The days of a year before a month, both counted from March.
const fn days_before(month: i64) -> i64 {
    (153 * month + 2) / 5
}
