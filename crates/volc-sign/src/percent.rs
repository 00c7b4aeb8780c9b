//! Percent-encoding as rules R2 and R3 have it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// Returns true for the characters that are never encoded: `A-Za-z0-9-_.~`.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// Writes bytes with everything but the unreserved characters as `%XX`, upper case.
pub(crate) fn encode(out: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            encode_always(out, byte);
        }
    }
}

/// Writes one byte as `%XX`.
pub(crate) fn encode_always(out: &mut String, byte: u8) {
    out.push('%');
    out.push(char::from(hex_digit(byte >> 4)));
    out.push(char::from(hex_digit(byte & 15)));
}

/// The meaning of `+`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// In a path: itself.
    Literal,
    /// In a query: a space.
    Space,
}

/// Decodes a piece of a URL, and returns whether each `%` in it begins a valid escape; an invalid
/// one is kept as text.
pub(crate) fn decode(text: &str, plus: Plus) -> (Cow<'_, [u8]>, bool) {
    let bytes = text.as_bytes();
    let is_plain = |&byte: &u8| byte != b'%' && (byte != b'+' || plus == Plus::Literal);
    if bytes.iter().all(is_plain) {
        return (Cow::Borrowed(bytes), true);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut valid = true;
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) if plus == Plus::Space => decoded.push(b' '),
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                decoded.push(value(*high) << 4 | value(*low));
                rest = after;
            }
            (b'%', _) => {
                valid = false;
                decoded.push(b'%');
            }
            (other, _) => decoded.push(*other),
        }
    }
    (Cow::Owned(decoded), valid)
}

const fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'A' + nibble - 10,
    }
}

const fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit - b'A' + 10,
    }
}
