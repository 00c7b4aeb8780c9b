//! A number of a plan: every digit as it came, and its value for comparisons.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::decimal::decimal;

/// A decimal number that keeps its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNumber {
    text: String,
    value: Decimal,
}

/// The digits behind the point of a number that is computed.
const COMPUTED_DIGITS: u32 = 10;

impl PlanNumber {
    /// Reads a number as JSON writes it; `None` for anything else, and for one too large to compare.
    ///
    /// ```
    /// use ark_usage_report::plan::PlanNumber;
    ///
    /// let percent = PlanNumber::read("0.000029").ok_or("a number")?;
    /// assert_eq!(percent.as_str(), "0.000029");
    /// assert_eq!(PlanNumber::read("1,000"), None);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !is_json_number(digits) {
            return None;
        }
        let size = decimal(digits).or_else(|| rounded(digits))?;
        let value = if digits.len() < text.len() { -size } else { size };
        Some(Self { text: text.to_owned(), value })
    }

    /// Reads a percent that a person wrote: `80`, `80%` or `99.5 %`.
    pub fn read_percent(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_suffix(['%', '％']).unwrap_or(text).trim_end();
        let value = decimal(digits)?;
        Some(Self { text: value.to_string(), value })
    }

    /// Returns a number that was computed, without digits that say nothing.
    pub(crate) fn computed(value: Decimal) -> Self {
        // Towards zero: 100 is reached, not nearly.
        let value = value.round_dp_with_strategy(COMPUTED_DIGITS, RoundingStrategy::ToZero);
        let value = value.normalize();
        Self { text: value.to_string(), value }
    }

    /// Returns the digits, as JSON writes a number.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the value; digits beyond the 28th are rounded away.
    pub fn value(&self) -> Decimal {
        self.value
    }
}

/// Returns true for a number as JSON writes it, without a sign.
fn is_json_number(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    are_digits(whole)
        && are_digits(fraction)
        && are_digits(exponent)
        && (whole.len() == 1 || !whole.starts_with('0'))
}

/// Reads a number with more digits than a decimal holds.
fn rounded(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay_as_they_came() {
        let cases = [
            "0",
            "-0.5",
            "10000",
            "10000.0",
            "99999.5000",
            "0.000029",
            "2.9e-5",
            "1E+3",
            "0.00000000000000000000000000000000012345",
            "12345678901234567890.12345678901234567890",
        ];
        for text in cases {
            assert_eq!(PlanNumber::read(text).unwrap().as_str(), text);
        }
        assert_eq!(PlanNumber::read("2.9e-5").unwrap().value(), decimal("0.000029").unwrap());
        assert_eq!(PlanNumber::read("-1.50").unwrap().value().normalize().to_string(), "-1.5");
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in
            ["", "-", "1,000", "007", ".5", "1.", "1e", "NaN", "1_000", "+1", " 1", "0x1", "1e400"]
        {
            assert_eq!(PlanNumber::read(text), None, "{text}");
        }
    }

    #[test]
    fn percents_are_written_with_or_without_a_sign() {
        for (text, shown) in
            [("80", "80"), ("80%", "80"), (" 99.5 % ", "99.5"), ("0", "0"), ("80％", "80")]
        {
            assert_eq!(PlanNumber::read_percent(text).unwrap().as_str(), shown, "{text}");
        }
        for text in ["", "%", "-1", "80%%", "many", "8O"] {
            assert_eq!(PlanNumber::read_percent(text), None, "{text}");
        }
    }

    #[test]
    fn computed_numbers_are_never_rounded_up() {
        let computed = |text: &str| PlanNumber::computed(text.parse().unwrap());
        assert_eq!(computed("99.999999999999999").as_str(), "99.9999999999");
        assert_eq!(computed("89.96828810").as_str(), "89.9682881");
        assert_eq!(computed("100.000").as_str(), "100");
    }
}
