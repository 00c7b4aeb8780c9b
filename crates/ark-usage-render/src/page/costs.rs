//! Costs by prices of the reader: a card, and a table for each dimension usage is split by.

use maud::{Markup, html};

use super::breakdown::{columns, keys};
use super::cell::{Align, badge, head, scrolling};
use super::{Breakdown, CostPart, Page};
use crate::table::in_threes;
use ark_usage_report::Lang;
use ark_usage_report::prices::Cost;

/// A card with the sum of each currency.
pub(super) fn card(costs: &CostPart, lang: Lang) -> Markup {
    let unpriced = costs.total.unpriced;
    html! {
        article class="card" {
            h3 { (lang.pick("Cost", "费用")) }
            @if costs.total.amounts.is_empty() { p class="big" { span class="none" { "–" } } }
            @for (currency, amount) in &costs.total.amounts {
                p class="big" {
                    data value=(amount) data-cost=(currency) { (in_threes(*amount)) } " " (currency)
                }
            }
            p class="about" {
                (badge(costs.state, lang))
                span { (lang.pick("by the prices given; not a bill", "按给定价格计算，不是账单")) }
                @if unpriced > 0 {
                    span {
                        (lang.pick(
                            format!("{unpriced} values have no price and are not counted"),
                            format!("{unpriced} 个值没有价格，未计入"),
                        ))
                    }
                }
            }
        }
    }
}

/// A line for each value of a dimension, with a column for each currency.
pub(super) fn breakdown(report: &Page, breakdown: &Breakdown) -> Markup {
    let Some(costs) = &report.costs else { return html! {} };
    let title = report.lang.pick("Cost", "费用");
    html! {
        h3 { (title) }
        (scrolling(title, &table(costs, breakdown, report.lang)))
    }
}

fn table(costs: &CostPart, breakdown: &Breakdown, lang: Lang) -> Markup {
    let currencies: Vec<&str> = costs.total.amounts.keys().map(String::as_str).collect();
    let named = columns(breakdown);
    let mut heads = vec![(named.as_str(), Align::Text)];
    heads.extend(currencies.iter().map(|currency| (*currency, Align::Number)));
    let by = &breakdown.by;
    html! {
        table class="breakdown" {
            caption { (lang.pick(format!("Cost by {by}"), format!("费用（按{by}）"))) }
            (head(&heads))
            tbody {
                @for line in &breakdown.lines {
                    tr {
                        (keys(line))
                        @for currency in &currencies { td class="n" { (amount(line.cost.as_ref(), currency)) } }
                    }
                }
            }
        }
    }
}

/// An amount; with a `+` where some of it has no price.
fn amount(cost: Option<&Cost>, currency: &str) -> String {
    let amount = cost.and_then(|cost| cost.amounts.get(currency));
    let more = if cost.is_some_and(|cost| cost.unpriced > 0) { "+" } else { "" };
    amount.map_or_else(|| "–".to_owned(), |amount| format!("{}{more}", in_threes(*amount)))
}
