//! Numbers with a fraction, with every digit they were sent with.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use thiserror::Error;

/// A number as it was sent: its text, never a float.
///
/// The text is a JSON number, so that it is written as one, with every digit. Two of them are equal
/// when their texts are.
///
/// ```
/// use ark_usage_model::Decimal;
///
/// let used: Decimal = "89968.28810".parse()?;
/// assert_eq!(used.as_str(), "89968.28810");
/// assert_eq!(serde_json::to_string(&used).unwrap(), "89968.28810");
/// assert!(!used.is_zero());
/// # Ok::<(), ark_usage_model::DecimalError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// A text that is no number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
#[error("not a decimal number")]
pub struct DecimalError;

impl Decimal {
    /// The number, as JSON writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for 0 in any spelling: `0`, `-0.00`, `0e5`.
    pub fn is_zero(&self) -> bool {
        let significant = self.0.split(['e', 'E']).next().unwrap_or_default();
        !significant.contains(|digit: char| ('1'..='9').contains(&digit))
    }

    /// True below 0.
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-') && !self.is_zero()
    }

    /// Reads a value of a JSON document: a number, or one as text.
    pub(crate) fn of_json(value: &RawValue) -> Option<Self> {
        let json = value.get();
        if json.starts_with('"') {
            return serde_json::from_str::<String>(json).ok()?.parse().ok();
        }
        json.parse().ok()
    }
}

/// Numbers as JSON writes them; also with a sign +, and with nothing on one side of the point.
impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let text = text.trim();
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => unsigned.split_at(at),
            None => (unsigned, ""),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_digits = !whole.is_empty() || !fraction.is_empty();
        if !has_digits || !are_digits(whole) || !are_digits(fraction) || !is_exponent(exponent) {
            return Err(DecimalError);
        }
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        let point = if fraction.is_empty() { "" } else { "." };
        Ok(Self([sign, whole, point, fraction, exponent].concat()))
    }
}

/// True for nothing, and for `e-05` and its like.
fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return text.is_empty() };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// As a JSON number.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        let number: Box<RawValue> =
            RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?;
        number.serialize(output)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let value = Box::<RawValue>::deserialize(input)?;
        Self::of_json(&value).ok_or_else(|| D::Error::custom(DecimalError))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_digit_stays() {
        for (json, text) in [
            ("10000", "10000"),
            ("1.9221", "1.9221"),
            ("89968.28810", "89968.28810"),
            ("0.000029000000000000000000000001", "0.000029000000000000000000000001"),
            ("2.9e-05", "2.9e-05"),
            ("\"99999.5\"", "99999.5"),
            ("\" 7 \"", "7"),
            ("\"+7\"", "7"),
            ("\"007.50\"", "7.50"),
            ("\".5\"", "0.5"),
            ("\"-.5\"", "-0.5"),
            ("\"5.\"", "5"),
            ("\"5.e1\"", "5e1"),
            ("1e400", "1e400"),
            ("123456789012345678901234567890.1", "123456789012345678901234567890.1"),
        ] {
            let read: Decimal = serde_json::from_str(json).unwrap();
            assert_eq!(read.as_str(), text, "{json}");
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn other_things_are_no_numbers() {
        for json in [
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"many\"",
            "\"1,5\"",
            "\".\"",
            "\"-\"",
            "\"e5\"",
            "\"1e\"",
            "\"1e+\"",
            "\"1.2.3\"",
            "\"NaN\"",
            "\"inf\"",
            "\"--1\"",
            "\"1 2\"",
            "\"٣\"",
        ] {
            assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn zeros_and_signs() {
        for text in ["0", "-0", "0.00", "0e9", "-0.0E+5"] {
            let read: Decimal = text.parse().unwrap();
            assert!(read.is_zero() && !read.is_negative(), "{text}");
        }
        let read = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(read("-0.001").is_negative() && !read("0.001").is_negative());
        assert!(!read("0.000029").is_zero());
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_a_number_of_json(text in "[-+]?[0-9.eE+-]{0,9}") {
            if let Ok(read) = text.parse::<Decimal>() {
                let json = serde_json::to_string(&read).unwrap();
                prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), read);
            }
        }
    }
}
