//! The ways a JSON body looks after it was serialised once more.

use alloc::string::String;

/// The text without white space outside strings.
pub(super) fn compact(text: &str) -> String {
    rewrite(text, |out, letter| {
        if !letter.is_ascii_whitespace() {
            out.push(letter);
        }
    })
}

/// The compact text with a space after each comma and colon, as Python's `json.dumps` writes it.
pub(super) fn spaced(text: &str) -> String {
    rewrite(&compact(text), |out, letter| {
        out.push(letter);
        if matches!(letter, ',' | ':') {
            out.push(' ');
        }
    })
}

/// Copies strings and hands every character outside them to `outside`.
fn rewrite(text: &str, outside: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for letter in text.chars() {
        if in_string {
            out.push(letter);
            in_string = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if letter == '"' {
            out.push(letter);
            in_string = true;
        } else {
            outside(&mut out, letter);
        }
    }
    out
}
