//! Rows written as they come, for ranges of any length.

use ark_usage_model::{Call, Gap, UsageReport};

use crate::args::Format;
use crate::clock::ProgramClock;
use crate::error::CliError;
use crate::output::Sink;
use crate::render::{self, RowContext};

/// Writes finished parts of the report, and keeps of them only what the end of the run needs.
#[derive(Debug)]
pub(super) struct RowStream<'a> {
    pub(super) format: Format,
    pub(super) context: RowContext<'a>,
    pub(super) clock: ProgramClock,
    pub(super) sink: Sink,
    kept: Kept,
    error: Option<CliError>,
}

/// What is left of parts whose rows are written.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) rows: usize,
    pub(super) calls: Vec<Call>,
    pub(super) missing: Vec<Gap>,
    pub(super) warnings: Vec<(&'static str, String)>,
}

impl<'a> RowStream<'a> {
    /// Begins, with the header where the format has one.
    pub(super) fn new(
        format: Format,
        bom: bool,
        context: RowContext<'a>,
        clock: ProgramClock,
        mut sink: Sink,
    ) -> Result<Self, CliError> {
        if format == Format::Csv {
            sink.write(&render::csv_header(bom)?)?;
        }
        Ok(Self { format, context, clock, sink, kept: Kept::default(), error: None })
    }

    /// Writes the rows of a part. The first failure is kept for the end.
    pub(super) fn take(&mut self, part: &mut UsageReport) {
        let rows = part.rows(self.clock.now().as_second());
        self.kept.rows += rows.len();
        self.kept.calls.append(&mut part.calls);
        self.kept.missing.append(&mut part.coverage.missing);
        let warnings = std::mem::take(&mut part.warnings);
        self.kept.warnings.extend(warnings.into_iter().map(|it| (it.code, it.message)));
        let bytes = match self.format {
            Format::Csv => render::csv(&self.context, &rows),
            _ => render::ndjson(&self.context, &rows),
        };
        let written = bytes.and_then(|bytes| self.sink.write(&bytes));
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }

    /// Whether more is wanted: somebody reads, and nothing went wrong.
    pub(super) fn is_open(&self) -> bool {
        self.error.is_none() && self.sink.is_open()
    }

    /// The end: the file appears, unless nothing came at all.
    pub(super) fn finish(self) -> Result<Kept, CliError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if self.kept.rows > 0 || self.kept.calls.iter().any(|call| call.error.is_none()) {
            self.sink.finish()?;
        }
        Ok(self.kept)
    }
}
