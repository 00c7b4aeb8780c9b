//! Tables of `GetInferenceUsage` in every spelling that clients have met: read alike, or reported.

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::{DimensionFilter, Tags, Target, UsageReport, Window};
use serde_json::{Map, Value, json};

use crate::support::inference::{read, table};
use crate::support::*;

static ACTION: GetInferenceUsageAction = GetInferenceUsageAction;

fn by_key() -> Target {
    let group = DimensionFilter { key: Tags::API_KEY_ID.to_owned(), values: Vec::new() };
    Target { filters: vec![group], ..target() }
}

/// Runs a query whose responses are changed.
fn changed(window: Window, change: impl Fn(&mut Value)) -> UsageReport {
    let server = move |exchange: &ark_usage_model::Exchange, _| {
        let mut result = table(&read(exchange));
        change(&mut result);
        Ok(success(&result))
    };
    Scenario { action: &ACTION, ..Scenario::new(by_key(), window, server) }.run().report
}

fn names(result: &Value) -> Vec<String> {
    let fields = result["Fields"].as_array().unwrap();
    fields.iter().map(|field| field["Name"].as_str().unwrap().to_owned()).collect()
}

/// Changes every cell of a column.
fn each(result: &mut Value, column: &str, change: impl Fn(&str) -> Value) {
    let at = names(result).iter().position(|name| name == column).unwrap();
    for row in result["Data"].as_array_mut().unwrap() {
        row[at] = change(row[at].as_str().unwrap());
    }
}

fn rows_as_objects(result: &Value) -> Vec<Value> {
    let names = names(result);
    let row = |row: &Value| {
        let cells = row.as_array().unwrap().clone();
        Value::Object(names.iter().cloned().zip(cells).collect::<Map<_, _>>())
    };
    result["Data"].as_array().unwrap().iter().map(row).collect()
}

fn reverse_columns(result: &mut Value) {
    result["Fields"].as_array_mut().unwrap().reverse();
    for row in result["Data"].as_array_mut().unwrap() {
        row.as_array_mut().unwrap().reverse();
    }
}

fn add_column(result: &mut Value, field: Value, cell: &Value) {
    result["Fields"].as_array_mut().unwrap().insert(1, field);
    for row in result["Data"].as_array_mut().unwrap() {
        row.as_array_mut().unwrap().insert(1, cell.clone());
    }
}

type Change = fn(&mut Value);

#[test]
fn every_spelling_is_read_alike() {
    let spellings: [(&str, Change); 16] = [
        ("numbers", |it| each(it, "InputTokens", |cell| json!(cell.parse::<i64>().unwrap()))),
        ("floats", |it| each(it, "InputTokens", |cell| json!(cell.parse::<f64>().unwrap()))),
        ("names alone", |it| it["Fields"] = json!(names(it))),
        ("no types", |it| {
            it["Fields"] = names(it).iter().map(|name| json!({"Name": name})).collect();
        }),
        ("FieldName", |it| {
            it["Fields"] = names(it).iter().map(|name| json!({"FieldName": name})).collect();
        }),
        ("rows", |it| {
            it["Rows"] = it["Data"].take();
        }),
        ("rows beside null", |it| {
            it["Rows"] = it["Data"].take();
            it["Data"] = Value::Null;
        }),
        ("values", |it| {
            let rows = it["Data"].as_array().unwrap().iter();
            it["Data"] = rows.map(|row| json!({"Values": row})).collect();
        }),
        ("objects", |it| it["Data"] = json!(rows_as_objects(it))),
        ("objects alone", |it| {
            it["Data"] = json!(rows_as_objects(it));
            it.as_object_mut().unwrap().remove("Fields");
        }),
        ("other order", reverse_columns),
        ("count as text", |it| it["DataCount"] = json!(it["DataCount"].to_string())),
        ("no count", |it| drop(it.as_object_mut().unwrap().remove("DataCount"))),
        ("other letters", |it| {
            let text = it["Fields"].to_string().replace("ApikeyID", "ApiKeyID");
            it["Fields"] = serde_json::from_str(&text).unwrap();
        }),
        ("unknown members", |it| it["Warning"] = json!({"a": [1]})),
        ("null for nothing", |it| {
            each(it, "ApikeyID", |cell| if cell.is_empty() { Value::Null } else { json!(cell) });
        }),
    ];
    for window in [days(3), hours(30)] {
        let plain = changed(window, |_| {});
        assert!(plain.coverage.complete && plain.warnings.is_empty(), "{:?}", plain.warnings);
        for (name, change) in spellings {
            let other = changed(window, change);
            assert_eq!(other.series, plain.series, "{name}");
            assert!(other.warnings.is_empty(), "{name}: {:?}", other.warnings);
        }
    }
}

#[test]
fn hours_in_every_spelling_are_read_alike() {
    let plain = changed(hours(30), |_| {});
    let padded = |it: &mut Value| each(it, "Hour", |cell| json!(format!("{cell:0>2}")));
    let clock = |it: &mut Value| each(it, "Hour", |cell| json!(format!("{cell:0>2}:00")));
    let number = |it: &mut Value| each(it, "Hour", |cell| json!(cell.parse::<i64>().unwrap()));
    let dated = |it: &mut Value| {
        let names = names(it);
        let place = |name: &str| names.iter().position(|other| other == name).unwrap();
        let (day, hour) = (place("Day"), place("Hour"));
        for row in it["Data"].as_array_mut().unwrap() {
            let text = |cell: &Value| cell.as_str().unwrap().to_owned();
            row[hour] = json!(format!("{} {:0>2}:00", text(&row[day]), text(&row[hour])));
        }
    };
    let spellings: [&dyn Fn(&mut Value); 4] = [&padded, &clock, &number, &dated];
    for change in spellings {
        let other = changed(hours(30), change);
        assert_eq!((&other.series, &other.warnings), (&plain.series, &plain.warnings));
    }
}

#[test]
fn a_column_of_the_project_names_it() {
    let field = || json!({"Name": "ProjectName", "Type": "STRING"});
    let report = changed(days(1), |it| add_column(it, field(), &json!("search")));
    assert!(report.coverage.complete && report.warnings.is_empty());
    let rows = report.rows(0);
    assert!(!rows.is_empty());
    assert!(
        rows.iter().all(|row| row.project.as_deref() == Some("search") && row.other.is_empty())
    );
}

#[test]
fn unknown_columns_are_kept_as_tags_or_metrics() {
    let report = changed(days(1), |it| {
        add_column(it, json!({"Name": "Region", "Type": "STRING"}), &json!("cn"));
        add_column(it, json!({"Name": "AudioSeconds", "Type": "BIGINT"}), &json!("7"));
        add_column(it, json!("ToolCalls"), &json!(2));
        add_column(it, json!("Tier"), &json!("gold"));
        add_column(it, json!({"Name": "WindowMaxInputTokens", "Type": "BIGINT"}), &json!("32000"));
    });
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    assert_eq!((total(&report, "AudioSeconds"), total(&report, "ToolCalls")), (Some(21), Some(6)));
    let row = &report.rows(0)[0];
    let tags: Vec<_> =
        row.other.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(tags, [("Region", "cn"), ("Tier", "gold"), ("WindowMaxInputTokens", "32000")]);
}

#[test]
fn cells_without_a_value_are_unknown() {
    for nothing in [json!(""), json!(null)] {
        let report = changed(days(2), |it| each(it, "CacheTokensHit", |_| nothing.clone()));
        assert_eq!(total(&report, "CacheTokensHit"), None);
        assert!(total(&report, "InputTokens").is_some() && !report.coverage.complete);
        assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    }
}

#[test]
fn a_column_that_is_absent_is_unknown_and_named() {
    let report = changed(days(2), |it| {
        let at = names(it).iter().position(|name| name == "CacheTokensHit").unwrap();
        it["Fields"].as_array_mut().unwrap().remove(at);
        for row in it["Data"].as_array_mut().unwrap() {
            row.as_array_mut().unwrap().remove(at);
        }
    });
    assert_eq!(total(&report, "CacheTokensHit"), None);
    assert_eq!(warnings(&report), ["absent_column"]);
    assert!(report.warnings[0].message.contains("CacheTokensHit"), "{:?}", report.warnings);
}

/// The only warning of a report, with words that it has to name.
fn assert_warned(report: &UsageReport, code: &str, words: &[&str]) {
    assert_eq!(warnings(report), [code], "{:?}", report.warnings);
    let message = &report.warnings[0].message;
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
}

#[test]
fn a_cell_that_cannot_be_read_names_its_column() {
    for cell in [json!("12x"), json!("1.5"), json!(true), json!([1]), json!("99999999999999999999")]
    {
        let report = changed(days(1), |it| each(it, "OutputTokens", |_| cell.clone()));
        assert_warned(&report, "unreadable_cell", &["OutputTokens", "3 times"]);
        assert_eq!(total(&report, "OutputTokens"), None);
        assert!(total(&report, "InputTokens").is_some());
    }
    for cell in [json!("2024-02-30"), json!(""), json!(20_241_119)] {
        let report = changed(days(1), |it| each(it, "Day", |_| cell.clone()));
        assert_warned(&report, "unreadable_row", &["Day", "ignored"]);
    }
    for cell in [json!("24"), json!(""), json!("x")] {
        let report = changed(hours(24), |it| each(it, "Hour", |_| cell.clone()));
        assert_warned(&report, "unreadable_row", &["Hour", "ignored"]);
    }
}

#[test]
fn rows_are_counted() {
    for count in [json!(7), json!("7")] {
        let report = changed(days(1), |it| it["DataCount"] = count.clone());
        assert_warned(&report, "row_count", &["7", "3"]);
        assert!(report.coverage.complete, "the rows count all the same");
    }
    let report = changed(days(1), |it| *it = json!({"DataCount": 3}));
    assert_warned(&report, "row_count", &["3", "0"]);
    assert_eq!(total(&report, "InputTokens"), None, "unknown, and not 0");
}

#[test]
fn rows_of_other_days_are_dropped_and_reported() {
    for (day, other) in [("2024-11-19", "2024-11-18"), ("2024-11-21", "2024-11-22")] {
        let report = changed(days(3), |it| {
            each(it, "Day", |cell| json!(if cell == day { other } else { cell }));
        });
        assert_warned(&report, "outside_range", &["outside"]);
        assert!(!report.coverage.complete);
    }
}

#[test]
fn a_repeated_row_is_counted_once_and_reported() {
    let repeat = |it: &mut Value| {
        let rows = it["Data"].as_array_mut().unwrap();
        rows.push(rows[0].clone());
        it["DataCount"] = json!(rows.len());
    };
    let plain = changed(days(2), |_| {});
    let report = changed(days(2), repeat);
    assert_eq!(report.series, plain.series);
    assert_warned(&report, "repeated_row", &["twice", "counted once"]);
}

#[test]
fn rows_of_another_length_are_ignored_and_reported() {
    for extra in [true, false] {
        let report = changed(days(1), |it| {
            let row = it["Data"][0].as_array_mut().unwrap();
            if extra { row.push(json!("1")) } else { drop(row.pop()) }
        });
        assert_warned(&report, "row_length", &["cells", "columns"]);
    }
}

#[test]
fn an_account_without_usage_has_no_values() {
    for result in [json!(null), json!({}), json!({"DataCount": 0, "Fields": [], "Data": []})] {
        let report = changed(days(1), |it| *it = result.clone());
        assert!(report.warnings.is_empty() && report.series.is_empty(), "{result}");
    }
    let empty = changed(days(1), |it| {
        it["Data"] = json!([]);
        it["DataCount"] = json!(0);
    });
    assert!(empty.warnings.is_empty() && empty.series.is_empty());
}

#[test]
fn a_negative_cell_is_missing_and_a_row_with_two_values_of_a_column_is_an_error() {
    let report = changed(days(1), |it| each(it, "InputTokens", |_| json!("-5")));
    assert!(warnings(&report).contains(&"unreadable_value"), "{:?}", report.warnings);
    let points = |metric: &str| -> usize {
        let lines = report.series.iter().filter(|line| line.metric.as_str() == metric);
        lines.map(|line| line.points.len()).sum()
    };
    assert!(points("InputTokens") == 0 && points("OutputTokens") > 0);

    let run = |twice: &str| {
        let twice = twice.to_owned();
        let server = move |exchange: &ark_usage_model::Exchange, _| {
            let mut result = table(&read(exchange));
            result["Data"] = json!(rows_as_objects(&result));
            let response = success(&result);
            let text = String::from_utf8(response.into_body()).unwrap();
            let again = text.replacen("\"InputTokens\":", &format!("{twice}\"InputTokens\":"), 1);
            assert_ne!(again, text);
            Ok(http::Response::new(again.into_bytes()))
        };
        Scenario { action: &ACTION, ..Scenario::new(by_key(), days(1), server) }.run().report
    };
    let report = run("\"InputTokens\":\"123456789\",");
    let error = report.calls[0].error.as_ref().unwrap().to_string();
    assert!(error.contains("two values of the column InputTokens"), "{error}");
    assert_eq!(run("\"InputTokens\":null,").calls[0].error, None);
}
