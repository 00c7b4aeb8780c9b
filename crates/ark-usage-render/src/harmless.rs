//! Text from outside, made harmless for the place where it is shown. Every format goes through this module, which
//! decides with [`is_harmful`] alone what is shown as it is.
//!
//! People see a harmful sign as a space or as `<U+202E>`; JSON keeps it, escaped, because it is data.

use std::borrow::Cow;
use std::fmt::Write as _;

use ark_usage_report::Lang;
use volc_openapi::{Excerpt, is_harmful};

pub(crate) use volc_openapi::one_line;

/// The most characters of one line of a message.
const LONGEST_LINE: usize = 4_000;

/// Returns a message of several lines for a terminal: without harmful signs, each line cut to a length that can be
/// read.
pub fn message_lines(text: &str, lang: Lang) -> String {
    let line = |line| {
        let excerpt = Excerpt::new(line, LONGEST_LINE);
        match (lang, excerpt.left_out()) {
            (_, 0) => excerpt.beginning().to_owned(),
            (Lang::En, _) => excerpt.to_string(),
            (Lang::Zh, more) => format!("{}…（另有 {more} 个字符）", excerpt.beginning()),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a document of several lines for a terminal, whole and without harmful signs.
pub fn document_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|sign| sign != '\n' && is_harmful(sign)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(one_line).collect::<Vec<_>>().join("\n"))
}

/// Returns a cell of CSV on one line that no spreadsheet runs as a formula, whatever sign it takes for the end of a
/// cell: a part that begins like a formula gets an apostrophe in front.
pub(crate) fn csv_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for part in one_line(text).split_inclusive(is_separator) {
        // A number is no formula, whatever its sign.
        let is_number =
            part.trim_end_matches(is_separator).trim().parse::<f64>().is_ok_and(f64::is_finite);
        if !is_number && part.trim_start().starts_with(is_formula_sign) {
            cell.push('\'');
        }
        cell.push_str(part);
    }
    cell
}

/// Signs that end a cell, if not here then where a spreadsheet expects others.
fn is_separator(sign: char) -> bool {
    matches!(sign, ',' | ';' | '\t' | '|')
}

/// Signs a formula begins with; spreadsheets take the wide and the small forms too.
fn is_formula_sign(sign: char) -> bool {
    matches!(
        sign,
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−'
    )
}

/// Returns a JSON document in a cell of CSV: the same document, with the signs that would do harm escaped.
pub(crate) fn csv_json(document: &str) -> String {
    let mut cell = String::with_capacity(document.len());
    let (mut in_text, mut is_escaped, mut at_start) = (false, false, false);
    for sign in document.chars() {
        if in_text && (is_harmful(sign) || (at_start && is_formula_sign(sign))) {
            push_escaped(&mut cell, sign);
        } else {
            cell.push(sign);
        }
        at_start = in_text && (is_separator(sign) || (at_start && sign.is_whitespace()));
        in_text ^= sign == '"' && !is_escaped;
        is_escaped = sign == '\\' && !is_escaped;
    }
    cell
}

/// Returns a JSON document with harmful signs escaped. They can only stand in its texts, so that it is still the
/// same data.
pub(crate) fn json_document(document: Vec<u8>) -> Vec<u8> {
    let is_space = |sign| matches!(sign, '\n' | '\r' | '\t');
    let is_raw = |sign| is_harmful(sign) && !is_space(sign);
    let Ok(text) = std::str::from_utf8(&document) else { return document };
    if !text.contains(is_raw) {
        return document;
    }
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_raw(sign) { push_escaped(&mut escaped, sign) } else { escaped.push(sign) }
    }
    escaped.into_bytes()
}

/// Adds a sign as JSON escapes it.
fn push_escaped(text: &mut String, sign: char) {
    for unit in sign.encode_utf16(&mut [0; 2]) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// Returns HTML or SVG without harmful signs: the characters that XML does not allow become U+FFFD, others are
/// shown by their code points.
pub(crate) fn markup(document: String) -> String {
    let is_raw = |sign| is_harmful(sign) && !matches!(sign, '\n' | '\t');
    if !document.contains(is_raw) {
        return document;
    }
    let mut harmless = String::with_capacity(document.len());
    for sign in document.chars() {
        match sign {
            sign if !is_raw(sign) => harmless.push(sign),
            '\r' => harmless.push(' '),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {
                harmless.push(char::REPLACEMENT_CHARACTER);
            }
            // Writing to a String cannot fail.
            sign => drop(write!(harmless, "&lt;U+{:04X}&gt;", u32::from(sign))),
        }
    }
    harmless
}

/// Returns a word as a POSIX shell reads it, for commands that are shown to be pasted: on one line, with harmful
/// signs as octal numbers, which bash, zsh and ksh read in `$'…'`.
pub fn shell_word(word: &str) -> Cow<'_, str> {
    if !word.contains(is_harmful) {
        return shlex::Quoter::new().quote(word).unwrap_or(Cow::Borrowed(word));
    }
    let mut quoted = "$'".to_owned();
    for sign in word.chars() {
        match sign {
            '\'' | '\\' => quoted.extend(['\\', sign]),
            sign if is_harmful(sign) => {
                for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('\'');
    Cow::Owned(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_cell_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            (" =1+1", "' =1+1"),
            ("\u{a0}=1+1", "'\u{a0}=1+1"),
            ("\u{3000}@a", "'\u{3000}@a"),
            ("\n=1+1", "' =1+1"),
            ("\t-1+1", "' -1+1"),
            ("＝1+1", "'＝1+1"),
            ("－1－2", "'－1－2"),
            ("a;=1+1", "a;'=1+1"),
            ("a, ＠b;+c", "a,' ＠b;'+c"),
            ("-5.25", "-5.25"),
            ("a;-5;1e3", "a;-5;1e3"),
            ("-inf", "'-inf"),
            ("'=1", "'=1"),
            ("a=1", "a=1"),
            ("密", "密"),
        ] {
            assert_eq!(csv_cell(text), cell, "{text:?}");
        }
    }

    #[test]
    fn json_stays_the_same_data() {
        let hostile = "a;=1, ＋2\u{202e}\u{7f}\u{e0041}\"\\;@x\n";
        let document = serde_json::json!({ hostile: [hostile, -5], "n": -1 });
        let plain = document.to_string();
        let cell = csv_json(&plain);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&cell).unwrap(), document);
        assert!(cell.contains(r#""n":-1"#) && cell.contains(r"a;\u003d1, \uff0b2"), "{cell}");
        assert!(cell.contains(r#"\"\\;\u0040x\n"#), "{cell}");
        let whole = json_document(serde_json::to_vec_pretty(&document).unwrap());
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&whole).unwrap(), document);
        let whole = String::from_utf8(whole).unwrap();
        assert!(!whole.contains(|sign| sign != '\n' && is_harmful(sign)), "{whole}");
        assert_eq!(json_document(vec![0xff, 0x1b]), [0xff, 0x1b]);
    }

    #[test]
    fn markup_holds_what_xml_allows() {
        let shown = markup("<p>a\u{1}\u{1b}\u{fffe}\u{202e}\n\u{9b}密</p>".to_owned());
        assert_eq!(shown, "<p>a\u{fffd}\u{fffd}\u{fffd}&lt;U+202E&gt;\n\u{fffd}密</p>");
    }

    #[test]
    fn messages_are_cut_line_by_line() {
        let long = format!("a\u{1b}\n  {}", "x".repeat(5_000));
        let shown = message_lines(&long, Lang::En);
        assert!(
            shown.starts_with("a \n  xxx") && shown.ends_with("x… (1002 more characters)"),
            "{shown}"
        );
        assert!(message_lines(&long, Lang::Zh).ends_with("x…（另有 1002 个字符）"));
        assert_eq!(document_lines("a\n\u{202e}b\n"), "a\n<U+202E>b\n");
        assert!(matches!(document_lines("a\nb\n"), Cow::Borrowed(_)));
    }

    /// Reads a word as a shell does, for the two forms that are written.
    fn read_by_a_shell(word: &str) -> String {
        let Some(inside) = word.strip_prefix("$'").and_then(|word| word.strip_suffix('\'')) else {
            return shlex::split(word).unwrap().concat();
        };
        let (mut bytes, mut rest) = (Vec::new(), inside.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            (bytes, rest) = match (first, after) {
                (b'\\', [a @ b'0'..=b'3', b, c, after @ ..]) => {
                    let byte = (a - b'0') * 64 + (b - b'0') * 8 + (c - b'0');
                    ([bytes, vec![byte]].concat(), after)
                }
                (b'\\', [sign, after @ ..]) => ([bytes, vec![*sign]].concat(), after),
                _ => ([bytes, vec![*first]].concat(), after),
            };
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn words_for_the_shell() {
        for word in ["ep-1", "ark:GetUsage", "a@b"] {
            assert_eq!(shell_word(word), word);
        }
        for word in [
            "密",
            "a b",
            "it's $HOME `x` \\ !",
            "a=b",
            "",
            "a\nb",
            "\0",
            "it's\u{202e}7\\\u{1b}[31m$x",
        ] {
            let shown = shell_word(word);
            assert!(shown != word && !shown.contains(is_harmful), "{shown}");
            assert_eq!(read_by_a_shell(&shown), word, "{shown}");
        }
    }
}
