//! The price that applies, and what is refused.

use ark_usage_model::{MetricInfo, Unit};

use super::*;

const EXAMPLE: &str = r#"
currency = "CNY"
per = 1_000_000

[[price]]
metric = "PromptTokens"
price = 1

[[price]]
metric = "PromptTokens"
model = "doubao-pro"
price = 0.8

[[price]]
metric = "PromptTokens"
model = "doubao-pro/250101"
price = 0.7

[[price]]
metric = "PromptTokens"
label = { team = "search" }
price = 0.6

[[price]]
metric = "PromptTokens"
endpoint_id = "ep-1"
price = "0.0005"
per = 1e3

[[price]]
metric = "PromptTokens"
endpoint_id = "ep-1"
price = 4e-1
valid_from = 2024-11-19
currency = "USD"
"#;

fn read(text: &str) -> Result<Prices, ReportError> {
    let source = SourceFile { flag: "--prices", name: "p.toml", text };
    Prices::read(source, &TimeZone::get("Asia/Shanghai").unwrap())
}

#[test]
fn a_currency_of_the_site_is_that_of_prices_without_one() {
    let read = |text: &str, currency| {
        let source = SourceFile { flag: "--prices", name: "p.toml", text };
        Prices::read_with(source, &TimeZone::UTC, currency)
    };
    let bare = "per = 1\n[[price]]\nmetric = \"A\"\nprice = 1\n";
    assert!(read(bare, None).is_err());
    assert_eq!(read(bare, Some("USD")).unwrap().currencies(), BTreeSet::from(["USD"]));
    let both = "[[price]]\nmetric = \"B\"\nprice = 1\ncurrency = \"CNY\"\n";
    let prices = read(&format!("{bare}{both}"), Some("USD")).unwrap();
    assert_eq!(prices.currencies(), BTreeSet::from(["CNY", "USD"]));
    let own = format!("currency = \"EUR\"\n{bare}");
    assert_eq!(read(&own, Some("USD")).unwrap().currencies(), BTreeSet::from(["EUR"]));
}

/// The cost of a million prompt tokens.
fn cost(start: i64, endpoint: Option<&str>, team: Option<&str>, model: Option<&str>) -> String {
    let metric = Metric::PROMPT_TOKENS;
    let labels = team.map(|team| BTreeMap::from([("team".to_owned(), team.to_owned())]));
    let priced = PricedValue {
        start,
        metric: &metric,
        endpoint_id: endpoint,
        labels: labels.as_ref(),
        model,
    };
    let cost = read(EXAMPLE).unwrap().cost(&priced, 1_000_000, &MetricTable::default());
    let (currency, amount) = cost.amounts.first_key_value().unwrap();
    format!("{amount} {currency}")
}

/// 2024-11-19 00:00 in Shanghai.
const NEW_PRICE: i64 = 1_731_945_600;

#[test]
fn the_most_specific_price_applies() {
    let model = Some("doubao-pro/250101");
    assert_eq!(cost(0, None, None, None), "1 CNY");
    assert_eq!(cost(0, None, None, Some("doubao-lite/1")), "1 CNY");
    assert_eq!(cost(0, None, None, Some("doubao-pro/240101")), "0.8 CNY");
    assert_eq!(cost(0, None, None, Some("doubao-pro")), "0.8 CNY");
    assert_eq!(cost(0, None, None, model), "0.7 CNY");
    assert_eq!(cost(0, Some("ep-2"), Some("search"), model), "0.6 CNY");
    assert_eq!(cost(0, Some("ep-2"), Some("chat"), model), "0.7 CNY");
    assert_eq!(cost(0, Some("ep-1"), Some("search"), model), "0.5 CNY");
}

#[test]
fn a_price_holds_from_its_day_on() {
    assert_eq!(cost(NEW_PRICE - 1, Some("ep-1"), None, None), "0.5 CNY");
    assert_eq!(cost(NEW_PRICE, Some("ep-1"), None, None), "0.4 USD");
}

#[test]
fn usage_without_a_price_is_unpriced() {
    let prices = read(EXAMPLE).unwrap();
    let metric = Metric::COMPLETION_TOKENS;
    let priced = PricedValue {
        start: 0,
        metric: &metric,
        endpoint_id: Some("ep-1"),
        labels: None,
        model: None,
    };
    assert_eq!(prices.cost(&priced, 0, &MetricTable::default()), Cost::unpriced());
    let metric = Metric::PROMPT_TOKENS;
    let too_many = PricedValue { metric: &metric, ..priced };
    assert_eq!(prices.cost(&too_many, i128::MAX, &MetricTable::default()), Cost::unpriced());
}

/// The costs of 1,000 input tokens, the cached ones among them, output tokens and a peak.
fn declared_costs(prices: &str) -> [(Vec<String>, usize); 4] {
    const INPUT: Metric = Metric::from_static("Input");
    const CACHED: Metric = Metric::from_static("Cached");
    const PEAK: Metric = Metric::from_static("Peak");
    static METRICS: [MetricInfo; 3] = [
        MetricInfo::new(INPUT, Unit::Tokens),
        MetricInfo::part(CACHED, Unit::Tokens, INPUT),
        MetricInfo::level(PEAK, Unit::Tokens),
    ];
    let prices = read(&format!("currency = \"CNY\"\nper = 1000\n{prices}")).unwrap();
    [INPUT, CACHED, Metric::from("Output"), PEAK].map(|metric| {
        let (endpoint_id, labels, model) = (Some("ep-1"), None, None);
        let priced = PricedValue { start: 0, metric: &metric, endpoint_id, labels, model };
        let cost = prices.cost(&priced, 1_000, &MetricTable::new(&METRICS));
        let amounts = cost.amounts.iter().map(|(currency, amount)| format!("{amount} {currency}"));
        (amounts.collect(), cost.unpriced)
    })
}

fn price(metric: &str, price: &str) -> String {
    format!("[[price]]\nmetric = \"{metric}\"\nprice = {price}\n")
}

#[test]
fn a_part_is_not_charged_beside_its_whole() {
    let known = |amount: &str| (vec![amount.to_owned()], 0);
    let unpriced = || (Vec::new(), 1);
    let [input, cached, output, _] = declared_costs(&price("Input", "0.8"));
    assert_eq!((input, cached, output), (known("0.8 CNY"), (Vec::new(), 0), unpriced()));
    let [input, cached, ..] = declared_costs(&price("Cached", "0.2"));
    assert_eq!((input, cached), (unpriced(), known("0.2 CNY")));
    let both = price("Input", "0.8") + &price("Cached", "0.2");
    let [input, cached, ..] = declared_costs(&both);
    assert_eq!((input, cached), (known("0.8 CNY"), known("-0.6 CNY")));
    // An endpoint's own price of the whole counts for the part as well; currencies stay apart.
    let own = both + &price("Input", "1") + "endpoint_id = \"ep-1\"\ncurrency = \"USD\"\n";
    let [input, cached, ..] = declared_costs(&own);
    let amounts = vec!["0.2 CNY".to_owned(), "-1 USD".to_owned()];
    assert_eq!((input, cached), (known("1 USD"), (amounts, 0)));
}

#[test]
fn a_level_has_no_cost() {
    let [.., peak] = declared_costs(&price("Peak", "0.1"));
    assert_eq!(peak, (Vec::new(), 1));
    let [.., peak] = declared_costs(&price("Peak", "0"));
    assert_eq!(peak, (vec!["0 CNY".to_owned()], 0));
}

#[test]
fn mistakes_are_named_with_file_line_and_key() {
    let head = "currency = \"CNY\"\nper = 1000\n[[price]]\nmetric = \"A\"\n";
    let cases = [
        ("", "line 1: no price found"),
        ("[[price]\n", "line 1"),
        ("price = 1\n", "line 1: key price: must be a list of tables"),
        ("[[price]]\nprice = 1\n", "line 1: [[price]] has no key metric"),
        ("[[price]]\nmetric = \"A\"\nprice = 1\n", "line 1: [[price]] has no key per"),
        (
            "per = 1\n[[price]]\nmetric = \"A\"\nprice = 1\n",
            "line 2: [[price]] has no key currency",
        ),
        ("{}", "line 3: [[price]] has no key price"),
        ("{}price = -1\n", "line 5: key price.price: -1 is not a price"),
        ("{}price = \"free\"\n", "line 5: key price.price: free is not a number"),
        ("{}price = inf\n", "line 5: key price.price: inf is not a number"),
        ("{}price = 1\nper = 500\n", "line 6: key price.per: 500 is not a power of ten"),
        (
            "{}price = 1\ncurrency = \"yuan\"\n",
            "line 6: key price.currency: yuan is not a currency code",
        ),
        ("{}price = 1\nvalid_from = \"May\"\n", "line 6: key price.valid_from: May is not a date"),
        ("{}price = 1\nvalid_from = 2024-01-01T00:00:00Z\n", "line 6: key price.valid_from"),
        ("{}price = 1\nendpoint = \"ep-1\"\n", "line 6: unknown key price.endpoint"),
        ("{}price = 1\nlabel = \"a\"\n", "line 6: key price.label: must be a table of texts"),
        (
            "{}price = 1\nmodel = \"m\"\nendpoint_id = \"e\"\n",
            "line 3: key price.endpoint_id, label",
        ),
    ];
    for (text, what) in cases {
        let text = text.replace("{}", head);
        let shown = read(&text).unwrap_err().in_full();
        assert!(shown.contains("--prices p.toml ") && shown.contains(what), "{text}: {shown}");
    }
}

#[test]
fn two_prices_of_the_same_are_refused_with_both_lines() {
    let same = "per = 1\ncurrency = \"CNY\"\n[[price]]\nmetric = \"A\"\nprice = 1\n[[price]]\nmetric = \"A\"\nprice = 2\n";
    let shown = read(same).unwrap_err().in_full();
    assert!(shown.contains("line 6: duplicate of the price on line 3"), "{shown}");
    let labels = same
        .replace("price = 1", "price = 1\nlabel = { team = \"a\" }")
        .replace("price = 2", "price = 2\nlabel = { env = \"b\" }");
    let shown = read(&labels).unwrap_err().in_full();
    assert!(shown.contains("line 7: label env here and label team on line 3"), "{shown}");
    let dated = same.replace("price = 2", "price = 2\nvalid_from = 2024-01-01");
    assert!(read(&dated).is_ok());
}
