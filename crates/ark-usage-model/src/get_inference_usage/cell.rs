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
        let json = value.get();
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

#[cfg(test)]
mod tests {
    use super::*;

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
