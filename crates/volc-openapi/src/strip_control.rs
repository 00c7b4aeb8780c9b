//! Text from a server, shown on one line.

use std::borrow::Cow;

/// Replaces control characters by spaces, so that text from a server can neither forge a line nor
/// control the terminal.
///
/// ```
/// assert_eq!(volc_openapi::strip_control("a\nerror: b\u{1b}[31m"), "a error: b [31m");
/// ```
pub fn strip_control(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
