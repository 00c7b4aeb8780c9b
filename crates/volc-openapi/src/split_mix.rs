//! `SplitMix64`: numbers from a seed, for jitter and for data in tests. Not for secrets.

/// A stream of evenly distributed numbers that a seed decides (Steele, Lea and Flood, 2014).
///
/// ```
/// use volc_openapi::SplitMix64;
///
/// let mut numbers = SplitMix64::new(0);
/// assert_eq!(numbers.next_u64(), 0xE220_A839_7B1D_CDAF);
/// assert_eq!(numbers.next_u64(), 0x6E78_9E6A_A1B9_65F4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number, evenly distributed over all 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
