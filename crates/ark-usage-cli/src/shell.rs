//! Words as a shell reads them, for commands that are shown to be pasted.

/// A word for the shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_for_the_shell() {
        let cases = [("ep-1", "ep-1"), ("密", "'密'"), ("a b", "'a b'"), ("it's", r"'it'\''s'")];
        for (word, shown) in cases {
            assert_eq!(quoted(word), shown);
        }
        assert_eq!(quoted(""), "''");
    }
}
