//! Input of any reader, damaged at random: pieces removed, repeated, overwritten and inserted.
//!
//! The tests of a crate choose the seeds: examples of what the reader expects.

use proptest::prelude::*;

/// One of `seeds` with up to five damages.
pub fn damaged(seeds: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let seed = prop::sample::select(seeds);
    (seed, prop::collection::vec(damage(), 0..6)).prop_map(|(seed, damages)| {
        damages.iter().fold(seed.as_bytes().to_vec(), |bytes, damage| damage.applied_to(bytes))
    })
}

/// One of `seeds` with up to five damages, as text: bytes that are no UTF-8 become U+FFFD.
pub fn damaged_text(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    damaged(seeds).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A damage to bytes; places count from the start, modulo the length.
#[derive(Clone, Debug)]
enum Damage {
    Remove { at: usize, length: usize },
    Repeat { at: usize, length: usize, times: usize },
    Set { at: usize, byte: u8 },
    Insert { at: usize, piece: &'static str },
    End { at: usize },
}

/// Characters with a meaning in TOML, JSON, headers or times.
const PIECES: [&str; 24] = [
    "\0",
    "\n",
    "\r",
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    ",",
    "#",
    "-",
    "+",
    ".",
    "e9",
    "9223372036854775808",
    "\u{feff}",
    "密",
    "\u{1b}[31m",
    "T",
    "Z",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..4096_usize;
    prop_oneof![
        (at(), 1..200_usize).prop_map(|(at, length)| Damage::Remove { at, length }),
        (at(), 1..60_usize, 1..40_usize).prop_map(|(at, length, times)| Damage::Repeat {
            at,
            length,
            times
        }),
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set { at, byte }),
        (at(), prop::sample::select(&PIECES[..]))
            .prop_map(|(at, piece)| Damage::Insert { at, piece }),
        at().prop_map(|at| Damage::End { at }),
    ]
}

impl Damage {
    fn applied_to(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let place = |at: usize| at % (bytes.len() + 1);
        match *self {
            Self::Remove { at, length } => {
                let from = place(at);
                bytes.drain(from..(from + length).min(bytes.len()));
            }
            Self::Repeat { at, length, times } => {
                let from = place(at);
                let piece: Vec<u8> = bytes.iter().copied().skip(from).take(length).collect();
                bytes.splice(from..from, piece.repeat(times));
            }
            Self::Set { at, byte } => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [byte]);
            }
            Self::Insert { at, piece } => {
                let at = place(at);
                bytes.splice(at..at, piece.bytes());
            }
            Self::End { at } => bytes.truncate(place(at)),
        }
        bytes
    }
}
