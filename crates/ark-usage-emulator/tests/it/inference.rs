//! `GetInferenceUsage` and `ListApiKeys`: the sums of `GetUsage`, whatever is grouped, and every shape.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{call, items, values};
use ark_usage_emulator::{Behaviors, CatalogueSize, Emulator, EmulatorOptions};
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;
/// 2024-11-01 00:00 at UTC+8.
const FIRST: i64 = 1_730_390_400;
const NOW: i64 = FIRST + 90 * DAY;
const MEASURES: [&str; 6] =
    ["InputTokens", "CacheTokensHit", "OutputTokens", "ImageCount", "TotalTokens", "ReqCnt"];
const KEYS: [&str; 10] = [
    "ApikeyID",
    "AuthToken",
    "ModelName",
    "ModelVersion",
    "ModelEndpoint",
    "EndpointName",
    "ModelUnitID",
    "BillingStatus",
    "BatchJobID",
    "BatchType",
];

fn emulator(behaviors: &str) -> Emulator {
    let behaviors: Behaviors = behaviors.parse().unwrap();
    Emulator::new(EmulatorOptions { behaviors, ..EmulatorOptions::default() })
}

/// `Result` of the answer to a body.
fn ask(emulator: &Emulator, body: &Value, now: i64) -> Value {
    let (status, answer) = call(emulator, "ark", "GetInferenceUsage", body, now);
    assert_eq!(status, 200, "{answer}");
    answer["Result"].clone()
}

/// The code of the refusal of a body.
fn refused(emulator: &Emulator, body: &Value) -> (u16, String) {
    let (status, answer) = call(emulator, "ark", "GetInferenceUsage", body, NOW);
    (status, answer["ResponseMetadata"]["Error"]["Code"].as_str().unwrap().to_owned())
}

/// The day of November 2024 that many days after the first.
fn day(after: i64) -> String {
    assert!(after < 30);
    format!("2024-11-{:02}", after + 1)
}

fn body(from: i64, to: i64, interval: &str, groups: &[&str]) -> Value {
    let filters: Vec<Value> = groups.iter().map(|key| json!({"Key": key, "Values": []})).collect();
    json!({"StartTime": day(from), "EndTime": day(to), "QueryInterval": interval, "Filters": filters})
}

/// Rows as maps from column to text; `null` is the empty text.
fn rows(result: &Value) -> Vec<BTreeMap<String, String>> {
    let names: Vec<&str> = result["Fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["Name"].as_str().unwrap())
        .collect();
    let row = |row: &Value| {
        let cells = row.as_array().unwrap();
        assert_eq!(cells.len(), names.len());
        let text = |cell: &Value| match cell {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        names.iter().map(|name| (*name).to_owned()).zip(cells.iter().map(text)).collect()
    };
    result["Data"].as_array().unwrap().iter().map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> i64 {
    if row[column].is_empty() { 0 } else { row[column].parse().unwrap() }
}

/// All six measures, added up.
fn sums(result: &Value) -> [i64; 6] {
    MEASURES.map(|measure| rows(result).iter().map(|row| number(row, measure)).sum())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn both_actions_agree_for_every_endpoint_and_bucket(
        seed: u64,
        endpoints in 1_usize..6,
        project in prop::sample::select(vec!["default", "search", "assistant"]),
        from in 0_i64..25,
        days in 0_i64..4,
        hourly: bool,
        // Within the range, and after it.
        now in 0_i64..6 * DAY,
    ) {
        let size = CatalogueSize { projects: 3, endpoints };
        let emulator = Emulator::new(EmulatorOptions { seed, size, ..EmulatorOptions::default() });
        let now = FIRST + from * DAY + now;
        let (interval, seconds) = if hourly { ("Hour", HOUR) } else { ("Day", DAY) };
        let mut request = body(from, from + days, interval, &["ModelEndpoint"]);
        request["ProjectName"] = json!(project);
        let mut of_inference = BTreeMap::new();
        for row in rows(&ask(&emulator, &request, now)) {
            let hour: i64 = row.get("Hour").map_or(0, |hour| hour.parse().unwrap());
            let day: i64 = row["Day"].strip_prefix("2024-11-").unwrap().parse().unwrap();
            let key = (row["ModelEndpoint"].clone(), FIRST + (day - 1) * DAY + hour * HOUR);
            let tokens = (number(&row, "InputTokens"), number(&row, "OutputTokens"));
            if tokens != (0, 0) {
                prop_assert!(of_inference.insert(key, tokens).is_none());
            }
        }
        let listed = json!({"ProjectName": project, "PageSize": 100});
        let (_, listed) = call(&emulator, "ark", "ListEndpoints", &listed, now);
        let mut of_usage = BTreeMap::new();
        for endpoint in listed["Result"]["Items"].as_array().unwrap() {
            let id = endpoint["Id"].as_str().unwrap();
            let last = FIRST + (from + days + 1) * DAY - seconds;
            let body = json!({"ProjectName": project, "EndpointIds": [id], "Interval": seconds,
                "StartTime": FIRST + from * DAY, "EndTime": last});
            let (_, answer) = call(&emulator, "ark", "GetUsage", &body, now);
            let line = |metric| items(&answer, metric).iter().flat_map(values).collect::<Vec<_>>();
            for ((start, input), (_, output)) in line("PromptTokens").into_iter().zip(line("CompletionTokens")) {
                if (input, output) != (0, 0) {
                    of_usage.insert((id.to_owned(), start), (input, output));
                }
            }
        }
        prop_assert_eq!(of_inference, of_usage);
    }

    #[test]
    fn every_grouping_and_every_division_of_the_range_has_equal_sums(
        seed: u64,
        groups in prop::sample::subsequence(KEYS.to_vec(), 0..5),
        from in 0_i64..20,
        days in 1_i64..8,
        cut in 0_i64..8,
        now in 0_i64..9 * DAY,
    ) {
        let emulator = Emulator::new(EmulatorOptions { seed, ..EmulatorOptions::default() });
        let now = FIRST + from * DAY + now;
        let whole = sums(&ask(&emulator, &body(from, from + days, "Day", &[]), now));
        let grouped = ask(&emulator, &body(from, from + days, "Hour", &groups), now);
        prop_assert_eq!(sums(&grouped), whole);
        for row in rows(&grouped) {
            prop_assert!(number(&row, "CacheTokensHit") <= number(&row, "InputTokens"));
            prop_assert!(number(&row, "TotalTokens") >= number(&row, "InputTokens") + number(&row, "OutputTokens"));
        }
        let cut = from + cut.min(days - 1);
        let first = sums(&ask(&emulator, &body(from, cut, "Day", &groups), now));
        let second = sums(&ask(&emulator, &body(cut + 1, from + days, "Hour", &groups), now));
        let both: Vec<i64> = first.iter().zip(second).map(|(one, other)| one + other).collect();
        prop_assert_eq!(both, whole.to_vec());
        // Every row is there once.
        let mut seen = BTreeSet::new();
        for mut row in rows(&grouped) {
            row.retain(|name, _| !MEASURES.contains(&name.as_str()));
            prop_assert!(seen.insert(row));
        }
    }
}

#[test]
fn the_usual_table_is_that_of_the_captures() {
    let result = ask(&emulator(""), &body(18, 18, "Day", &[]), NOW);
    let field = |name: &str, kind: &str| json!({"Name": name, "Type": kind});
    let mut fields = vec![field("AccountID", "BIGINT"), field("Day", "DATE")];
    fields.extend(MEASURES.map(|measure| field(measure, "BIGINT")));
    assert_eq!(result["Fields"], Value::from(fields));
    assert_eq!(result["DataCount"], 1);
    let row = &rows(&result)[0];
    assert_eq!((row["Day"].as_str(), row["AccountID"].as_str()), ("2024-11-19", "2100000001"));
    // The vendor's day.
    assert_eq!(number(row, "InputTokens"), 1_529_525_715);
    assert_eq!(number(row, "OutputTokens"), 40_207_324);
    assert!(
        number(row, "TotalTokens") > 1_529_525_715 + 40_207_324,
        "videos are in the total only"
    );
    assert!(number(row, "ImageCount") > 0 && number(row, "ReqCnt") > 0);
}

#[test]
fn two_group_keys_combine_and_usage_without_a_key_has_an_empty_one() {
    let request = body(0, 29, "Day", &["ApikeyID", "ModelName"]);
    let rows = rows(&ask(&emulator(""), &request, NOW));
    let groups: BTreeSet<_> =
        rows.iter().map(|row| (row["ApikeyID"].as_str(), row["ModelName"].as_str())).collect();
    assert!(groups.len() > 8, "{groups:?}");
    assert!(groups.iter().any(|(key, _)| key.is_empty()));
    let named = groups.iter().filter(|(key, _)| key.starts_with("apikey-")).count();
    let keyless = groups.iter().filter(|(key, _)| key.is_empty()).count();
    assert!(named > 4 && named + keyless == groups.len(), "{groups:?}");
    let images = rows.iter().filter(|row| number(row, "ImageCount") > 0);
    let models: BTreeSet<_> = images.map(|row| row["ModelName"].as_str()).collect();
    assert_eq!(models.into_iter().collect::<Vec<_>>(), ["doubao-seedream-4-0"]);
}

#[test]
fn a_month_of_two_hundred_models_and_keys_comes_in_one_call() {
    let size = CatalogueSize { projects: 1, endpoints: 200 };
    let emulator = Emulator::new(EmulatorOptions { size, ..EmulatorOptions::default() });
    let rows = rows(&ask(&emulator, &body(0, 29, "Day", &["ModelName", "ApikeyID"]), NOW));
    let series: BTreeSet<_> =
        rows.iter().map(|row| (&row["ModelName"], &row["ApikeyID"])).collect();
    assert!(series.len() >= 200, "{}", series.len());
    assert!(rows.len() > 28 * series.len(), "{} rows", rows.len());
}

#[test]
fn filters_hold_together_and_made_up_names_are_ignored() {
    let emulator = emulator("");
    let whole = ask(&emulator, &body(0, 6, "Day", &[]), NOW);
    let mut request = body(0, 6, "Day", &["ModelName"]);
    let by_model = rows(&ask(&emulator, &request, NOW));
    let model = by_model[0]["ModelName"].clone();
    request["Filters"] =
        json!([{"Key": "ModelName", "Values": [model]}, {"Key": "ApikeyID", "Values": [""]}]);
    let keyless = rows(&ask(&emulator, &request, NOW));
    assert!(!keyless.is_empty());
    assert!(keyless.iter().all(|row| row["ModelName"] == model && row["ApikeyID"].is_empty()));
    request["Filters"] = json!([{"Key": "ModelName", "ValueLike": "seedream"}]);
    let like = rows(&ask(&emulator, &request, NOW));
    assert!(
        !like.is_empty() && like.iter().all(|row| row["ModelName"] == "doubao-seedream-4-0"),
        "{like:?}"
    );
    request["Filters"] = json!([{"Key": "ModelName", "Values": ["no-such-model"]}]);
    let none = ask(&emulator, &request, NOW);
    assert_eq!((&none["DataCount"], &none["Data"]), (&json!(0), &json!([])));
    // A typo is silent, and so is a member that does not exist.
    let mut typos = body(0, 6, "Day", &["ModelNam"]);
    typos["ModelName"] = json!("no-such-model");
    typos["GroupByFields"] = json!(["ModelName"]);
    assert_eq!(ask(&emulator, &typos, NOW), whole);
}

#[test]
fn wrong_days_intervals_and_lengths_are_refused() {
    let emulator = emulator("");
    let with = |member: &str, value: Value| {
        let mut body = body(0, 1, "Day", &[]);
        body[member] = value;
        refused(&emulator, &body)
    };
    for (member, value) in [
        ("StartTime", json!("2024-13-01")),
        ("StartTime", json!("2024-11-1")),
        ("EndTime", json!("2024-10-31")),
        ("EndTime", json!("2024-12-01")),
        ("QueryInterval", json!("Week")),
        ("Filters", json!({"Key": "ModelName"})),
    ] {
        assert_eq!(with(member, value), (400, format!("InvalidParameter.{member}")));
    }
    assert_eq!(with("StartTime", Value::Null), (400, "MissingParameter.StartTime".to_owned()));
    assert_eq!(with("ProjectName", json!("nope")), (404, "NotFound.ProjectName".to_owned()));
    let mut both = body(0, 1, "Day", &[]);
    both["ShowWindowDetail"] = json!(true);
    assert!(ask(&emulator, &both, NOW)["Fields"].to_string().contains("WindowMatchOrder"));
    both["SplitByWindows"] = json!(true);
    assert_eq!(refused(&emulator, &both).1, "InvalidParameter.SplitByWindows");
}

/// The answer for an hour and a group, under some behaviors.
fn shaped(behaviors: &str) -> Value {
    ask(&emulator(behaviors), &body(18, 18, "Hour", &["ModelName"]), NOW)
}

#[test]
fn columns_and_rows_have_every_form() {
    let usual = shaped("");
    let names: Vec<&str> =
        usual["Fields"].as_array().unwrap().iter().map(|it| it["Name"].as_str().unwrap()).collect();
    assert_eq!(shaped("inference-fields=strings")["Fields"], json!(names));
    assert_eq!(shaped("inference-fields=field-name")["Fields"][0]["FieldName"], "AccountID");
    assert_eq!(shaped("inference-fields=lower-case")["Fields"][0]["name"], "AccountID");
    let nothing = shaped("inference-fields=none");
    assert_eq!(nothing.as_object().unwrap().keys().collect::<Vec<_>>(), ["DataCount"]);

    assert_eq!(shaped("inference-member=rows")["Rows"], usual["Data"]);
    assert_eq!(shaped("inference-rows=values")["Data"][0]["Values"], usual["Data"][0]);
    let object = &shaped("inference-rows=objects")["Data"][0];
    for (name, cell) in names.iter().zip(usual["Data"][0].as_array().unwrap()) {
        assert_eq!(&object[name], cell);
    }
    let reversed = shaped("inference-columns=reversed");
    assert_eq!(rows(&reversed), rows(&usual));
    assert_eq!(reversed["Fields"][0]["Name"], "ReqCnt");

    let count = usual["DataCount"].as_u64().unwrap();
    assert_eq!(shaped("inference-count=text")["DataCount"], json!(count.to_string()));
    assert_eq!(shaped("inference-count=wrong")["DataCount"], json!(count + 1));
    assert_eq!(shaped("inference-count=none").get("DataCount"), None);
    let absent = shaped("inference-absent=CacheTokensHit+ReqCnt").to_string();
    assert!(!absent.contains("CacheTokensHit") && !absent.contains("ReqCnt"));
}

#[test]
fn cells_and_hours_have_every_form() {
    let usual = rows(&shaped(""));
    for cells in ["number", "empty", "null"] {
        let result = shaped(&format!("inference-cells={cells}"));
        assert_eq!(sums(&result), sums(&shaped("")));
        let images = &result["Data"][0].as_array().unwrap()[7];
        let expected = match cells {
            "number" => json!(0),
            "empty" => json!(""),
            _ => Value::Null,
        };
        assert_eq!(images, &expected);
    }
    assert_eq!(usual[0]["Hour"], "0");
    let hour = |form: &str| rows(&shaped(&format!("inference-hour={form}")))[0]["Hour"].clone();
    assert_eq!(hour("padded"), "00");
    assert_eq!(hour("text"), "2024-11-19 00:00");
    let keyless = body(18, 18, "Day", &["ApikeyID"]);
    let null = ask(&emulator("inference-keyless=null"), &keyless, NOW);
    assert_eq!(null["Data"][0][1], Value::Null);
}

#[test]
fn rows_may_be_repeated_divided_added_and_kept() {
    let usual = shaped("");
    let repeated = shaped("inference-duplicates=repeated");
    assert_eq!(sums(&repeated), sums(&usual).map(|sum| 2 * sum));
    assert_eq!(sums(&shaped("inference-duplicates=split")), sums(&usual));
    let days = |behaviors: &str| -> Vec<String> {
        let result = ask(&emulator(behaviors), &body(5, 6, "Day", &[]), NOW);
        rows(&result).iter().map(|row| row["Day"].clone()).collect()
    };
    assert_eq!(days(""), [day(5), day(6)]);
    assert_eq!(days("inference-outside=added"), [day(4), day(5), day(6), day(7)]);
    let kept = shaped("inference-zero-rows=kept");
    assert!(kept["DataCount"].as_u64() > usual["DataCount"].as_u64());
    assert_eq!(sums(&kept), sums(&usual));
    let mut unsorted = rows(&shaped("order=unsorted"));
    assert_ne!(unsorted, rows(&usual));
    unsorted.sort();
    let mut sorted = rows(&usual);
    sorted.sort();
    assert_eq!(unsorted, sorted);
}

#[test]
fn projects_have_a_column_when_they_are_named_or_always_or_never() {
    let mut named = body(5, 5, "Day", &[]);
    named["ProjectName"] = json!("search");
    let has_column = |behaviors: &str, body: &Value| {
        rows(&ask(&emulator(behaviors), body, NOW))[0].contains_key("ProjectName")
    };
    let unnamed = body(5, 5, "Day", &[]);
    assert!(has_column("", &named) && !has_column("", &unnamed));
    assert!(has_column("inference-project-column=always", &unnamed));
    assert!(!has_column("inference-project-column=never", &named));
    let wide = "inference-project=account,inference-project-column=always";
    let projects: Vec<_> = rows(&ask(&emulator(wide), &unnamed, NOW))
        .into_iter()
        .map(|row| row["ProjectName"].clone())
        .collect();
    assert_eq!(projects, ["assistant", "default", "search"]);
}

#[test]
fn groups_plans_lengths_and_the_action_itself_may_be_limited() {
    let request = body(0, 6, "Day", &["BillingStatus", "ModelName"]);
    let first = rows(&ask(&emulator("inference-groups=first"), &request, NOW));
    assert!(!first.is_empty() && first.iter().all(|row| !row.contains_key("ModelName")));
    let statuses = |behaviors: &str| -> BTreeSet<String> {
        let rows = rows(&ask(&emulator(behaviors), &request, NOW));
        rows.into_iter().map(|row| row["BillingStatus"].clone()).collect()
    };
    assert!(statuses("").contains("free_for_coding_plan"));
    assert!(!statuses("inference-plan-tokens=left-out").contains("free_for_coding_plan"));
    let week = "inference-max-days=6";
    assert_eq!(refused(&emulator(week), &request).1, "InvalidParameter.EndTime");
    let gone = (404, "InvalidActionOrVersion".to_owned());
    assert_eq!(refused(&emulator("withdrawn=GetUsage+GetInferenceUsage"), &request), gone);
}

#[test]
fn a_plan_is_left_out_of_either_action() {
    let usage = |behaviors: &str| -> i64 {
        let body = json!({"Interval": DAY, "StartTime": FIRST, "EndTime": FIRST + 6 * DAY});
        let (status, answer) = call(&emulator(behaviors), "ark", "GetUsage", &body, NOW);
        assert_eq!(status, 200, "{answer}");
        items(&answer, "PromptTokens").iter().flat_map(values).map(|(_, value)| value).sum()
    };
    let input = |behaviors: &str, only: &[&str]| {
        let mut request = body(0, 6, "Day", &[]);
        request["Filters"] = json!([{"Key": "BillingStatus", "Values": only}]);
        sums(&ask(&emulator(behaviors), &request, NOW))[0]
    };
    let (all, plan) = (input("", &[]), input("", &["free_for_coding_plan"]));
    assert!(plan > 0 && plan < all);
    assert_eq!(usage(""), all);
    assert_eq!(usage("plan-tokens=left-out"), all - plan);
    assert_eq!(input("inference-plan-tokens=left-out", &[]), all - plan);
    assert_eq!(usage("inference-plan-tokens=left-out"), all);
}

#[test]
fn api_keys_are_listed_in_pages_of_ten_with_texts_that_are_no_keys() {
    let size = CatalogueSize { projects: 2, endpoints: 25 };
    let with = |behaviors: &str| {
        let behaviors = behaviors.parse().unwrap();
        Emulator::new(EmulatorOptions { size, behaviors, ..EmulatorOptions::default() })
    };
    let list = |emulator: &Emulator, body: Value| {
        let (status, answer) = call(emulator, "ark", "ListApiKeys", &body, NOW);
        assert_eq!(status, 200, "{answer}");
        answer["Result"].clone()
    };
    let emulator = with("");
    let mut seen = BTreeSet::new();
    for (page, expected) in [(1, 10), (2, 10), (3, 5), (4, 0)] {
        let result = list(&emulator, json!({"PageNumber": page, "ProjectName": "default"}));
        assert_eq!(result["TotalCount"], 25);
        let items = result["Items"].as_array().unwrap();
        assert_eq!(items.len(), expected);
        for item in items {
            assert!(item["ApiKey"].as_str().unwrap().starts_with("demo-api-key-not-a-real-one-"));
            assert!(!item["Name"].as_str().unwrap().is_empty());
            seen.insert(item["SID"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(seen.len(), 25);
    let usage = rows(&ask(&emulator, &body(0, 6, "Day", &["ApikeyID"]), NOW));
    let mut keys =
        usage.iter().map(|row| &row["ApikeyID"]).filter(|key| !key.is_empty()).peekable();
    assert!(keys.peek().is_some() && keys.all(|key| seen.contains(key)), "{usage:?}");
    let (status, answer) = call(&emulator, "ark", "ListApiKeys", &json!({"PageSize": 11}), NOW);
    let code = &answer["ResponseMetadata"]["Error"]["Code"];
    assert_eq!((status, code), (400, &json!("InvalidParameter.PageSize")));
    let few = list(&with("api-keys-limit=4,api-keys-total=large"), json!({}));
    assert_eq!((few["Items"].as_array().unwrap().len(), &few["TotalCount"]), (4, &json!(75)));
}

#[test]
fn seats_are_listed_with_their_keys_in_clear_text() {
    let emulator = emulator("");
    let list = |body: Value| call(&emulator, "ark", "ListSeatInfos", &body, NOW);
    let (status, answer) = list(json!({"Filter": {}}));
    let seats = answer["Result"]["Data"].as_array().unwrap();
    assert_eq!((status, &answer["Result"]["Total"]), (200, &json!(seats.len())));
    assert!(seats[0]["ApiKey"].as_str().unwrap().starts_with("demo-api-key-not-a-real-one-"));
    let (_, one) = list(json!({"Filter": {"SeatIDs": [seats[1]["SeatID"]]}}));
    assert_eq!(one["Result"]["Data"], json!([seats[1]]));
    let (status, answer) = list(json!({}));
    let code = &answer["ResponseMetadata"]["Error"]["Code"];
    assert_eq!((status, code), (400, &json!("MissingParameter.Filter")));
}
