//! `ark-usage sync`: fetches what the history lacks, and keeps it.

mod intake;
mod run;

use std::time::Duration;

use ark_usage_files::FileLock;
use ark_usage_history::Intake;
use ark_usage_model::{GapReason, Interval};
use ark_usage_prometheus::SyncTally;
use ark_usage_render::history::{PointCounts, Synced, SyncedAccount, Unsynced};
use ark_usage_report::{range, text};
use ark_usage_transport::Clock as _;

use self::run::{REVISED_AFTER_FINAL, SyncOutcome, SyncRun};
use super::fetch::{RequestExtras, UsageRequest};
use super::finish::gap_lines;
use super::summary::{QuerySummary, print_warnings};
use crate::args::{KeptQuery, RangeArgs, ReportFormat, SyncArgs, UsageArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::history::HistoryFile;
use crate::output::Output;
use ark_usage_report::MissingUsage;
use ark_usage_report::range::RangeInput;
use ark_usage_report::view::ViewSpec;

/// The time before now that is fetched again, unless a flag says otherwise.
pub(super) const RECHECK: Duration = Duration::from_hours(3 * 24);

/// The range of the first sync.
const FIRST: &str = "31d";

/// The parts of a sync that `sync` and `--update` share.
#[derive(Clone, Copy, Debug)]
struct SyncJob<'a> {
    usage: &'a UsageArgs,
    endpoint_ids: &'a [String],
    file: &'a HistoryFile,
    recheck: Duration,
    /// Waits for another sync to end.
    wait: bool,
    /// Fetches the range that `--compare` adds too.
    compares: bool,
}

/// Fetches what the history lacks, and prints what that changed.
pub(crate) fn run(args: &SyncArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let file = HistoryFile::new(args.file.history.as_deref(), context.environment)?;
    let job = SyncJob {
        usage: &args.usage,
        endpoint_ids: &args.endpoint_id,
        file: &file,
        recheck: args.recheck()?,
        wait: args.wait,
        compares: false,
    };
    let request = job.request(context)?;
    let mut sink = Output::Stdout.open()?;
    let outcome = job.fetch(&request, context)?;
    let status = conclude(&outcome, args.fail_on_revision, context)?;
    let scope = &outcome.scope;
    let missing = outcome.missing();
    let history = file.path.display().to_string();
    let Intake { new, revised, unchanged, revised_after_final, .. } = outcome.intake;
    let synced = Synced {
        range: &outcome.range,
        query: request.echo(scope),
        history: &history,
        accounts: &outcome.accounts,
        calls: outcome.reports.iter().map(|report| report.calls.len()).sum(),
        points: PointCounts { new, revised, unchanged },
        missing: &missing,
        revised_after_final,
        generated_at: context.clock.now().as_second(),
        warnings: &outcome.warnings,
    };
    sink.write(&match args.format {
        ReportFormat::Text => format!("{}\n", synced.line().in_lang(context.lang)).into_bytes(),
        ReportFormat::Json => synced.json()?,
    })?;
    sink.finish()?;
    Ok(status)
}

/// Brings the range of a command that answers from the history up to date first.
pub(crate) fn update(
    query: &KeptQuery<'_>,
    file: &HistoryFile,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let KeptQuery { usage, endpoint_ids, compares } = query;
    let compares = *compares;
    let job = SyncJob { usage, endpoint_ids, file, recheck: RECHECK, wait: true, compares };
    let request = job.request(context)?;
    conclude(&job.fetch(&request, context)?, false, context)
}

/// Brings a history up to date for a server, and counts the calls.
pub(super) fn counted(
    usage: &UsageArgs,
    file: &HistoryFile,
    tally: &mut SyncTally,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let job =
        SyncJob { usage, endpoint_ids: &[], file, recheck: RECHECK, wait: true, compares: false };
    let request = job.request(context)?;
    let outcome = job.fetch(&request, context)?;
    outcome.reports.iter().for_each(|report| tally.add_report(report));
    conclude(&outcome, false, context)
}

impl SyncJob<'_> {
    /// Resolves the arguments: by hours, and everything since the first bucket that is kept where they
    /// name no range.
    fn request(&self, context: &Context<'_>) -> Result<UsageRequest, CliError> {
        let interval = self.usage.range.interval.clone();
        let hours = || Some(Interval::Hour.name().to_owned());
        let usage = UsageArgs {
            range: RangeArgs { interval: interval.or_else(hours), ..self.usage.range.clone() },
            account: self.usage.account.clone(),
        };
        let mut since = Vec::new();
        if !usage.range.is_given() {
            since.push(RangeInput::Last(FIRST.to_owned()));
            let first = self.file.first()?.map(|first| first.to_string());
            since.extend(first.map(|start| RangeInput::Between { start, end: None }));
        }
        let view = ViewSpec { compare: self.compares, ..ViewSpec::default() };
        let extras = RequestExtras {
            endpoint_ids: self.endpoint_ids,
            all_endpoints: false,
            sent: true,
            view: Some(&view),
            projects: &[],
            since: &since,
            metrics: &[],
        };
        let mut request = UsageRequest::new(&usage, &extras, context)?;
        request.keep_history();
        if request.range.cut_at_now && usage.range.is_given() {
            context.hold_note(range::cut_at_now());
        }
        Ok(request)
    }

    fn fetch(
        &self,
        request: &UsageRequest,
        context: &Context<'_>,
    ) -> Result<SyncOutcome, CliError> {
        let network = &self.usage.account.network;
        context.block_on(async {
            let lock = locked(self.file, self.wait, request.options.deadline, context).await?;
            let store = self.file.open_to_write(&lock)?;
            let run = SyncRun::new(request, Box::new(store), self, context);
            run.fetch(network).await
        })
    }
}

/// The time between two looks at a lock.
const LOOK: Duration = Duration::from_millis(100);

/// Locks the history; waits for another process within the time limit if it is to.
async fn locked(
    file: &HistoryFile,
    wait: bool,
    limit: Option<Duration>,
    context: &Context<'_>,
) -> Result<FileLock, CliError> {
    let waiting = text!("waiting for another sync", "等待另一个同步结束");
    let lock = async {
        let mut is_noted = false;
        loop {
            if let Some(lock) = file.try_lock()? {
                return Ok(lock);
            }
            if !wait {
                return Err(file.busy());
            }
            if !std::mem::replace(&mut is_noted, true) {
                context.note(text!(
                    "note: another process is writing to this history: waiting",
                    "注意：另一个进程正在写这份历史：等待中"
                ));
            }
            context.clock.sleep(LOOK).await;
        }
    };
    context.within(limit, &waiting, Box::pin(lock)).await
}

impl SyncOutcome {
    /// Returns what the service did not answer.
    fn missing(&self) -> Vec<Unsynced> {
        let mut missing = Vec::new();
        for report in &self.reports {
            let failed = |reason: &GapReason| matches!(reason, GapReason::CallFailed(_));
            for gap in report.coverage.missing.iter().filter(|gap| failed(&gap.reason)) {
                let Some(target) = report.targets.get(gap.target.index()) else { continue };
                let account = usize::try_from(target.account.0).ok();
                let account = account.and_then(|place| self.accounts.get(place));
                missing.push(Unsynced {
                    account_id: account.map(|one| one.account_id.clone()).unwrap_or_default(),
                    project: target.project.clone(),
                    endpoint_ids: target
                        .endpoint_ids
                        .get(gap.ids.clone())
                        .unwrap_or_default()
                        .to_vec(),
                    start: gap.start,
                    end: gap.end,
                    reason: gap.reason.to_string(),
                });
            }
        }
        missing
    }

    fn profiles(&self) -> Vec<Option<String>> {
        self.accounts.iter().map(|SyncedAccount { profile, .. }| profile.clone()).collect()
    }
}

/// Prints warnings and what is missing, and returns the exit status.
fn conclude(
    outcome: &SyncOutcome,
    fails_on_revision: bool,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let is_revised = fails_on_revision && outcome.intake.revised_after_final > 0;
    let (reasons, others): (Vec<_>, Vec<_>) = outcome
        .warnings
        .iter()
        .cloned()
        .partition(|(code, _)| is_revised && *code == REVISED_AFTER_FINAL);
    print_warnings(&others, context);
    for (_, message) in reasons {
        // The reason of exit code 7: a line that cron mails, also with --quiet.
        context.say(text!("warning: {message}", "警告：{message}"; message = message));
    }
    let last_error = outcome.last_error.as_ref();
    let summary =
        QuerySummary::new(&outcome.reports, &outcome.warnings, last_error, &outcome.base_url)
            .with_stop(outcome.stopped)
            .with_hint(outcome.hint.as_ref());
    let status = summary.exit_status(Conclusion::Shown)?;
    if let Some(message) = summary.partial_message() {
        let profiles = outcome.profiles();
        let gaps = outcome
            .reports
            .iter()
            .map(|report| gap_lines(MissingUsage::new(report, &profiles).gaps(&outcome.range)));
        context.say(ark_usage_report::Text::all(std::iter::once(message).chain(gaps)));
    }
    if outcome.stopped.is_some() {
        context.say(text!(
            "interrupted: everything received so far is kept; the next sync continues",
            "已中断：已收到的数据均已保存，下次同步会继续"
        ));
    }
    Ok(if status == ExitStatus::Done && is_revised { ExitStatus::AnswerNo } else { status })
}
