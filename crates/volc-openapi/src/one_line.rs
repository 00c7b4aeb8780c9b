//! Text from outside on one line: nothing in it steers a terminal, turns a line around or hides.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Returns true for a sign that no text for people may hold as it is: control characters, the ends of lines and
/// paragraphs, signs that change the direction of text, signs that cannot be seen, and values that are no characters.
///
/// These are the general categories Cc, Cf, Zl and Zp of Unicode and the property
/// `Default_Ignorable_Code_Point`, but for the two selectors that choose between text and emoji; U+2800, which is
/// blank; and U+FFFE and U+FFFF, which XML does not allow.
///
/// ```
/// assert!(['\n', '\u{1b}', '\u{202e}', '\u{feff}', '\u{e0041}'].into_iter().all(volc_openapi::is_harmful));
/// assert!(!"密 é ❤\u{fe0f}".contains(volc_openapi::is_harmful));
/// ```
pub fn is_harmful(sign: char) -> bool {
    if sign < '\u{ad}' {
        return sign.is_control();
    }
    let after = HARMFUL.partition_point(|(first, _)| *first <= sign);
    after.checked_sub(1).and_then(|place| HARMFUL.get(place)).is_some_and(|(_, last)| sign <= *last)
}

/// First and last of each range, in order; control characters are beside it.
const HARMFUL: [(char, char); 27] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0d}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Returns a text as it is shown on one line: control characters and line ends are spaces, other harmful signs
/// their code points, so that a text from outside can neither forge a line nor control the terminal.
///
/// ```
/// assert_eq!(volc_openapi::one_line("a\nerror: b\u{1b}[31m"), "a error: b [31m");
/// assert_eq!(volc_openapi::one_line("a\u{202e}b"), "a<U+202E>b");
/// ```
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\u{2028}' | '\u{2029}' => shown.push(' '),
            sign if sign.is_control() => shown.push(' '),
            // Writing to a String cannot fail.
            sign if is_harmful(sign) => drop(write!(shown, "<U+{:04X}>", u32::from(sign))),
            sign => shown.push(sign),
        }
    }
    Cow::Owned(shown)
}

/// The beginning of a text from outside, on one line, and the length of the rest.
///
/// ```
/// let excerpt = volc_openapi::Excerpt::new("abcdef", 4);
/// assert_eq!(excerpt.to_string(), "abcd… (2 more characters)");
/// assert_eq!(volc_openapi::Excerpt::new("abcd", 4).to_string(), "abcd");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    beginning: Cow<'a, str>,
    left_out: usize,
}

impl<'a> Excerpt<'a> {
    /// The most characters of a message that are shown.
    pub const MESSAGE: usize = 1_000;
    /// The most characters of a name or an id that are shown.
    pub const NAME: usize = 200;

    /// Returns at most `most` characters of a text.
    pub fn new(text: &'a str, most: usize) -> Self {
        let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
        let (beginning, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        Self { beginning: one_line(beginning), left_out: rest.chars().count() }
    }

    /// Returns the beginning.
    pub fn beginning(&self) -> &str {
        &self.beginning
    }

    /// Returns the number of characters that are left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.beginning)?;
        match self.left_out {
            0 => Ok(()),
            1 => f.write_str("… (1 more character)"),
            more => write!(f, "… ({more} more characters)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code points of a class, as the tables of Unicode have them.
    fn class(pattern: &str) -> Vec<(char, char)> {
        let parsed = regex_syntax::parse(pattern).unwrap();
        let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) =
            parsed.kind()
        else {
            panic!("{pattern}")
        };
        class.ranges().iter().map(|range| (range.start(), range.end())).collect()
    }

    #[test]
    fn the_signs_are_those_of_unicode() {
        let harmful = class(
            r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{2800}\x{FFFE}\x{FFFF}--[\x{FE0E}\x{FE0F}]]",
        );
        for sign in '\0'..=char::MAX {
            let expected = harmful.iter().any(|(first, last)| (*first..=*last).contains(&sign));
            assert_eq!(is_harmful(sign), expected, "U+{:04X}", u32::from(sign));
        }
        assert!(HARMFUL.is_sorted());
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(one_line("密 é ‘x’ 👩 \u{a0}"), Cow::Borrowed(_)));
        assert_eq!(one_line("\u{85}\u{2028}\u{e0041}\u{7f}"), "  <U+E0041> ");
    }

    #[test]
    fn an_excerpt_says_how_much_it_lacks() {
        let long = "密".repeat(1_000_000);
        let shown = Excerpt::new(&long, Excerpt::MESSAGE).to_string();
        assert_eq!(shown, format!("{}… (999000 more characters)", "密".repeat(1_000)));
        assert_eq!(Excerpt::new("a\nb", 2).to_string(), "a … (1 more character)");
    }
}
