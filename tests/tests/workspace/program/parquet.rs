//! Parquet files: a reader of others sees the rows of JSON.

use std::collections::BTreeMap;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use workspace_tests::program::{Sandbox, run};

const WORDS: [&str; 9] =
    ["get", "--demo", "--now", "2024-11-20T04:00:00Z", "--last", "3d", "--by", "model,day", "-q"];

fn rows(sandbox: &Sandbox, file: &str) -> Vec<BTreeMap<String, Field>> {
    let file = std::fs::File::open(sandbox.folder().join(file)).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns().into_iter().collect()).collect()
}

#[test]
fn a_parquet_file_has_the_rows_of_json() {
    let sandbox = Sandbox::new();
    let written = run(sandbox.command(&[&WORDS[..], &["-o", "usage.parquet"]].concat()), "");
    assert_eq!((written.status, written.stdout.as_str()), (Some(0), ""), "{written:?}");
    let json = run(sandbox.command(&[&WORDS[..], &["-f", "json"]].concat()), "");
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let expected = json["rows"].as_array().unwrap();
    let rows = rows(&sandbox, "usage.parquet");
    assert!(rows.len() == expected.len() && rows.len() > 20, "{}", rows.len());
    for (row, expected) in rows.iter().zip(expected) {
        let text = |name: &str| match &row[name] {
            Field::Str(text) => serde_json::json!(text),
            _ => serde_json::Value::Null,
        };
        for name in ["metric", "model", "state", "project", "endpoint_id", "share"] {
            assert_eq!(text(name), expected[name], "{name}");
        }
        assert_eq!(row["value"], Field::Long(expected["value"].as_i64().unwrap()));
        let start = expected["start_unix"].as_i64().unwrap() * 1_000_000;
        assert_eq!(row["start"], Field::TimestampMicros(start));
        assert!(matches!(row["fetched_at"], Field::TimestampMicros(_)), "{row:?}");
    }
    // A file that is not written whole is not there.
    let failed = run(sandbox.command(&["get", "--demo", "--last", "0d", "-o", "no.parquet"]), "");
    assert!(failed.status == Some(2) && !sandbox.folder().join("no.parquet").exists());
}

/// The rows of all files of a folder.
fn rows_of_folder(sandbox: &Sandbox, months: &[&str]) -> Vec<BTreeMap<String, Field>> {
    let file =
        |month: &&str| format!("usage/account_id=2100000001/year=2024/{month}/usage.parquet");
    months.iter().flat_map(|month| rows(sandbox, &file(month))).collect()
}

#[test]
fn a_history_is_a_folder_of_files_whose_sum_is_the_whole() {
    let sandbox = Sandbox::new();
    let ark = |arguments: &[&str]| {
        let more = ["--history", "h.db", "--now", "2024-11-02T12:00:00+08:00"];
        let finished = run(sandbox.command(&[arguments, &more].concat()), "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
        finished.stdout
    };
    ark(&["sync", "--demo", "--since", "2024-10-30", "-q"]);
    let export = ["history", "export", "--parquet", "usage"];
    let line = ark(&export);
    assert!(line.starts_with("usage: months written 2, unchanged 0, removed 0; "), "{line}");
    let months = ["month=10", "month=11"];
    let found = rows_of_folder(&sandbox, &months);
    let value = |row: &BTreeMap<String, Field>| match row["value"] {
        Field::Long(value) => value,
        _ => panic!("{row:?}"),
    };
    let sum: i64 = found.iter().map(value).sum();
    let history = "--history=h.db";
    let now = ["--now", "2024-11-02T12:00:00+08:00"];
    let get = ["get", history, "--since", "2024-10-30", "--by", "project", "-f", "json", "-q"];
    let answer = run(sandbox.command(&[&get[..], &now].concat()), "");
    let answer: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    let expected = answer["rows"].as_array().unwrap().iter();
    assert_eq!(sum, expected.map(|row| row["value"].as_i64().unwrap()).sum::<i64>());
    let places = found.iter().map(|row| {
        ["api", "account_id", "project", "endpoint_id", "metric", "start"]
            .map(|name| row[name].to_string())
    });
    assert_eq!(places.collect::<std::collections::BTreeSet<_>>().len(), found.len());

    // Nothing has changed; then a file is lost, and a month is forgotten.
    let modified = |path: &str| std::fs::metadata(sandbox.folder().join(path)).unwrap().modified();
    let october = "usage/account_id=2100000001/year=2024/month=10/usage.parquet";
    let before = modified(october).unwrap();
    assert!(ark(&export).starts_with("usage: months written 0, unchanged 2"), "changed");
    assert_eq!(modified(october).unwrap(), before);
    std::fs::remove_file(sandbox.folder().join(october)).unwrap();
    assert!(ark(&export).starts_with("usage: months written 1, unchanged 1"), "not restored");
    ark(&["history", "forget", "--before", "2024-11-01", "--yes"]);
    assert!(ark(&export).contains("removed 0"), "removed unasked");
    assert!(sandbox.folder().join(october).exists());
    assert!(ark(&[&export[..], &["--prune"]].concat()).contains("removed 1"), "not removed");
    assert!(!sandbox.folder().join(october).exists());
    let manifest = "usage/account_id=2100000001/_manifest.json";
    let manifest = std::fs::read_to_string(sandbox.folder().join(manifest)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let listed = manifest["partitions"].as_array().unwrap();
    assert_eq!((listed.len(), &listed[0]["month"]), (1, &serde_json::json!(11)));
    let rows = rows_of_folder(&sandbox, &["month=11"]).len();
    assert_eq!(listed[0]["rows"], serde_json::json!(rows));
}
