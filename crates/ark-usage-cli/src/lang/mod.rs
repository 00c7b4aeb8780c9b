//! Two languages: every text for people is written in English and in Chinese, side by side.
//!
//! A [`Text`] holds both; the edge that prints it picks one. So nothing in between has to know who
//! reads, and a text without its translation does not compile.

mod causes;
mod explain;
pub(crate) mod help;
mod key_causes;
pub(crate) mod mistyped;
mod warnings;

use std::borrow::Cow;
use std::ffi::OsStr;

use clap::ValueEnum;
use serde::Serializer;
use volc_credentials::Environment;

pub(crate) use causes::InChinese;
pub(crate) use explain::{advice, compared_with, detail, field};
pub(crate) use warnings::model_warning;

/// A language that people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    #[default]
    En,
    /// Chinese, simplified
    Zh,
}

impl Lang {
    /// What `--lang` says among the arguments, else the locale: the first of `LC_ALL`,
    /// `LC_MESSAGES` and `LANG` that says anything (POSIX, Environment Variables). English
    /// otherwise.
    ///
    /// The arguments are read before clap reads them, because help and errors have a language too.
    pub(crate) fn choose<A: AsRef<OsStr>>(arguments: &[A], environment: &Environment) -> Self {
        let words = arguments.iter().map_while(|word| word.as_ref().to_str());
        let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
        let mut said = words.iter().enumerate().filter_map(|(place, word)| match *word {
            "--lang" => words.get(place + 1).copied(),
            _ => word.strip_prefix("--lang="),
        });
        // Behind the command counts more than before it, as with the other flags; a value that is no
        // language is refused later, in the language of the locale.
        if let Some(lang) = said.next_back().and_then(|it| Self::from_str(it, true).ok()) {
            return lang;
        }
        let locales = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
        let mut said = locales.filter_map(|name| environment.get(name));
        said.find(|value| !value.is_empty()).map_or(Self::En, Self::of_locale)
    }

    /// The one of two texts that is in this language.
    pub(crate) fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// `zh_CN.UTF-8` is Chinese; what is not is read in English.
    fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Zh } else { Self::En }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Text {
    /// The two of them; [`text!`](crate::text) writes this with values in between.
    pub(crate) fn both(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// What is the same in both: a name, a number, what another program said.
    pub(crate) fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// Put together once in each language, for what [`text!`](crate::text) cannot write.
    pub(crate) fn each(write: impl Fn(Lang) -> String) -> Self {
        Self::both(write(Lang::En), write(Lang::Zh))
    }

    /// One after the other.
    pub(crate) fn all(texts: impl IntoIterator<Item = Self>) -> Self {
        let (mut en, mut zh) = (String::new(), String::new());
        for text in texts {
            en.push_str(&text.en);
            zh.push_str(&text.zh);
        }
        Self::both(en, zh)
    }

    /// As it reads in one of the languages.
    pub(crate) fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.zh)
    }
}

/// A text as programs read it, the same whoever runs them; for serde.
pub(crate) fn english<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.in_lang(Lang::En))
}

/// Writes a [`Text`]: the English, the Chinese, then the values that both name.
///
/// `text!("{flag} {value}: not a month", "{flag} {value}：不是月份")` takes `flag` and `value` from
/// where it stands; `text!("{n} rows", "{n} 行", n = rows.len())` brings them along. Behind a
/// semicolon come values that are texts themselves:
/// `text!("note: {why}", "注意：{why}"; why = Text::of(&failure))`.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(, $name:ident = $value:expr)* $(; $($part:ident = $text:expr),+)? $(,)?) => {{
        $($(let $part: &$crate::lang::Text = &$text;)+)?
        $crate::lang::Text::both(
            ::std::format!(
                $en $(, $name = $value)* $($(, $part = $part.in_lang($crate::lang::Lang::En))+)?
            ),
            ::std::format!(
                $zh $(, $name = $value)* $($(, $part = $part.in_lang($crate::lang::Lang::Zh))+)?
            ),
        )
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str], variables: &[(&str, &str)]) -> Lang {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Lang::choose(arguments, &Environment::from_variables(variables.iter().map(owned)))
    }

    #[test]
    fn the_flag_then_the_locale_then_english() {
        assert_eq!(chosen(&["get"], &[]), Lang::En);
        assert_eq!(chosen(&["get"], &[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(chosen(&["get"], &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(chosen(&["get"], &[("LC_ALL", ""), ("LC_MESSAGES", "zh-TW")]), Lang::Zh);
        assert_eq!(chosen(&["get", "--lang", "en"], &[("LANG", "zh_CN")]), Lang::En);
        assert_eq!(chosen(&["--lang=zh", "get"], &[("LANG", "en_US")]), Lang::Zh);
        assert_eq!(chosen(&["sign", "--", "--lang", "zh"], &[]), Lang::En);
        assert_eq!(chosen(&["--lang", "zh", "get", "--lang", "en"], &[]), Lang::En);
        assert_eq!(chosen(&["--lang=en", "get", "--lang", "zh"], &[]), Lang::Zh);
    }

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
