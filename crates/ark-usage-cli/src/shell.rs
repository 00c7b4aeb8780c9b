//! Words as a shell reads them, for commands that are shown to be pasted.

use std::borrow::Cow;

/// Quotes a word for a POSIX shell where it needs that.
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
    shlex::Quoter::new().allow_nul(true).quote(word).unwrap_or(Cow::Borrowed(word))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_for_the_shell() {
        for word in ["ep-1", "ark:GetUsage", "a@b"] {
            assert_eq!(quoted(word), word);
        }
        for word in ["密", "a b", "it's $HOME `x` \\ !", "a\nb", "a=b", "", "\0"] {
            let line = format!("curl {} -v", quoted(word));
            assert_ne!(quoted(word), word);
            assert_eq!(shlex::split(&line).unwrap(), ["curl", word, "-v"], "{line}");
        }
    }
}
