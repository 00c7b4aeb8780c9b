//! Numbers that look random and never change: the `SplitMix64` finaliser over what identifies a
//! value.

/// Mixes one more number into a seed.
pub(crate) const fn mix(seed: u64, value: u64) -> u64 {
    let mut z = seed ^ value.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

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
