//! `history export`: the kept points as rows.

use ark_usage_history::{Line, Store as _, StoredPoint};
use ark_usage_model::Window;
use ark_usage_render::history::{KeptRow, KeptRows};

use super::{OpenHistory, parquet_folder, state_of, tags_of, usage_of};
use crate::args::{ExportArgs, ExportFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output::Output;

/// Writes the rows of the range, subject by subject.
pub(super) fn export(args: &ExportArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    if let Some(folder) = &args.parquet {
        return parquet_folder::export(folder, args, context);
    }
    let history = OpenHistory::new(&args.rows.file, context)?;
    let range = history.range(Some(&args.rows.range), args.rows.range.tz.as_deref(), context)?;
    let mut sink = Output::from_flag(args.rows.output.as_deref()).open()?;
    let rows = KeptRows { range: &range, csv: args.format == ExportFormat::Csv };
    sink.write(&rows.header()?)?;
    for account in history.accounts()? {
        for (subject, interval) in history.subjects(&account)? {
            let usage = usage_of(&subject);
            let mut failure = None;
            let mut write = |line: &Line, points: &[StoredPoint]| {
                let tags = tags_of(line);
                let mut bytes = Vec::new();
                for point in points {
                    let row = KeptRow {
                        usage: &usage,
                        tags: &tags,
                        metric: line.metric.as_str(),
                        start: point.start,
                        end: point.start + interval.seconds(),
                        value: point.value,
                        state: state_of(point.is_final),
                        fetched_at: point.fetched_at,
                    };
                    match rows.line(&row) {
                        Ok(line) => bytes.extend(line),
                        Err(error) => return failure = Some(CliError::from(error)),
                    }
                }
                if failure.is_none() && sink.is_open() {
                    failure = sink.write(&bytes).err();
                }
            };
            let (first, last) = (range.window.first(), range.window.end() - 1);
            let Ok(window) = Window::covering(interval, first, last) else { continue };
            let read = history.store.points(&subject, window, &|_| true, &mut write);
            read.map_err(|error| history.failed(error))?;
            failure.map_or(Ok(()), Err)?;
        }
    }
    sink.finish()?;
    Ok(ExitStatus::Done)
}
