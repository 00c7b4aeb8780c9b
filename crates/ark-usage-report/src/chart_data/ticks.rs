//! An axis with marks at round numbers, and lengths along it.

/// An axis from 0 up to a round number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticks {
    /// The positions of the marks: 0, then every step, up to the axis' end.
    pub at: Vec<i128>,
}

impl Ticks {
    /// An axis that holds `largest`, with at most `most` steps of 1, 2 or 5 times a power of ten.
    pub fn up_to(largest: i128, most: u8) -> Self {
        let largest = largest.max(1);
        let most = i128::from(most.max(1));
        let step = round_steps().find(|step| step.saturating_mul(most) >= largest);
        let step = step.unwrap_or(largest);
        let count = largest / step + i128::from(largest % step != 0);
        Self { at: (0..=count).map(|index| step.saturating_mul(index)).collect() }
    }

    /// The axis' end: never 0.
    pub fn end(&self) -> i128 {
        self.at.last().copied().unwrap_or(1).max(1)
    }
}

/// 1, 2, 5, 10, 20, 50, …
fn round_steps() -> impl Iterator<Item = i128> {
    let powers = std::iter::successors(Some(1_i128), |power| power.checked_mul(10));
    powers.flat_map(|power| [1, 2, 5].into_iter().filter_map(move |digit| power.checked_mul(digit)))
}

/// How far along `length` a value of `whole` lies, in tenths of the length's unit, rounded to the
/// nearest. What is more than 0 is never drawn as nothing.
pub fn tenths_of(length: i64, value: i128, whole: i128) -> i64 {
    let (value, whole) = (value.clamp(0, whole.max(1)), whole.max(1));
    // Numbers so large that the product would not fit lose digits nobody could see.
    let shift = value.max(whole).ilog2().saturating_sub(80);
    let (value, whole) = (value >> shift, (whole >> shift).max(1));
    let tenths = (value * i128::from(length) * 20 / whole + 1) / 2;
    let seen = i128::from(value > 0);
    i64::try_from(tenths.max(seen)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_at_round_numbers() {
        assert_eq!(Ticks::up_to(0, 4).at, [0, 1]);
        assert_eq!(Ticks::up_to(3, 4).at, [0, 1, 2, 3]);
        assert_eq!(Ticks::up_to(17, 4).at, [0, 5, 10, 15, 20]);
        let ticks = Ticks::up_to(1_529_525_715, 4);
        assert_eq!(ticks.at, [0, 500_000_000, 1_000_000_000, 1_500_000_000, 2_000_000_000]);
        assert_eq!(ticks.end(), 2_000_000_000);
        assert!(Ticks::up_to(i128::MAX, 4).end() >= i128::MAX / 2);
    }

    #[test]
    fn lengths_are_in_proportion_and_never_nothing() {
        assert_eq!(tenths_of(100, 1, 2), 500);
        assert_eq!(tenths_of(100, 0, 2), 0);
        assert_eq!(tenths_of(100, -5, 2), 0);
        assert_eq!(tenths_of(100, 1, 1_000_000), 1);
        assert_eq!(tenths_of(100, 5, 2), 1_000);
        assert_eq!(tenths_of(100, i128::MAX / 2, i128::MAX), 500);
    }
}
