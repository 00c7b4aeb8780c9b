//! Costs: exact sums, one for each currency, and the number of values without a price.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

/// An exact amount of money.
///
/// Arithmetic that would have to round is refused, so every amount is right to its last digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(Decimal);

impl Money {
    /// Reads an amount as written.
    pub fn new(amount: Decimal) -> Self {
        Self(amount.normalize())
    }

    /// Returns the cost of so many units; `None` when it has more digits than can be kept.
    pub fn of(units: i128, unit_price: Decimal) -> Option<Self> {
        let units = Decimal::try_from_i128_with_scale(units, 0).ok()?;
        let unit_price = unit_price.normalize();
        let product = units.checked_mul(unit_price)?;
        let exact = product.is_zero() || product.scale() == unit_price.scale();
        exact.then(|| Self::new(product))
    }

    /// Returns the amount with so many digits behind the point, rounded half away from 0.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        let mut amount =
            self.0.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        amount.rescale(places);
        Self(amount)
    }

    /// Returns the sum; `None` when it has more digits than can be kept.
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.0.is_zero() {
            return Some(other);
        }
        let sum = self.0.checked_add(other.0)?;
        let exact = other.0.is_zero() || sum.scale() == self.0.scale().max(other.0.scale());
        exact.then(|| Self::new(sum))
    }
}

/// `1234.5`: every digit, and none that is not needed.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The cost of some values together. Currencies are never mixed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The sum of priced values, by currency.
    pub amounts: BTreeMap<String, Money>,
    /// The number of values that no price applies to; the sums are then less than the whole.
    pub unpriced: usize,
}

impl Cost {
    /// Returns the cost of one value.
    pub fn of(currency: &str, amount: Money) -> Self {
        Self { amounts: BTreeMap::from([(currency.to_owned(), amount)]), unpriced: 0 }
    }

    /// One value that no price applies to.
    pub fn unpriced() -> Self {
        Self { amounts: BTreeMap::new(), unpriced: 1 }
    }

    /// Rounds each amount to so many digits behind the point.
    pub fn round(&mut self, places: u32) {
        for amount in self.amounts.values_mut() {
            *amount = amount.rounded(places);
        }
    }

    /// Adds another cost. An amount that could not be added exactly counts as unpriced.
    pub fn add(&mut self, other: &Self) {
        self.unpriced += other.unpriced;
        for (currency, amount) in &other.amounts {
            let sum = self.amounts.entry(currency.clone()).or_default();
            match sum.plus(*amount) {
                Some(more) => *sum = more,
                None => self.unpriced += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::decimal;

    fn amount(units: i128, price: &str) -> Option<String> {
        Money::of(units, decimal(price).unwrap()).map(|amount| amount.to_string())
    }

    #[test]
    fn products_are_exact_or_none() {
        assert_eq!(amount(1_164_972_517, "0.0000008").unwrap(), "931.9780136");
        assert_eq!(amount(10, "0.10").unwrap(), "1");
        assert_eq!(amount(0, "0.8").unwrap(), "0");
        assert_eq!(amount(i128::MAX, "1"), None);
        assert_eq!(amount(i128::from(i64::MAX), "0.12345678901234567890123"), None);
    }

    #[test]
    fn amounts_are_rounded_once_to_so_many_places() {
        let rounded =
            |amount: &str, places| Money::new(decimal(amount).unwrap()).rounded(places).to_string();
        assert_eq!(rounded("931.9780136", 2), "931.98");
        assert_eq!(
            (rounded("0.005", 2), rounded("0.8", 2)),
            ("0.01".to_owned(), "0.80".to_owned())
        );
        assert_eq!((rounded("12.5", 0), rounded("0.004", 2)), ("13".to_owned(), "0.00".to_owned()));
        let long = "7922816251426433759354395033";
        assert!(rounded(long, 2).starts_with(long), "{}", rounded(long, 2));
    }

    #[test]
    fn sums_are_exact_or_counted() {
        let sum = |one: &str, two: &str| {
            let mut cost = Cost::of("CNY", Money::new(decimal(one).unwrap()));
            cost.add(&Cost::of("CNY", Money::new(decimal(two).unwrap())));
            (cost.amounts["CNY"].to_string(), cost.unpriced)
        };
        assert_eq!(sum("0.1", "0.2"), ("0.3".to_owned(), 0));
        assert_eq!(sum("0", "0.2"), ("0.2".to_owned(), 0));
        assert_eq!(sum("0.2", "0"), ("0.2".to_owned(), 0));
        let (kept, unpriced) = sum("9999999999999999999999999999", "0.1");
        assert_eq!((kept.as_str(), unpriced), ("9999999999999999999999999999", 1));
    }

    #[test]
    fn currencies_are_never_added() {
        let mut cost = Cost::of("CNY", Money::new(decimal("1").unwrap()));
        cost.add(&Cost::of("USD", Money::new(decimal("2").unwrap())));
        cost.add(&Cost::unpriced());
        assert_eq!(cost.amounts.len(), 2);
        assert_eq!(cost.unpriced, 1);
    }
}
