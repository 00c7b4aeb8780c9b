//! Percent-encoding as rules R2 and R3 have it.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::text::Sink;

/// Characters that stand for themselves: `A-Za-z0-9-_.~`.
#[inline]
pub(crate) fn is_unreserved(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            #[expect(clippy::indexing_slicing, reason = "a byte is always within 256")]
            {
                table[byte as usize] =
                    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
            }
            byte += 1;
        }
        table
    };
    TABLE.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Writes bytes with everything but the unreserved characters as `%XX`, upper case.
pub(crate) fn encode(out: &mut impl Sink, bytes: &[u8]) {
    for &byte in bytes {
        if is_unreserved(byte) {
            out.ascii(byte);
        } else {
            encode_always(out, byte);
        }
    }
}

/// Writes one byte as `%XX`.
pub(crate) fn encode_always(out: &mut impl Sink, byte: u8) {
    out.ascii(b'%');
    out.ascii(hex_digit(byte >> 4));
    out.ascii(hex_digit(byte & 15));
}

/// What `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// In a path: itself.
    Literal,
    /// In a query: a space.
    Space,
}

/// The bytes a piece of a URL stands for, and whether each `%` in it began a valid escape; an
/// invalid one is kept as it stands.
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
