//! The expectation about one stream: the whole text, or facts that it holds and facts that it lacks.

use std::collections::BTreeSet;

use toml_edit::{Item, Value};

use crate::case::lines_that_differ;

/// The expected text of standard output or standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expectation {
    /// Byte for byte, after the replacements.
    Exact(String),
    /// Some facts, whatever the words around them.
    Facts {
        /// Each stands somewhere in the text, as whole words.
        contains: Vec<String>,
        /// None of these stands anywhere in the text.
        lacks: Vec<String>,
    },
}

impl Expectation {
    /// Reads `stream`, `stream_contains` and `stream_lacks` out of `[expect]`.
    ///
    /// # Errors
    ///
    /// When they say nothing, or both the whole text and facts: the case would pass whatever happens,
    /// or one of the two would be without effect.
    pub fn read(expect: &Item, stream: &str) -> Result<Self, String> {
        let (contains, lacks) = (format!("{stream}_contains"), format!("{stream}_lacks"));
        let exact = expect.get(stream).map(|item| text(item, stream)).transpose()?;
        let facts = (list(expect, &contains)?, list(expect, &lacks)?);
        match (exact, facts) {
            (Some(exact), (None, None)) => Ok(Self::Exact(exact)),
            (None, (Some(contains), lacks)) if !contains.is_empty() => {
                Ok(Self::Facts { contains, lacks: lacks.unwrap_or_default() })
            }
            (Some(_), _) => {
                Err(format!("expect.{stream} is the whole text: no {contains}, no {lacks}"))
            }
            (None, _) => Err(format!(
                "[expect] says nothing that {stream} holds: write {stream} = \"\", the whole text, or {contains}"
            )),
        }
    }

    /// The whole text, where the case pins it.
    pub fn exact(&self) -> Option<&str> {
        match self {
            Self::Exact(text) => Some(text),
            Self::Facts { .. } => None,
        }
    }

    /// Everything in which `actual` is not as expected; nothing when it is.
    pub fn complaints(&self, stream: &str, actual: &str) -> Vec<String> {
        match self {
            Self::Exact(expected) if expected == actual => Vec::new(),
            Self::Exact(expected) => {
                vec![format!("{stream}:\n{}", lines_that_differ(expected, actual))]
            }
            Self::Facts { contains, lacks } => {
                let absent = contains.iter().filter(|fact| !holds(actual, fact));
                let absent = absent.map(|fact| format!("{stream} does not contain {fact:?}"));
                let present = lacks.iter().filter(|text| actual.contains(text.as_str()));
                let present = present.map(|text| format!("{stream} contains {text:?}"));
                absent.chain(present).chain(unclaimed(stream, actual, contains)).collect()
            }
        }
    }
}

/// Is `fact` in `text`, not as a part of a longer word or number?
pub fn holds(text: &str, fact: &str) -> bool {
    let wordy = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(fact).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + fact.len()..));
        let before = before.and_then(|text| text.chars().next_back());
        let after = after.and_then(|text| text.chars().next());
        let cut_before = wordy(before) && wordy(fact.chars().next());
        let cut_after = wordy(after) && wordy(fact.chars().next_back());
        !cut_before && !cut_after
    })
}

/// Messages on standard error that hold none of the facts: noise, or something that went wrong.
fn unclaimed(stream: &str, actual: &str, facts: &[String]) -> Vec<String> {
    let mut found = BTreeSet::new();
    if stream == "stderr" {
        let strangers = messages(actual).into_iter().filter(|message| {
            is_labelled(message) && !facts.iter().any(|fact| holds(message, fact))
        });
        found.extend(
            strangers.map(|message| format!("no stderr_contains is about this:\n{message}")),
        );
    }
    found.into_iter().collect()
}

/// A line that begins at the margin, and the lines under it that do not.
fn messages(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        match found.last_mut() {
            Some(message) if line.is_empty() || line.starts_with(' ') => {
                message.push_str(line);
                message.push('\n');
            }
            _ => found.push(format!("{line}\n")),
        }
    }
    found
}

/// Does it begin as `error: …`, `warning: …`, `note: …` or `错误：…` do?
fn is_labelled(message: &str) -> bool {
    let english = message.split_once(": ").map(|(label, _)| label);
    let english = english.is_some_and(|label| label.chars().all(|c| c.is_ascii_lowercase()));
    let chinese = message.split_once('：').map(|(label, _)| label);
    english
        || chinese.is_some_and(|label| label.chars().all(|c| !c.is_ascii() && c.is_alphabetic()))
}

fn list(expect: &Item, key: &str) -> Result<Option<Vec<String>>, String> {
    let Some(item) = expect.get(key) else { return Ok(None) };
    let items = item.as_array().ok_or_else(|| format!("expect.{key} is not a list"))?;
    let texts: Option<Vec<String>> =
        items.iter().map(Value::as_str).map(|text| Some(text?.to_owned())).collect();
    match texts {
        Some(texts) if texts.iter().all(|text| !text.is_empty()) => Ok(Some(texts)),
        _ => Err(format!("expect.{key} lists more than texts that say something")),
    }
}

fn text(item: &Item, key: &str) -> Result<String, String> {
    item.as_str().map(str::to_owned).ok_or_else(|| format!("expect.{key} is not a text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expect: &str) -> Result<Expectation, String> {
        let document: toml_edit::DocumentMut = expect.parse().unwrap();
        Expectation::read(document.as_item(), "stderr")
    }

    fn complaints(expect: &str, actual: &str) -> Vec<String> {
        read(expect).unwrap().complaints("stderr", actual)
    }

    #[test]
    fn a_whole_text_is_compared_whole() {
        assert!(complaints("stderr = \"a\\n\"", "a\n").is_empty());
        assert_eq!(complaints("stderr = ''", "noise\n").len(), 1);
    }

    #[test]
    fn facts_are_found_as_whole_words() {
        let text = "error: --month 2026-13: no such month\n  hint: 1 to 12\n";
        assert!(complaints("stderr_contains = ['--month 2026-13', '12']", text).is_empty());
        assert_eq!(
            complaints("stderr_contains = ['--month 2026-1', '2026-13', 'onth']", text),
            ["stderr does not contain \"--month 2026-1\"", "stderr does not contain \"onth\""]
        );
        assert!(holds("范围2024-11-18到", "2024-11-18"), "no space in Chinese");
        assert!(holds("x 11 1", "1"), "not the first that is found");
    }

    #[test]
    fn forbidden_text_is_refused() {
        let expect = "stderr_contains = ['ok']\nstderr_lacks = ['secret']";
        assert!(complaints(expect, "ok\n").is_empty());
        assert_eq!(complaints(expect, "ok, mysecret7\n"), ["stderr contains \"secret\""]);
    }

    #[test]
    fn a_message_that_no_fact_is_about_is_noise() {
        let expect = "stderr_contains = ['--tz X']";
        let text = "2024-11-18 … 2024-11-19\nerror: bad zone\n  because: --tz X\n";
        assert!(complaints(expect, text).is_empty(), "{text}");
        for noise in ["warning: 3 buckets\n", "note: more\n  --tz Y\n", "警告：慢\n"] {
            let found = complaints(expect, &format!("{noise}{text}"));
            assert_eq!(found, [format!("no stderr_contains is about this:\n{noise}")]);
        }
    }

    #[test]
    fn a_case_that_says_nothing_is_refused() {
        for expect in [
            "",
            "stderr_contains = []",
            "stderr_contains = ['']",
            "stderr_contains = 'text'",
            "stderr_lacks = ['error']",
            "stderr = 'a'\nstderr_contains = ['a']",
            "stderr = 'a'\nstderr_lacks = ['b']",
            "stderr = 1",
        ] {
            assert!(read(expect).is_err(), "{expect}");
        }
    }
}
