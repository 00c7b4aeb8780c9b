//! Rows as lines of a picture: each with what it is of, and apart from that when.

use super::Answer;
use super::table::Dimensions;
use crate::view::ViewRow;

/// The rows of an answer with what they are of.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// What each of a row's keys is.
    pub(crate) columns: Vec<String>,
    /// Keys and row, in the order of the answer.
    pub(crate) rows: Vec<(Vec<String>, &'a ViewRow)>,
}

impl<'a> Lines<'a> {
    /// The lines of an answer.
    pub(crate) fn of(answer: &Answer<'a>) -> Self {
        let dimensions = Dimensions::of(answer);
        let rows = answer.view.rows.iter();
        let rows = rows.map(|row| (dimensions.labels(answer, row), row)).collect();
        Self { columns: dimensions.names, rows }
    }
}
