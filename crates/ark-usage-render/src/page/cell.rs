//! Small elements that several sections share.

use ark_usage_model::State;
use maud::{Markup, html};

use ark_usage_report::Lang;
use ark_usage_report::chart_data::{Amount, grouped, percent};
use ark_usage_report::view::state_name;

/// A number to the last digit, with a mark when it may still change or some of it is missing.
/// The sign of a missing value, which is not 0.
pub(super) fn number(amount: Amount, lang: Lang) -> Markup {
    html! {
        // Before the number, so that digits are aligned.
        @if amount.state != State::Final || amount.value.is_none() {
            (sign(amount.state, lang)) " "
        }
        @match amount.value {
            Some(value) => data value=(value) { (grouped(value)) },
            None => span class="none" { "–" },
        }
    }
}

/// The sign of a state, for cells of tables; screen readers read its name, and a tooltip shows it.
fn sign(state: State, lang: Lang) -> Markup {
    html! {
        span class={ "sign " (state.name()) } title=(state_name(state, lang)) {
            span aria-hidden="true" { (letter(state)) }
            span class="unseen" { (state_name(state, lang)) }
        }
    }
}

fn letter(state: State) -> &'static str {
    match state {
        State::Final => "●",
        State::Settling => "◐",
        State::Missing => "○",
    }
}

/// The meaning of the signs of a table, as far as they occur.
pub(super) fn signs(amounts: impl IntoIterator<Item = Amount>, lang: Lang) -> Markup {
    let (settling, missing) = found(amounts);
    html! {
        @if settling || missing {
            p class="legend" {
                @for (state, occurs) in [(State::Settling, settling), (State::Missing, missing)] {
                    @if occurs { span { (letter(state)) " " (meaning(state, lang)) } }
                }
            }
        }
    }
}

/// Returns two flags: some value may still change, and some value is missing.
fn found(amounts: impl IntoIterator<Item = Amount>) -> (bool, bool) {
    amounts.into_iter().fold((false, false), |(settling, missing), amount| {
        (settling || amount.state == State::Settling, missing || amount.is_incomplete())
    })
}

/// A state, and what it means for a number.
fn meaning(state: State, lang: Lang) -> String {
    let name = state_name(state, lang);
    match state {
        State::Final => name.to_owned(),
        State::Settling => {
            lang.pick(format!("{name}: may still change"), format!("{name}：可能还会变化"))
        }
        State::Missing => lang.pick(
            format!("{name}: not received, which is not 0"),
            format!("{name}：缺失，并不是 0"),
        ),
    }
}

/// A state, with a sign that does not need its colour.
pub(super) fn badge(state: State, lang: Lang) -> Markup {
    html! {
        span class={ "badge " (state.name()) } {
            span aria-hidden="true" { (letter(state)) } " " (state_name(state, lang))
        }
    }
}

/// A change with its sign, or the word for an unknown one.
pub(super) fn change(change: Option<i128>) -> Markup {
    html! {
        @match change {
            Some(change) => data value=(change) { (signed(change)) },
            None => span class="none" { "–" },
        }
    }
}

/// A change in percent of the previous value; none when that is 0 or missing.
pub(super) fn change_percent(change: Option<i128>, before: Option<i128>) -> String {
    let percent = change.zip(before).and_then(|(change, before)| percent(change, before));
    let text = percent.unwrap_or_else(|| "–".to_owned());
    if change > Some(0) && text != "–" { format!("+{text}") } else { text.replace('-', "−") }
}

/// `+1,234` or `−1,234`.
pub(super) fn signed(change: i128) -> String {
    let sign = if change > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(change)).replace('-', "−")
}

/// The names of a table's columns.
pub(super) fn head(columns: &[(&str, Align)]) -> Markup {
    html! {
        thead {
            tr {
                @for (name, align) in columns {
                    @match align {
                        Align::Text => th scope="col" { (name) },
                        Align::Number => th scope="col" class="n" { (name) },
                        Align::Picture => {
                            th scope="col" class="wide-cell" { span class="unseen" { (name) } }
                        }
                    }
                }
            }
        }
    }
}

/// The content of a column, which decides its alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Text,
    Number,
    /// A bar; its heading is for screen readers only.
    Picture,
}

/// A table that scrolls inside its own frame, also by keyboard.
pub(super) fn scrolling(label: &str, table: &Markup) -> Markup {
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(label) { (table) }
    }
}

/// The meaning of the hatchings of pictures, as far as they occur.
pub(super) fn legend(amounts: impl IntoIterator<Item = Amount>, tone: usize, lang: Lang) -> Markup {
    let (settling, missing) = found(amounts);
    html! {
        @if settling || missing {
            p class="legend" {
                span { span class={ "swatch swatch" (tone) } {} (meaning(State::Final, lang)) }
                @if settling {
                    span { span class={ "swatch hatch" (tone) } {} (meaning(State::Settling, lang)) }
                }
                @if missing { span { span class="swatch gap" {} (meaning(State::Missing, lang)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_carries_its_mark() {
        let of = |value, state| number(Amount { value, state }, Lang::En).into_string();
        assert_eq!(of(Some(1_234), State::Final), "<data value=\"1234\">1,234</data>");
        assert!(of(Some(0), State::Settling).contains("settling"));
        assert!(of(None, State::Missing).ends_with("<span class=\"none\">–</span>"));
    }

    #[test]
    fn changes_have_signs() {
        assert_eq!(signed(1_000), "+1,000");
        assert_eq!(signed(-1_000), "−1,000");
        assert_eq!(signed(0), "0");
        assert_eq!(change_percent(Some(1), Some(8)), "+12.5%");
        assert_eq!(change_percent(Some(-1), Some(8)), "−12.5%");
        assert_eq!(change_percent(Some(5), Some(0)), "–");
        assert_eq!(change_percent(None, Some(0)), "–");
    }
}
