//! The thread that reads the history of a server whenever it has changed.

use std::sync::Arc;
use std::time::Duration;

use ark_usage_history::StoreError;
use ark_usage_history::sqlite::SqliteStore;
use ark_usage_prometheus::{
    ActionFacts, BudgetFigures, CounterFloor, Family, FamilyKind, Labels, ReadRule, SampleValue,
    SyncTally, UsageTotals, budget_families, exposition, usage_totals,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::board::Board;
use crate::actions::{ACTIONS, DEFAULT};
use crate::args::{BudgetArgs, ServeArgs};
use crate::commands::budget;
use crate::commands::history::zone;
use crate::context::Context;
use crate::error::CliError;
use crate::history::{HistoryFile, KeptUsage};
use crate::record::RecordMode;

/// The time between two looks at the file.
const LOOK: Duration = Duration::from_millis(250);

/// The seconds after which limits are evaluated again.
const PERIOD: i64 = 60;

/// The reader of a history.
pub(super) struct Reader<'a> {
    file: &'a HistoryFile,
    board: &'a Arc<Board>,
    context: &'a Context<'a>,
    zone: TimeZone,
    /// The limits to evaluate, if there are any.
    limits: Option<BudgetArgs>,
}

/// The marks by which one state of the file differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileState {
    written: Option<Timestamp>,
    version: i64,
    /// The month to date is another one in the next month.
    month_start: i64,
}

/// The usage that was read last.
#[derive(Default)]
struct LastReading {
    store: Option<SqliteStore>,
    state: Option<FileState>,
    floor: CounterFloor,
    totals: UsageTotals,
    read_at: i64,
    budgets: Vec<BudgetFigures>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        args: &ServeArgs,
        file: &'a HistoryFile,
        board: &'a Arc<Board>,
        context: &'a Context<'a>,
    ) -> Result<Self, CliError> {
        let (zone, _) = zone(args.tz.as_deref(), context)?;
        let limits = (!args.rules.is_empty()).then(|| args.budget());
        if let Some(limits) = &limits {
            budget::check_limits(limits, context)?;
        }
        Ok(Self { file, board, context, zone, limits })
    }

    /// Reads and shows, until the server stops. A failure is printed once, and the page before stays.
    pub(super) fn run(&self) {
        let mut last = LastReading::default();
        let mut shown: Option<(Option<SyncTally>, bool)> = None;
        loop {
            let (is_changed, is_readable) = match self.look(&mut last) {
                Ok(is_changed) => (is_changed, true),
                Err(error) => {
                    last.store = None;
                    let is_new = shown.as_ref().is_none_or(|(_, readable)| *readable);
                    let is_awaited = last.state.is_none() && error == StoreError::NotFound;
                    if is_new && !is_awaited {
                        self.context.say(self.file.failed(error).report_warning());
                    }
                    (false, false)
                }
            };
            let now = (self.board.tally(), is_readable);
            if is_changed || shown.as_ref() != Some(&now) {
                if last.state.is_some() {
                    self.board.show(page(&last, &now) + &self.board.plans());
                }
                shown = Some(now);
            }
            if self.board.sleep(LOOK) {
                return;
            }
        }
    }

    /// Reads the file if it has changed; true if it was read.
    fn look(&self, last: &mut LastReading) -> Result<bool, StoreError> {
        let written = std::fs::metadata(&self.file.path).and_then(|file| file.modified());
        let written = written.ok().and_then(|at| Timestamp::try_from(at).ok());
        if last.state.is_some_and(|state| state.written != written) {
            // The file may be another one now.
            last.store = None;
        }
        let store = match last.store.take() {
            Some(store) => store,
            None => SqliteStore::open_read_only(&self.file.path)?,
        };
        let now = self.context.clock.now();
        let today = now.to_zoned(self.zone.clone());
        let month = today.first_of_month().and_then(|day| day.start_of_day());
        let month_start = month.map_or(i64::MAX, |start| start.timestamp().as_second());
        let state = FileState { written, version: store.data_version()?, month_start };
        let is_changed = last.state != Some(state);
        // A period ends whether or not the file changes.
        let is_due = self.limits.is_some() && now.as_second() >= last.read_at + PERIOD;
        if is_changed || is_due {
            last.budgets = self.budgets();
            let mut totals = usage_totals(&store, ReadRule { month_start, facts: &facts })?;
            last.floor.hold(&mut totals);
            (last.totals, last.state, last.read_at) = (totals, Some(state), now.as_second());
        }
        last.store = Some(store);
        Ok(is_changed || is_due)
    }

    /// Evaluates the limits from the history; a failure is printed, and they are not shown.
    fn budgets(&self) -> Vec<BudgetFigures> {
        let Some(limits) = &self.limits else { return Vec::new() };
        let figures = || {
            let kept = KeptUsage::open(self.file.clone())?;
            budget::figures(limits, &self.context.renewed(RecordMode::Kept(kept)))
        };
        figures().unwrap_or_else(|error| {
            self.context.say(error.report_warning());
            Vec::new()
        })
    }
}

fn facts(action: &str) -> ActionFacts {
    let known = ACTIONS.iter().map(|known| known.action).find(|known| known.name() == action);
    let action = known.unwrap_or(DEFAULT);
    ActionFacts { metrics: action.metrics(), settle: action.settle() }
}

fn page(last: &LastReading, (tally, is_readable): &(Option<SyncTally>, bool)) -> String {
    let mut families = last.totals.families();
    families.extend(budget_families(&last.budgets));
    families.extend(tally.iter().flat_map(SyncTally::families));
    let mut gauge = |name, help, value| {
        let mut family = Family::new(name, FamilyKind::Gauge, help);
        family.set(Labels::new(), SampleValue::Whole(value));
        families.push(family);
    };
    let help = "1 if the history could be read at the last look, 0 if the values are older.";
    gauge("ark_usage_history_readable", help, i128::from(*is_readable));
    let help = "Time at which the history was read last, in unix time.";
    gauge("ark_usage_history_read_timestamp_seconds", help, last.read_at.into());
    exposition(&families)
}
