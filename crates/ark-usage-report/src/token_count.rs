//! A number of tokens as people write it: `20G`, `20B`, `20,000,000,000`, `2e10`, `200亿`.
//!
//! A spelling that readers of two countries take for two numbers is refused with both.

use volc_openapi::few_letters;

use crate::chart_data::grouped;
use crate::decimal;
use crate::lang::Text;
use crate::text;

/// The reason that a text is no number of tokens, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenCountProblem {
    /// The problem, naming the text.
    pub(crate) problem: Text,
    /// The hint.
    pub(crate) hint: Text,
}

/// Units by name, with their powers of ten. `G` and `B` are the same, because both are in use for 1e9.
const UNITS: [(&str, u32); 15] = [
    ("k", 3),
    ("m", 6),
    ("g", 9),
    ("b", 9),
    ("bn", 9),
    ("t", 12),
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("trillion", 12),
    ("万", 4),
    ("萬", 4),
    ("亿", 8),
    ("億", 8),
    ("万亿", 12),
];

/// Units of bytes; whether `Gi` is 1e9 or 2^30 is nothing to guess.
const BYTES: [&str; 12] =
    ["kb", "mb", "gb", "tb", "ki", "mi", "gi", "ti", "kib", "mib", "gib", "tib"];

/// The longest text that a hint repeats in other words.
const LONGEST_ECHO: usize = 40;
/// The longest unknown unit that a message repeats.
const LONGEST_UNIT: usize = 3;

/// Reads a whole number of tokens.
pub(crate) fn read(text: &str) -> Result<i128, TokenCountProblem> {
    let text = text.trim();
    check_spaces(text)?;
    let Parts { number, exponent, unit } = Parts::of(text);
    let power = power(text, number, unit)?;
    if exponent.is_some() && !unit.is_empty() {
        return Err(invalid(text));
    }
    let is_plain = exponent.is_none() && unit.is_empty();
    let plain = if number.contains(',') {
        without_commas(text, number, is_plain)?
    } else {
        check_points(text, number, is_plain)?;
        number.to_owned()
    };
    let exponent = exponent.map_or_else(|| power.to_string(), str::to_owned);
    decimal::integer(&format!("{plain}e{exponent}")).ok_or_else(|| invalid(text))
}

/// A text cut into digits, what follows an `e`, and the unit.
struct Parts<'a> {
    number: &'a str,
    exponent: Option<&'a str>,
    unit: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let is_number = |sign: char| sign.is_ascii_digit() || matches!(sign, ',' | '.' | '_');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let rest = unsigned.trim_start_matches(is_number);
        let number = text.strip_suffix(rest).unwrap_or_default();
        let Some(after) = rest.strip_prefix(['e', 'E']) else {
            return Self { number, exponent: None, unit: rest.trim() };
        };
        let unit = after
            .strip_prefix(['+', '-'])
            .unwrap_or(after)
            .trim_start_matches(|sign: char| sign.is_ascii_digit());
        let exponent = after.strip_suffix(unit).unwrap_or_default();
        if exponent.is_empty() {
            return Self { number, exponent: None, unit: rest };
        }
        Self { number, exponent: Some(exponent), unit: unit.trim() }
    }
}

/// Returns the power of ten of a unit.
fn power(text: &str, number: &str, unit: &str) -> Result<u32, TokenCountProblem> {
    if unit.is_empty() {
        return Ok(0);
    }
    let lower = unit.to_lowercase();
    if let Some((_, power)) = UNITS.iter().find(|(name, _)| *name == lower) {
        return Ok(*power);
    }
    if !number.contains(|sign: char| sign.is_ascii_digit()) {
        return Err(invalid(text));
    }
    let (written, unit) = (shown(text), shown(unit));
    let is_of_bytes = BYTES.contains(&lower.as_str());
    let first = lower.chars().next().filter(|_| is_of_bytes);
    let problem = if is_of_bytes {
        text!("{written}: {unit} is a unit of bytes", "{written}：{unit} 是字节的单位")
    } else {
        text!("{written}: unknown unit {unit}", "{written}：未知的单位 {unit}")
    };
    let hint = match first {
        Some(first) if number.len() <= LONGEST_ECHO => {
            let first = first.to_ascii_uppercase();
            text!(
                "write {number}{first}: K, M, G or B, and T are powers of 1000",
                "请写 {number}{first}：K、M、G（或 B）、T 均为 1000 的幂"
            )
        }
        _ => spellings(),
    };
    Err(TokenCountProblem { problem, hint })
}

/// Refuses spaces between groups of three, which no shell and no file would keep for sure.
fn check_spaces(text: &str) -> Result<(), TokenCountProblem> {
    let groups: Vec<&str> = text.split(char::is_whitespace).collect();
    if groups.len() < 2 || !is_grouped(&groups) {
        return Ok(());
    }
    let (written, commas) = (shown(text), shown(&groups.join(",")));
    Err(TokenCountProblem {
        problem: text!("{written}: spaces in a number", "{written}：数字中有空格"),
        hint: text!("write {commas}", "请写 {commas}"),
    })
}

/// Returns digits without the commas between groups of three.
fn without_commas(text: &str, number: &str, is_plain: bool) -> Result<String, TokenCountProblem> {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let groups: Vec<&str> = whole.trim_start_matches(['+', '-']).split(',').collect();
    let are_groups = is_grouped(&groups) && !fraction.is_some_and(|rest| rest.contains([',', '.']));
    if !are_groups {
        return Err(misplaced_commas(text, number));
    }
    // One comma before a unit is a decimal point where people write 1,5.
    if !is_plain && groups.len() == 2 && fraction.is_none() {
        let (thousands, decimals) = (number.replace(',', ""), number.replace(',', "."));
        return Err(two_meanings(text, number, &thousands, &decimals));
    }
    Ok(number.replace(',', ""))
}

/// Refuses points between groups of three, and one before three digits, which may be such a point.
fn check_points(text: &str, number: &str, is_plain: bool) -> Result<(), TokenCountProblem> {
    let groups: Vec<&str> = number.trim_start_matches(['+', '-']).split('.').collect();
    let is_open = groups.len() > 2 || is_plain;
    if groups.len() < 2 || !is_grouped(&groups) || !is_open {
        return Ok(());
    }
    let commas = number.replace('.', ",");
    if groups.len() > 2 {
        let written = shown(text);
        let rest = text.get(number.len()..).unwrap_or_default();
        let (commas, rest) = (shown(&commas), shown(rest));
        return Err(TokenCountProblem {
            problem: text!("{written}: a point is a decimal point", "{written}：点是小数点"),
            hint: text!("write {commas}{rest}", "请写 {commas}{rest}"),
        });
    }
    let whole = groups.first().copied().unwrap_or_default();
    let decimals = if groups.get(1).is_some_and(|rest| rest.bytes().all(|digit| digit == b'0')) {
        whole.to_owned()
    } else {
        number.to_owned()
    };
    Err(two_meanings(text, number, &commas, &decimals))
}

/// Returns true for groups as thousands are grouped: three digits each but for the first.
fn is_grouped(groups: &[&str]) -> bool {
    let is_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let Some((first, others)) = groups.split_first() else { return false };
    (1..=3).contains(&first.len())
        && (others.is_empty() || !first.starts_with('0'))
        && others.iter().all(|group| group.len() == 3)
        && groups.iter().all(is_digits)
}

fn misplaced_commas(text: &str, number: &str) -> TokenCountProblem {
    let written = shown(text);
    let rest = text.get(number.len()..).unwrap_or_default();
    let hint = match number.split_once(',') {
        // A comma as a decimal point.
        Some((whole, decimals)) if !decimals.contains([',', '.', '_']) && !rest.is_empty() => {
            let (number, rest) = (shown(&format!("{whole}.{decimals}")), shown(rest));
            text!("write {number}{rest}", "请写 {number}{rest}")
        }
        _ => spellings(),
    };
    TokenCountProblem {
        problem: text!(
            "{written}: commas group thousands, with three digits after each",
            "{written}：逗号用于千位分组，每个逗号之后应有三位数字"
        ),
        hint,
    }
}

fn two_meanings(text: &str, number: &str, thousands: &str, decimals: &str) -> TokenCountProblem {
    let (written, rest) = (shown(text), text.get(number.len()..).unwrap_or_default());
    let (thousands, decimals, rest) = (shown(thousands), shown(decimals), shown(rest));
    TokenCountProblem {
        problem: text!(
            "{written} can mean {thousands}{rest} or {decimals}{rest}",
            "{written} 可能表示 {thousands}{rest}，也可能表示 {decimals}{rest}"
        ),
        hint: text!("write one of them", "请写其中一个"),
    }
}

/// The error about anything else: letters, fractions of a token, numbers that nothing can hold.
fn invalid(text: &str) -> TokenCountProblem {
    let written = if text.is_empty() { "\"\"".to_owned() } else { shown(text) };
    TokenCountProblem {
        problem: text!(
            "{written} is not a whole number of tokens, or is too large",
            "{written} 不是整数个 token，或过大"
        ),
        hint: spellings(),
    }
}

fn spellings() -> Text {
    let example = grouped(20_000_000_000);
    text!(
        "write 20G, 20B, 2e10 or {example}; units are K, M, G or B, and T",
        "请写 20G、20B、2e10、{example} 或 200亿；单位有 K、M、G（或 B）、T，以及 万、亿"
    )
}

/// Returns the text as messages repeat it: a number with a short unit, a few letters of anything else.
fn shown(text: &str) -> String {
    let is_sign = |sign: char| {
        sign.is_ascii_digit() || matches!(sign, ',' | '.' | '_' | '+' | '-' | ' ' | 'e' | 'E')
    };
    let unit = text.trim_start_matches(is_sign);
    if text.len() <= LONGEST_ECHO && unit.chars().count() <= LONGEST_UNIT {
        text.to_owned()
    } else {
        few_letters(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn one_number_has_many_spellings() {
        for text in [
            "20G",
            "20B",
            "20g",
            "20 B",
            "20bn",
            "20 billion",
            "0.02T",
            "20000M",
            "20_000M",
            "2e10",
            "2E+10",
            "20,000,000,000",
            "20_000_000_000",
            "20000000000",
            "+20G",
            " 20G ",
            "200亿",
            "200 億",
            "2000000万",
            "0.02万亿",
            "20.0e9",
            "20,000,000K",
            "20,000,000,000.0",
        ] {
            assert_eq!(read(text), Ok(20_000_000_000), "{text}");
        }
        for (text, number) in [
            ("0", 0),
            ("999", 999),
            ("1,234", 1_234),
            ("1.5K", 1_500),
            ("1.525B", 1_525_000_000),
            ("7.0", 7),
        ] {
            assert_eq!(read(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn spellings_with_two_meanings_are_refused_with_both() {
        for (text, problem, hint) in [
            ("20.000", "20.000 can mean 20,000 or 20", "write one of them"),
            ("1.500", "1.500 can mean 1,500 or 1.500", "write one of them"),
            ("1,500M", "1,500M can mean 1500M or 1.500M", "write one of them"),
            ("1,500e6", "1,500e6 can mean 1500e6 or 1.500e6", "write one of them"),
            ("20.000.000", "20.000.000: a point is a decimal point", "write 20,000,000"),
            ("20GB", "20GB: GB is a unit of bytes", "write 20G:"),
            ("20Gi", "20Gi: Gi is a unit of bytes", "write 20G:"),
            ("1,5G", "1,5G: commas group thousands", "write 1.5G"),
            ("20,00", "20,00: commas group thousands", "write 20G"),
            ("2,0000,0000", "2,0000,0000: commas group", "write 20G"),
            ("0,123", "0,123: commas group", "write 20G"),
            ("20Q", "20Q: unknown unit Q", "write 20G"),
            ("20 000 000", "20 000 000: spaces in a number", "write 20,000,000"),
            ("1.5", "1.5 is not a whole number", "write 20G"),
            ("-1", "-1 is not a whole number", "write 20G"),
            ("-1G", "-1G is not a whole number", "write 20G"),
            ("1e99", "1e99 is not a whole number of tokens, or is too large", "write 20G"),
            ("2e9G", "2e9G is not a whole number", "write 20G"),
            ("1.2345K", "1.2345K is not a whole number", "write 20G"),
            ("", "\"\" is not a whole number", "write 20G"),
            ("G", "G is not a whole number", "write 20G"),
            ("e9", "e9 is not a whole number", "write 20G"),
            ("1,000_000", "1,000_000: commas group", "write 20G"),
        ] {
            let error = read(text).unwrap_err();
            let (shown, advice) = (error.problem.in_lang(Lang::En), error.hint.in_lang(Lang::En));
            assert!(shown.starts_with(problem), "{text}: {shown}");
            assert!(advice.starts_with(hint), "{text}: {advice}");
        }
    }
}
