//! Rows as lines of a chart: each with its keys, without its time.

use super::Answer;
use super::table::keys;
use ark_usage_report::Lang;
use ark_usage_report::view::ViewRow;

/// The rows of an answer with their keys.
#[derive(Debug)]
pub struct Lines<'a> {
    /// The names of a row's keys.
    pub columns: Vec<String>,
    /// Keys and row, in the order of the answer.
    pub rows: Vec<(Vec<String>, &'a ViewRow)>,
}

impl<'a> Lines<'a> {
    /// Returns the lines of an answer.
    pub fn of(answer: &Answer<'a>, lang: Lang) -> Self {
        let columns = keys(answer, lang);
        let named = |row: &'a ViewRow| {
            let keys = columns.iter().map(|column| column.cell(answer, row, lang));
            (keys.collect(), row)
        };
        let rows = answer.view.rows.iter().map(named).collect();
        let titles = columns.iter().map(|column| column.title().in_lang(lang).to_owned());
        Self { columns: titles.collect(), rows }
    }
}
