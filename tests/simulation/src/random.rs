//! Choices from a seed .

use volc_openapi::SplitMix64;

/// A stream of choices that a seed decides.
#[derive(Clone, Debug)]
pub struct Random(SplitMix64);

impl Random {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(SplitMix64::new(seed))
    }

    /// The next number, evenly distributed over all 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `bound`, which is not included; 0 when `bound` is.
    pub fn below(&mut self, bound: u32) -> u32 {
        // The top half of a product with the bound: less than the bound, which has 32 bits.
        u32::try_from((u128::from(self.number()) * u128::from(bound)) >> 64).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True once in `odds` times.
    pub fn once_in(&mut self, odds: u32) -> bool {
        self.below(odds) == 0
    }

    /// One of several.
    pub fn one_of<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let count = u32::try_from(others.len()).unwrap_or(u32::MAX - 1);
        let chosen = usize::try_from(self.below(count + 1)).unwrap_or(0);
        chosen.checked_sub(1).and_then(|index| others.get(index).copied()).unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_stay_within_their_bounds_and_use_them() {
        let mut random = Random::new(7);
        let mut seen = [false; 5];
        for _ in 0..1_000 {
            let number = random.between(3, 7);
            assert!((3..=7).contains(&number));
            seen[usize::try_from(number - 3).unwrap()] = true;
            assert!([1, 2, 3].contains(&random.one_of(1, &[2, 3])));
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(random.below(0), 0);
    }
}
