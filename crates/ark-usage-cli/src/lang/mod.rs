//! Two languages: every text for people is written in English and in Chinese, side by side.
//!
//! [`Text`] and [`text!`](ark_usage_report::text) come from `ark-usage-report`; this module chooses the
//! language, of help as well ([`say`](say())), and translates the errors that other crates write in
//! English only.

mod causes;
mod content_causes;
mod explain;
mod key_causes;
mod network_causes;
mod say;
mod warnings;

use std::ffi::OsStr;

use clap::ValueEnum;
use volc_credentials::Environment;

pub(crate) use ark_usage_report::{Lang, Text, english};
pub(crate) use causes::{InChinese, TextOf};
pub(crate) use explain::{advice, compared_with};
pub(crate) use key_causes::not_found;
pub(crate) use say::{choose as choose_help, say};
pub(crate) use warnings::model_warning;

/// A value of `--lang`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    #[value(help = say("English", "英文"))]
    En,
    #[value(help = say("Chinese, simplified", "简体中文"))]
    Zh,
}

impl From<LangArg> for Lang {
    fn from(chosen: LangArg) -> Self {
        match chosen {
            LangArg::En => Self::En,
            LangArg::Zh => Self::Zh,
        }
    }
}

/// The variables of the language, the first that is set.
pub(crate) const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Returns the language of `--lang` among the arguments, else of the locale: the first of `LC_ALL`,
/// `LC_MESSAGES` and `LANG` that is not empty (POSIX, Environment Variables); English otherwise.
///
/// The arguments are read before clap reads them, because help and errors have a language too.
pub(crate) fn choose<A: AsRef<OsStr>>(arguments: &[A], environment: &Environment) -> Lang {
    let words = arguments.iter().map_while(|word| word.as_ref().to_str());
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let mut given = words.iter().enumerate().filter_map(|(place, word)| match *word {
        "--lang" => words.get(place + 1).copied(),
        _ => word.strip_prefix("--lang="),
    });
    // The last one wins, as for the other flags. An unknown language is refused later, in the
    // language of the locale.
    if let Some(lang) = given.next_back().and_then(|word| LangArg::from_str(word, true).ok()) {
        return lang.into();
    }
    let locales = LOCALE.into_iter();
    let mut given = locales.filter_map(|name| environment.get(name));
    given.find(|value| !value.is_empty()).map_or(Lang::En, Lang::from_locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str], variables: &[(&str, &str)]) -> Lang {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        choose(arguments, &Environment::from_variables(variables.iter().map(owned)))
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
}
