//! Access key ids masked in texts of the server.

use std::borrow::Cow;

/// Masks whatever looks like an access key id (`AKLT…` long-lived, `AKTP…` temporary), keeping its
/// first four and last four characters.
///
/// ```
/// use volc_openapi::redact_access_keys;
///
/// let text = "The AccessKey AKLTEXAMPLE0000000000000000000001 is unknown";
/// assert_eq!(redact_access_keys(text), "The AccessKey AKLT***0001 is unknown");
/// ```
pub fn redact_access_keys(text: &str) -> Cow<'_, str> {
    if next_key(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next_key(rest) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !is_key_char(c)).unwrap_or(from.len());
        let (key, after) = from.split_at(end);
        out.push_str(before);
        if key.len() == KEPT && after.starts_with(MASK) {
            // Covered already.
            out.push_str(key);
        } else {
            push_masked(&mut out, key);
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Finds the next key. It reads no further than that: looking for each prefix on its own would read
/// all of a text again for every key of the other one.
fn next_key(text: &str) -> Option<usize> {
    let mut places = text.match_indices(COMMON).map(|(at, _)| at);
    places.find(|at| {
        PREFIXES.iter().any(|prefix| text.get(*at..).is_some_and(|from| from.starts_with(prefix)))
    })
}

const PREFIXES: [&str; 2] = ["AKLT", "AKTP"];
/// The beginning of both.
const COMMON: &str = "AK";
/// Characters kept at each end.
const KEPT: usize = 4;
const MASK: &str = "***";

/// Key ids are base64 text; `=`, `-` and `_` may stand in them.
fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '=' | '-' | '_')
}

fn push_masked(out: &mut String, key: &str) {
    out.push_str(key.get(..KEPT).unwrap_or(""));
    out.push_str(MASK);
    // A short one would be shown whole by its two ends.
    if key.len() > 4 * KEPT {
        out.push_str(key.get(key.len() - KEPT..).unwrap_or(""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_in_a_text_is_masked() {
        let text = "AKLTaaaabbbbccccdddd and AKTPaaaabbbbccccdddd== ü AKLTshort";
        let redacted = "AKLT***dddd and AKTP***dd== ü AKLT***";
        assert_eq!(redact_access_keys(text), redacted);
        assert_eq!(redact_access_keys(redacted), redacted, "what is covered stays");
    }

    #[test]
    fn keys_that_look_masked_are_masked() {
        for (text, redacted) in [
            ("AKLT alone", "AKLT*** alone"),
            ("AKLTaaaabbbbccccdddd***", "AKLT***dddd***"),
            ("AKLTaaaabbbbcccc", "AKLT***"),
            ("AKLTaaaabbbbccccd", "AKLT***cccd"),
        ] {
            assert_eq!(redact_access_keys(text), redacted);
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(redact_access_keys("AK AKL 密钥"), Cow::Borrowed(_)));
    }
}
