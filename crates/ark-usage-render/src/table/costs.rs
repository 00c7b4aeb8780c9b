//! The columns of costs: one for each currency, because currencies are never added up.

use super::NOTHING;
use crate::Answer;
use crate::grid::Cell;
use ark_usage_report::Lang;
use ark_usage_report::prices::{Cost, Money};
use ark_usage_report::text;

/// The columns of costs.
#[derive(Clone, Debug, Default)]
pub(super) struct CostColumns {
    /// Currencies; one without a name when prices were given and none applies. None without prices.
    currencies: Vec<Option<String>>,
    /// The digits behind the point of an amount; all when none are named.
    round: Option<u32>,
}

impl CostColumns {
    /// Returns the columns of an answer.
    pub(super) fn of(answer: &Answer<'_>, round: Option<u32>) -> Self {
        let Some(costs) = &answer.view.costs else { return Self::default() };
        let mut currencies: Vec<_> = costs.total.amounts.keys().cloned().map(Some).collect();
        if currencies.is_empty() {
            currencies.push(None);
        }
        Self { currencies, round }
    }

    /// Returns the title of the columns.
    pub(super) fn titles(&self, lang: Lang) -> impl Iterator<Item = Cell> {
        self.currencies.iter().map(move |currency| {
            let name = currency.as_deref().unwrap_or_default();
            let title = text!("cost {name}", "费用 {name}");
            Cell::number(title.in_lang(lang).trim_end())
        })
    }

    /// Returns a cell for each currency. A sum that lacks unpriced values has a `+` behind it.
    pub(super) fn cells(&self, cost: &Cost) -> impl Iterator<Item = Cell> {
        let more = if cost.unpriced > 0 { "+" } else { "" };
        self.currencies.iter().map(move |currency| {
            let amount = currency.as_ref().and_then(|name| cost.amounts.get(name));
            let rounded =
                |amount: Money| self.round.map_or(amount, |places| amount.rounded(places));
            let shown = amount.map(|amount| format!("{}{more}", in_threes(rounded(*amount))));
            Cell::amount(shown.as_deref().unwrap_or(NOTHING))
        })
    }
}

/// `1234567.0125` as `1,234,567.0125`: every digit of an amount, those before the point in threes.
pub(crate) fn in_threes(amount: Money) -> String {
    let text = amount.to_string();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text.as_str(), String::new()),
    };
    match whole.parse::<i128>() {
        // A negative amount below 1 keeps its sign.
        Ok(number) if number != 0 => {
            format!("{}{fraction}", ark_usage_report::chart_data::grouped(number))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_digit() {
        let cases =
            [("1234567.0125", "1,234,567.0125"), ("0.8", "0.8"), ("12", "12"), ("1000", "1,000")];
        for (written, shown) in cases {
            assert_eq!(
                in_threes(Money::new(ark_usage_report::decimal::decimal(written).unwrap())),
                shown
            );
        }
    }
}
