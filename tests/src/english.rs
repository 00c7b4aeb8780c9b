//! The English of the code, as far as a program can see it: how doc comments begin, and names of types
//! that mean two things.

use std::collections::BTreeMap;

use crate::code::Source;
use crate::tidy::File;

/// Words that begin a riddle where the thing itself should be named.
pub const RIDDLES: [&str; 10] =
    ["How", "What", "Whatever", "When", "Where", "Whether", "Which", "Who", "Whose", "Why"];

/// The doc comments of some files, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocComments {
    /// All of them: a block of lines counts once.
    pub all: usize,
    /// Those that begin with one of [`RIDDLES`], as `file:line: text`.
    pub riddles: Vec<String>,
}

/// Counts the doc comments of `files`.
pub fn doc_comments<'a>(files: impl IntoIterator<Item = &'a File>) -> DocComments {
    let mut found = DocComments::default();
    for file in files {
        let mut before = None;
        for (line, number) in file.text.lines().zip(1..) {
            let doc = documentation(line);
            if let (None, Some(text)) = (before, doc) {
                found.all += 1;
                if is_riddle(text) {
                    found.riddles.push(format!("{}:{number}: {text}", file.path));
                }
            }
            before = doc;
        }
    }
    found
}

/// Does `text` begin with one of [`RIDDLES`]?
pub fn is_riddle(text: &str) -> bool {
    RIDDLES.iter().any(|word| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// Names that more than one type of a crate has, with their places.
pub fn repeated_types(sources: &[Source]) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources {
        for (line, name) in source.types() {
            let place = format!("{}:{line}", source.file.display());
            places.entry(name).or_default().push(place);
        }
    }
    places.retain(|_, places| places.len() > 1);
    places
}

/// The text of a line of documentation.
fn documentation(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
    // Four slashes are a comment like any other.
    (!text.starts_with('/')).then(|| text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_counts_once_and_by_its_first_line() {
        let text = "//! What this is.\n\n/// Returns it.\n/// What it is.\nfn f() {\n    // What\n    \
                    /// Whatsoever.\n    x: u8,\n    /// Where\n    //// Why\n}\n";
        let file = File { path: "a.rs".to_owned(), text: text.to_owned() };
        let found = doc_comments([&file]);
        assert_eq!(found.all, 4);
        assert_eq!(found.riddles, ["a.rs:1: What this is.", "a.rs:9: Where"]);
    }

    #[test]
    fn riddles_are_whole_words() {
        for text in ["What it is.", "How many there are.", "How.", "Which one", "When.", "Whose"] {
            assert!(is_riddle(text), "{text}");
        }
        for text in ["However", "Whichever", "Whitespace", "Returns what it is", "what"] {
            assert!(!is_riddle(text), "{text}");
        }
    }

    #[test]
    fn a_name_of_two_types_is_found() {
        let sources = [
            Source::of("a.rs", "struct Asked; enum Once {}"),
            Source::of("b.rs", "\ntrait Asked {}\n#[cfg(test)]\nmod tests { struct Once; }"),
        ];
        let found = repeated_types(&sources);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["Asked"]);
        assert_eq!(found["Asked"], ["a.rs:1", "b.rs:2"]);
    }
}
