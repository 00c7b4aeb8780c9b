//! Every JSON document that a case expects follows its published schema: `docs/schema`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use workspace_tests::case::{Case, files};
use workspace_tests::program::{Sandbox, run};
use workspace_tests::workspace::root;

#[test]
fn every_document_of_every_case_follows_its_schema() {
    let mut checked = BTreeSet::new();
    for Expected { place, text, chosen } in texts_of_cases() {
        let Ok(document) = serde_json::from_str::<Value>(&text) else { continue };
        let Some(name) = document["schema"].as_str() else { continue };
        let schema = closed(schema(name));
        assert_follows(&place, &schema, &document);
        if name == "ark-usage/rows" && !chosen {
            let rows = document["rows"].as_array().unwrap();
            for row in rows {
                assert_follows(&place, &part(&schema, "row"), row);
            }
        }
        checked.insert(name.to_owned());
    }
    let published: BTreeSet<String> = published().into_iter().collect();
    assert_eq!(checked, published, "a schema nothing is held to, or documents without a schema");
}

#[test]
fn every_line_of_ndjson_is_a_row() {
    let row = part(&closed(schema("ark-usage/rows")), "row");
    let some_of_it = part(&schema("ark-usage/rows"), "chosen");
    let mut lines = 0;
    for Expected { place, text, chosen } in texts_of_cases() {
        let parsed: Vec<Value> =
            text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let rows = parsed.iter().filter(|line| line["metric"].is_string());
        for line in rows.filter(|_| parsed.len() == text.lines().count()) {
            let expected = if chosen { &some_of_it } else { &row };
            assert_follows(&place, expected, line);
            lines += 1;
        }
    }
    assert!(lines >= 4, "only {lines} lines were looked at");
}

#[test]
fn csv_has_the_keys_of_a_row() {
    let header = |more: &[&str]| -> Vec<String> {
        let sandbox = Sandbox::new();
        let now = ["--now", "2024-11-20T04:00:00Z"];
        let arguments = [&["get", "--demo", "--today", "-f", "csv"][..], &now, more].concat();
        let finished = run(sandbox.command(&arguments), "");
        finished.stdout.lines().next().unwrap().split(',').map(str::to_owned).collect()
    };
    let row = &schema("ark-usage/rows")["$defs"]["row"];
    let mut required: Vec<&str> =
        row["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    // Amounts and their currencies, which JSON has side by side, are two columns.
    let cost = required.iter().position(|column| *column == "cost").unwrap();
    required.insert(cost + 1, "currency");
    let columns = header(&["--fields", "all"]);
    assert_eq!(
        columns.iter().filter(|name| required.contains(&name.as_str())).count(),
        required.len()
    );
    let mut rest = columns.iter();
    assert!(required.iter().all(|name| rest.any(|column| column == name)), "{columns:?}");
    let is_field = |name: &str| name == "currency" || row["properties"][name].is_object();
    assert!(columns.iter().all(|name| is_field(name)), "{columns:?}");
    // Of an object its parts, and no column that is empty throughout.
    let known = |name: &String| is_field(name.split('.').next().unwrap());
    let filled = header(&[]);
    assert!(filled.iter().all(known) && filled.len() < columns.len(), "{filled:?}");
}

#[test]
fn violations_are_found() {
    let schema = closed(schema("ark-usage/doctor"));
    let mut document = json!({
        "schema": "ark-usage/doctor", "schema_version": 1, "well": true,
        "passed": 0, "warnings": 0, "failed": 0, "skipped": 0, "checks": [],
    });
    assert!(jsonschema::is_valid(&schema, &document));
    document["unheard_of"] = json!(1);
    assert!(!jsonschema::is_valid(&schema, &document), "a key that is not documented");
    document.as_object_mut().unwrap().remove("unheard_of");
    document["passed"] = Value::Null;
    assert!(!jsonschema::is_valid(&schema, &document), "a value of another type");
}

/// A text that a case expects on standard output or in a file.
struct Expected {
    /// The case.
    place: String,
    text: String,
    /// Its rows have the keys of `--fields` only.
    chosen: bool,
}

fn texts_of_cases() -> Vec<Expected> {
    let folder = root().join("tests/cases");
    let mut texts = Vec::new();
    for file in files(&folder) {
        let case = Case::read(&file).unwrap();
        let place = file.strip_prefix(&folder).unwrap().display().to_string();
        let chosen = case.has_argument("--fields");
        let expected = |text| Expected { place: place.clone(), text, chosen };
        texts.extend(case.expected_texts().into_iter().map(expected));
    }
    texts
}

/// The names of all schemas.
fn published() -> Vec<String> {
    let names = std::fs::read_dir(root().join("docs/schema")).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.strip_prefix("ark-usage-").and_then(|it| it.strip_suffix("-1.schema.json"));
        format!("ark-usage/{}", name.expect("a schema is named after its documents"))
    });
    names.collect()
}

fn schema(name: &str) -> Value {
    let file = format!("docs/schema/{}-1.schema.json", name.replace('/', "-"));
    let text = std::fs::read_to_string(root().join(Path::new(&file)));
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{file}: {error}"))).unwrap()
}

/// One definition of a schema, by itself.
fn part(schema: &Value, name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}"), "$defs": schema["$defs"]})
}

/// The schema with no room for keys it does not name. Readers are left that room, because keys may
/// be added.
fn closed(schema: Value) -> Value {
    match schema {
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key, closed(value)));
            let mut object: serde_json::Map<String, Value> = entries.collect();
            // Not where "properties" is itself the name of a key.
            let names_keys = object.get("properties").is_some_and(Value::is_object);
            if names_keys && object.contains_key("required") {
                let open = object.get("additionalProperties").is_none_or(|it| *it == true);
                if open {
                    object.insert("additionalProperties".to_owned(), Value::Bool(false));
                }
            }
            Value::Object(object)
        }
        other => match other {
            Value::Array(items) => Value::Array(items.into_iter().map(closed).collect()),
            plain => plain,
        },
    }
}

fn assert_follows(place: &str, schema: &Value, document: &Value) {
    if let Err(error) = jsonschema::validate(schema, document) {
        panic!("{place}: {}: {error}", error.instance_path());
    }
}
