//! Checks of the Chinese texts in the sources. The compiler sees that there are two texts, not that
//! one of them is Chinese.

use std::path::Path;

use crate::sources::rust_files;

/// The calls with two literals side by side, the English and the Chinese.
const PAIRS: [&str; 4] = ["text!(", "Text::both(", ".pick(", "say("];

/// Every pair under `folder` whose Chinese holds English words only, or whose English is Chinese, as
/// `file:line: literal`.
pub fn untranslated(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files(folder) {
        let text = std::fs::read_to_string(&file).expect("a source file is readable UTF-8");
        let shown = file.strip_prefix(folder).expect("the file lies in the folder").display();
        let wrong = pairs(&text).filter(|(_, english, chinese)| {
            let chinese = without_values(chinese);
            has_words(&chinese) && !has_chinese(&chinese) || has_chinese(&without_values(english))
        });
        found.extend(wrong.map(|(line, english, chinese)| {
            format!("{shown}:{line}: {english:?} is {chinese:?} in Chinese")
        }));
    }
    found
}

/// Codes of warnings in the sources under `folder` that `chinese`, the source with their Chinese, does
/// not mention.
pub fn untranslated_warnings(folder: &Path, chinese: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files(folder) {
        let text = std::fs::read_to_string(&file).expect("a source file is readable UTF-8");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let starts = [".warn(\"", "code: \""];
        let warnings = starts.iter().flat_map(|start| code.match_indices(start));
        let codes = warnings.filter_map(|(at, start)| code[at + start.len()..].split('"').next());
        let missing = codes.filter(|code| !chinese.contains(&format!("\"{code}\" =>")));
        found.extend(missing.map(str::to_owned));
    }
    found
}

/// The number of pairs under `folder`.
pub fn count(folder: &Path) -> usize {
    let files = rust_files(folder).into_iter();
    let texts = files.map(|file| std::fs::read_to_string(file).expect("a source file is readable"));
    texts.map(|text| pairs(&text).count()).sum()
}

/// Line, English and Chinese of every pair of literals, tests left out.
fn pairs(text: &str) -> impl Iterator<Item = (usize, String, String)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let starts = PAIRS.iter().flat_map(move |pair| code.match_indices(pair));
    starts.filter_map(move |(at, pair)| {
        let line_begin = code[..at].rfind('\n').map_or(0, |end| end + 1);
        if code[line_begin..at].trim_start().starts_with("//") {
            return None;
        }
        let (english, rest) = literal(&code[at + pair.len()..])?;
        let (chinese, _) = literal(rest.trim_start().strip_prefix(',')?)?;
        Some((code[..at].lines().count().max(1), english, chinese))
    })
}

/// The string literal that `text` begins with, and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    let inside = text.trim_start().strip_prefix('"')?;
    let mut said = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((said, &inside[at + 1..])),
            // What is escaped is no word: a line's end, a quote.
            '\\' => {
                letters.next();
                said.push(' ');
            }
            letter => said.push(letter),
        }
    }
    None
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
                      #[cfg(test)]\nmod tests { fn g() { text!(\"word\", \"word\") } }\n";
        std::fs::write(folder.path().join("a.rs"), source).unwrap();
        let found = untranslated(folder.path());
        let expected = [
            "a.rs:4: \"still here\" is \"still here\" in Chinese",
            "a.rs:8: \"错误\" is \"错误\" in Chinese",
        ];
        assert_eq!(found, expected);
        assert_eq!(count(folder.path()), 5);
    }
}
