//! Integers as services send them: numbers, numbers as text, floats without a fraction.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The value found where an integer is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    /// An exact 64-bit integer.
    Exact(i64),
    /// Null or nothing.
    Absent,
    /// Something that is not an exact 64-bit integer: a fraction, out of range, other text.
    Unreadable,
}

impl Integer {
    pub(crate) fn exact(self) -> Option<i64> {
        match self {
            Self::Exact(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// From the text of the document, never through a float: none can hold `1e400`, and `1e-400` would
/// become 0.
impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Ok(Self::of_json(&Box::<RawValue>::deserialize(input)?))
    }
}

impl Integer {
    /// Reads a text.
    pub(crate) fn of_text(text: &str) -> Self {
        from_text(text)
    }

    /// Reads a value of a JSON document.
    pub(crate) fn of_json(value: &RawValue) -> Self {
        match value.get() {
            "null" => Self::Absent,
            json if json.starts_with('"') => {
                let text: Option<String> = serde_json::from_str(json).ok();
                text.map_or(Self::Unreadable, |text| from_text(text.trim()))
            }
            json => from_text(json),
        }
    }
}

/// Reads `12`, `12.0` and `1.2e1`.
fn from_text(text: &str) -> Integer {
    let exact = text.parse().ok().or_else(|| from_decimal(text));
    exact.map_or(Integer::Unreadable, Integer::Exact)
}

/// Reads a number with a fraction or an exponent, as JSON writes it, if it is whole. From 2^51 on none
/// is taken: a sender that has a float for it may have meant a neighbour.
fn from_decimal(text: &str) -> Option<i64> {
    const TOO_COARSE: u64 = 1 << 51;
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent_of(exponent)?),
        None => (text, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let moved = |digits: &str| i64::try_from(digits.len()).ok();
    let zeros = exponent
        .checked_sub(moved(fraction)?)?
        .checked_add(moved(digits)?.checked_sub(moved(significant)?)?)?;
    let factor = 10_u64.checked_pow(u32::try_from(zeros).ok()?)?;
    let size = significant.parse::<u64>().ok()?.checked_mul(factor)?;
    let size = i64::try_from(size).ok().filter(|_| size < TOO_COARSE)?;
    Some(if negative { -size } else { size })
}

/// Reads an exponent; one beyond any number stays beyond.
fn exponent_of(text: &str) -> Option<i64> {
    const BEYOND: i64 = 1 << 31;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(BEYOND).min(BEYOND);
    Some(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Integer {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn exact_forms() {
        for json in ["12", "\"12\"", "12.0", "\"12.0\"", "1.2e1", "\" 12 \"", "\"1.2e1\""] {
            assert_eq!(read(json), Integer::Exact(12), "{json}");
        }
        for json in ["0.0", "-0.0", "0e400", "0.000e-400", "\"0e9\""] {
            assert_eq!(read(json), Integer::Exact(0), "{json}");
        }
        for json in ["1200e-2", "0.12e2", "00.12e+2", "-120.0e-1"] {
            let exact = if json.starts_with('-') { -12 } else { 12 };
            assert_eq!(from_text(json), Integer::Exact(exact), "{json}");
        }
        assert_eq!(read("900719925474099.0"), Integer::Exact(900_719_925_474_099));
        assert_eq!(read("-3"), Integer::Exact(-3));
        assert_eq!(read("9223372036854775807"), Integer::Exact(i64::MAX));
        assert_eq!(read("\"-9223372036854775808\""), Integer::Exact(i64::MIN));
    }

    #[test]
    fn never_a_wrong_number() {
        for json in [
            "12.5",
            "\"12.5\"",
            "1e30",
            "9223372036854775808",
            "\"9223372036854775808\"",
            "2251799813685248.0",
            "9007199254740991.0",
            "9007199254740993.0",
            "\"\"",
            "\"many\"",
            "true",
            "[1]",
            "{\"a\":1}",
            "1e400",
            "1e-400",
            "-1e-400",
            "\"1e-400\"",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "0.1e0",
            "\"1.\"",
            "\".5\"",
            "\"1e\"",
            "\"1e+-1\"",
            "\"NaN\"",
        ] {
            assert_eq!(read(json), Integer::Unreadable, "{json}");
        }
        assert_eq!(read("null"), Integer::Absent);
    }
}
