//! Every document about history, by its numbers and its words.

use ark_usage_model::{Interval, State};
use ark_usage_report::Lang;
use ark_usage_report::range::{Range, RangeInput, RangeSpec, parse_zone, resolve};
use serde_json::{Value, json};

use super::*;
use crate::{QueryEcho, QueryScope, Screen};

const DAY: i64 = 1_731_945_600;
const HOUR: i64 = 3_600;

fn range() -> Range {
    let zone = parse_zone("Asia/Shanghai").unwrap();
    let hours = RangeInput::Between { start: "2024-11-19".into(), end: Some("2024-11-19".into()) };
    let now = "2024-11-25T00:00:00Z".parse().unwrap();
    let spec = RangeSpec::new(&hours, &zone, "Asia/Shanghai", now);
    resolve(&RangeSpec { rows: Some(Interval::Hour), ..spec }).unwrap()
}

fn usage() -> KeptUsage {
    KeptUsage {
        account_id: "2100000001".into(),
        api: "GetUsage".into(),
        project: Some("search".into()),
        ..KeptUsage::default()
    }
}

fn read(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_sync_is_one_line_or_a_document() {
    let range = range();
    let missing = [Unsynced {
        account_id: "2100000001".into(),
        project: Some("search".into()),
        endpoint_ids: vec!["ep-1".into(), "ep-2".into()],
        start: DAY,
        end: DAY + 2 * HOUR,
        reason: "deadline".into(),
    }];
    let mut synced = Synced {
        range: &range,
        query: QueryEcho::new("GetUsage", QueryScope::default()),
        history: "history.db",
        accounts: &[SyncedAccount { account_id: "2100000001".into(), profile: None }],
        calls: 12,
        points: PointCounts { new: 1_234, revised: 5, unchanged: 70 },
        missing: &missing,
        revised_after_final: 1,
        generated_at: DAY,
        warnings: &[],
    };
    let line = synced.line();
    let counts = "12 calls; 1,234 new, 5 revised, 70 unchanged; 4 hours missing";
    assert!(line.in_lang(Lang::En).ends_with(counts), "{line:?}");
    assert!(line.in_lang(Lang::Zh).ends_with("新增 1,234，修订 5，未变 70；缺 4 小时"), "{line:?}");
    let document = read(&synced.json().unwrap());
    assert_eq!(document["points"], json!({"new": 1_234, "revised": 5, "unchanged": 70}));
    assert_eq!(document["missing"][0]["end"], "2024-11-19T02:00:00+08:00");
    assert_eq!((&document["calls"], &document["revised_after_final"]), (&json!(12), &json!(1)));
    synced.missing = &[];
    synced.calls = 1;
    assert!(synced.line().in_lang(Lang::En).contains("1 call; "));
    assert!(synced.line().in_lang(Lang::En).ends_with("nothing missing"));
}

#[test]
fn a_former_value_is_a_line_in_every_format() {
    let range = range();
    let former = |value, state| FormerValue { value, fetched_at: DAY + HOUR, state };
    let values = [RevisedValue {
        usage: KeptUsage { endpoint_id: Some("ep-1".into()), ..usage() },
        tags: [("Scene".to_owned(), "Batch".to_owned())].into(),
        metric: "PromptTokens".into(),
        start: DAY,
        end: DAY + HOUR,
        value: 7_000,
        previous: vec![former(5, State::Settling), former(6_000, State::Final)],
    }];
    let revisions = Revisions {
        range: &range,
        history: "h.db",
        only_final: false,
        values: &values,
        generated_at: DAY,
    };
    let document = read(&revisions.json().unwrap());
    let first = &document["revisions"][0];
    assert_eq!((&first["value"], &first["previous"][1]["value"]), (&json!(7_000), &json!(6_000)));
    assert_eq!(first["previous"][0]["state"], "settling");
    let csv = text(revisions.csv().unwrap());
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.contains(",7000,6000,2024-11-19T01:00:00+08:00,final"), "{csv}");
    let table = text(revisions.table(Screen::default(), Lang::En));
    assert!(table.contains("6,000") && table.contains("ep-1"), "{table}");
    let nothing = Revisions { values: &[], ..revisions };
    let empty = text(nothing.table(Screen::default(), Lang::Zh));
    assert!(empty.starts_with("没有数值发生变化：2024-11-19 00:00 … "), "{empty}");
    assert_eq!(text(nothing.csv().unwrap()).lines().count(), 1);
}

#[test]
fn a_row_has_the_same_keys_in_both_formats() {
    let range = range();
    let (usage, tags) = (usage(), BTreeMap::new());
    let row = KeptRow {
        usage: &usage,
        tags: &tags,
        metric: "PromptTokens",
        start: DAY,
        end: DAY + HOUR,
        value: 5,
        state: State::Final,
        fetched_at: DAY + 3 * HOUR,
    };
    let rows = |csv| KeptRows { range: &range, csv };
    let line = text(rows(false).line(&row).unwrap());
    let document: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
    let header = text(rows(true).header().unwrap());
    let mut columns: Vec<&str> = header.trim_end().split(',').collect();
    assert!(columns.iter().all(|name| line.contains(&format!("\"{name}\":"))), "{line}");
    columns.sort_unstable();
    let mut keys: Vec<&String> = document.keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, columns);
    let cells = text(rows(true).line(&row).unwrap());
    assert_eq!(cells.trim_end().split(',').count(), columns.len());
    assert!(rows(false).header().unwrap().is_empty());
}

#[test]
fn the_status_counts_what_is_not_kept() {
    let range = range();
    let series = SeriesStatus {
        usage: usage(),
        profile: Some("work".into()),
        interval: Interval::Hour,
        endpoints: 3,
        points: 1_000,
        start: DAY,
        end: DAY + 24 * HOUR,
        settling: 1,
        gaps: vec![KeptGap { start: DAY + HOUR, end: DAY + 6 * HOUR }],
        last_sync: Some(DAY + 24 * HOUR),
        next: NextSync { buckets: 8, start: Some(DAY + HOUR) },
    };
    let mut status = HistoryStatus {
        range: &range,
        history: "history.db",
        size_bytes: 1_234_567_890,
        series: std::slice::from_ref(&series),
        generated_at: DAY,
    };
    let document = read(&status.json().unwrap());
    let first = &document["series"][0];
    assert_eq!(first["gaps"][0]["end_unix"], DAY + 6 * HOUR);
    assert_eq!(first["next_sync"], json!({"buckets": 8, "start": "2024-11-19T01:00:00+08:00"}));
    let table = text(status.table(Screen::default(), Lang::En));
    assert!(table.contains("1,234.6 MB") && table.contains("1,000"), "{table}");
    status.series = &[];
    assert!(text(status.table(Screen::default(), Lang::Zh)).contains("还没有保存任何数据"));
}

#[test]
fn a_check_fails_only_where_final_sums_differ() {
    let range = range();
    let check = |verdict| HistoryCheck {
        check: "endpoints",
        usage: usage(),
        metric: "PromptTokens".into(),
        start: DAY,
        end: DAY + HOUR,
        whole: 10,
        parts: 7,
        verdict,
    };
    let of = |open: &[HistoryCheck], damage: &[String]| {
        let history = "history.db";
        let (range, generated_at) = (&range, DAY);
        let verified =
            VerifiedHistory { range, history, damage, checks: 9, equal: 8, open, generated_at };
        let document = read(&verified.json().unwrap());
        let table = text(verified.table(Screen::default(), Lang::En));
        (verified.has_passed(), document, table)
    };
    let (passed, document, table) = of(&[check(HistoryVerdict::Unattributed)], &[]);
    assert!(passed && table.contains("9 checks: 8 equal") && table.contains("-3"), "{table}");
    assert_eq!(document["checks"][0]["difference"], -3);
    assert_eq!(document["summary"]["unattributed"], 1);
    assert!(of(&[check(HistoryVerdict::Settling)], &[]).0);
    assert!(!of(&[check(HistoryVerdict::Differs)], &[]).0);
    let (passed, _, table) = of(&[], &["row 7 missing from index".to_owned()]);
    assert!(!passed && table.contains("the file is damaged") && table.contains("row 7"), "{table}");
}
