//! Foreign text on a line of one's own.

use std::borrow::Cow;

/// A text from elsewhere as it may be shown on one line of a terminal: control characters, which
/// could forge a line or steer the terminal, become spaces.
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
