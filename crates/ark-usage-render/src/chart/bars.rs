//! Bars: one line each, as long as the amount is large.

use super::glyphs::{Glyphs, MISSING};
use ark_usage_report::chart_data::{Amount, tenths_of};

/// Draws a bar of at most `width` columns, where `largest` would fill all of them. Values that
/// may still change are drawn lighter; missing ones are `-`.
pub(crate) fn bar(amount: Amount, largest: i128, width: usize, glyphs: Glyphs) -> String {
    use ark_usage_model::State;
    if amount.value.is_none() {
        return MISSING.to_string();
    }
    let settled = amount.state == State::Final;
    let eighths = eighths(amount.height(), largest, width);
    let (full, rest) = (eighths / 8, eighths % 8);
    let mut text: String = std::iter::repeat_n(glyphs.full(settled), full).collect();
    match glyphs.partial(rest).filter(|_| settled) {
        Some(part) => text.push(part),
        // No parts of a cell: half a cell counts as one, and so does the little there is.
        None if rest >= 4 || (full == 0 && rest > 0) => text.push(glyphs.full(settled)),
        None => {}
    }
    if amount.is_incomplete() {
        text.push(MISSING);
    }
    text
}

/// A length in eighths of a column; what is more than 0 is never drawn as nothing.
fn eighths(value: i128, largest: i128, width: usize) -> usize {
    let length = i64::try_from(width.saturating_mul(8)).unwrap_or(i64::MAX);
    let tenths = tenths_of(length, value, largest);
    let rounded = (tenths + 5) / 10;
    usize::try_from(rounded.max(i64::from(value > 0))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ark_usage_model::State;

    use super::*;

    fn drawn(value: Option<i128>, state: State, glyphs: Glyphs) -> String {
        bar(Amount { value, state }, 80, 10, glyphs)
    }

    #[test]
    fn eighths_of_a_column() {
        let of = |value| drawn(Some(value), State::Final, Glyphs::Blocks);
        assert_eq!([of(80), of(9), of(1), of(0)], ["██████████", "█▏", "▏", ""]);
        assert_eq!(of(-5), "");
        assert_eq!(of(1_000), "██████████");
    }

    #[test]
    fn states_differ_without_colour() {
        let of = |value, state| drawn(value, state, Glyphs::Blocks);
        assert_eq!(of(Some(20), State::Settling), "▒▒▒");
        assert_eq!(of(None, State::Missing), "-");
        assert_eq!(of(Some(20), State::Missing), "▒▒▒-");
    }

    #[test]
    fn ascii_alone() {
        let of = |value, state| drawn(value, state, Glyphs::Ascii);
        assert_eq!(of(Some(20), State::Final), "###");
        assert_eq!(of(Some(19), State::Final), "##");
        assert_eq!(of(Some(1), State::Final), "#");
        assert_eq!(of(Some(16), State::Settling), "::");
    }
}
