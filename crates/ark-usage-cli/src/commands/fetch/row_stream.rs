//! Rows written as they come, for ranges of any length.

use std::collections::BTreeSet;

use ark_usage_model::{Call, Gap, UsageReport};
use ark_usage_report::ResultMeta;

use crate::clock::ProgramClock;
use crate::error::CliError;
use crate::lang::{Text, model_warning};
use crate::output::Sink;
use crate::prices::Unpriced;
use crate::range::Range;
use crate::render::RowFormat;
use crate::view::{Fields, Labels, ViewRow, unlabelled};

/// A format of rows and where they go.
#[derive(Debug)]
pub(crate) struct RowWriter {
    pub(crate) format: RowFormat,
    pub(crate) sink: Sink,
    /// The columns, when not all of them.
    pub(crate) fields: Option<Fields>,
    /// What is known of endpoints beside what the service says.
    pub(crate) labels: Option<Labels>,
}

/// Writes finished parts of the report, and keeps of them only what the end of the run needs.
#[derive(Debug)]
pub(super) struct RowStream<'a> {
    writer: RowWriter,
    facts: ResultMeta<'a>,
    range: &'a Range,
    clock: ProgramClock,
    kept: StreamSummary,
    error: Option<CliError>,
}

/// What is left of parts whose rows are written.
#[derive(Debug, Default)]
pub(super) struct StreamSummary {
    pub(super) rows: usize,
    pub(super) calls: Vec<Call>,
    pub(super) missing: Vec<Gap>,
    pub(super) warnings: Vec<(&'static str, Text)>,
    /// What no price applies to.
    unpriced: Unpriced,
    /// The endpoints of the rows, where they are labelled.
    endpoints: BTreeSet<String>,
    /// What people should know of the rows.
    pub(super) note: Option<Text>,
}

impl<'a> RowStream<'a> {
    /// Begins, with the header where the format has one.
    pub(super) fn new(
        mut writer: RowWriter,
        facts: ResultMeta<'a>,
        range: &'a Range,
        clock: ProgramClock,
    ) -> Result<Self, CliError> {
        writer.sink.write(&writer.format.header(writer.fields.as_ref())?)?;
        Ok(Self { writer, facts, range, clock, kept: StreamSummary::default(), error: None })
    }

    /// Writes the rows of a part. The first failure is kept for the end.
    pub(super) fn take(&mut self, part: &mut UsageReport) {
        let rows = part.rows(self.clock.now().as_second());
        let labels = self.writer.labels.as_ref();
        let row = |row| ViewRow::plain(&self.facts, labels, row);
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        self.kept.rows += rows.len();
        for row in &rows {
            let values = row.cost.as_ref().map_or(0, |cost| cost.unpriced);
            self.kept.unpriced.add(row.priced_as(), values);
        }
        if labels.is_some() {
            let ids = rows.iter().filter_map(|row| row.endpoint_id.as_ref());
            self.kept.endpoints.extend(ids.cloned());
        }
        self.kept.calls.append(&mut part.calls);
        self.kept.missing.append(&mut part.coverage.missing);
        let warnings = std::mem::take(&mut part.warnings);
        self.kept.warnings.extend(warnings.into_iter().map(|it| model_warning(&it)));
        let bytes = self.writer.format.lines(self.range, &rows, self.writer.fields.as_ref());
        let written =
            bytes.map_err(CliError::from).and_then(|bytes| self.writer.sink.write(&bytes));
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }

    /// Whether more is wanted: somebody reads, and nothing went wrong.
    pub(super) fn is_open(&self) -> bool {
        self.error.is_none() && self.writer.sink.is_open()
    }

    /// The end: the file appears, unless nothing came at all.
    pub(super) fn finish(self) -> Result<StreamSummary, CliError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if self.kept.rows > 0 || self.kept.calls.iter().any(|call| call.error.is_none()) {
            self.writer.sink.finish()?;
        }
        let mut kept = self.kept;
        let unpriced = kept.unpriced.words();
        kept.warnings.extend(unpriced.map(|words| ("unpriced", words)));
        let labels = self.writer.labels.filter(|_| kept.rows > 0);
        let endpoints = kept.endpoints.iter().map(String::as_str).collect();
        kept.note = labels.and_then(|labels| unlabelled(&labels, &endpoints));
        Ok(kept)
    }
}
