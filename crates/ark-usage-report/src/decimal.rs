//! Numbers as people write them, read without a float: `0.0008`, `1_000_000`, `1.5e9`.

use rust_decimal::Decimal;

/// Reads a whole number: `1e9`, `1_000_000_000` and `1.5e9`, but not `1.5`.
pub fn integer(text: &str) -> Option<i128> {
    let Written { mut digits, mut exponent } = Written::parse(text)?;
    while exponent < 0 && digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    digits.checked_mul(10_i128.checked_pow(u32::try_from(exponent).ok()?)?)
}

/// A decimal number, to the last digit that was written; none when it has more than 28.
pub fn decimal(text: &str) -> Option<Decimal> {
    let Written { digits, exponent } = Written::parse(text)?;
    let above = u32::try_from(exponent.max(0)).ok()?;
    let below = u32::try_from((-exponent).max(0)).ok()?;
    let digits = digits.checked_mul(10_i128.checked_pow(above)?)?;
    Decimal::try_from_i128_with_scale(digits, below).ok()
}

/// Digits times a power of ten.
struct Written {
    digits: i128,
    exponent: i32,
}

impl Written {
    fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i16>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, plain_digits(fraction)?),
            None => (number, String::new()),
        };
        let whole = plain_digits(whole.strip_prefix('+').unwrap_or(whole))?;
        let places = i32::try_from(fraction.len()).ok()?;
        Some(Self {
            digits: format!("{whole}{fraction}").parse().ok()?,
            exponent: i32::from(exponent) - places,
        })
    }
}

/// Removes the underscores between digits.
fn plain_digits(text: &str) -> Option<String> {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('_').collect();
    parts.iter().all(|part| plain(part)).then(|| parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let cases = [
            ("0", 0),
            ("1e9", 1_000_000_000),
            ("1E+9", 1_000_000_000),
            ("1_000_000_000", 1_000_000_000),
            ("1.5e9", 1_500_000_000),
            ("2.50e1", 25),
            ("10e-1", 1),
            ("7.0", 7),
            ("170141183460469231731687303715884105727", i128::MAX),
        ];
        for (text, number) in cases {
            assert_eq!(integer(text), Some(number), "{text}");
        }
        let refused = [
            "",
            "x",
            "1.5",
            "1.55e1",
            "-1",
            "1__0",
            "_1",
            "1_",
            "1e",
            "1e99",
            "0x10",
            "inf",
            ".5",
            "1.",
            "170141183460469231731687303715884105728",
        ];
        for text in refused {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_keep_every_digit() {
        let cases = [("0.0008", "0.0008"), ("8e-4", "0.0008"), ("12", "12"), ("1_0.5e1", "105")];
        for (text, shown) in cases {
            assert_eq!(decimal(text).unwrap().normalize().to_string(), shown, "{text}");
        }
        for text in ["", "-0.1", "0.00000000000000000000000000001", "1e40", "0,8"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
