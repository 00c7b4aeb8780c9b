//! The signing key of one day, kept between requests.

use core::array;
use core::hint;
use core::num::NonZeroU32;
use core::sync::atomic::{AtomicU32, Ordering, fence};

use hmac::digest::zeroize::Zeroizing;

use crate::SigningKey;
use crate::keyed_hash::KeyedHash;

/// Number of words a key takes: two states of the hash.
const WORDS: usize = 16;

/// The last derived key and its date, readable and writable by many threads at once without a lock.
///
/// This is a sequence lock made of atomics. `version` is odd while somebody writes. A reader copies
/// date and words, then looks whether `version` is still what it was; if not, or if the date is
/// another one, there is no key to be had here and the caller derives it, which is always right and
/// merely slower. So nobody ever waits, a key is only used whole, and only on the day it was
/// derived for.
pub(crate) struct KeyCache {
    version: AtomicU32,
    /// `YYYYMMDD` as a number; 0 while there is no key.
    date: AtomicU32,
    words: [AtomicU32; WORDS],
}

impl KeyCache {
    pub(crate) fn new() -> Self {
        Self {
            version: AtomicU32::new(0),
            date: AtomicU32::new(0),
            words: array::from_fn(|_| AtomicU32::new(0)),
        }
    }

    /// The key of that day: the one kept, or a newly derived one, which is then kept.
    pub(crate) fn get_or_derive(
        &self,
        date: &str,
        derive: impl FnOnce() -> SigningKey,
    ) -> SigningKey {
        // A date that is no number, or the one that means no key, is never kept.
        let Ok(date) = date.parse().map(NonZeroU32::get) else {
            return derive();
        };
        self.load(date).unwrap_or_else(|| {
            let key = derive();
            self.store(date, &key);
            key
        })
    }

    fn load(&self, date: u32) -> Option<SigningKey> {
        let version = self.version.load(Ordering::Acquire);
        if version % 2 == 1 {
            return None;
        }
        let kept = self.date.load(Ordering::Relaxed);
        let mut states = Zeroizing::new([[0; WORDS / 2]; 2]);
        for (copy, word) in states.as_flattened_mut().iter_mut().zip(&self.words) {
            *copy = word.load(Ordering::Relaxed);
        }
        // The copies above must be done before the version is looked at again.
        fence(Ordering::Acquire);
        let unchanged = self.version.load(Ordering::Relaxed) == version;
        (unchanged && kept == date).then(|| SigningKey::from_hash(KeyedHash::from_states(states)))
    }

    pub(crate) fn store(&self, date: u32, key: &SigningKey) {
        let version = self.version.load(Ordering::Relaxed);
        let claim = || {
            self.version.compare_exchange(
                version,
                version.wrapping_add(1),
                Ordering::Acquire,
                Ordering::Relaxed,
            )
        };
        if version % 2 == 1 || claim().is_err() {
            // Somebody else is writing; theirs is as good.
            return;
        }
        // Nobody may see the stores below without having had the chance to see the odd version.
        fence(Ordering::Release);
        self.date.store(date, Ordering::Relaxed);
        for (word, kept) in key.as_hash().states().as_flattened().iter().zip(&self.words) {
            kept.store(*word, Ordering::Relaxed);
        }
        self.version.store(version.wrapping_add(2), Ordering::Release);
    }
}

impl Drop for KeyCache {
    fn drop(&mut self) {
        for word in &self.words {
            word.store(0, Ordering::Relaxed);
        }
        // Keeps the compiler from dropping the stores as dead.
        hint::black_box(&self.words);
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_hash(KeyedHash::new(&[byte; 32]))
    }

    #[test]
    fn derives_once_a_day() {
        let cache = KeyCache::new();
        let derived = Cell::new(0);
        let get = |date, byte| {
            let key = cache.get_or_derive(date, || {
                derived.set(derived.get() + 1);
                key(byte)
            });
            assert_eq!(key.as_hash().states(), self::key(byte).as_hash().states());
        };
        get("20241119", 1);
        get("20241119", 1);
        assert_eq!(derived.get(), 1);
        get("20241120", 2);
        get("20241120", 2);
        assert_eq!(derived.get(), 2);
        get("20241119", 1);
        assert_eq!(derived.get(), 3);
    }

    #[test]
    fn keeps_nothing_while_another_writes() {
        let cache = KeyCache::new();
        cache.version.store(1, Ordering::Relaxed);
        cache.store(20_241_119, &key(1));
        assert!(cache.load(20_241_119).is_none());
        assert_eq!(cache.version.load(Ordering::Relaxed), 1);
        assert_eq!(cache.words[0].load(Ordering::Relaxed), 0);
    }

    /// The words may be half of the old key and half of the new one.
    #[test]
    fn a_key_is_not_read_while_another_is_written_over_it() {
        let cache = KeyCache::new();
        cache.store(20_241_119, &key(1));
        assert!(cache.load(20_241_119).is_some());
        cache.version.fetch_add(1, Ordering::Relaxed);
        assert!(cache.load(20_241_119).is_none());
    }

    #[test]
    fn an_empty_cache_has_no_key_for_any_date() {
        assert!(KeyCache::new().load(20_241_119).is_none());
        let underived = KeyCache::new().get_or_derive("0", || key(7));
        assert_eq!(underived.as_hash().states(), key(7).as_hash().states());
    }
}
