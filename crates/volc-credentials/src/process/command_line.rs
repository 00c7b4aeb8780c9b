//! Splitting a command line without a shell.

use crate::error::{CommandProblem, SourceError};

/// A program and its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
}

impl CommandLine {
    /// Splits at white space. Quotes of either kind hold a word together; inside double quotes a
    /// backslash makes the next `"` or `\` plain. Everywhere else a backslash is a character like
    /// any other, as paths on Windows need it. Nothing else is special: no variables, no `~`, no
    /// pipes.
    pub(crate) fn split(line: &str) -> Result<Self, SourceError> {
        let mut words = words(line)?.into_iter();
        let program = words
            .next()
            .filter(|program| !program.is_empty())
            .ok_or(SourceError::CommandLine(CommandProblem::NoProgram))?;
        Ok(Self { program, arguments: words.collect() })
    }
}

fn words(line: &str) -> Result<Vec<String>, SourceError> {
    let mut words = Vec::new();
    // `None` between words: an empty pair of quotes is a word, white space is not.
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\'' => quoted(character, &mut characters, word.get_or_insert_default())?,
            _ if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Takes what stands up to the closing quote.
fn quoted(
    quote: char,
    characters: &mut std::str::Chars<'_>,
    word: &mut String,
) -> Result<(), SourceError> {
    while let Some(character) = characters.next() {
        if character == quote {
            return Ok(());
        }
        let escaped = characters.as_str().starts_with(['"', '\\']);
        if quote == '"' && character == '\\' && escaped {
            word.extend(characters.next());
        } else {
            word.push(character);
        }
    }
    Err(SourceError::CommandLine(CommandProblem::OpenQuote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_backslashes() {
        for (line, expected) in [
            ("a", &["a"][..]),
            ("  a\tb  c ", &["a", "b", "c"]),
            (r#"a "b c" 'd "e"' f"g"h"#, &["a", "b c", "d \"e\"", "fgh"]),
            (r#"a "\"x\" \\ \n" '\'"#, &["a", "\"x\" \\ \\n", "\\"]),
            (r"C:\tools\x.exe \\server", &["C:\\tools\\x.exe", "\\\\server"]),
            ("a '' \"\"", &["a", "", ""]),
            ("a $HOME ~ | b; c*", &["a", "$HOME", "~", "|", "b;", "c*"]),
        ] {
            assert_eq!(words(line).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn invalid_command_lines_are_refused() {
        for line in ["", "   ", "'' a", "a 'b", "a \"b\\\""] {
            assert!(CommandLine::split(line).is_err(), "{line}");
        }
    }
}
