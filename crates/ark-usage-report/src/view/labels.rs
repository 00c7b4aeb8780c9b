//! `--labels FILE.csv`: what people know of endpoints, joined to rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::ReportError;
use crate::{suggest, text};

/// The labels of endpoints, from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Its path, as given.
    file: String,
    /// The names of its columns, without the id.
    columns: Vec<String>,
    /// By endpoint id, with the line of each.
    rows: BTreeMap<String, (u64, BTreeMap<String, String>)>,
}

/// The column that rows are joined by.
const ID: &str = "endpoint_id";

impl Labels {
    /// Reads the bytes of a CSV file, which messages call `file`.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, ReportError> {
        // Spreadsheets put a byte order mark in front.
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| malformed(file, error))?.clone();
        let id = header.iter().position(|name| name == ID).ok_or_else(|| no_id(file, &header))?;
        let mut labels = Self { file: file.to_owned(), ..Self::default() };
        for name in header.iter().enumerate().filter(|(at, _)| *at != id).map(|(_, name)| name) {
            if name.is_empty() || labels.columns.iter().any(|other| other == name) {
                return Err(ReportError::invalid(text!(
                    "--labels {file}, line 1: duplicate or empty column name {name:?}",
                    "--labels {file}，第 1 行：列名 {name:?} 重复或为空"
                )));
            }
            labels.columns.push(name.to_owned());
        }
        for record in reader.records() {
            let record = record.map_err(|error| malformed(file, error))?;
            labels.take(&header, id, &record)?;
        }
        if labels.rows.is_empty() {
            return Err(ReportError::invalid(text!(
                "--labels {file}: no endpoints found",
                "--labels {file}：文件里没有任何推理接入点"
            ))
            .with_hint(text!(
                "the first line must name the columns, including endpoint_id; each further line is an endpoint",
                "第一行是列名，其中要有 endpoint_id；其余每行一个推理接入点"
            )));
        }
        Ok(labels)
    }

    fn take(
        &mut self,
        header: &csv::StringRecord,
        id: usize,
        record: &csv::StringRecord,
    ) -> Result<(), ReportError> {
        let file = &self.file;
        let line = record.position().map_or(0, csv::Position::line);
        let name = record.get(id).unwrap_or_default();
        if name.is_empty() {
            return Err(ReportError::invalid(text!(
                "--labels {file}, line {line}: no {ID}",
                "--labels {file}，第 {line} 行：没有 {ID}"
            )));
        }
        let cells = header.iter().zip(record).enumerate().filter(|(at, _)| *at != id);
        // An empty cell says nothing.
        let cells = cells.map(|(_, cell)| cell).filter(|(_, value)| !value.is_empty());
        let cells = cells.map(|(column, value)| (column.to_owned(), value.to_owned())).collect();
        match self.rows.insert(name.to_owned(), (line, cells)) {
            None => Ok(()),
            Some((first, _)) => Err(ReportError::invalid(text!(
                "--labels {file}, line {line}: {name} is already on line {first}",
                "--labels {file}，第 {line} 行：{name} 已出现在第 {first} 行"
            ))),
        }
    }

    /// Returns the labels of an endpoint.
    pub fn of(&self, endpoint_id: &str) -> Option<&BTreeMap<String, String>> {
        self.rows.get(endpoint_id).map(|(_, labels)| labels)
    }

    /// The endpoints of which a column says `value`.
    pub fn with(&self, column: &str, value: &str) -> BTreeSet<String> {
        let said = |labels: &BTreeMap<String, String>| {
            labels.get(column).is_some_and(|found| found == value)
        };
        let rows = self.rows.iter().filter(|(_, (_, labels))| said(labels));
        rows.map(|(id, _)| id.clone()).collect()
    }

    /// Its path, as given.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Refuses what no column is called; `flag` stands before its name.
    pub fn check(&self, flag: &str, column: &str) -> Result<(), ReportError> {
        if self.columns.iter().any(|name| name == column) {
            return Ok(());
        }
        let file = &self.file;
        let names = self.columns.join(", ");
        let columns = self.columns.iter().map(String::as_str);
        let all = text!("its columns are {names}", "它的列有 {names}");
        Err(ReportError::invalid(text!(
            "{flag}{column}: {file} has no column {column}",
            "{flag}{column}：{file} 没有这一列"
        ))
        .with_hint(suggest::hint(flag, column, columns, all)))
    }
}

fn no_id(file: &str, header: &csv::StringRecord) -> ReportError {
    let names = header.iter().collect::<Vec<_>>().join(", ");
    ReportError::invalid(text!(
        "--labels {file}, line 1: no column {ID}",
        "--labels {file}，第 1 行：没有名为 {ID} 的列"
    ))
    .with_hint(text!("its columns are {names}", "现有的列：{names}"))
}

fn malformed(file: &str, error: csv::Error) -> ReportError {
    let line = error.position().map_or(1, csv::Position::line);
    ReportError::invalid(text!(
        "--labels {file}, line {line}: invalid CSV",
        "--labels {file}，第 {line} 行：不是合格的 CSV"
    ))
    .with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Labels::parse("l.csv", text.as_bytes()).unwrap_err().in_full()
    }

    #[test]
    fn columns_join_by_id() {
        let text =
            "\u{feff}team,endpoint_id,cost_center\r\n\"growth, east\",ep-1,100\r\n,ep-2,\r\n";
        let labels = Labels::parse("l.csv", text.as_bytes()).unwrap();
        let first = labels.of("ep-1").unwrap();
        assert_eq!(
            (first["team"].as_str(), first["cost_center"].as_str()),
            ("growth, east", "100")
        );
        assert!(labels.of("ep-2").unwrap().is_empty());
        assert_eq!(labels.of("ep-3"), None);
        assert!(labels.check("--by label:", "team").is_ok());
        let error = labels.check("--by label:", "taem").unwrap_err().in_full();
        assert!(error.contains("did you mean --by label:team?"), "{error}");
    }

    #[test]
    fn files_that_cannot_be_right_are_refused_by_line() {
        let cases = [
            ("endpoint_id,team\nep-1,a\nep-2,b\nep-1,c\n", "line 4: ep-1 is already on line 2"),
            ("endpoint,team\nep-1,a\n", "line 1: no column endpoint_id"),
            ("endpoint_id,team\n", "no endpoints found"),
            ("", "line 1: no column endpoint_id"),
            ("endpoint_id,team,team\nep-1,a,b\n", "duplicate or empty column name \"team\""),
            ("endpoint_id,team\nep-1,a,b\n", "line 2: invalid CSV"),
            ("endpoint_id,team\n,a\n", "line 2: no endpoint_id"),
        ];
        for (text, expected) in cases {
            let error = refusal(text);
            assert!(error.contains("l.csv") && error.contains(expected), "{text:?}: {error}");
        }
    }
}
