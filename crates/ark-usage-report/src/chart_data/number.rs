//! Numbers for people: digits in threes, and round ones in words of their language.

use crate::lang::Lang;

/// `1529525715` as `1,529,525,715`.
pub fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Names of powers of ten, largest first.
const ENGLISH: [(u128, &str); 4] =
    [(1_000_000_000_000, " T"), (1_000_000_000, " B"), (1_000_000, " M"), (1_000, " K")];
const CHINESE: [(u128, &str); 3] =
    [(1_000_000_000_000, " 万亿"), (100_000_000, " 亿"), (10_000, " 万")];

/// Returns a value rounded to three figures, in the words of the language: `1.53 B`, `15.3 亿`. Half a step
/// is rounded away from 0.
pub fn short(value: i128, lang: Lang) -> String {
    let units: &[(u128, &str)] = lang.pick(&ENGLISH, &CHINESE);
    let unit_of = |size: u128| units.iter().find(|(unit, _)| size >= *unit);
    let exact = value.unsigned_abs();
    let Some((unit, _)) = unit_of(exact) else { return grouped(value) };
    let step = unit / 10_u128.pow(decimals(exact / unit));
    let size = (exact + step / 2) / step * step;
    // 999,999 has become a million.
    let Some((unit, name)) = unit_of(size) else { return grouped(value) };
    let whole = size / unit;
    let digits = format!("{:02}", size % unit * 100 / unit);
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if value < 0 { "-" } else { "" };
    let whole = grouped(i128::try_from(whole).unwrap_or(i128::MAX));
    format!("{sign}{whole}{point}{digits}{name}")
}

/// Returns the decimals that three figures leave.
fn decimals(whole: u128) -> u32 {
    match whole {
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    }
}

/// A part of a whole in tenths of a percent, rounded to the nearest; `None` of nothing.
pub fn percent(part: i128, whole: i128) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let thousandths = part.checked_mul(2_000)?.checked_div(whole)?;
    let rounded = i128::midpoint(thousandths, thousandths.signum());
    let sign = if rounded < 0 { "-" } else { "" };
    let size = rounded.unsigned_abs();
    let whole = grouped(i128::try_from(size / 10).unwrap_or(i128::MAX));
    Some(format!("{sign}{whole}.{}%", size % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_threes() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")];
        for (value, text) in cases {
            assert_eq!(grouped(value), text);
        }
        assert_eq!(grouped(i128::from(u64::MAX)), "18,446,744,073,709,551,615");
    }

    #[test]
    fn three_figures_in_both_languages() {
        let cases = [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_500, "1.5 K", "1,500"),
            (20_000, "20 K", "2 万"),
            (9_994, "9.99 K", "9,994"),
            (9_996, "10 K", "9,996"),
            (99_949, "99.9 K", "9.99 万"),
            (99_999, "100 K", "10 万"),
            (999_499, "999 K", "99.9 万"),
            (999_999, "1 M", "100 万"),
            (999_950_000, "1 B", "10 亿"),
            (-1_005, "-1.01 K", "-1,005"),
            (5_186_000, "5.19 M", "519 万"),
            (500_000_000, "500 M", "5 亿"),
            (1_529_525_715, "1.53 B", "15.3 亿"),
            (-1_000_000_000_000, "-1 T", "-1 万亿"),
            (12_345_000_000_000_000, "12,345 T", "12,345 万亿"),
        ];
        for (value, en, zh) in cases {
            assert_eq!(
                (short(value, Lang::En).as_str(), short(value, Lang::Zh).as_str()),
                (en, zh)
            );
        }
        assert_eq!(short(i128::MIN, Lang::En).get(..2), Some("-1"));
    }

    #[test]
    fn parts_in_tenths_of_a_percent() {
        let cases = [(1, 3, "33.3%"), (2, 3, "66.7%"), (-1, 8, "-12.5%"), (0, 5, "0.0%")];
        for (part, whole, text) in cases {
            assert_eq!(percent(part, whole).as_deref(), Some(text));
        }
        assert_eq!(percent(50, 1).as_deref(), Some("5,000.0%"));
        assert_eq!(percent(1, 0), None);
        assert_eq!(percent(i128::MAX, 2), None);
    }
}
