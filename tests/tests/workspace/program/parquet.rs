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
