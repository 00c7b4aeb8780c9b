//! Text damaged at random: pieces removed, repeated and inserted.

use proptest::prelude::*;

/// A damage to a text; places count characters from the start, modulo the length.
#[derive(Clone, Debug)]
enum Damage {
    Remove { at: usize, length: usize },
    Repeat { at: usize, length: usize, times: usize },
    Insert { at: usize, piece: &'static str },
}

/// Characters with a meaning in TOML and in times.
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
        (at(), prop::sample::select(&PIECES[..]))
            .prop_map(|(at, piece)| Damage::Insert { at, piece }),
    ]
}

/// One of `seeds` with up to five damages.
pub(crate) fn damaged(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let seed = prop::sample::select(seeds);
    (seed, prop::collection::vec(damage(), 0..6)).prop_map(|(seed, damages)| {
        let characters = damages
            .iter()
            .fold(seed.chars().collect::<Vec<_>>(), |text, damage| damage.done_to(text));
        characters.into_iter().collect()
    })
}

impl Damage {
    fn done_to(&self, mut text: Vec<char>) -> Vec<char> {
        let place = |at: usize| at % (text.len() + 1);
        let part = |from: usize, length: usize| from..(from + length).min(text.len());
        match *self {
            Self::Remove { at, length } => {
                let part = part(place(at), length);
                text.drain(part);
            }
            Self::Repeat { at, length, times } => {
                let from = place(at);
                let piece = text.drain(part(from, length)).collect::<Vec<_>>().repeat(times + 1);
                text.splice(from..from, piece);
            }
            Self::Insert { at, piece } => {
                let at = place(at);
                text.splice(at..at, piece.chars());
            }
        }
        text
    }
}
