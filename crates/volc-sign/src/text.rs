//! Small text tools: where canonical text goes, hex on the stack, cutting and trimming.

use alloc::string::String;
use alloc::vec::Vec;

/// Where canonical text is written: into a `String` that people read, or where it
/// is hashed and forgotten.
pub(crate) trait Sink {
    fn text(&mut self, text: &str);

    /// One ASCII character.
    fn ascii(&mut self, byte: u8);

    /// A hash.
    fn hex(&mut self, digits: &Hex) {
        self.text(digits.as_str());
    }
}

impl Sink for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn ascii(&mut self, byte: u8) {
        self.push(char::from(byte));
    }
}

/// A text put together on the stack, to be hashed at once and forgotten. One that outgrows its room
/// goes on in memory of its own.
pub(crate) struct Scratch<const ROOM: usize> {
    room: [u8; ROOM],
    filled: usize,
    overflow: Vec<u8>,
}

impl<const ROOM: usize> Scratch<ROOM> {
    pub(crate) fn new() -> Self {
        Self { room: [0; ROOM], filled: 0, overflow: Vec::new() }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        if self.overflow.is_empty() {
            self.room.get(..self.filled).unwrap_or_default()
        } else {
            &self.overflow
        }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        match self.room.get_mut(self.filled..self.filled + bytes.len()) {
            Some(room) if self.overflow.is_empty() => {
                room.copy_from_slice(bytes);
                self.filled += bytes.len();
            }
            _ => self.outgrow(bytes),
        }
    }

    #[cold]
    fn outgrow(&mut self, bytes: &[u8]) {
        if self.overflow.is_empty() {
            self.overflow.extend_from_slice(self.room.get(..self.filled).unwrap_or_default());
        }
        self.overflow.extend_from_slice(bytes);
    }
}

impl<const ROOM: usize> Sink for Scratch<ROOM> {
    #[inline]
    fn hex(&mut self, digits: &Hex) {
        self.bytes(&digits.0);
    }

    #[inline]
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    #[inline]
    fn ascii(&mut self, byte: u8) {
        self.bytes(&[byte]);
    }
}

/// Thirty-two bytes as sixty-four lower-case hex digits, on the stack.
#[derive(Clone, Copy)]
pub(crate) struct Hex([u8; 64]);

impl Hex {
    /// By arithmetic and not by table: the compiler then does many digits at once.
    pub(crate) fn of(bytes: &[u8; 32]) -> Self {
        let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        Self(digits)
    }

    pub(crate) fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The reverse of [`Hex::of`]. Lower case only: a signature has one spelling.
pub(crate) fn bytes_of_hex(digits: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    let mut valid = true;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let (high, low) = (nibble(*high), nibble(*low));
        valid &= high < 16 && low < 16;
        *byte = high << 4 | low & 15;
    }
    valid.then_some(bytes)
}

/// The value of a digit, or something above 15.
fn nibble(digit: u8) -> u8 {
    let (number, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
    if number < 10 {
        number
    } else if letter < 6 {
        letter + 10
    } else {
        u8::MAX
    }
}

/// As `str::split_once`, which is made for long texts and slow to begin on short ones.
pub(crate) fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A header's value without space and tab at its ends (R5).
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// The text of bytes that are ASCII by construction.
pub(crate) fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}
