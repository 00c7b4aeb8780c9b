//! Rows written as they arrive, for ranges of any length.

use std::collections::BTreeSet;

use ark_usage_model::{Call, Gap, UsageReport};
use ark_usage_render::RowFormat;
use ark_usage_report::ResultMeta;
use ark_usage_report::prices::Unpriced;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, Labels, ViewRow, bucket_rows, line_rows, unlabelled};

use crate::clock::ProgramClock;
use crate::error::CliError;
use crate::lang::{Text, model_warning};
use crate::output::Sink;

/// A format of rows, and the sink they are written to.
#[derive(Debug)]
pub(crate) struct RowWriter {
    pub(crate) format: RowFormat,
    pub(crate) sink: Sink,
    /// The columns, `None` for all.
    pub(crate) fields: Option<Fields>,
    /// The labels of endpoints from `--labels`.
    pub(crate) labels: Option<Labels>,
    /// Rows are lines as received; otherwise a row is one bucket.
    pub(crate) lines: bool,
}

/// Writes finished parts of the report, and keeps only a summary of them.
#[derive(Debug)]
pub(super) struct RowStream<'a> {
    writer: RowWriter,
    facts: ResultMeta<'a>,
    range: Range,
    clock: ProgramClock,
    summary: StreamSummary,
    error: Option<CliError>,
}

/// The summary of the parts whose rows are written.
#[derive(Debug, Default)]
pub(super) struct StreamSummary {
    pub(super) rows: usize,
    pub(super) calls: Vec<Call>,
    pub(super) missing: Vec<Gap>,
    pub(super) warnings: Vec<(&'static str, Text)>,
    /// Usage without a price.
    unpriced: Unpriced,
    /// The endpoints of the rows, if there are labels.
    endpoints: BTreeSet<String>,
    /// A note on the rows.
    pub(super) note: Option<Text>,
}

impl<'a> RowStream<'a> {
    /// Writes the header, if the format has one.
    pub(super) fn new(
        mut writer: RowWriter,
        facts: ResultMeta<'a>,
        range: Range,
        clock: ProgramClock,
    ) -> Result<Self, CliError> {
        let header = writer.format.header(&range, &[], writer.fields.as_ref())?;
        writer.sink.write(&header)?;
        Ok(Self { writer, facts, range, clock, summary: StreamSummary::default(), error: None })
    }

    /// Takes another range before any rows are written.
    pub(super) fn move_to(&mut self, range: &Range) {
        self.range = range.clone();
    }

    /// Writes the rows of a part. The first failure is returned by [`finish`](Self::finish).
    pub(super) fn write_part(&mut self, part: &mut UsageReport) {
        let now = self.clock.now().as_second();
        let (facts, labels) = (&self.facts, self.writer.labels.as_ref());
        let rows: Vec<ViewRow> = if self.writer.lines {
            line_rows(part, facts, labels, now)
        } else {
            bucket_rows(part, facts, labels, &self.range, now)
        };
        self.summary.rows += rows.len();
        for row in &rows {
            let values = row.cost.as_ref().map_or(0, |cost| cost.unpriced);
            self.summary.unpriced.add(row.priced_as(), values);
        }
        if labels.is_some() {
            let ids = rows.iter().filter_map(|row| row.endpoint_id.as_ref());
            self.summary.endpoints.extend(ids.cloned());
        }
        self.summary.calls.append(&mut part.calls);
        self.summary.missing.append(&mut part.coverage.missing);
        let warnings = std::mem::take(&mut part.warnings);
        self.summary.warnings.extend(warnings.into_iter().map(|warning| model_warning(&warning)));
        let bytes = self.writer.format.lines(&self.range, &rows, self.writer.fields.as_ref());
        let written =
            bytes.map_err(CliError::from).and_then(|bytes| self.writer.sink.write(&bytes));
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }

    /// Returns true while rows can be written.
    pub(super) fn is_open(&self) -> bool {
        self.error.is_none() && self.writer.sink.is_open()
    }

    /// Closes the output; a file appears only if something was received.
    pub(super) fn finish(self) -> Result<StreamSummary, CliError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if self.summary.rows > 0 || self.summary.calls.iter().any(|call| call.error.is_none()) {
            self.writer.sink.finish()?;
        }
        let mut summary = self.summary;
        let unpriced = summary.unpriced.words();
        summary.warnings.extend(unpriced.map(|words| ("unpriced", words)));
        let labels = self.writer.labels.filter(|_| summary.rows > 0);
        let endpoints = summary.endpoints.iter().map(String::as_str).collect();
        summary.note = labels.and_then(|labels| unlabelled(&labels, &endpoints));
        Ok(summary)
    }
}
