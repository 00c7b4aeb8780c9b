//! Query strings in the form signatures need: RFC 3986, upper-case hex, a space as `%20`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Every character but RFC 3986's unreserved ones.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes everything but RFC 3986's unreserved characters (`A-Z a-z 0-9 - . _ ~`).
///
/// ```
/// assert_eq!(volc_openapi::encode_component("a b+c/ü~"), "a%20b%2Bc%2F%C3%BC~");
/// ```
pub fn encode_component(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
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
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name.as_ref(), RESERVED));
        query.push('=');
        query.extend(utf8_percent_encode(value.as_ref(), RESERVED));
    }
    query
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
