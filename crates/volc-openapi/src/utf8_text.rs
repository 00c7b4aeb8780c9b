//! Bytes from outside as text: one reader for files, output of programs and answers.

use std::fmt;

/// Returns bytes as text, without the byte order mark that editors and spreadsheets put in front.
///
/// ```
/// use volc_openapi::{NotUtf8, utf8_text};
///
/// assert_eq!(utf8_text(b"\xef\xbb\xbf{}"), Ok("{}"));
/// assert_eq!(utf8_text(b"\xff\xfe{\0}\0"), Err(NotUtf8::Utf16));
/// ```
///
/// # Errors
///
/// [`NotUtf8`] says which encoding it is instead, as far as that can be told.
pub fn utf8_text(bytes: &[u8]) -> Result<&str, NotUtf8> {
    if let Some(wide) = wide_encoding(bytes) {
        return Err(wide);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        if may_be_gbk(rest) { NotUtf8::Gbk { line } } else { NotUtf8::Unknown { line } }
    })
}

/// The encoding of bytes that are not text in UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotUtf8 {
    /// Two bytes a character, as PowerShell and "Unicode text" of a spreadsheet write it.
    Utf16,
    /// Four bytes a character.
    Utf32,
    /// Probably GBK or GB18030, as spreadsheets in China write it unless told otherwise.
    Gbk {
        /// The first line that is not UTF-8, from 1.
        line: usize,
    },
    /// Anything else.
    Unknown {
        /// The first line that is not UTF-8, from 1.
        line: usize,
    },
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf16 => f.write_str("UTF-16 text instead of UTF-8"),
            Self::Utf32 => f.write_str("UTF-32 text instead of UTF-8"),
            Self::Gbk { line } => write!(f, "line {line} is not UTF-8 text; it looks like GBK"),
            Self::Unknown { line } => write!(f, "line {line} is not UTF-8 text"),
        }
    }
}

impl std::error::Error for NotUtf8 {}

/// Tells the encodings with several bytes a character by their marks, or without a mark by the zeros
/// beside the first ASCII characters.
fn wide_encoding(bytes: &[u8]) -> Option<NotUtf8> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(NotUtf8::Utf32),
        [0xff, 0xfe, ..]
        | [0xfe, 0xff, ..]
        | [1..=0x7f, 0, 1..=0x7f, 0, ..]
        | [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some(NotUtf8::Utf16),
        _ => None,
    }
}

/// True when bytes that are not ASCII come in the pairs of GBK, or in the fours of GB18030.
fn may_be_gbk(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] => return true,
            [0..=0x7f, rest @ ..]
            | [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, rest @ ..]
            | [0x81..=0xfe, b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', rest @ ..] => rest,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let cases: [(&[u8], NotUtf8); 9] = [
            (b"\xff\xfea\0", NotUtf8::Utf16),
            (b"\xfe\xff\0a", NotUtf8::Utf16),
            (b"e\0n\0d\0", NotUtf8::Utf16),
            (b"\0e\0n\0d", NotUtf8::Utf16),
            (b"\xff\xfe\0\0a\0\0\0", NotUtf8::Utf32),
            (b"a\nb,\xd4\xf6\xb3\xa4\n", NotUtf8::Gbk { line: 2 }),
            (b"\xef\xbb\xbfa\n\n\xd4\xf6", NotUtf8::Gbk { line: 3 }),
            (b"caf\xe9\n", NotUtf8::Unknown { line: 1 }),
            (b"a\n\x80\n", NotUtf8::Unknown { line: 2 }),
        ];
        for (bytes, expected) in cases {
            assert_eq!(utf8_text(bytes), Err(expected), "{bytes:?}");
        }
    }

    #[test]
    fn one_mark_in_front_is_taken_off() {
        for (bytes, expected) in [
            ("".as_bytes(), ""),
            (b"\xef\xbb\xbf", ""),
            ("\u{feff}\u{feff}a".as_bytes(), "\u{feff}a"),
            ("a\u{feff}".as_bytes(), "a\u{feff}"),
            (b"a\0", "a\0"),
        ] {
            assert_eq!(utf8_text(bytes), Ok(expected));
        }
    }
}
