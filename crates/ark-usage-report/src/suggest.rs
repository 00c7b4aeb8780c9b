//! "Did you mean …?" for a mistyped word.

use crate::Text;
use crate::other_words;
use crate::text;

/// The likeness two words must have, from 0 to 1. More than clap asks for: some lists are long, and
/// hold something that is a little like anything.
const ALIKE: f64 = 0.8;

/// Returns the known word that is most like `word`, if any is like it at all.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let likeness = |known: &'a str| (strsim::jaro(&word, &known.to_lowercase()), known);
    let near = known.into_iter().filter(|known| may_be_alike(length, known.chars().count()));
    let alike = near.map(likeness).filter(|(likeness, _)| *likeness > ALIKE);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

/// Returns false for lengths so different that no words of them reach [`ALIKE`]: the likeness is at most
/// a third of two and the ratio of the lengths. Otherwise a long word would be compared letter by letter.
fn may_be_alike(one: usize, other: usize) -> bool {
    let (short, long) = (one.min(other), one.max(other));
    short.saturating_mul(5) > long.saturating_mul(2)
}

/// Returns the known word that `word` is but for two letters at most, or for their case.
pub fn misspelt<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let near = known.into_iter().filter(|known| known.chars().count().abs_diff(length) <= LETTERS);
    let distance = |known: &'a str| (strsim::osa_distance(&word, &known.to_lowercase()), known);
    let near = near.map(distance).filter(|(distance, _)| *distance <= LETTERS);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Returns the known word of the same letters in another order, as `get` for `gte`.
pub fn swapped<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.to_lowercase().chars().collect();
        letters.sort_unstable();
        letters
    };
    let letters = sorted(word);
    known.into_iter().find(|known| sorted(known) == letters)
}

/// The most letters that differ in a misspelt word.
const LETTERS: usize = 2;

/// Returns the known word that `word` means for a flag, else the one that is most like it.
pub fn meant<'a>(
    flag: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let meaning = other_words::value_meant(flag, word);
    let by_meaning = known.iter().copied().find(|known| Some(*known) == meaning);
    by_meaning.or_else(|| nearest(word, known))
}

/// Returns `hint`, beginning with "did you mean …?" where a known word is like `word`, or what it means for
/// the flag in `before`. `before` is put before that word, as in `--by model`.
pub fn hint<'a>(
    before: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    hint: Text,
) -> Text {
    hint_of(before, meant(before.trim(), word, known), hint)
}

/// Returns `hint`, beginning with "did you mean …?" where the word meant is known.
pub fn hint_of(before: &str, meant: Option<&str>, hint: Text) -> Text {
    match meant {
        None => hint,
        Some(meant) => text!(
            "did you mean {before}{meant}?\n{hint}",
            "是否想写 {before}{meant}？\n{hint}";
            hint = hint
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn the_most_alike_or_nothing() {
        let known = ["endpoint", "model", "project", "Asia/Shanghai"];
        assert_eq!(nearest("projct", known), Some("project"));
        assert_eq!(nearest("asia/shangai", known), Some("Asia/Shanghai"));
        assert_eq!(nearest("zzz", known), None);
    }

    #[test]
    fn two_letters_are_a_mistake_and_more_are_another_word() {
        let known = ["PromptTokens", "CompletionTokens"];
        for (word, meant) in [
            ("CompletionToken", Some("CompletionTokens")),
            ("completiontokens", Some("CompletionTokens")),
            ("PormptTokens", Some("PromptTokens")),
            ("CachedTokens", None),
            ("PromptTokensOfAll", None),
            ("", None),
        ] {
            assert_eq!(misspelt(word, known), meant, "{word}");
        }
    }

    #[test]
    fn letters_in_another_order() {
        assert_eq!(swapped("gte", ["call", "get"]), Some("get"));
        assert_eq!(swapped("gets", ["call", "get"]), None);
    }

    #[test]
    fn a_hint_begins_with_it() {
        let given = hint("--by ", "modl", ["model"], Text::same("x"));
        assert_eq!(given.in_lang(Lang::En), "did you mean --by model?\nx");
        assert_eq!(given.in_lang(Lang::Zh), "是否想写 --by model？\nx");
        assert_eq!(hint("", "q", ["model"], Text::same("x")), Text::same("x"));
    }
}
