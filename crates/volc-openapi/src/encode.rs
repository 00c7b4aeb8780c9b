//! Query strings in the form signatures need: RFC 3986, upper-case hex, a space as `%20`.

use std::fmt::Write as _;

/// Percent-encodes everything but RFC 3986's unreserved characters (`A-Z a-z 0-9 - . _ ~`).
///
/// ```
/// assert_eq!(volc_openapi::encode_component("a b+c/ü~"), "a%20b%2Bc%2F%C3%BC~");
/// ```
pub fn encode_component(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_encoded(&mut out, text);
    out
}

/// Joins pairs to `name=value&name=value`, each part encoded, in the order given.
///
/// ```
/// let query = volc_openapi::encode_query([("Action", "ListProjects"), ("Query", "a b")]);
/// assert_eq!(query, "Action=ListProjects&Query=a%20b");
/// ```
pub fn encode_query<N: AsRef<str>, V: AsRef<str>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        push_encoded(&mut out, name.as_ref());
        out.push('=');
        push_encoded(&mut out, value.as_ref());
    }
    out
}

fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reserved_character_is_encoded() {
        assert_eq!(encode_component("!*'();:@&=+$,/?#[] "), {
            "%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%20"
        });
    }

    #[test]
    fn empty_values_keep_their_equals_sign() {
        assert_eq!(encode_query([("a", ""), ("b", "1")]), "a=&b=1");
        assert_eq!(encode_query(Vec::<(String, String)>::new()), "");
    }
}
