//! API keys in documents: the text of a member whose name says that it holds one.
//!
//! Lists of Ark answer with keys in clear text (`ListApiKeys`, `ListSeatInfos`). The documents are
//! looked at as bytes, so that a part of one, or one that is damaged, hides nothing.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr2_iter};
use serde_json::Value;

use crate::api_key_name::is_api_key_name;
use crate::secrets::{end_of_string, mask_values};

const MASK: &str = "***";
/// A shorter or a spaced text in the place of a key is masked there; elsewhere it may be a word.
const SHORTEST: usize = 16;
/// No resource id is a secret, whatever member holds it.
const RESOURCE_ID: &str = "apikey-";
/// Texts that are looked for elsewhere in a document. A page of a list has at most a hundred items.
const MOST: usize = 128;
/// Documents within strings of documents that are looked into.
const DEPTH: u8 = 4;
/// Any letter of a name may be written so.
const ESCAPE: &str = "\\u00";

/// Finds the texts of API keys in a document, each once, at most 128.
///
/// ```
/// let body = br#"{"Items": [{"SID": "apikey-1", "ApiKey": "fake-key-for-tests-only"}]}"#;
/// assert_eq!(ark_usage_transport::find_api_keys(body), ["fake-key-for-tests-only"]);
/// ```
pub fn find_api_keys(document: &[u8]) -> Vec<String> {
    texts(&find(document, DEPTH))
}

/// Masks the texts of API keys in a document: in the members that hold them, and wherever else the
/// document repeats them.
///
/// ```
/// let body = br#"{"ApiKey": "fake-key-for-tests-only", "Name": "web"}"#.to_vec();
/// let shown = ark_usage_transport::mask_api_keys(body);
/// assert_eq!(shown, br#"{"ApiKey": "***", "Name": "web"}"#);
/// ```
pub fn mask_api_keys(document: Vec<u8>) -> Vec<u8> {
    let found = find(&document, DEPTH);
    if found.is_empty() {
        return document;
    }
    let texts = texts(&found);
    let mut places: Vec<_> = found.into_iter().filter_map(|found| found.place).collect();
    places.sort_unstable_by_key(|place| place.start);
    let mut out = Vec::with_capacity(document.len());
    let mut copied = 0;
    for place in places {
        out.extend_from_slice(document.get(copied..place.start).unwrap_or_default());
        out.extend_from_slice(MASK.as_bytes());
        copied = copied.max(place.end);
    }
    out.extend_from_slice(document.get(copied..).unwrap_or_default());
    let mut known: Vec<_> = texts.into_iter().map(|text| (text, MASK.to_owned())).collect();
    // One may be part of another.
    known.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    mask_values(out, &known)
}

/// The texts that are looked for elsewhere, each once.
fn texts(found: &[Found]) -> Vec<String> {
    let mut texts = Vec::new();
    for Found { text, .. } in found {
        let is_key = text.len() >= SHORTEST && !text.contains(char::is_whitespace);
        if is_key && texts.len() < MOST && !texts.contains(text) {
            texts.push(text.clone());
        }
    }
    texts
}

/// A text in the place of a key.
struct Found {
    text: String,
    /// Between its quotes; `None` inside a string that holds a document.
    place: Option<Range<usize>>,
}

fn find(document: &[u8], depth: u8) -> Vec<Found> {
    let mut found = Vec::new();
    if !may_name_keys(document) {
        return found;
    }
    let mut from = 0;
    // The quote that ends a string may begin a name: in a damaged document nobody knows.
    while let Some(begin) = document.get(from..).and_then(|rest| memchr(b'"', rest)) {
        let begin = from + begin;
        let Some((end, has_escapes)) = end_of_string(document, begin + 1) else { break };
        from = end - 1;
        let Some(name) = decoded(document, begin, end, has_escapes) else { continue };
        let after = next_sign(document, end);
        if document.get(after) == Some(&b':') && is_api_key_name(&name) {
            from = values(document, after + 1, &mut found);
        } else if has_escapes && depth > 0 && name.contains('"') {
            let inner = find(name.as_bytes(), depth - 1);
            found.extend(inner.into_iter().map(|inner| Found { place: None, ..inner }));
        }
    }
    if Finder::new(TOKEN_COLUMN).find(document).is_some() {
        found.extend(cells(document));
    }
    found
}

/// Returns false for a document in which no name can be one of a key. Answers are large and hold none.
fn may_name_keys(document: &[u8]) -> bool {
    // Every name holds a K: behind `Api`, or within `AuthToken`.
    let named = memchr2_iter(b'k', b'K', document).any(|at| {
        let before = document.get(..at).unwrap_or_default();
        ends_with(before, "api") || ends_with(before, "authto")
    });
    named || Finder::new(ESCAPE).find(document).is_some()
}

/// True for bytes that end with these letters, whatever their case and the separators between them.
fn ends_with(bytes: &[u8], letters: &str) -> bool {
    let mut bytes = bytes.iter().rev().filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
    letters
        .bytes()
        .rev()
        .all(|letter| bytes.next().is_some_and(|byte| byte.eq_ignore_ascii_case(&letter)))
}

/// Takes the string at a place, or all strings of an array there; returns the place behind.
fn values(document: &[u8], from: usize, found: &mut Vec<Found>) -> usize {
    let first = next_sign(document, from);
    let is_array = document.get(first) == Some(&b'[');
    let mut at = if is_array { next_sign(document, first + 1) } else { first };
    while document.get(at) == Some(&b'"') {
        let begin = at + 1;
        // Of a document that is cut, the rest is the value.
        let (end, has_escapes) =
            end_of_string(document, begin).unwrap_or((document.len() + 1, true));
        let place = begin..end - 1;
        let text = decoded(document, at, end, has_escapes).unwrap_or_else(|| {
            let bytes = document.get(place.clone()).unwrap_or_default();
            Cow::Owned(String::from_utf8_lossy(bytes).into_owned())
        });
        if !text.is_empty() && !text.starts_with(RESOURCE_ID) {
            found.push(Found { text: text.into_owned(), place: Some(place) });
        }
        let after = next_sign(document, end);
        if !is_array || document.get(after) != Some(&b',') {
            return end.min(document.len());
        }
        at = next_sign(document, after + 1);
    }
    at.min(document.len())
}

/// The text of a string between two places, its quotes included; `None` when it is none.
fn decoded(document: &[u8], begin: usize, end: usize, has_escapes: bool) -> Option<Cow<'_, str>> {
    if has_escapes {
        return serde_json::from_slice::<String>(document.get(begin..end)?).ok().map(Cow::Owned);
    }
    std::str::from_utf8(document.get(begin + 1..end - 1)?).ok().map(Cow::Borrowed)
}

fn next_sign(document: &[u8], from: usize) -> usize {
    let rest = document.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The column of a usage table whose cells are keys.
const TOKEN_COLUMN: &str = "\"AuthToken\"";

/// The cells of that column, in `{"Fields": […], "Data": [[…]]}`.
fn cells(document: &[u8]) -> Vec<Found> {
    let document: Value = serde_json::from_slice(document).unwrap_or_default();
    let table = document.get("Result").unwrap_or(&document);
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |field: &Value| {
        let names = ["Name", "name", "FieldName", "fieldName"];
        let named = names.iter().find_map(|name| field.get(name)).unwrap_or(field);
        named.as_str().is_some_and(|name| name == "AuthToken")
    };
    let Some(column) = list(table.get("Fields")).iter().position(name) else { return Vec::new() };
    let rows = list(table.get("Data").or_else(|| table.get("Rows")));
    let cell = |row: &Value| {
        let cells = row.get("Values").or_else(|| row.get("values")).unwrap_or(row);
        cells.get(column)?.as_str().map(str::to_owned)
    };
    let texts = rows.iter().filter_map(cell);
    texts.map(|text| Found { text, place: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "fake-key-0a1b2c3d-for-tests";

    fn masked(document: &str) -> String {
        String::from_utf8(mask_api_keys(document.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn members_that_hold_keys_are_masked_in_every_spelling() {
        for name in [
            "ApiKey",
            "APIKey",
            "apiKey",
            "apikey",
            "api_key",
            "API_KEY",
            "Api-Key",
            "RawApiKey",
            "ApiKeyText",
            "\\u0041piKey",
            "AuthToken",
            "X-Api-Key",
        ] {
            for space in ["", " ", "\n\t"] {
                let document = format!(r#"{{"{name}"{space}:{space}"{KEY}", "Note": "of {KEY}"}}"#);
                let shown = masked(&document);
                assert!(!shown.contains(KEY), "{shown}");
                assert!(shown.contains("\"***\"") && shown.contains("of ***"), "{shown}");
            }
        }
        let list = format!(r#"{{"ApiKeys": ["{KEY}", "short"], "Name": "short"}}"#);
        assert_eq!(masked(&list), r#"{"ApiKeys": ["***", "***"], "Name": "short"}"#);
    }

    #[test]
    fn names_of_other_things_stay() {
        for document in [
            r#"{"Fields": [{"Name": "ApikeyID"}], "ApikeyID": "apikey-20240701-abcde-long-enough"}"#,
            r#"{"Action": "ListApiKeys", "Filters": [{"Key": "ApikeyID", "Values": ["x"]}]}"#,
            r#"{"ApiKey": "apikey-20240701000000-abcde"}"#,
            r#"{"ApiKey": "", "HasApiKey": true, "ApiKeys": []}"#,
            r#"{"ApiKeys": [{"Name": "web"}]}"#,
            "no document, no key",
        ] {
            assert_eq!(masked(document), document);
        }
    }

    #[test]
    fn damaged_documents_and_documents_in_strings_hide_nothing() {
        let inner = serde_json::to_string(&format!(r#"{{"ApiKey": "{KEY}"}}"#)).unwrap();
        let twice = serde_json::to_string(&inner).unwrap();
        let documents = [
            format!(r#"{{"a": ", "ApiKey": "{KEY}"}}"#),
            format!(r#"<a b=">{{"ApiKey": "{KEY}", "#),
            format!(r#"{{"ApiKey": "{KEY}"#),
            format!(r#"{{"ApiKeys": ["{KEY}", "{KEY}x"#),
            format!(r#"{{"a": "\", "ApiKey": "{KEY}"}}"#),
            format!(r#"{{"Message": {inner}}}"#),
            format!(r#"{{"Message": {twice}}}"#),
        ];
        for document in documents {
            let shown = masked(&document);
            assert!(!shown.contains(KEY), "{document}: {shown}");
            assert!(shown.contains("***"), "{shown}");
        }
        for odd in [
            "\"ApiKey\":\"",
            "\"ApiKey\":",
            "\"ApiKey\"",
            "\"ApiKey\":[\"",
            "\"ApiKey\":[",
            "\"IKey\\",
        ] {
            assert!(masked(odd).len() <= odd.len() + MASK.len(), "{odd}");
        }
    }

    #[test]
    fn cells_of_a_column_of_keys_are_masked() {
        let field = |name: &str| format!(r#"{{"Name": "{name}", "Type": "STRING"}}"#);
        let document = format!(
            r#"{{"Result": {{"Fields": [{}, {}], "Data": [["{KEY}", "5"], ["", "7"]]}}}}"#,
            field("AuthToken"),
            field("InputTokens")
        );
        let shown = masked(&document);
        assert!(!shown.contains(KEY), "{shown}");
        assert!(shown.contains(r#"["***", "5"], ["", "7"]"#), "{shown}");
    }

    #[test]
    fn masking_twice_changes_nothing() {
        let once = masked(&format!(r#"{{"ApiKey": "{KEY}", "Other": "{KEY}"}}"#));
        assert_eq!(masked(&once), once);
    }
}
