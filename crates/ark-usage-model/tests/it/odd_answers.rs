//! Strange answers: never a panic, never a wrong number.

use ark_usage_model::{Progress, State};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

fn one_metric(values: Value) -> Value {
    json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [{"Values": values}]}]})
}

fn run(window: ark_usage_model::Window, result: &Value) -> Run {
    Scenario::new(target(), window, |_, _| Ok(success(result))).run()
}

#[test]
fn numbers_in_every_exact_spelling() {
    let values = json!([
        {"Timestamp": DAY0, "Value": "12"},
        {"Timestamp": (DAY0 + DAY).to_string(), "Value": 12.0},
        {"Value": 12, "Timestamp": DAY0 + 2 * DAY, "Unit": "tokens"}]);
    let run = run(days(3), &one_metric(values));
    assert_eq!(values_of(&run), [Some(12), Some(12), Some(12)]);
    assert!(run.report.warnings.is_empty() && run.report.coverage.complete);
}

#[test]
fn a_number_that_is_not_exact_is_missing_with_a_warning() {
    for value in [json!(1.5), json!("1.5"), json!(1e30), json!("lots"), json!(true), json!([1])] {
        let values = json!([
            {"Timestamp": DAY0, "Value": value}, {"Timestamp": DAY0 + DAY, "Value": 5}]);
        let run = run(days(2), &one_metric(values));
        assert_eq!(values_of(&run), [None, Some(5)], "{value}");
        assert_eq!(warnings(&run.report), ["unreadable_value"]);
        assert!(!run.report.coverage.complete);
    }
}

#[test]
fn a_negative_value_is_missing_with_a_warning() {
    for value in [json!(-1), json!("-1"), json!(-12.0), json!(i64::MIN), json!("-1e3")] {
        let values = json!([
            {"Timestamp": DAY0, "Value": value}, {"Timestamp": DAY0 + DAY, "Value": 5}]);
        let run = run(days(2), &one_metric(values));
        assert_eq!(values_of(&run), [None, Some(5)], "{value}");
        assert_eq!(warnings(&run.report), ["unreadable_value"]);
        assert!(!run.report.coverage.complete);
    }
    let zero = json!([{"Timestamp": DAY0, "Value": "-0"}]);
    assert_eq!(values_of(&run(days(1), &one_metric(zero))), [Some(0)]);
}

/// The report of a response whose result is this text.
fn run_text(result: &str) -> Run {
    let body = format!(r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{result}}}"#);
    let body = body.into_bytes();
    Scenario::new(target(), days(1), |_, _| Ok(http::Response::new(body.clone()))).run()
}

#[test]
fn a_value_that_is_there_twice_is_missing_with_a_warning() {
    let result = |sample: &str| {
        format!(
            r#"{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":[{sample}]}}]}}]}}"#
        )
    };
    for (members, value) in [
        (r#""Value":1,"Value":500"#, None),
        (r#""Value":500,"Value":null"#, None),
        (r#""Value":7,"Value":7"#, Some(7)),
    ] {
        let run = run_text(&result(&format!(r#"{{"Timestamp":{DAY0},{members}}}"#)));
        let expected: &[&str] = if value.is_none() { &["unreadable_value"] } else { &[] };
        assert_eq!(warnings(&run.report), expected, "{members}");
        let values = values(&run.report, "PromptTokens");
        assert_eq!(values.iter().find_map(|(_, value)| *value), value, "{members}");
    }
}

#[test]
fn a_field_that_is_there_twice_is_an_error() {
    let line = format!(r#"{{"Values":[{{"Timestamp":{DAY0},"Value":7}}]}}"#);
    let one = |metric: &str| format!(r#"{{"UsageResults":[{metric}]}}"#);
    for (result, field) in [
        (
            format!(r#"{{"UsageResults":[],"UsageResults":[{{"MetricItems":[{line}]}}]}}"#),
            "UsageResults",
        ),
        (one(&format!(r#"{{"Name":"A","MetricItems":[{line}],"Name":"B"}}"#)), "Name"),
        (one(&format!(r#"{{"MetricItems":[{line}],"MetricItems":[],"Name":"A"}}"#)), "MetricItems"),
        (one(r#"{"MetricItems":[{"Values":[],"Tags":[],"Tags":null}],"Name":"A"}"#), "Tags"),
        (one(r#"{"MetricItems":[{"Values":[],"Tags":[],"Values":[]}],"Name":"A"}"#), "Values"),
        (one(r#"{"MetricItems":[{"Tags":[{"Key":"a","Value":"b","Value":"c"}]}]}"#), "Value"),
    ] {
        let run = run_text(&result);
        let error = run.report.calls[0].error.as_ref().unwrap().to_string();
        assert!(error.contains(&format!("duplicate field `{field}`")), "{result}: {error}");
        assert!(run.report.series.is_empty(), "{result}");
    }
    let unread = one(&format!(r#"{{"Name":"A","MetricItems":[{line}],"Note":1,"Note":2}}"#));
    assert_eq!(values(&run_text(&unread).report, "A"), [(0, Some(7))]);
}

#[test]
fn a_null_value_is_no_value() {
    let values = json!([{"Timestamp": DAY0, "Value": null}, {"Timestamp": DAY0 + DAY, "Value": 5}, null, {}]);
    let run = run(days(2), &one_metric(values));
    assert_eq!(values_of(&run), [None, Some(5)]);
    assert!(run.report.warnings.is_empty());
}

#[test]
fn nulls_and_nothing_everywhere_are_nothing() {
    for result in [
        Value::Null,
        json!({}),
        json!({"UsageResults": null}),
        json!({"UsageResults": [null, {}]}),
        json!({"UsageResults": [{"Name": null, "MetricItems": null}]}),
        json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [null]}]}),
        json!({"UsageResults": [{"MetricItems": [{"Tags": null, "Values": null}]}], "More": {}}),
    ] {
        let run = run(days(2), &result);
        assert!(run.report.series.iter().all(|series| series.points.is_empty()), "{result}");
        assert!(!run.report.coverage.failed, "{result}");
        assert!(run.report.rows(i64::MAX).iter().all(|row| row.state == State::Missing));
    }
}

#[test]
fn names_may_follow_and_be_unknown() {
    let text = format!(
        r#"{{"ResponseMetadata":{{}},"Result":{{"Page":1,"UsageResults":[{{"MetricItems":[
            {{"Values":[{{"Value":7,"Timestamp":{DAY0}}}],"Tags":[]}}],"Name":"Pi\u0078els"}}]}}}}"#
    );
    let body = text.into_bytes();
    let run = Scenario::new(target(), days(1), |_, _| Ok(http::Response::new(body.clone()))).run();
    assert_eq!(values(&run.report, "Pixels"), [(0, Some(7))]);
}

#[test]
fn an_undocumented_shape_is_reported_with_the_expected_one() {
    for (result, expected) in [
        (json!(7), "integer `7`, expected the result, an object"),
        (json!({"UsageResults": 7}), "integer `7`, expected the list of metrics"),
        (json!({"UsageResults": [7]}), "integer `7`, expected a metric, an object"),
        (
            json!({"UsageResults": [{"MetricItems": "x"}]}),
            "string \"x\", expected the list of lines",
        ),
        (
            json!({"UsageResults": [{"MetricItems": [true]}]}),
            "boolean `true`, expected a line, an object",
        ),
        (one_metric(json!("x")), "expected a list of values"),
        (one_metric(json!([7])), "integer `7`, expected a value, an object"),
    ] {
        let run = run(days(1), &result);
        let error = run.report.calls[0].error.as_ref().unwrap().to_string();
        assert!(error.contains(expected), "{result}: {error}");
    }
}

#[test]
fn a_warning_says_how_often() {
    let odd = json!({"Timestamp": DAY0, "Value": "lots"});
    let good = json!({"Timestamp": DAY0 + DAY, "Value": 5});
    for (values, end) in [
        (json!([odd, good]), "it was ignored"),
        (json!([odd, odd, odd, good]), "it was ignored (3 times in all)"),
    ] {
        let run = run(days(2), &one_metric(values));
        let message = &run.report.warnings[0].message;
        assert!(message.ends_with(end), "{message}");
    }
}

#[test]
fn received_points_are_counted() {
    let service = Service::new(days(3), 1);
    let run = Scenario::new(target(), days(3), |exchange, _| Ok(service.answer(&exchange.request)));
    // Three days of two metrics.
    assert_eq!(run.run().progress, [Progress::Accepted { points: 6 }]);
}

#[test]
fn unrequested_buckets_are_dropped() {
    let values = json!([
        {"Timestamp": DAY0 - DAY, "Value": 1}, {"Timestamp": DAY0, "Value": 2},
        {"Timestamp": DAY0 + DAY, "Value": 3}]);
    let run = run(days(1), &one_metric(values));
    assert_eq!(values_of(&run), [Some(2)]);
    assert!(run.report.warnings.is_empty());
}

#[test]
fn values_for_other_instants_are_named_with_line_and_instant() {
    for (label, unit) in [
        (DAY0 * 1_000, ", as milliseconds are"),
        (1, ""),
        (DAY0 + 9 * DAY, ""),
        (i64::MAX, ", as milliseconds are"),
        (i64::MIN, ", as milliseconds are"),
    ] {
        let item = json!({"Tags": [{"Key": "EndpointId", "Value": "ep-1"}],
            "Values": [{"Timestamp": label, "Value": 4}, {"Timestamp": DAY0, "Value": 2}]});
        let result = json!({"UsageResults": [{"MetricItems": [item], "Name": "PromptTokens"}]});
        let run = run(days(2), &result);
        assert_eq!(values_of(&run), [Some(2), None], "{label}");
        let message = &run.report.warnings[0].message;
        let words = format!(
            "a response for the default project has PromptTokens of endpoint ep-1 with the \
             timestamp {label}, which is outside the requested range{unit}; it was ignored"
        );
        assert_eq!(run.report.warnings[0].code, "outside_range");
        assert!(message.starts_with(&words), "{message}");
    }
}

#[test]
fn a_number_of_any_size_spoils_its_own_value_alone() {
    let text = |value: &str| {
        format!(
            r#"{{"ResponseMetadata":{{"RequestId":1e999}},"Result":{{"Page":1e400,"UsageResults":[
            {{"Name":"PromptTokens","MetricItems":[{{"Tags":[{{"Key":"EndpointId","Value":1e400}}],
            "Values":[{{"Timestamp":{DAY0},"Value":{value}}},{{"Timestamp":{},"Value":5}}]}}]}}]}}}}"#,
            DAY0 + DAY
        )
    };
    for value in ["1e400", "-1e400", "1e-400", "\"1e-400\"", "1e99999999999999999999"] {
        let body = text(value).into_bytes();
        let run =
            Scenario::new(target(), days(2), |_, _| Ok(http::Response::new(body.clone()))).run();
        assert_eq!(values_of(&run), [None, Some(5)], "{value}");
        let warning = &run.report.warnings[0];
        assert_eq!(warning.code, "unreadable_value", "{value}");
        assert!(warning.message.contains("PromptTokens of endpoint 1e400"), "{}", warning.message);
    }
    for value in ["0e400", "0.0", "0e-400"] {
        let body = text(value).into_bytes();
        let run =
            Scenario::new(target(), days(2), |_, _| Ok(http::Response::new(body.clone()))).run();
        assert_eq!(values_of(&run), [Some(0), Some(5)], "{value}");
    }
}

#[test]
fn an_instant_at_which_no_bucket_starts_is_dropped_and_said() {
    let values = json!([{"Timestamp": DAY0 + 1, "Value": 1}, {"Timestamp": DAY0, "Value": 2}]);
    let run = run(days(1), &one_metric(values));
    assert_eq!(values_of(&run), [Some(2)]);
    assert_eq!(warnings(&run.report), ["unaligned_bucket"]);
}

#[test]
fn one_bucket_twice_in_an_answer() {
    let twice = |one: i64, other: i64| {
        one_metric(json!([
            {"Timestamp": DAY0 + DAY, "Value": 9}, {"Timestamp": DAY0, "Value": one},
            {"Timestamp": DAY0, "Value": other}]))
    };
    let same = run(days(2), &twice(4, 4));
    assert_eq!(values_of(&same), [Some(4), Some(9)]);
    assert!(same.report.warnings.is_empty());
    let differ = run(days(2), &twice(4, 5));
    assert_eq!(values_of(&differ), [Some(5), Some(9)]);
    assert_eq!(warnings(&differ.report), ["contradiction"]);
}

#[test]
fn one_line_twice_in_an_answer_is_one_line() {
    let line = |value: i64| json!({"Values": [{"Timestamp": DAY0, "Value": value}]});
    let result = |one, other| {
        json!({"UsageResults": [
            {"Name": "PromptTokens", "MetricItems": [line(one)]},
            {"Name": "PromptTokens", "MetricItems": [line(other)]}]})
    };
    let same = run(days(1), &result(4, 4));
    assert_eq!(total(&same.report, "PromptTokens"), Some(4));
    let differ = run(days(1), &result(4, 5));
    assert_eq!(total(&differ.report, "PromptTokens"), Some(5));
    assert_eq!(warnings(&differ.report), ["contradiction"]);
}

#[test]
fn two_answers_that_differ_the_later_wins() {
    // A batch of ids is answered with all ids' lines; the second time one of them has grown.
    let mut value = 10;
    let run = Scenario::new(endpoints(["a", "b"]), days(1), |_, _| {
        value += 1;
        let tags = json!([{"Key": "EndpointId", "Value": "a"}]);
        Ok(success(&json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [
            {"Tags": tags, "Values": [{"Timestamp": DAY0, "Value": value}]}]}]})))
    })
    .options(|options| options.max_ids = 1)
    .run();
    assert_eq!(values_of(&run), [Some(12)]);
    assert_eq!(warnings(&run.report), ["revised"]);
}

fn values_of(run: &Run) -> Vec<Option<i64>> {
    values(&run.report, "PromptTokens").into_iter().map(|(_, value)| value).collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..4i64).prop_map(|day| Value::from(DAY0 + day * DAY)),
        "[ -~]{0,6}".prop_map(Value::from),
    ];
    let keys = prop_oneof![
        Just("UsageResults"),
        Just("Name"),
        Just("MetricItems"),
        Just("Tags"),
        Just("Values"),
        Just("Timestamp"),
        Just("Value"),
        Just("Key"),
        Just("Other"),
    ];
    leaf.prop_recursive(6, 64, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((keys.clone(), inner), 0..4).prop_map(|fields| {
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

/// Every exact integer in `json`, however it is spelt.
fn numbers(json: &Value, found: &mut Vec<i64>) {
    match json {
        Value::Number(number) => found.extend(number.as_i64().or_else(|| {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0)?;
            format!("{whole}").parse().ok()
        })),
        Value::String(text) => found.extend(text.trim().parse::<i64>()),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| numbers(field, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_answer_makes_up_a_number(result in any_json()) {
        let run = run(days(2), &result);
        let rows = run.report.rows(i64::MAX);
        prop_assert!(rows.len().is_multiple_of(2));
        let mut received = Vec::new();
        numbers(&result, &mut received);
        for value in rows.iter().filter_map(|row| row.value) {
            prop_assert!(received.contains(&value), "{} is nowhere in {}", value, result);
        }
        let complete = rows.iter().all(|row| row.value.is_some());
        prop_assert!(complete || !run.report.coverage.complete, "missing and unmarked: {}", result);
    }

    #[test]
    fn no_bytes_break_the_machine(body in proptest::collection::vec(any::<u8>(), 0..200), status in 200u16..600) {
        let run = Scenario::new(target(), days(2), |_, _| {
            Ok(http::Response::builder().status(status).body(body.clone()).unwrap())
        }).run();
        prop_assert!(run.report.coverage.failed);
    }
}
