//! One cell of a table, as a slice of the response.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::number::Integer;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TableCell<'de> {
    /// Null, nothing, or an empty text.
    Empty,
    /// A text, or the digits of a number.
    Text(Cow<'de, str>),
    /// Something else: true, a list, an object.
    Other(&'de str),
}

impl<'de> TableCell<'de> {
    /// Reads a value of JSON.
    pub(super) fn new(value: &'de RawValue) -> Self {
        Self::of_json(value.get())
    }

    /// Reads a string without escapes, from between its quotes.
    fn of_plain(text: &'de str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }

    fn of_json(json: &'de str) -> Self {
        let text = match json.as_bytes() {
            [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
                Cow::Borrowed(json.get(1..json.len() - 1).unwrap_or_default())
            }
            [b'"', ..] => match serde_json::from_str(json) {
                Ok(text) => Cow::Owned(text),
                Err(_) => return Self::Other(json),
            },
            [b'-' | b'0'..=b'9', ..] => Cow::Borrowed(json),
            b"null" => return Self::Empty,
            _ => return Self::Other(json),
        };
        let trimmed = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        if trimmed.is_empty() { Self::Empty } else { Self::Text(trimmed) }
    }

    /// Reads the cells of a row that is a list, from the beginning of valid JSON, and returns where it ends; `None` where a
    /// serde reader has to.
    ///
    /// Reading each cell through serde would look at it twice.
    pub(super) fn split(json: &'de str, cells: &mut Vec<Self>) -> Option<usize> {
        let bytes = json.as_bytes();
        let mut at = after_space(bytes, bytes.strip_prefix(b"[").map(|_| 1)?);
        while *bytes.get(at)? != b']' {
            let begin = at;
            match *bytes.get(at)? {
                b'"' => {
                    let (end, has_escapes) = end_of_string(bytes, at + 1)?;
                    at = end + 1;
                    cells.push(if has_escapes {
                        Self::of_json(json.get(begin..at)?)
                    } else {
                        Self::of_plain(json.get(begin + 1..end)?)
                    });
                }
                b'[' | b'{' => return None,
                _ => {
                    let ends =
                        |byte: &u8| matches!(byte, b',' | b']') || byte.is_ascii_whitespace();
                    at += bytes.get(at..)?.iter().position(ends)?;
                    cells.push(Self::of_json(json.get(begin..at)?));
                }
            }
            at = after_comma(bytes, at);
        }
        Some(at + 1)
    }

    /// Returns its text; `None` when it is empty.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(text),
            Self::Other(json) => Some(json),
        }
    }

    /// Returns it as a 64-bit integer.
    pub(super) fn integer(&self) -> Integer {
        match self {
            Self::Empty => Integer::Absent,
            Self::Text(text) => Integer::of_text(text),
            Self::Other(_) => Integer::Unreadable,
        }
    }
}

/// The place of the first byte from here on that is no white space.
pub(super) fn after_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The place after a comma, if there is one, and the white space around it.
pub(super) fn after_comma(bytes: &[u8], at: usize) -> usize {
    let at = after_space(bytes, at);
    if bytes.get(at) == Some(&b',') { after_space(bytes, at + 1) } else { at }
}

/// The place of the quote that ends a string, and if there were escapes in it.
fn end_of_string(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut has_escapes = false;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(at) == Some(&b'"') {
            return Some((at, has_escapes));
        }
        has_escapes = true;
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_split_as_serde_splits_it() {
        for row in [
            "[]",
            "[ ]",
            r#"["2026-07-11","5",null,7, "" ,"a\\\"]b" , 1.5e3,true]"#,
            "[\n\"x\" ,\t-1 ]",
            r#"["\u0031", " 12 ", "密,]"]"#,
        ] {
            let mut split = Vec::new();
            assert_eq!(TableCell::split(row, &mut split), Some(row.len()), "{row}");
            let read: Vec<&RawValue> = serde_json::from_str(row).unwrap();
            let read: Vec<_> = read.into_iter().map(TableCell::new).collect();
            assert_eq!(split, read, "{row}");
        }
        for row in ["", "{}", r#"["a", [1]]"#, r#"[{"a": "]"}]"#, "[1", r#"["a"#, "[1,"] {
            assert_eq!(TableCell::split(row, &mut Vec::new()), None, "{row}");
        }
    }

    #[test]
    fn numbers_texts_and_nothing() {
        let integer = |json: &str| {
            let value: Box<RawValue> = serde_json::from_str(json).unwrap();
            TableCell::new(&value).integer()
        };
        for json in ["12", r#""12""#, r#"" 12 ""#, "12.0", "1.2e1", r#""\u00312""#] {
            assert_eq!(integer(json), Integer::Exact(12), "{json}");
        }
        for json in ["null", r#""""#, r#""  ""#] {
            assert_eq!(integer(json), Integer::Absent, "{json}");
        }
        for json in ["true", "[1]", r#"{"a":1}"#, r#""x""#, "1.5", "1e30"] {
            assert_eq!(integer(json), Integer::Unreadable, "{json}");
        }
    }
}
