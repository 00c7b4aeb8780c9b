//! `ark-usage history`: shows, checks, copies and changes what `sync` keeps.

mod change;
mod export;
mod import;
mod parquet_folder;
mod push;
mod receiver;
mod recording;
mod show;

use std::collections::BTreeMap;

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{Store as _, StoreError, Subject, all_time};
use ark_usage_model::{Interval, State, Window};
use ark_usage_render::history::KeptUsage;
use ark_usage_report::range::{self, Range, RangeSpec};
use ark_usage_report::text;

use crate::args::{HistoryArgs, HistoryFileArgs, HistoryTopic, RangeArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;

/// Runs the topic.
pub(crate) fn run(args: &HistoryArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    match &args.topic {
        HistoryTopic::Status(args) => show::status(args, context),
        HistoryTopic::Verify(args) => show::verify(args, context),
        HistoryTopic::Revisions(args) => show::revisions(args, context),
        HistoryTopic::Backup(args) => change::backup(args, context),
        HistoryTopic::Export(args) => export::export(args, context),
        HistoryTopic::Import(args) => import::import(args, context),
        HistoryTopic::Push(args) => push::push(args, context),
        HistoryTopic::Forget(args) => change::forget(args, context),
    }
}

/// A history that is open for reading.
struct OpenHistory {
    file: HistoryFile,
    /// The path, as documents name it.
    path: String,
    store: SqliteStore,
}

impl OpenHistory {
    fn new(args: &HistoryFileArgs, context: &Context<'_>) -> Result<Self, CliError> {
        let file = HistoryFile::new(args.history.as_deref(), context.environment)?;
        let store = file.open_to_read()?;
        Ok(Self { path: file.path.display().to_string(), file, store })
    }

    /// Names the file in an error of the store.
    fn failed(&self, error: StoreError) -> CliError {
        self.file.failed(error)
    }

    fn accounts(&self) -> Result<Vec<String>, CliError> {
        self.store.accounts().map_err(|error| self.failed(error))
    }

    /// Returns the range of flags, or everything kept, in hours.
    fn range(
        &self,
        args: Option<&RangeArgs>,
        tz: Option<&str>,
        context: &Context<'_>,
    ) -> Result<Range, CliError> {
        let (zone, zone_name) = zone(tz, context)?;
        let now = context.clock.now();
        if let Some(args) = args.filter(|args| args.is_given()) {
            let input = args.input();
            let spec = RangeSpec::new(&input, &zone, &zone_name, now);
            return Ok(range::resolve(&RangeSpec { rows: Some(Interval::Hour), ..spec })?);
        }
        let mut bounds: Option<(i64, i64)> = None;
        for account in self.accounts()? {
            for (subject, interval) in self.subjects(&account)? {
                let all = all_time(interval).map_err(|error| self.failed(error))?;
                for span in self.store.spans(&subject, all).map_err(|error| self.failed(error))? {
                    let (start, end) = bounds.unwrap_or((span.start, span.end));
                    bounds = Some((start.min(span.start), end.max(span.end)));
                }
            }
        }
        let now = now.as_second();
        let (start, end) = bounds.unwrap_or((now, now + 1));
        let window = Window::covering(Interval::Hour, start, end - 1).map_err(|error| {
            CliError::internal(text!("the history holds impossible times", "历史中有不可能的时间"))
                .with_source(error)
        })?;
        let (rows, previous) = (Interval::Hour, None);
        Ok(Range { window, previous, zone, zone_name, cut_at_now: false, rows, by_days: false })
    }

    fn subjects(&self, account: &str) -> Result<Vec<(Subject, Interval)>, CliError> {
        self.store.subjects(account).map_err(|error| self.failed(error))
    }
}

/// Returns the zone of `--tz`, of the configuration, or the default one.
pub(super) fn zone(
    tz: Option<&str>,
    context: &Context<'_>,
) -> Result<(jiff::tz::TimeZone, String), CliError> {
    let configured = context.config()?.defaults.tz.as_ref().map(|setting| setting.value.as_str());
    let name = tz.or(configured).unwrap_or(range::DEFAULT_ZONE);
    let zone = range::parse_zone(name)?;
    let name = zone.iana_name().unwrap_or(name).to_owned();
    Ok((zone, name))
}

/// Returns a subject as documents name it.
fn usage_of(subject: &Subject) -> KeptUsage {
    let filters = subject.slice.filters();
    let filters = filters.map(|(key, values)| (key.to_owned(), values.iter().cloned().collect()));
    KeptUsage {
        account_id: subject.account_id.clone(),
        api: subject.slice.action().to_owned(),
        filters: filters.collect(),
        group_by: subject.slice.group_by().map(str::to_owned).collect(),
        project: subject.project.clone(),
        endpoint_id: subject.place.endpoint_id().map(str::to_owned),
    }
}

/// Returns the tags of a line by key.
fn tags_of(line: &ark_usage_history::Line) -> BTreeMap<String, String> {
    line.tags.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Returns the state of a kept value.
const fn state_of(is_final: bool) -> State {
    if is_final { State::Final } else { State::Settling }
}
