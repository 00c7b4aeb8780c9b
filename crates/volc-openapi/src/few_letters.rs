//! A few letters of a file's text for an error: enough to find a slip, too little to repeat a secret
//! from a file that was named by mistake.

use crate::one_line;

/// The longest name that is shown whole.
const NAME: usize = 24;
/// The letters that are shown of anything else.
const FEW: usize = 4;
/// The longest endpoint id or number that is shown whole.
const PLAIN: usize = 40;
/// A run of letters and digits from this length on may be a key.
const KEY: usize = 12;

/// Returns a text of a file as errors show it. Names, numbers and endpoint ids are shown; of other texts
/// only the beginning, and of what looks like a secret nothing.
///
/// ```
/// use volc_openapi::few_letters;
///
/// assert_eq!(few_letters("endpiont_id"), "endpiont_id");
/// assert_eq!(few_letters("1_000_000.5"), "1_000_000.5");
/// assert_eq!(few_letters("ep-20240707121820-d13ab"), "ep-20240707121820-d13ab");
/// assert_eq!(few_letters("root:x:0:0:root:/root:/bin/bash"), "root…");
/// assert_eq!(few_letters("secret-key = fake-secret-for-tests-only"), "…");
/// assert_eq!(few_letters("AKLTEXAMPLE0000000000000000000001"), "…");
/// ```
pub fn few_letters(text: &str) -> String {
    let text = one_line(text.trim());
    if is_endpoint_id(&text) || is_number(&text) || is_name(&text) {
        return text.into_owned();
    }
    if looks_secret(&text) {
        return "…".to_owned();
    }
    first_letters(&text)
}

/// Returns the first letters of a text that may be a secret, whatever it looks like.
///
/// ```
/// use volc_openapi::first_letters;
///
/// assert_eq!(first_letters("passphrase"), "pass…");
/// assert_eq!(first_letters("HOME"), "HOME");
/// ```
pub fn first_letters(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(FEW) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Returns the message of a parser with [a few letters](few_letters) of what it quotes.
///
/// ```
/// use volc_openapi::few_letters_of_quotes;
///
/// let message = "invalid type: string \"fake-secret-0001\", expected u64";
/// assert_eq!(few_letters_of_quotes(message), "invalid type: string \"…\", expected u64");
/// ```
pub fn few_letters_of_quotes(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(['"', '`', '\'']) {
        let (before, from) = rest.split_at(at);
        let (quote, inside) = from.split_at(1);
        shown.push_str(before);
        shown.push_str(quote);
        // The text may hold the same quote: it ends where the last one stands, unless names follow.
        let end = if quote == "`" { inside.find(quote) } else { inside.rfind(quote) };
        let Some(end) = end else {
            shown.push_str(&few_letters(inside));
            return shown;
        };
        let (quoted, behind) = inside.split_at(end);
        shown.push_str(&few_letters(quoted));
        shown.push_str(quote);
        rest = behind.get(1..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

/// Returns true for a text that may be a key, a token or a password, or a line about one.
pub fn looks_secret(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["secret", "token", "password", "passwd", "credential", "apikey", "api_key", "private"];
    let lower = text.to_lowercase();
    if WORDS.iter().any(|word| lower.contains(word))
        || text.contains("AKLT")
        || text.contains("AKTP")
    {
        return true;
    }
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || "+/=_-.".contains(c);
    text.split(|c| !is_of_key(c)).any(|run| {
        run.len() >= KEY
            && run.contains(|c: char| c.is_ascii_digit())
            && run.contains(|c: char| c.is_ascii_alphabetic())
    })
}

fn is_endpoint_id(text: &str) -> bool {
    let is_of_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.starts_with("ep-") && text.len() <= PLAIN && text.bytes().all(is_of_id)
}

fn is_number(text: &str) -> bool {
    text.len() <= PLAIN
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-._,:eE".contains(&byte))
}

/// A word or two as people call things, in any script.
fn is_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphabetic() || "_-./ ".contains(c);
    text.chars().count() <= NAME && text.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_shown_and_secrets_are_not() {
        for shown in ["", "team", "团队", "tz", "2024-13-01", "1.5e9", "ep-1", "hour label", "a=1"]
        {
            assert_eq!(few_letters(shown), shown);
        }
        for (text, shown) in [
            ("hunter2!", "hunt…"),
            ("export A=1", "expo…"),
            ("a=b\nc", "a=b …"),
            ("a sentence of many more words", "a se…"),
            ("SECRET=x", "…"),
            ("password hunter2", "…"),
            ("dGhpcyBpcyBhIHNlY3JldA0000==", "…"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x", "…"),
            ("ep-AKLTEXAMPLE0000000000000000000001", "…"),
            ("\u{1b}[31mred", " [31…"),
        ] {
            assert_eq!(few_letters(text), shown, "{text}");
        }
    }

    #[test]
    fn quotes_of_parsers_are_cut() {
        for (message, shown) in [
            ("unknown variant `delay-it`, expected `delay` or `error`", None),
            (
                "unknown field `fake-secret-00000001`, expected `a`",
                Some("unknown field `…`, expected `a`"),
            ),
            (
                "invalid value: string \"a \\\" b c d\", expected x",
                Some("invalid value: string \"a \\\"…\", expected x"),
            ),
            ("an open \"quote of many words, 1 and 2", Some("an open \"quot…")),
            ("nothing is quoted", None),
        ] {
            assert_eq!(few_letters_of_quotes(message), shown.unwrap_or(message));
        }
    }
}
