//! Instants as actions send them. The type of a member says its unit; no unit is ever guessed from
//! the size of a number.

use serde::{Deserialize, Serialize};

/// Seconds since 1970, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "a number with a unit")]
pub struct UnixSeconds(pub i64);

/// Milliseconds since 1970, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "a number with a unit")]
pub struct UnixMilliseconds(pub i64);

impl UnixSeconds {
    /// The instant in unix seconds; `None` for -1, 0 and all else that means "none".
    pub fn instant(self) -> Option<i64> {
        (self.0 > 0).then_some(self.0)
    }
}

impl UnixMilliseconds {
    /// The instant in unix seconds, rounded down; `None` for -1, 0 and all else that means "none".
    pub fn instant(self) -> Option<i64> {
        (self.0 > 0).then_some(self.0 / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_after_1970_is_none() {
        assert_eq!(UnixSeconds(1_787_809_945).instant(), Some(1_787_809_945));
        assert_eq!(UnixMilliseconds(1_778_806_800_999).instant(), Some(1_778_806_800));
        for none in [0, -1, i64::MIN] {
            assert_eq!(
                (UnixSeconds(none).instant(), UnixMilliseconds(none).instant()),
                (None, None)
            );
        }
    }
}
