//! HMAC-SHA256 for a key that signs many messages.

use core::slice;

use hmac::digest::zeroize::Zeroizing;
use sha2::block_api::compress256;

/// The hash between two blocks.
pub(crate) type State = [u32; 8];

/// Bytes hashed at a time.
const BLOCK: usize = 64;
/// Where in the last block the length of what was hashed begins.
const LENGTH: usize = BLOCK - size_of::<u64>();

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// The state of SHA-256 before anything is hashed (FIPS 180-4, section 5.3.3).
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A key as HMAC uses it: the hash's states once the inner and the outer pad are hashed.
///
/// RFC 2104, section 4, advises to keep those for a key that is used again. Two compressions of
/// thirteen are saved so; the `hmac` crate's own state cannot be taken apart into words that
/// threads share without a lock, which is why there is one here.
#[derive(Clone)]
pub(crate) struct KeyedHash {
    /// The inner and the outer one.
    states: Zeroizing<[State; 2]>,
}

impl KeyedHash {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        for (byte, key) in block.iter_mut().zip(key) {
            *byte = *key;
        }
        let mut states = Zeroizing::new([INITIAL; 2]);
        // The second pad takes the first one back.
        for (state, pad) in states.iter_mut().zip([INNER_PAD, INNER_PAD ^ OUTER_PAD]) {
            block.iter_mut().for_each(|byte| *byte ^= pad);
            compress256(state, slice::from_ref(&block));
        }
        Self { states }
    }

    pub(crate) fn from_states(states: Zeroizing<[State; 2]>) -> Self {
        Self { states }
    }

    pub(crate) fn states(&self) -> &[State; 2] {
        &self.states
    }

    /// The HMAC of a message.
    pub(crate) fn digest(&self, message: &[u8]) -> [u8; 32] {
        let [inner, outer] = *self.states;
        finish(outer, &finish(inner, message))
    }
}

/// Hashes what follows a block that is hashed already, and the padding (FIPS 180-4, section 5.1.1).
fn finish(mut state: State, message: &[u8]) -> [u8; 32] {
    let (blocks, rest) = message.as_chunks();
    compress256(&mut state, blocks);

    let mut end = [[0; BLOCK]; 2];
    if let Some((text, [mark, ..])) = end.as_flattened_mut().split_at_mut_checked(rest.len()) {
        text.copy_from_slice(rest);
        *mark = 0x80;
    }
    let bits = 8 * (BLOCK + message.len()) as u64;
    let [first, second] = &mut end;
    let (last, blocks) = if rest.len() < LENGTH { (first, 1) } else { (second, 2) };
    if let Some(length) = last.last_chunk_mut() {
        *length = bits.to_be_bytes();
    }
    compress256(&mut state, end.get(..blocks).unwrap_or_default());

    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    /// Every place the end of a message can have in its block, several times.
    #[test]
    fn is_hmac_for_messages_of_every_length() {
        let mut bytes = (0..=u8::MAX).cycle();
        let key: [u8; 32] = core::array::from_fn(|_| bytes.next().unwrap());
        let message: [u8; 400] = core::array::from_fn(|_| bytes.next().unwrap());
        let keyed = KeyedHash::new(&key);
        for length in 0..=message.len() {
            let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            hmac.update(&message[..length]);
            let expected: [u8; 32] = hmac.finalize().into_bytes().into();
            assert_eq!(keyed.digest(&message[..length]), expected, "{length}");
        }
    }
}
