//! Rules as they are written, periods, and verdicts.

use jiff::tz::TimeZone;

use super::*;
use crate::error::ReportError;
use crate::lang::Lang;
use crate::toml_file::SourceFile;

fn read(text: &str) -> Result<Vec<BudgetRule>, ReportError> {
    read_file(SourceFile { flag: "--rules", name: "b.toml", text })
}

#[test]
fn limits_are_exact_however_they_are_written() {
    for written in [
        "1e9",
        "1_000_000_000",
        "1000000000",
        "\"1.0e9\"",
        "0.1e10",
        "\"1G\"",
        "\"1B\"",
        "\"1,000,000,000\"",
        "'10亿'",
    ] {
        let text = format!("[[budget]]\nmetric = \"total\"\nperiod = \"week\"\nhard = {written}\n");
        let rules = read(&text).unwrap();
        assert_eq!(rules[0].hard, Some(1_000_000_000), "{written}");
        assert_eq!(rules[0].counted, MetricSelector::Total);
        assert_eq!(rules[0].name, "total/week");
    }
    let rule = read_flag("PromptTokens=1.5e9/month").unwrap();
    assert_eq!((rule.hard, rule.period), (Some(1_500_000_000), Period::Month));
    assert_eq!(rule.name, "PromptTokens/month");
    for limit in ["20G", "20B", "20,000,000,000", "2e10", "20_000_000_000", "200亿", "20 G"] {
        let rule = read_flag(&format!("PromptTokens={limit}/month")).unwrap();
        assert_eq!(rule.hard, Some(20_000_000_000), "{limit}");
    }
}

#[test]
fn a_limit_that_needs_quotes_says_so() {
    let head = "[[budget]]\nmetric = \"A\"\nperiod = \"day\"\nhard = ";
    for limit in ["20,000,000,000", "20G", "2.5B", "20亿", "1,000"] {
        let shown = read(&format!("{head}{limit} # tokens\n")).unwrap_err().in_full();
        assert!(shown.contains("--rules b.toml line 4"), "{shown}");
        assert!(shown.contains(&format!("put it in quotes: hard = \"{limit}\"")), "{shown}");
    }
}

#[test]
fn everything_a_rule_can_say() {
    let text = "[[budget]]\nname = \"chat\"\nmetric = \"PromptTokens\"\nproject = \"chatbot\"\n\
        endpoint_id = \"ep-1\"\nperiod = \"day\"\nsoft = 5\nhard = 6\n\
        [[budget]]\nmetric = \"PromptTokens\"\nlabel = { team = \"search\" }\nperiod = \"day\"\nsoft = 5\n";
    let rules = read(text).unwrap();
    assert_eq!(rules[0].endpoint_id(), Some("ep-1"));
    assert_eq!((rules[0].soft, rules[0].hard), (Some(5), Some(6)));
    assert_eq!(rules[1].label(), Some(("team", "search")));
    assert_eq!(rules[1].name, "PromptTokens/day team=search");
    assert_eq!(rules[1].place, RuleOrigin::File { path: "b.toml".to_owned(), line: 9 });
}

#[test]
fn mistakes_are_named_with_file_line_and_key() {
    let head = "[[budget]]\nmetric = \"A\"\nperiod = \"day\"\n";
    let cases = [
        ("", "line 1: no budget found"),
        ("[[budgets]]\n", "line 1: unknown key budgets"),
        ("[[budget]]\nhard = 1\n", "line 1: [[budget]] has no key metric"),
        ("[[budget]]\nmetric = \"A\"\nhard = 1\n", "line 1: [[budget]] has no key period"),
        ("{}", "line 1: [[budget]] has no key hard"),
        ("{}hard = 1.5\n", "line 4: key budget.hard: 1.5 is not a whole number"),
        ("{}hard = -1\n", "line 4: key budget.hard: -1 is not a whole number"),
        ("{}hard = true\n", "line 4: key budget.hard: must be a number"),
        ("{}hard = 0x10\n", "line 4: key budget.hard: must be a number"),
        ("{}hard = 1\nsoft = 2\n", "line 5: key budget.soft: 2 is greater than hard"),
        ("{}hard = 1\nlimit = 2\n", "line 5: unknown key budget.limit"),
        ("{}hard = 1\nlabel = { }\n", "line 5: key budget.label: must be a table of texts"),
        ("{}hard = 1\nlabel = { a = \"b\", c = \"d\" }\n", "line 1: key budget.endpoint_id, label"),
        ("{}hard = 1\n{}hard = 2\n", "line 5: budget A/day is already defined on line 1"),
        ("[[budget]]\nmetric = \"A\"\nperiod = \"year\"\nhard = 1\n", "line 3: key budget.period"),
    ];
    for (text, what) in cases {
        let shown = read(&text.replace("{}", head)).unwrap_err().in_full();
        assert!(shown.contains("--rules b.toml ") && shown.contains(what), "{text}: {shown}");
    }
    for value in ["", "A", "A=1", "A=1/year", "=1/day", "A=x/day", "A=1.5/day", "A=1/day/2"] {
        let shown = read_flag(value).unwrap_err().in_full();
        assert!(shown.contains(&format!("--max {value}:")), "{shown}");
    }
}

#[test]
fn periods_are_those_of_the_zone() {
    let around = |period: Period, zone: &str| {
        let now = "2024-11-19T18:00:00Z".parse().unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let span = period.around(now, &zone).unwrap();
        let shown = |unix| {
            let at = jiff::Timestamp::from_second(unix).unwrap().to_zoned(zone.clone());
            at.strftime("%m-%d %H:%M").to_string()
        };
        format!("{} … {}", shown(span.start), shown(span.end))
    };
    assert_eq!(around(Period::Day, "UTC"), "11-19 00:00 … 11-20 00:00");
    assert_eq!(around(Period::Day, "Asia/Shanghai"), "11-20 00:00 … 11-21 00:00");
    assert_eq!(around(Period::Week, "Asia/Shanghai"), "11-18 00:00 … 11-25 00:00");
    assert_eq!(around(Period::Month, "Asia/Shanghai"), "11-01 00:00 … 12-01 00:00");
}

/// A day of 100 seconds, in buckets of 10.
const SPAN: PeriodSpan = PeriodSpan { start: 1_000, end: 1_100 };
const NOW: i64 = 1_040;

fn cell(start: i64, value: Option<i128>, state: State) -> Cell {
    Cell { start, end: start + 10, value, state }
}

fn judged(cells: &[Cell], complete: bool) -> BudgetStatus {
    let rule = BudgetRule { soft: Some(80), ..read_flag("A=100/day").unwrap() };
    evaluate(&rule, SPAN, cells, complete, NOW)
}

#[test]
fn partial_usage_over_a_limit_exceeds_it() {
    let cells = |value| [cell(1_000, Some(value), State::Final)];
    let verdict = |value, complete| judged(&cells(value), complete).verdict;
    assert_eq!(verdict(80, true), BudgetVerdict::Within);
    assert_eq!(verdict(81, true), BudgetVerdict::SoftExceeded);
    assert_eq!(verdict(100, true), BudgetVerdict::SoftExceeded);
    assert_eq!(verdict(101, true), BudgetVerdict::HardExceeded);
    assert_eq!(verdict(101, false), BudgetVerdict::HardExceeded);
    assert_eq!(verdict(1, false), BudgetVerdict::Unknown);
    assert_eq!(verdict(81, false), BudgetVerdict::Unknown);
    assert!(judged(&cells(81), false).over_soft && !judged(&cells(80), false).over_soft);
    assert_eq!(judged(&[], true).verdict, BudgetVerdict::Unknown);
    assert_eq!(judged(&[], true).used, None);
}

#[test]
fn partial_usage_over_a_soft_limit_exceeds_it() {
    let rule = BudgetRule { soft: Some(80), hard: None, ..read_flag("A=100/day").unwrap() };
    let finding =
        |value| evaluate(&rule, SPAN, &[cell(1_000, Some(value), State::Final)], false, NOW);
    assert_eq!(finding(81).verdict, BudgetVerdict::SoftExceeded);
    assert!(!finding(81).complete);
    assert_eq!(finding(80).verdict, BudgetVerdict::Unknown);
}

#[test]
fn usage_that_was_not_received_is_missing_and_within_nothing() {
    let cells = |value| [cell(1_000, Some(value), State::Final)];
    for (value, complete, state, ahead) in [
        (8, true, State::Final, Some(BudgetVerdict::Within)),
        (8, false, State::Missing, None),
        (9, false, State::Missing, Some(BudgetVerdict::SoftExceeded)),
        (11, false, State::Missing, Some(BudgetVerdict::HardExceeded)),
    ] {
        let finding = judged(&cells(value), complete);
        assert_eq!((finding.state, finding.forecast_verdict), (state, ahead), "{value} {complete}");
    }
}

#[test]
fn the_forecast_uses_settled_buckets_only() {
    let cells = [
        cell(990, Some(1_000), State::Final),
        cell(1_000, Some(3), State::Final),
        cell(1_000, Some(4), State::Final),
        cell(1_010, None, State::Missing),
        cell(1_020, Some(9), State::Final),
        cell(1_020, Some(50), State::Settling),
        cell(1_030, Some(4), State::Final),
    ];
    let finding = judged(&cells, true);
    assert_eq!(finding.used, Some(70));
    assert_eq!(finding.state, State::Missing);
    let forecast = finding.forecast.unwrap();
    assert_eq!((forecast.settled_value, forecast.settled_seconds), (11, 20));
    // 11 · 100 / 20 is 55; 70 are used already, and the remaining 60 seconds add 33.
    assert_eq!((forecast.value, forecast.remaining_seconds), (103, 60));
    assert!(finding.heads_over);
    let faster = judged(&[cell(1_000, Some(11), State::Final)], true);
    assert_eq!(faster.forecast.unwrap().value, 110);
    assert!(faster.heads_over && faster.verdict == BudgetVerdict::Within);
}

#[test]
fn the_forecast_counts_the_rest_of_the_last_day() {
    let last = [cell(1_000, Some(90), State::Final), cell(1_090, Some(4), State::Settling)];
    let last = [Cell { end: 1_090, ..last[0] }, last[1]];
    let at = |now| {
        let rule = read_flag("A=100/day").unwrap();
        evaluate(&rule, SPAN, &last, true, now).forecast.unwrap().value
    };
    // One token a second: what is used, and the seconds that remain; never less than the rate alone.
    assert_eq!([at(1_094), at(1_092), at(1_098), at(1_100), at(2_000)], [100, 102, 100, 100, 100]);
    let busy = [last[0], Cell { value: Some(12), ..last[1] }];
    let rule = read_flag("A=100/day").unwrap();
    let finding = evaluate(&rule, SPAN, &busy, true, 1_096);
    assert_eq!(finding.forecast.unwrap().value, 106);
    assert_eq!(finding.verdict, BudgetVerdict::HardExceeded);
}

#[test]
fn the_forecast_has_a_verdict_of_its_own() {
    let judged_at = |value| judged(&[cell(1_000, Some(value), State::Final)], true);
    let verdict = |value| judged_at(value).forecast_verdict;
    assert_eq!(verdict(8), Some(BudgetVerdict::Within));
    assert_eq!(verdict(9), Some(BudgetVerdict::SoftExceeded));
    assert_eq!(verdict(11), Some(BudgetVerdict::HardExceeded));
    assert_eq!(judged_at(11).verdict, BudgetVerdict::Within);
    assert_eq!(judged(&[], true).forecast_verdict, None);
}

#[test]
fn nothing_settled_is_no_forecast() {
    assert_eq!(judged(&[cell(1_000, Some(5), State::Settling)], true).forecast, None);
}

#[test]
fn shares_of_a_limit_are_rounded_down() {
    let percent =
        |value: i128, limit: &str| read_flag(&format!("A={limit}/day")).unwrap().percent(value);
    for (used, of, shown) in [(0, "7", "0.0"), (999, "1000", "99.9"), (9_999, "10000", "99.9")] {
        assert_eq!(percent(used, of).unwrap(), shown);
    }
    assert_eq!(percent(3_000, "2").unwrap(), "150000.0");
    assert_eq!(percent(1, "0"), None);
}

/// Takes the comment signs off lines that are examples themselves.
fn with_every_rule(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rule) if rule.starts_with(|sign: char| sign == '[' || sign.is_ascii_lowercase()) => {
            format!("{rule}\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_example_is_a_file_of_rules_in_both_languages() {
    let numbers = |text: &str| {
        let rules = read(text).unwrap();
        rules
            .into_iter()
            .map(|rule| (rule.counted, rule.period, rule.soft, rule.hard))
            .collect::<Vec<_>>()
    };
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| example().in_lang(lang).to_owned());
    assert_eq!((numbers(&en).len(), numbers(&en)), (2, numbers(&zh)));
    let (en, zh) = (with_every_rule(&en), with_every_rule(&zh));
    assert_eq!((numbers(&en).len(), numbers(&en)), (5, numbers(&zh)));
}

#[test]
fn the_hint_of_a_flag_has_its_own_number_and_metric() {
    for (value, flag) in [
        ("total=20G", "write --max total=20G/month;"),
        ("total=20G/year", "write --max total=20G/month;"),
        ("Total=20G/Month", "write --max total=20G/month;"),
        ("35G", "write --max total=35G/month;"),
        ("35G/年", "write --max total=35G/month;"),
        ("output=20 G/days", "write --max 'output=20 G/day';"),
        ("PromptTokens=200亿/周", "write --max PromptTokens=200亿/week;"),
        ("=1/day", "write --max total=1/day;"),
        ("A=1/day/2", "write --max A=1/day;"),
        ("nonsense", "write --max PromptTokens=20G/month;"),
    ] {
        let shown = read_flag(value).unwrap_err().in_full();
        assert!(shown.contains(flag), "{value}: {shown}");
    }
}

#[test]
fn a_metric_that_no_action_declares_is_refused() {
    use crate::view::action_fit::NamedAction;
    use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
    use ark_usage_model::get_usage::GetUsageAction;
    let all = [
        NamedAction { name: "usage", action: &GetUsageAction },
        NamedAction { name: "inference", action: &GetInferenceUsageAction },
    ];
    let refused = |rule: &BudgetRule| rule.check_metric(&GetUsageAction, &all).err();
    for value in ["total=1/day", "input=1/day", "CompletionTokens=1/day"] {
        assert!(refused(&read_flag(value).unwrap()).is_none(), "{value}");
    }
    for (value, words) in [
        ("tokens=20G/month", "did you mean --max total=20G/month?"),
        ("completiontokens=2 G/day", "did you mean --max 'CompletionTokens=2 G/day'?"),
        ("总=20G/month", "did you mean --max total=20G/month?"),
        ("cost=20G/month", "budgets count tokens, not money"),
        ("requests=20G/month", "GetUsage has no requests\nadd --api inference"),
    ] {
        let shown = refused(&read_flag(value).unwrap()).unwrap().in_full();
        assert!(shown.contains(&format!("--max {value}: ")) && shown.contains(words), "{shown}");
    }
    let text = "\n[[budget]]\nmetric = \"Prompt\"\nperiod = \"day\"\nhard = 1\n";
    let shown = refused(&read(text).unwrap()[0]).unwrap().in_full();
    assert!(shown.contains("--rules b.toml line 2: unknown metric Prompt"), "{shown}");
    assert!(shown.contains("did you mean metric = \"input\"?"), "{shown}");
}
