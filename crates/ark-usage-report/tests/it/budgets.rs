//! Budgets printed and read back.

use ark_usage_model::Metric;
use ark_usage_report::budget::{
    BudgetRule, BudgetSubject, MetricSelector, Period, RuleOrigin, read_file, read_flag,
};
use ark_usage_report::{ReportError, SourceFile};
use damaged_input::damaged_text;
use proptest::prelude::*;

use crate::{quoted, value_of};

const BUDGETS: &str = "[[budget]]\nname = \"month\"\nmetric = \"PromptTokens\"\nperiod = \"month\"\n\
     soft = 1e9\nhard = 2_000_000_000\nproject = \"a\"\n\n\
     [[budget]]\nmetric = \"total\"\nperiod = \"day\"\nhard = 1e8\nlabel = { team = \"search\" }\n";

/// Characters that TOML has to escape or quote.
const CHARACTERS: [char; 8] = ['"', '\\', '\'', '#', ' ', '=', '密', '\u{1b}'];

fn read(text: &str) -> Result<Vec<BudgetRule>, ReportError> {
    read_file(SourceFile { flag: "--rules", name: "given.toml", text })
}

/// Prints rules as a file, and puts each at the line where it begins.
fn printed(rules: &mut [BudgetRule]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for rule in rules {
        rule.place = RuleOrigin::File { path: "given.toml".to_owned(), line: lines.len() + 1 };
        lines.push("[[budget]]".to_owned());
        lines.push(format!("name = {}", quoted(&rule.name)));
        lines.push(format!("metric = {}", quoted(rule.counted.name())));
        lines.push(format!("period = '{}'", rule.period.name()));
        lines.extend(rule.project.iter().map(|name| format!("project = {}", quoted(name))));
        lines.extend(rule.endpoint_id().map(|id| format!("endpoint_id = {}", quoted(id))));
        let label = rule.label();
        lines.extend(
            label.map(|(key, value)| format!("label = {{ {} = {} }}", quoted(key), quoted(value))),
        );
        lines.extend(rule.soft.map(|limit| format!("soft = {limit}")));
        lines.extend(rule.hard.map(|limit| format!("hard = '{limit}'")));
    }
    lines.join("\n")
}

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&CHARACTERS[..]), 0..6)
        .prop_map(|characters| format!("a{}z", String::from_iter(characters)))
}

fn rule() -> impl Strategy<Value = BudgetRule> {
    let counted = prop_oneof![
        Just(MetricSelector::Total),
        name().prop_map(|name| MetricSelector::One(Metric::from(name.as_str()))),
    ];
    let of = prop_oneof![
        Just(BudgetSubject::Everything),
        name().prop_map(BudgetSubject::Endpoint),
        (name(), name()).prop_map(|(key, value)| BudgetSubject::Label { key, value }),
    ];
    let period = prop::sample::select(&[Period::Day, Period::Week, Period::Month][..]);
    let limits = (prop::option::of(1..i128::from(u64::MAX)), 0..1_000_000_i128, any::<bool>());
    (name(), counted, prop::option::of(name()), of, period, limits).prop_map(
        |(name, counted, project, of, period, (soft, more, hard))| {
            let hard = (hard || soft.is_none()).then(|| soft.unwrap_or(1) + more);
            let place = RuleOrigin::Flag(String::new());
            BudgetRule { name, place, counted, project, of, period, soft, hard }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_are_read_as_printed(mut rules in prop::collection::vec(rule(), 1..5)) {
        for (index, rule) in rules.iter_mut().enumerate() {
            rule.name.push_str(&index.to_string());
        }
        let text = printed(&mut rules);
        prop_assert_eq!(read(&text).unwrap(), rules);
    }

    #[test]
    fn damaged_rules_are_refused_or_mean_what_they_print(text in damaged_text(&[BUDGETS])) {
        if let Some(mut rules) = value_of(read(&text), "--rules given.toml") {
            let text = printed(&mut rules);
            prop_assert_eq!(read(&text).unwrap(), rules, "{}", text);
        }
    }

    #[test]
    fn damaged_flags_are_refused_or_mean_what_they_print(
        text in damaged_text(&["PromptTokens=1e9/month", "total = 2_000 / day"]),
    ) {
        if let Some(rule) = value_of(read_flag(&text), "--max") {
            let hard = rule.hard.unwrap();
            let printed = format!("{}={hard}/{}", rule.counted.name(), rule.period.name());
            let again = BudgetRule { place: rule.place.clone(), ..read_flag(&printed).unwrap() };
            prop_assert_eq!(again, rule);
        }
    }
}
