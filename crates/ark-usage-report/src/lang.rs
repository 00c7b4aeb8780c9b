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

    /// Returns a text that is the same in both: a name, a number, the words of another program.
    pub fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
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

/// Serializes a text in English, for documents that programs read; for serde's `serialize_with`.
pub fn english<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.in_lang(Lang::En))
}

/// Writes a [`Text`]: the English, the Chinese, then the values that both name.
///
/// `text!("{flag} {value}: not a month", "{flag} {value}：不是月份")` takes `flag` and `value` from
/// the variables in scope; `text!("{n} rows", "{n} 行", n = rows.len())` brings them along. Values
/// behind a semicolon are texts themselves:
/// `text!("note: {why}", "注意：{why}"; why = reason)`.
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
        $crate::Text::both(
            ::std::format!(
                $en $(, $name = $value)* $($(, $part = $part.in_lang($crate::Lang::En))+)?
            ),
            ::std::format!(
                $zh $(, $name = $value)* $($(, $part = $part.in_lang($crate::Lang::Zh))+)?
            ),
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
}
