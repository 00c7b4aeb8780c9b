//! Totals by month, project, endpoint and metric, compared figure by figure.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::rows::Rows;
use crate::failure::Failure;

/// The differences that are shown before the rest is counted.
const SHOWN: usize = 20;

/// Exact totals by their key, such as `2024-11 search ep-1 PromptTokens`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures(BTreeMap<String, i128>);

impl Figures {
    /// Reads the rows of `ark-usage get --by month,project,endpoint -f json`, or without `endpoint`.
    pub(crate) fn of_document(document: &Value) -> Result<Self, Failure> {
        let rows = document.get("rows").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| Failure::other("ark-usage get: no rows"))?;
        let mut figures = Self::default();
        for row in rows {
            let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
            let month = text("start").get(..7).unwrap_or_default();
            let value = row.get("value").and_then(Value::as_i64);
            let value =
                value.ok_or_else(|| Failure::other(format!("a value is missing: {row}")))?;
            let key = key(&[month, text("project"), text("endpoint_id"), text("metric")]);
            figures.add(key, i128::from(value))?;
        }
        Ok(figures)
    }

    /// Reads rows of month, project, endpoint, metric and tokens.
    pub(crate) fn of_rows(rows: &Rows) -> Result<Self, Failure> {
        let mut figures = Self::default();
        for row in rows {
            let [month, project, endpoint, metric, Some(tokens)] = row.as_slice() else {
                return Err(not_a_total(row));
            };
            let parts = [month, project, endpoint, metric];
            let key = key(&parts.map(|part| part.as_deref().unwrap_or_default()));
            figures.add(key, tokens.parse().map_err(|_| not_a_total(row))?)?;
        }
        Ok(figures)
    }

    /// Reads rows of month, project, metric and tokens.
    pub(crate) fn of_project_rows(rows: &Rows) -> Result<Self, Failure> {
        let with_endpoint = |row: &Vec<Option<String>>| {
            let mut row = row.clone();
            row.insert(row.len().min(2), None);
            row
        };
        Self::of_rows(&rows.iter().map(with_endpoint).collect())
    }

    /// A row of nothing is as good as none; one key twice would hide half of it.
    fn add(&mut self, key: String, value: i128) -> Result<(), Failure> {
        if value == 0 {
            return Ok(());
        }
        match self.0.entry(key) {
            Entry::Vacant(place) => {
                place.insert(value);
                Ok(())
            }
            Entry::Occupied(place) => {
                Err(Failure::other(format!("{} is there twice", place.key())))
            }
        }
    }

    /// Every figure in which `other`, the answer of `engine`, is different.
    pub(crate) fn differences(&self, other: &Self, engine: &str) -> Vec<String> {
        let shown =
            |value: Option<&i128>| value.map_or_else(|| "nothing".to_owned(), i128::to_string);
        let keys = self.0.keys().chain(other.0.keys().filter(|key| !self.0.contains_key(*key)));
        let mut found = Vec::new();
        let (mut compared, mut left_out) = (0_usize, 0_usize);
        for key in keys {
            compared += 1;
            let (ours, theirs) = (self.0.get(key), other.0.get(key));
            if ours == theirs {
                continue;
            }
            if found.len() == SHOWN {
                left_out += 1;
            } else {
                found.push(format!("{key}: ark-usage {}, {engine} {}", shown(ours), shown(theirs)));
            }
        }
        if left_out > 0 {
            found.push(format!("and {left_out} more of {compared} figures"));
        }
        found
    }
}

fn key(parts: &[&str; 4]) -> String {
    let [month, project, endpoint, metric] = parts;
    let endpoint = if endpoint.is_empty() { "(no endpoint)" } else { endpoint };
    format!("{month} {project} {endpoint} {metric}")
}

fn not_a_total(row: &[Option<String>]) -> Failure {
    Failure::other(format!("a row is not a month, keys and an exact integer: {row:?}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(cells: [&str; 5]) -> Vec<Option<String>> {
        cells.iter().map(|cell| Some((*cell).to_owned()).filter(|cell| !cell.is_empty())).collect()
    }

    fn ours() -> Figures {
        let row = |endpoint: Value, value: i64| {
            json!({"start": "2024-11-01T00:00:00+08:00",
            "project": "search", "endpoint_id": endpoint, "metric": "PromptTokens", "value": value})
        };
        let rows = [row(json!("ep-1"), 9_007_199_254_740_993), row(Value::Null, 0)];
        Figures::of_document(&json!({ "rows": rows })).unwrap()
    }

    #[test]
    fn equal_figures_have_no_differences() {
        let rows = vec![row(["2024-11", "search", "ep-1", "PromptTokens", "9007199254740993"])];
        assert_eq!(Figures::of_rows(&rows).unwrap(), ours());
        assert!(ours().differences(&Figures::of_rows(&rows).unwrap(), "Engine").is_empty());
    }

    #[test]
    fn a_digit_a_missing_row_and_another_row_are_named() {
        let rows = vec![
            row(["2024-11", "search", "ep-1", "PromptTokens", "9007199254740992"]),
            row(["2024-12", "search", "", "PromptTokens", "-1"]),
        ];
        let found = ours().differences(&Figures::of_rows(&rows).unwrap(), "Engine");
        assert_eq!(
            found,
            [
                "2024-11 search ep-1 PromptTokens: ark-usage 9007199254740993, Engine 9007199254740992",
                "2024-12 search (no endpoint) PromptTokens: ark-usage nothing, Engine -1",
            ]
        );
        assert_eq!(ours().differences(&Figures::default(), "Engine").len(), 1);
    }

    #[test]
    fn rounded_doubled_and_missing_figures_are_refused() {
        let rounded = row(["2024-11", "search", "ep-1", "PromptTokens", "9.007e15"]);
        let missing = row(["2024-11", "search", "ep-1", "PromptTokens", ""]);
        let one = row(["2024-11", "search", "ep-1", "PromptTokens", "1"]);
        for wrong in [vec![rounded], vec![missing], vec![one.clone(), one]] {
            assert!(Figures::of_rows(&wrong).is_err(), "{wrong:?}");
        }
        let without_value = json!({"rows": [{"start": "2024-11-01", "value": null}]});
        assert!(Figures::of_document(&without_value).is_err());
    }

    #[test]
    fn differences_beyond_the_first_are_counted() {
        let rows =
            (0..SHOWN + 5).map(|n| row(["2024-11", &n.to_string(), "", "PromptTokens", "1"]));
        let many = Figures::of_rows(&rows.collect()).unwrap();
        let found = Figures::default().differences(&many, "Engine");
        assert_eq!(found.len(), SHOWN + 1);
        assert_eq!(found.last().unwrap(), "and 5 more of 25 figures");
    }
}
