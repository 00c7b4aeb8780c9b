//! An amount that may be missing, and may still change.

use ark_usage_model::{RunningSum, State};

/// An amount of one metric, as far as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The value received; `None` when nothing was, which is not 0.
    pub value: Option<i128>,
    /// The worst state of its parts: when it is missing, `value` is less than the whole.
    pub state: State,
}

impl Amount {
    /// The sum of nothing.
    pub const NOTHING: Self = Self { value: None, state: State::Final };

    /// All of them together. Of a metric that is not additive, several amounts have no sum.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, additive: bool) -> Self {
        let mut sum = RunningSum::new(additive);
        let mut state = Self::NOTHING.state;
        for amount in amounts {
            sum.add(amount.value);
            state = state.max(amount.state);
        }
        Self { value: sum.value(), state }
    }

    /// Returns true if some of it is missing.
    pub fn is_incomplete(self) -> bool {
        self.state == State::Missing || self.value.is_none()
    }

    /// Returns the height it is drawn with; nothing is drawn below 0.
    pub fn height(self) -> i128 {
        self.value.unwrap_or_default().max(0)
    }
}

/// The means of neighbours, so many together that no more than `most` are left, and how many became
/// one. Means, because the last may be of fewer and would look like less.
pub fn folded(amounts: &[Amount], most: usize) -> (Vec<Amount>, usize) {
    let each = amounts.len().div_ceil(most.max(1)).max(1);
    (amounts.chunks(each).map(mean).collect(), each)
}

/// Rounded down. Levels have a mean too, which needs their sum on the way; nobody sees that sum.
fn mean(amounts: &[Amount]) -> Amount {
    let sum = Amount::sum(amounts.iter().copied(), true);
    let count = i128::try_from(amounts.len()).unwrap_or(i128::MAX).max(1);
    Amount { value: sum.value.map(|value| value / count), ..sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Amount = Amount { value: Some(1), state: State::Final };
    const GONE: Amount = Amount { value: None, state: State::Missing };

    #[test]
    fn missing_values_mark_the_sum() {
        let sum = Amount::sum([ONE, GONE, ONE], true);
        assert_eq!(sum, Amount { value: Some(2), state: State::Missing });
        assert!(sum.is_incomplete());
        assert_eq!(Amount::sum([GONE, GONE], true), GONE);
        assert_eq!(Amount::sum([], true), Amount::NOTHING);
    }

    #[test]
    fn levels_have_no_sum() {
        assert_eq!(Amount::sum([ONE, ONE], false), Amount { value: None, state: State::Final });
        assert_eq!(Amount::sum([ONE], false), ONE);
    }

    #[test]
    fn neighbours_are_put_together() {
        let (means, each) = folded(&[ONE; 7], 3);
        assert_eq!((means, each), (vec![ONE; 3], 3));
        assert_eq!(folded(&[ONE; 2], 5).1, 1);
        assert_eq!(folded(&[], 0), (vec![], 1));
    }
}
