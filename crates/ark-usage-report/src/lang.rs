//! Texts for people, in English and in Chinese, side by side.
//!
//! A [`Text`] holds both languages; whoever prints it picks one. A text without its translation does
//! not compile.

use std::borrow::Cow;

use serde::Serializer;

/// A language of texts for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a Text holds exactly these two")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// Returns the one of two values that belongs to this language.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// Returns the language of a POSIX locale: Chinese for `zh_CN.UTF-8`, English for all others.
    pub fn from_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Zh } else { Self::En }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Text {
    /// Returns a text of the two; [`text!`](crate::text) writes this with values in between.
    pub fn both(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// Returns a text that is the same in both: a name, a number, the words of another program, on one line.
    pub fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let mut text = text.into();
        if text.contains('\n') {
            text = text.replace('\n', " ").into();
        }
        Self { en: text.clone(), zh: text }
    }

    /// Returns a text of a pattern in each language, filled in with values and with texts by name;
    /// [`text!`](crate::text) calls it.
    #[doc(hidden)]
    pub fn filled(patterns: [&str; 2], filled: [String; 2], parts: &[(&str, &Self)]) -> Self {
        let ([en, zh], [en_filled, zh_filled]) = (patterns, filled);
        Self::both(
            with_own_lines(en, en_filled, parts, Lang::En),
            with_own_lines(zh, zh_filled, parts, Lang::Zh),
        )
    }

    /// Builds a text once in each language, where [`text!`](crate::text) cannot write it.
    pub fn each(write: impl Fn(Lang) -> String) -> Self {
        Self::both(write(Lang::En), write(Lang::Zh))
    }

    /// Joins texts, one after the other.
    pub fn all(texts: impl IntoIterator<Item = Self>) -> Self {
        let (mut en, mut zh) = (String::new(), String::new());
        for text in texts {
            en.push_str(&text.en);
            zh.push_str(&text.zh);
        }
        Self::both(en, zh)
    }

    /// Returns the text in one of the languages.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.zh)
    }
}

/// Returns a filled pattern whose line ends are its own or those of the texts in it. A value may be from
/// outside and must begin no line: where one brings a line end, the whole is one line.
fn with_own_lines(pattern: &str, filled: String, parts: &[(&str, &Text)], lang: Lang) -> String {
    let line_ends = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
    let found = line_ends(&filled);
    if found == 0 {
        return filled;
    }
    let of_part = |(name, text): &(&str, &Text)| {
        pattern.matches(&format!("{{{name}}}")).count() * line_ends(text.in_lang(lang))
    };
    let own = line_ends(pattern) + parts.iter().map(of_part).sum::<usize>();
    if found == own { filled } else { filled.replace('\n', " ") }
}

/// Serializes a text in English, for documents that programs read; for serde's `serialize_with`.
pub fn english<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.in_lang(Lang::En))
}

/// Writes a [`Text`]: the English, the Chinese, then the values that both name.
///
/// `text!("{flag} {value}: not a month", "{flag} {value}：不是月份")` takes `flag` and `value` from
/// the variables in scope; `text!("{n} rows", "{n} 行", n = rows.len())` brings them along. Values
/// behind a semicolon are texts themselves:
/// `text!("note: {why}", "注意：{why}"; why = reason)`. Only the patterns and such texts have line ends: those of
/// a value, which may be from outside, become spaces, so that no value begins a line.
///
/// ```
/// use ark_usage_report::{Lang, text};
///
/// let text = text!("{n} rows", "{n} 行", n = 3);
/// assert_eq!(text.in_lang(Lang::En), "3 rows");
/// assert_eq!(text.in_lang(Lang::Zh), "3 行");
/// ```
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(, $name:ident = $value:expr)* $(; $($part:ident = $text:expr),+)? $(,)?) => {{
        $($(let $part: &$crate::Text = &$text;)+)?
        $crate::Text::filled(
            [$en, $zh],
            [
                ::std::format!(
                    $en $(, $name = $value)* $($(, $part = $part.in_lang($crate::Lang::En))+)?
                ),
                ::std::format!(
                    $zh $(, $name = $value)* $($(, $part = $part.in_lang($crate::Lang::Zh))+)?
                ),
            ],
            &[$($((::std::stringify!($part), $part)),+)?],
        )
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_both_languages_and_the_same_values() {
        let count = 3;
        let text = text!("{count} of {all}", "共 {all}，其中 {count}", all = 2 + 2);
        assert_eq!(text.in_lang(Lang::En), "3 of 4");
        assert_eq!(text.in_lang(Lang::Zh), "共 4，其中 3");
        let whole = text!("{n}: {text}", "{n}：{text}", n = 1; text = text);
        assert_eq!(whole.in_lang(Lang::Zh), "1：共 4，其中 3");
        assert_eq!(Text::each(|lang| lang.pick("a", "b").to_owned()).in_lang(Lang::Zh), "b");
    }

    #[test]
    fn no_value_begins_a_line() {
        let forged = "x\nerror: forged";
        assert_eq!(Text::same(forged).in_lang(Lang::Zh), "x error: forged");
        let named = text!("a {forged}\n  b", "甲 {forged}");
        assert_eq!(named.in_lang(Lang::En), "a x error: forged   b");
        assert_eq!(named.in_lang(Lang::Zh), "甲 x error: forged");
        let lines = text!("a {n}\n  b", "甲 {n}\n  乙", n = 1);
        assert_eq!(lines.in_lang(Lang::En), "a 1\n  b");
        let whole = text!("{n}: {lines}\n{lines}", "{n}：{lines}", n = 2; lines = lines);
        assert_eq!(whole.in_lang(Lang::En), "2: a 1\n  b\na 1\n  b");
        assert_eq!(whole.in_lang(Lang::Zh), "2：甲 1\n  乙");
    }
}
