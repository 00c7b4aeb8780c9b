//! A sparkline: one character a bucket, from 0 up to the tallest.

use super::glyphs::{Glyphs, MISSING};
use ark_usage_report::chart_data::{Amount, folded, tenths_of};

/// Draws the amounts in at most `width` characters; neighbours are merged when there are
/// more of them. Incomplete and missing ones are `-`.
pub(super) fn sparkline(amounts: &[Amount], width: usize, glyphs: Glyphs) -> String {
    let (amounts, _) = folded(amounts, width);
    let tallest = amounts.iter().map(|amount| amount.height()).max().unwrap_or_default();
    amounts.iter().map(|amount| mark(*amount, tallest, glyphs)).collect()
}

fn mark(amount: Amount, tallest: i128, glyphs: Glyphs) -> char {
    if amount.is_incomplete() {
        return MISSING;
    }
    let tenths = tenths_of(i64::from(Glyphs::SPARK_LEVELS), amount.height(), tallest);
    // More than 0 stands out from 0, however little it is.
    glyphs.spark(usize::try_from(tenths).unwrap_or_default().div_ceil(10))
}

#[cfg(test)]
mod tests {
    use ark_usage_model::State;

    use super::*;

    fn amounts(values: &[i64]) -> Vec<Amount> {
        let missing = Amount { value: None, state: State::Missing };
        let known = |value: i64| Amount { value: Some(i128::from(value)), state: State::Final };
        values.iter().map(|value| if *value < 0 { missing } else { known(*value) }).collect()
    }

    #[test]
    fn missing_is_not_zero_and_little_is_not_nothing() {
        let amounts = amounts(&[0, 1, 500, 1_000, -1, 700]);
        assert_eq!(sparkline(&amounts, 10, Glyphs::Blocks), "▁▂▅█-▆");
        assert_eq!(sparkline(&amounts, 10, Glyphs::Ascii), "0147-5");
    }

    #[test]
    fn more_buckets_than_columns_are_put_together() {
        assert_eq!(sparkline(&amounts(&[1, 1, 2, 2, -1, 4, 2]), 4, Glyphs::Ascii), "47-7");
        assert_eq!(sparkline(&amounts(&[0, 0]), 3, Glyphs::Blocks), "▁▁");
        assert_eq!(sparkline(&[], 3, Glyphs::Blocks), "");
    }
}
