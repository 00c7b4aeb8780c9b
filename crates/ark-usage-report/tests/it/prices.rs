//! Prices printed and read back, with costs worked out in integers.

use ark_usage_model::{Metric, MetricTable};
use ark_usage_report::prices::{PricedValue, Prices};
use ark_usage_report::{ReportError, SourceFile};
use damaged_input::damaged_text;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::value_of;

const PRICES: &str = "currency = \"CNY\"\nper = 1000\n\n[[price]]\nmodel = \"doubao-pro\"\n\
     metric = \"PromptTokens\"\nprice = 0.0008\nvalid_from = 2024-05-15\n\n\
     [[price]]\nmetric = \"PromptTokens\"\nprice = \"0.001\"\n";

fn read(text: &str) -> Result<Prices, ReportError> {
    Prices::read(SourceFile { flag: "--prices", name: "given.toml", text }, &TimeZone::UTC)
}

/// A price as digits and the position of its point, for ten to the power of `per` tokens.
#[derive(Clone, Copy, Debug)]
struct WrittenPrice {
    digits: i128,
    point: usize,
    per: usize,
}

/// Writes digits with so many of them behind the point, and no zero that is not needed.
fn decimal(digits: i128, point: usize) -> String {
    let digits = format!("{digits:0>width$}", width = point + 1);
    let (whole, rest) = digits.split_at(digits.len() - point);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

fn cost(prices: &Prices, metric: &str, value: i128) -> Option<String> {
    let metric = Metric::from(metric);
    let priced =
        PricedValue { start: 0, metric: &metric, endpoint_id: None, labels: None, model: None };
    let cost = prices.cost(&priced, value, &MetricTable::default());
    cost.amounts.get("CNY").map(ToString::to_string)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn costs_are_exact(
        prices in prop::collection::btree_map(
            prop::sample::select(&["PromptTokens", "CompletionTokens", "x"][..]),
            (1..1_000_000_i128, 0..7_usize, 0..10_usize)
                .prop_map(|(digits, point, per)| WrittenPrice { digits, point, per }),
            1..4,
        ),
        value in 0..1_000_000_000_i128,
        quotes: bool,
    ) {
        let quote = if quotes { "'" } else { "" };
        let rule = |(metric, price): (&&str, &WrittenPrice)| {
            let amount = decimal(price.digits, price.point);
            let per = price.per;
            format!("[[price]]\nmetric = '{metric}'\nprice = {quote}{amount}{quote}\nper = 1e{per}\n")
        };
        let text = format!("currency = 'CNY'\n{}", prices.iter().map(rule).collect::<String>());
        let list = read(&text).unwrap();
        for (metric, WrittenPrice { digits, point, per }) in prices {
            prop_assert_eq!(cost(&list, metric, value), Some(decimal(digits * value, point + per)));
        }
        prop_assert_eq!(cost(&list, "y", value), None);
    }

    #[test]
    fn damaged_prices_are_refused_or_read_in_one_way(text in damaged_text(&[PRICES])) {
        if let Some(prices) = value_of(read(&text), "--prices given.toml") {
            // A comment changes nothing, and a price list has no price without a table.
            prop_assert_eq!(&read(&format!("{text}\n# the end")).unwrap(), &prices);
            prop_assert!(text.contains("price"));
            let one = cost(&prices, "PromptTokens", 1);
            let ten = cost(&prices, "PromptTokens", 10);
            prop_assert_eq!(one.and_then(|one| ten_times(&one)), ten);
        }
    }
}

/// Moves the point of a decimal by one.
fn ten_times(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{rest}0").parse().ok()?;
    Some(decimal(digits, rest.len()))
}
