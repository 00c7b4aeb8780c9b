//! Small pictures inside the cells of tables, beside their numbers.

use ark_usage_model::State;
use maud::{Markup, html};

use super::length::Tenths;
use ark_usage_report::chart_data::{Amount, folded, tenths_of};

/// The length of a bar, in units.
const LENGTH: i64 = 100;

/// A bar of a row: its length in proportion to the largest. Its number is in the same row.
pub(crate) fn bar(amount: Amount, largest: i128, tone: usize) -> Markup {
    let length = Tenths(tenths_of(LENGTH, amount.height(), largest));
    let settled = if amount.state == State::Final { "" } else { " light" };
    html! {
        svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class="track" width="100" height="10" {}
            rect class={ "tone" (tone) (settled) } width=(length) height="10" {}
        }
    }
}

/// A difference to either side of a middle line: less to the left, more to the right.
pub(crate) fn difference_bar(difference: i128, largest: i128) -> Markup {
    let size = i128::try_from(difference.unsigned_abs()).unwrap_or(i128::MAX);
    let length = tenths_of(LENGTH / 2, size, largest);
    let middle = LENGTH * 5;
    let x = Tenths(if difference < 0 { middle - length } else { middle });
    let class = if difference < 0 { "less" } else { "more" };
    html! {
        svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class="track" width="100" height="10" {}
            rect class=(class) x=(x) width=(Tenths(length)) height="10" {}
            rect class="middle" x="49.6" width="0.8" height="10" {}
        }
    }
}

/// Most marks of a sparkline.
const MOST_MARKS: usize = 31;

/// A sparkline of a row, bucket by bucket.
pub(crate) fn spark_bars(amounts: &[Amount], tone: usize) -> Markup {
    let (amounts, _) = folded(amounts, MOST_MARKS);
    let tallest = amounts.iter().map(|amount| amount.height()).max().unwrap_or_default();
    let count = i64::try_from(amounts.len()).unwrap_or_default();
    html! {
        svg class="spark" viewBox={ "0 0 " (count * 4) " 20" } preserveAspectRatio="none" aria-hidden="true" {
            @for (x, amount) in (0..).step_by(4).zip(&amounts) {
                @if amount.is_incomplete() {
                    rect class="absent" x=(x) y="9" width="3" height="2" {}
                } @else {
                    @let height = tenths_of(18, amount.height(), tallest).max(5);
                    rect class={ "tone" (tone) (if amount.state == State::Final { "" } else { " light" }) }
                        x=(x) width="3" y=(Tenths(200 - height)) height=(Tenths(height)) {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_go_the_right_way() {
        let half = Amount { value: Some(5), state: State::Settling };
        let text = bar(half, 10, 1).into_string();
        assert!(text.contains("class=\"tone1 light\" width=\"50\""), "{text}");
        let less = difference_bar(-5, 10).into_string();
        assert!(less.contains("class=\"less\" x=\"25\" width=\"25\""), "{less}");
        let more = difference_bar(10, 10).into_string();
        assert!(more.contains("class=\"more\" x=\"50\" width=\"50\""), "{more}");
    }

    #[test]
    fn a_missing_value_has_no_bar_of_length_0() {
        let gone = Amount { value: None, state: State::Missing };
        let text = spark_bars(&[half(), gone], 0).into_string();
        assert_eq!(text.matches("absent").count(), 1, "{text}");
    }

    fn half() -> Amount {
        Amount { value: Some(5), state: State::Final }
    }
}
