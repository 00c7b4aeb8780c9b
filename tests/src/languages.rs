//! Checks of the Chinese texts in the sources. The compiler sees that there are two texts, not that
//! one of them is Chinese.

use std::path::Path;

use crate::code::{Source, sources};

/// The calls with two literals side by side, the English and the Chinese.
const PAIRS: [&[&str]; 4] = [&["text", "!"], &["Text", ":", ":", "both"], &[".", "pick"], &["say"]];

/// Tokens before the code of a warning.
const WARNINGS: [&[&str]; 2] = [&[".", "warn"], &["code", ":"]];

/// Every pair under `folder` whose Chinese holds English words only, or whose English is Chinese, as
/// `file:line: literal`.
pub fn untranslated(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(folder) {
        let wrong = pairs(&source).into_iter().filter(|(_, english, chinese)| {
            let chinese = without_values(chinese);
            has_words(&chinese) && !has_chinese(&chinese) || has_chinese(&without_values(english))
        });
        found.extend(wrong.map(|(line, english, chinese)| {
            let shown = source.file.display();
            format!("{shown}:{line}: {english:?} is {chinese:?} in Chinese")
        }));
    }
    found
}

/// Codes of warnings in the sources under `folder` that `chinese`, the source with their Chinese, does
/// not mention.
pub fn untranslated_warnings(folder: &Path, chinese: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(folder) {
        let codes = WARNINGS.iter().flat_map(|before| source.literals_behind(before));
        let codes = codes.filter_map(|(_, codes)| codes.first().map(|code| said(code)));
        found.extend(codes.filter(|code| !chinese.contains(&format!("\"{code}\" =>"))));
    }
    found
}

/// The number of pairs under `folder`.
pub fn count(folder: &Path) -> usize {
    sources(folder).iter().map(|source| pairs(source).len()).sum()
}

/// Line, English and Chinese of every pair of literals, tests left out.
fn pairs(source: &Source) -> Vec<(usize, String, String)> {
    let calls = PAIRS.iter().flat_map(|call| source.literals_behind(call));
    let pairs = calls.filter_map(|(line, texts)| match texts.as_slice() {
        [english, chinese, ..] => Some((line, said(english), said(chinese))),
        _ => None,
    });
    pairs.collect()
}

/// The text of a literal. What is escaped is no word: a line's end, a quote.
fn said(literal: &str) -> String {
    let mut said = String::new();
    let mut letters = literal.trim_matches('"').chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
            said.push(' ');
        } else {
            said.push(letter);
        }
    }
    said
}

/// The literal without what is put into it, without flags, and without what is quoted as code.
fn without_values(literal: &str) -> String {
    let mut said = String::new();
    let mut depth = 0_usize;
    for letter in literal.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 => said.push(letter),
            _ => {}
        }
    }
    said.split(' ')
        .filter(|word| !word.starts_with('-') || has_chinese(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word of prose, rather than a unit or a sign.
fn has_words(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_lowercase()).any(|word| word.len() >= 3)
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_in_the_place_of_chinese_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let source = "fn f() {\n    text!(\"no {x} \\\n      here\", \"没有 {x}\", x = 1);\n    \
                      text!(\"still here\", \"still here\");\n    \
                      lang.pick(\"day\", \"日\");\n    // text!(\"a word\", \"a word\")\n    \
                      Text::both(\"{name} s\", \"{name} s\");\n    text!(\"错误\", \"错误\")\n}\n\
                      #[cfg(test)]\nmod tests { fn g() { text!(\"word\", \"word\") } }\n\
                      fn h() { [a, #[cfg(test)] b, say(\"late\", \"late\")] }\n";
        std::fs::write(folder.path().join("a.rs"), source).unwrap();
        let found = untranslated(folder.path());
        let expected = [
            "a.rs:4: \"still here\" is \"still here\" in Chinese",
            "a.rs:8: \"错误\" is \"错误\" in Chinese",
            "a.rs:12: \"late\" is \"late\" in Chinese",
        ];
        assert_eq!(found, expected);
        assert_eq!(count(folder.path()), 6);
    }
}
