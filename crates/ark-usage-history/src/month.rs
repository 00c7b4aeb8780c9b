//! Months of the service's calendar.

use ark_usage_model::{CivilDate, ServiceDays};

/// A month of the service's calendar (UTC+8), by which it bills.
///
/// ```
/// use ark_usage_history::Month;
///
/// let month = Month::of(1_731_945_600); // 2024-11-19T00:00:00+08:00
/// assert_eq!((month.year, month.month), (2024, 11));
/// assert_eq!(month.start(), 1_730_390_400); // 2024-11-01T00:00:00+08:00
/// assert_eq!(month.next().start(), 1_732_982_400);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: u8,
}

impl Month {
    /// Returns the month of an instant in unix seconds.
    pub const fn of(unix: i64) -> Self {
        let CivilDate { year, month, .. } = CivilDate::of(unix, ServiceDays::Beijing);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 12")]
        Self { year, month: month as u8 }
    }

    /// Returns its first second.
    pub const fn start(self) -> i64 {
        CivilDate::new(self.year, self.month as i64, 1).start(ServiceDays::Beijing)
    }

    /// Returns the month after it.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month < 12 {
            Self { year: self.year, month: self.month + 1 }
        } else {
            Self { year: self.year + 1, month: 1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn known_months() {
        for (unix, year, month) in [
            (0, 1970, 1),
            (951_753_599, 2000, 2), // 2000-02-28T23:59:59+08:00
            (951_840_000, 2000, 3), // 2000-03-01T00:00:00+08:00
            (1_735_660_799, 2024, 12),
            (1_735_660_800, 2025, 1),
            (-2_203_920_000, 1900, 3), // 1900-03-01, of a year without a leap day
        ] {
            assert_eq!(Month::of(unix), Month { year, month }, "{unix}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_lies_in_its_month(unix in -100_000_000_000_i64..100_000_000_000) {
            let month = Month::of(unix);
            prop_assert!((1..=12).contains(&month.month));
            prop_assert!(month.start() <= unix && unix < month.next().start());
            prop_assert_eq!(Month::of(month.start()), month);
            let days = (month.next().start() - month.start()) / DAY;
            prop_assert!((28..=31).contains(&days));
        }
    }
}
