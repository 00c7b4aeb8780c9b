//! `--labels FILE.csv`: labels of endpoints, joined to rows.

use std::collections::{BTreeMap, BTreeSet};

use volc_openapi::few_letters;

use super::csv_records::{CsvRecord, csv_records};
use crate::error::ReportError;
use crate::lang::Text;
use crate::{MOST_LISTED, listed, suggest, text};

/// The labels of endpoints, from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Its path, as given.
    file: String,
    /// The names of its columns, without the id.
    columns: Vec<String>,
    /// By endpoint id, with the line of each.
    rows: BTreeMap<String, (usize, BTreeMap<String, String>)>,
}

/// The column that rows are joined by.
const ID: &str = "endpoint_id";

impl Labels {
    /// Reads the bytes of a CSV file, which messages call `file`.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, ReportError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            wrong(file, line, text!("not UTF-8 text", "不是 UTF-8 文本"))
                .with_hint(text!("save it as CSV UTF-8", "请另存为 CSV UTF-8"))
        })?;
        // Spreadsheets put a byte order mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = without_separator_line(file, text)?;
        check_separator(file, text)?;
        let records = csv_records(text)
            .map_err(|problem| wrong(file, problem.line, problem.what).with_hint(save_as_csv()))?;
        let mut records = records.into_iter();
        let header = Header::read(file, records.next())?;
        let mut rows = BTreeMap::new();
        for record in records {
            let (id, labels) = header.labels(file, &record)?;
            let line = record.line;
            if let Some((first, _)) = rows.insert(id.clone(), (line, labels)) {
                let id = few_letters(&id);
                return Err(ReportError::invalid(text!(
                    "--labels {file}, line {line}: {id} is already on line {first}",
                    "--labels {file}，第 {line} 行：{id} 已出现在第 {first} 行"
                )));
            }
        }
        if rows.is_empty() {
            return Err(ReportError::invalid(text!(
                "--labels {file}: no endpoints found",
                "--labels {file}：文件里没有任何推理接入点"
            ))
            .with_hint(text!(
                "the first line must name the columns, including endpoint_id; each further line is an endpoint",
                "第一行是列名，其中要有 endpoint_id；其余每行一个推理接入点"
            )));
        }
        Ok(Self { file: file.to_owned(), columns: header.labels_only(), rows })
    }

    /// Returns the labels of an endpoint.
    pub fn of(&self, endpoint_id: &str) -> Option<&BTreeMap<String, String>> {
        self.rows.get(endpoint_id).map(|(_, labels)| labels)
    }

    /// Returns the endpoints by their values in a column; those without one are left out.
    pub fn by_value(&self, column: &str) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, (_, labels)) in &self.rows {
            if let Some(value) = labels.get(column) {
                values.entry(value).or_default().insert(id);
            }
        }
        values
    }

    /// Returns the ids with the line of each, in the order of their names.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, usize)> {
        self.rows.iter().map(|(id, (line, _))| (id.as_str(), *line))
    }

    /// Its path, as given.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Refuses a name that no column has; messages put `flag` before it.
    pub fn check(&self, flag: &str, column: &str) -> Result<(), ReportError> {
        if self.columns.iter().any(|name| name == column) {
            return Ok(());
        }
        let file = &self.file;
        let columns = self.columns.iter().map(String::as_str);
        let names = listed(&self.columns, MOST_LISTED);
        let all = text!("its columns are {names}", "它的列有 {names}"; names = names);
        Err(ReportError::invalid(text!(
            "{flag}{column}: {file} has no column {column}",
            "{flag}{column}：{file} 没有这一列"
        ))
        .with_hint(suggest::hint(flag, column, columns, all)))
    }
}

/// The names of the columns, those without a name too.
struct Header {
    names: Vec<String>,
    /// The place of the id among them.
    id: usize,
}

impl Header {
    fn read(file: &str, record: Option<CsvRecord>) -> Result<Self, ReportError> {
        let CsvRecord { line, fields: names } =
            record.unwrap_or(CsvRecord { line: 1, fields: Vec::new() });
        let id = names.iter().position(|name| name == ID);
        let id = id.ok_or_else(|| no_id(file, line, &names))?;
        let mut seen = BTreeSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if !seen.insert(name) {
                let name = few_letters(name);
                return Err(wrong(
                    file,
                    line,
                    text!("duplicate column name {name:?}", "列名 {name:?} 重复"),
                ));
            }
        }
        Ok(Self { names, id })
    }

    /// Returns the names of the labels: without the id, and without the nameless columns that
    /// spreadsheets write where a cell was once in use.
    fn labels_only(self) -> Vec<String> {
        let Self { names, id } = self;
        let names = names.into_iter().enumerate();
        names.filter(|(at, name)| *at != id && !name.is_empty()).map(|(_, name)| name).collect()
    }

    /// Returns the id and the labels of a row; an empty cell says nothing.
    fn labels(
        &self,
        file: &str,
        record: &CsvRecord,
    ) -> Result<(String, BTreeMap<String, String>), ReportError> {
        let CsvRecord { line, fields } = record;
        self.check_width(file, record)?;
        let id = fields.get(self.id).filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| wrong(file, *line, text!("no {ID}", "没有 {ID}")))?;
        let cells = self.names.iter().zip(fields).enumerate();
        let cells = cells.filter(|(at, (_, value))| *at != self.id && !value.is_empty());
        let cells = cells.map(|(_, (name, value))| (name.clone(), value.clone())).collect();
        Ok((id.clone(), cells))
    }

    /// Refuses a row with a value in no named column, or without a cell for each of them.
    fn check_width(&self, file: &str, record: &CsvRecord) -> Result<(), ReportError> {
        let CsvRecord { line, fields } = record;
        let columns = self.names.iter().rposition(|name| !name.is_empty()).map_or(0, |at| at + 1);
        let found = fields.len();
        if found < columns {
            return Err(wrong(
                file,
                *line,
                text!(
                    "invalid CSV: the line has {found} fields, the first line names {columns}",
                    "不是合格的 CSV：该行有 {found} 个字段，首行有 {columns} 个列名"
                ),
            ));
        }
        let is_named = |at: usize| self.names.get(at).is_some_and(|name| !name.is_empty());
        let mut stray = fields.iter().enumerate().filter(|(_, value)| !value.is_empty());
        match stray.find(|(at, _)| !is_named(*at)) {
            None => Ok(()),
            Some((at, _)) => Err(wrong(
                file,
                *line,
                text!(
                    "invalid CSV: field {field} has a value, but its column has no name",
                    "不是合格的 CSV：第 {field} 个字段有值，但该列没有列名",
                    field = at + 1
                ),
            )
            .with_hint(text!(
                "name the column on the first line, or put a value with a comma in quotes",
                "请在首行写上列名；含逗号的值要加引号"
            ))),
        }
    }
}

fn no_id(file: &str, line: usize, names: &[String]) -> ReportError {
    let names: Vec<String> = names.iter().map(|name| few_letters(name)).collect();
    let names = listed(&names, MOST_LISTED);
    wrong(file, line, text!("no column {ID}", "没有名为 {ID} 的列"))
        .with_hint(text!("its columns are {names}", "现有的列：{names}"; names = names))
}

/// Refuses a file whose first line names the id between other signs than commas.
fn check_separator(file: &str, text: &str) -> Result<(), ReportError> {
    let mut lines = (1..).zip(text.lines());
    let Some((line, header)) = lines.find(|(_, line)| !line.trim().is_empty()) else {
        return Ok(());
    };
    let names_id = |separator: char| {
        let mut words = header.split(separator);
        words.any(|word| word.trim().trim_matches('"') == ID)
    };
    let separators = [
        (';', text!("semicolons", "分号")),
        ('\t', text!("tabs", "制表符")),
        ('|', text!("vertical bars", "竖线")),
        ('，', text!("full-width commas", "全角逗号")),
        ('；', text!("full-width semicolons", "全角分号")),
    ];
    let mut separators = separators.into_iter().filter(|_| !names_id(','));
    let found = separators.find(|(sign, _)| header.contains(*sign) && names_id(*sign));
    found.map_or(Ok(()), |(_, separator)| {
        let what = text!(
            "the columns are separated by {separator} instead of commas",
            "各列之间用的是{separator}，而不是逗号";
            separator = separator
        );
        Err(wrong(file, line, what).with_hint(save_as_csv()))
    })
}

/// Leaves out the first line `sep=,` that some spreadsheets write, and refuses one that names another sign.
fn without_separator_line<'t>(file: &str, text: &'t str) -> Result<&'t str, ReportError> {
    let first = text.lines().next().unwrap_or_default();
    let named = first.trim().trim_matches('"').to_ascii_lowercase();
    let Some(separator) = named.strip_prefix("sep=") else { return Ok(text) };
    if separator != "," {
        let sign = few_letters(separator);
        let what = text!(
            "the columns are separated by {sign:?} instead of commas",
            "各列之间用的是 {sign:?}，而不是逗号"
        );
        return Err(wrong(file, 1, what).with_hint(save_as_csv()));
    }
    // The end of the line stays, so that lines keep their numbers.
    Ok(text.get(first.len()..).unwrap_or_default())
}

fn save_as_csv() -> Text {
    text!(
        "in a spreadsheet, save it as CSV UTF-8 (comma delimited)",
        "在电子表格里请另存为“CSV UTF-8（逗号分隔）”"
    )
}

fn wrong(file: &str, line: usize, what: impl Into<Text>) -> ReportError {
    ReportError::invalid(text!(
        "--labels {file}, line {line}: {what}",
        "--labels {file}，第 {line} 行：{what}";
        what = what.into()
    ))
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
    fn unused_rows_and_columns_of_spreadsheets_say_nothing() {
        let text =
            "endpoint_id,team,,\r\nep-1,growth,,\r\n,\r\n\r\n,,,\r\nep-2,search\r\n , ,,\r\n";
        let labels = Labels::parse("l.csv", text.as_bytes()).unwrap();
        assert_eq!(labels.columns, ["team"]);
        assert_eq!(labels.of("ep-2").unwrap()["team"], "search");
        assert_eq!(labels.rows.len(), 2);
        assert!(refusal("endpoint_id,team\nep-1,\u{0}\n\n;").contains("line 4"));
        let gbk = Labels::parse("l.csv", b"endpoint_id,team\nep-1,\xd4\xf6\n").unwrap_err();
        assert!(gbk.in_full().contains("line 2: not UTF-8"), "{}", gbk.in_full());
    }

    #[test]
    fn files_that_cannot_be_right_are_refused_by_line() {
        let cases = [
            ("endpoint_id,team\nep-1,a\nep-2,b\nep-1,c\n", "line 4: ep-1 is already on line 2"),
            ("endpoint,team\nep-1,a\n", "line 1: no column endpoint_id"),
            ("endpoint_id,team\n", "no endpoints found"),
            ("", "line 1: no column endpoint_id"),
            ("endpoint_id,team,team\nep-1,a,b\n", "duplicate column name \"team\""),
            ("endpoint_id,team\nep-1,a,b\n", "line 2: invalid CSV"),
            ("endpoint_id,team\n,a\n", "line 2: no endpoint_id"),
            (
                "endpoint_id,team\r\nep-1,a\r\nep-2,b\r\nep-1,c\r\n",
                "line 4: ep-1 is already on line 2",
            ),
            ("endpoint_id,team\nep-1,a\n\nep-1,b\n", "line 4: ep-1 is already on line 2"),
            ("endpoint_id,team\nep-1,\"a\nep-2,b\n", "line 2: a quote opened on line 2"),
            ("endpoint_id,team\nep-1,\"a, \"b\"\"\n", "line 2: text behind a closing quote"),
            ("endpoint_id,team\nep-1\n", "line 2: invalid CSV: the line has 1"),
            ("endpoint_id,team,\nep-1,a,b\n", "field 3 has a value"),
            ("endpoint_id;team\nep-1;a\n", "separated by semicolons"),
            ("team\tendpoint_id\na\tep-1\n", "separated by tabs"),
            ("\"endpoint_id\";\"team\"\n\"ep-1\";\"a\"\n", "separated by semicolons"),
        ];
        for (text, expected) in cases {
            let error = refusal(text);
            assert!(error.contains("l.csv") && error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_line_that_names_the_separator_is_left_out_or_refused() {
        for first in ["sep=,\n", "SEP=,\r\n", "\"sep=,\"\n"] {
            let text = [first, "endpoint_id,team\nep-1,a\n"].concat();
            let labels = Labels::parse("l.csv", text.as_bytes()).unwrap();
            assert_eq!(labels.of("ep-1").unwrap()["team"], "a", "{first}");
            let twice = [text.as_str(), "ep-1,b\n"].concat();
            let error = Labels::parse("l.csv", twice.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("line 4: ep-1 is already on line 3"), "{error}");
        }
        let error = Labels::parse("l.csv", b"sep=;\nendpoint_id;team\nep-1;a\n").unwrap_err();
        let error = error.to_string();
        assert!(error.contains("line 1") && error.contains("\";\" instead of commas"), "{error}");
    }
}
