//! Numbers that look random and never change: `SplitMix64` over what identifies a value.

use volc_openapi::SplitMix64;

/// Mixes one more number into a seed.
pub(crate) const fn mix(seed: u64, value: u64) -> u64 {
    SplitMix64::new(seed ^ value.wrapping_mul(SPREAD).rotate_left(17)).next_u64()
}

/// An odd number with its bits well spread: 2^64 over the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes bytes into a seed.
pub(crate) fn fold_text(seed: u64, text: impl AsRef<[u8]>) -> u64 {
    let bytes = text.as_ref();
    let folded = bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    });
    mix(mix(seed, folded), bytes.len() as u64)
}

/// Text of `length` characters out of `alphabet`, drawn from `seed`.
pub(super) fn letters(seed: u64, alphabet: &str, length: u64) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..length).filter_map(|position| pick(mix(seed, position), &alphabet).copied()).collect()
}

/// One of `choices`; none only when there are none.
pub(super) fn pick<T>(seed: u64, choices: &[T]) -> Option<&T> {
    let count = choices.len() as u64;
    // The index is below the length, which came from a usize.
    seed.checked_rem(count).and_then(|index| choices.get(usize::try_from(index).ok()?))
}
