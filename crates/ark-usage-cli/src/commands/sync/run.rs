//! One sync: lists, plan, queries.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ark_usage_history::{
    Intake, Names, PlanRule, Store, StoreError, Subject, group_by_window, plan,
};
use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_projects::Project;
use ark_usage_model::{AccountId, Target, UsageReport, Window};
use ark_usage_render::history::SyncedAccount;
use ark_usage_report::range::Range;
use ark_usage_report::{Scope, text};
use ark_usage_transport::{ExchangeError, Finished};
use tokio::sync::Notify;
use volc_openapi::BaseUrl;

use super::SyncJob;
use super::intake::HistoryIntake;
use crate::args::NetworkArgs;
use crate::commands::fetch::{
    FetchContext, ListedTargets, PartTargets, StopReason, UsageRequest, query, with_remaining_time,
};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};

/// The code of the warning that final values have changed.
pub(super) const REVISED_AFTER_FINAL: &str = "revised_after_final";

/// The project that the service takes when a request names none. It is named, so that its usage has one
/// name in the history.
const DEFAULT_PROJECT: &str = "default";

/// The result of a sync.
#[derive(Debug)]
pub(super) struct SyncOutcome {
    pub(super) accounts: Vec<SyncedAccount>,
    /// The range by the server's clock.
    pub(super) range: Range,
    pub(super) scope: Scope,
    pub(super) intake: Intake,
    /// The reports, without their series.
    pub(super) reports: Vec<UsageReport>,
    pub(super) warnings: Vec<(&'static str, Text)>,
    pub(super) last_error: Option<ExchangeError>,
    pub(super) base_url: BaseUrl,
    pub(super) stopped: Option<StopReason>,
    /// A hint on the first failure.
    pub(super) hint: Option<Text>,
}

/// A running sync.
pub(super) struct SyncRun<'a> {
    request: &'a UsageRequest,
    store: RefCell<Box<dyn Store>>,
    job: &'a SyncJob<'a>,
    context: &'a Context<'a>,
}

impl<'a> SyncRun<'a> {
    pub(super) fn new(
        request: &'a UsageRequest,
        store: Box<dyn Store>,
        job: &'a SyncJob<'a>,
        context: &'a Context<'a>,
    ) -> Self {
        Self { request, store: RefCell::new(store), job, context }
    }

    /// Lists, plans and fetches.
    pub(super) async fn fetch(self, network: &NetworkArgs) -> Result<SyncOutcome, CliError> {
        let session = FetchContext::open("sync", network, self.request, self.context).await?;
        let mut listed = session.targets().await?;
        for target in &mut listed.targets {
            target.project.get_or_insert_with(|| DEFAULT_PROJECT.to_owned());
        }
        let parts = session.parts(&listed.targets).await?;
        let accounts = accounts(&session, &listed)?;
        self.remember(&accounts, &listed, &parts)?;
        let mut outcome = SyncOutcome {
            range: session.range()?,
            scope: listed.scope.clone(),
            intake: Intake::default(),
            reports: Vec::new(),
            warnings: listed.warnings(),
            last_error: None,
            base_url: session.base_url().clone(),
            stopped: None,
            hint: None,
            accounts,
        };
        outcome.warnings.extend(parts.warnings.iter().cloned());
        let targets: Vec<Target> = listed.targets.into_iter().chain(parts.targets).collect();
        while self.pass(&session, &targets, &mut outcome).await? {}
        for report in &outcome.reports {
            if outcome.hint.is_none() {
                outcome.hint = session.hint(report).await;
            }
        }
        Ok(self.finish(outcome))
    }

    /// Fetches every window of the plan; true if the server's clock has moved the range meanwhile, so
    /// that a new plan is needed.
    async fn pass(
        &self,
        session: &FetchContext<'_>,
        targets: &[Target],
        outcome: &mut SyncOutcome,
    ) -> Result<bool, CliError> {
        let now = self.context.clock.now().as_second().saturating_add(session.clock_offset());
        for (window, subjects) in self.plan(targets, outcome, now)? {
            let targets = merged(&subjects, &outcome.accounts);
            // A whole and its endpoints would overlap in one query.
            let (wholes, endpoints): (Vec<_>, Vec<_>) =
                targets.into_iter().partition(|target| target.endpoint_ids.is_empty());
            for mut targets in [wholes, endpoints] {
                while !targets.is_empty() && outcome.stopped.is_none() {
                    let asked = targets.clone();
                    if let Some(range) = self.query(session, targets, window, now, outcome).await? {
                        outcome.range = range;
                        return Ok(true);
                    }
                    targets = self.untold(&asked, (window, now), outcome)?;
                }
            }
        }
        Ok(false)
    }

    /// Returns the windows to fetch, each with what is fetched in it.
    fn plan(
        &self,
        targets: &[Target],
        outcome: &SyncOutcome,
        now: i64,
    ) -> Result<Vec<(Window, Vec<Subject>)>, CliError> {
        let action = self.request.effective().action.name();
        let rule =
            PlanRule { now, settle: self.request.effective().settle, recheck: self.job.recheck };
        let wanted = [Some(outcome.range.window), outcome.range.whole_previous()];
        let wanted = wanted.into_iter().flatten();
        let store = self.store.borrow();
        let mut plans = Vec::new();
        for target in targets {
            let Some(account) = account(&outcome.accounts, target.account) else { continue };
            for subject in Subject::of(&account.account_id, action, target) {
                for window in wanted.clone() {
                    let known = store.spans(&subject, window);
                    let known = known.map_err(|error| self.failed(error))?;
                    plans.push((subject.clone(), plan(&known, window, rule)));
                }
            }
        }
        Ok(group_by_window(plans))
    }

    /// Returns endpoints that were asked for together and answered as one sum, each by itself.
    fn untold(
        &self,
        asked: &[Target],
        (window, began): (Window, i64),
        outcome: &SyncOutcome,
    ) -> Result<Vec<Target>, CliError> {
        /// Clocks are read in seconds, and may be set meanwhile.
        const TOLERANCE: i64 = 60;
        let failed = |report: &UsageReport| report.coverage.failed;
        if outcome.reports.iter().any(failed) {
            // The next sync asks again.
            return Ok(Vec::new());
        }
        let action = self.request.effective().action.name();
        let mut alone = Vec::new();
        for target in asked.iter().filter(|target| target.endpoint_ids.len() > 1) {
            let Some(account) = account(&outcome.accounts, target.account) else { continue };
            for subject in Subject::of(&account.account_id, action, target) {
                let spans = self.store.borrow().spans(&subject, window);
                let spans = spans.map_err(|error| self.failed(error))?;
                if !spans.iter().any(|span| span.fetched_at.saturating_add(TOLERANCE) >= began) {
                    alone.push(subject.target(target.account));
                }
            }
        }
        Ok(alone)
    }

    /// Fetches one window; returns the range by the server's clock if that names other buckets.
    async fn query(
        &self,
        session: &FetchContext<'_>,
        targets: Vec<Target>,
        window: Window,
        began: i64,
        outcome: &mut SyncOutcome,
    ) -> Result<Option<Range>, CliError> {
        let action = self.request.effective().action;
        let options = with_remaining_time(self.request.query_options(), &self.context.clock);
        let query = query(action, targets, window, session.base_url(), options)?;
        let store_failed = Notify::new();
        let numbers: Vec<String> =
            outcome.accounts.iter().map(|account| account.account_id.clone()).collect();
        let mut intake = HistoryIntake {
            store: &self.store,
            action: action.name(),
            numbers: &numbers,
            began,
            taken: Intake::default(),
            reports: Vec::new(),
            error: None,
            store_failed: &store_failed,
        };
        let stop = async {
            tokio::select! {
                biased;
                () = self.context.record_mode.interrupted() => StopReason::Interrupted,
                () = store_failed.notified() => StopReason::OutputClosed,
            }
        };
        let finished = session.run(query, &outcome.range, &mut intake, stop).await?;
        let moved = match finished {
            Ok(Finished { report, interrupted, last_error, .. }) => {
                intake.take(report);
                outcome.last_error = last_error.or_else(|| outcome.last_error.take());
                outcome.stopped = interrupted.flatten();
                None
            }
            Err(range) => Some(*range),
        };
        if let Some(error) = intake.error {
            return Err(self.failed(error));
        }
        outcome.intake += intake.taken;
        let warnings = intake.reports.iter().flat_map(|report| &report.warnings);
        outcome.warnings.extend(warnings.map(model_warning));
        outcome.reports.append(&mut intake.reports);
        Ok(moved)
    }

    /// Keeps the names of projects, endpoints and API keys.
    fn remember(
        &self,
        accounts: &[SyncedAccount],
        listed: &ListedTargets,
        parts: &PartTargets,
    ) -> Result<(), CliError> {
        for (account, id) in accounts.iter().zip((0..).map(AccountId)) {
            let own = listed.targets.iter().zip(0..).filter(|(target, _)| target.account == id);
            let own: Vec<(&Target, usize)> = own.collect();
            let project = |(target, _): &(&Target, usize)| Project {
                project_name: target.project.clone(),
                ..Project::default()
            };
            let ids = own.iter().filter_map(|(_, place)| parts.listed_ids.get(place)).flatten();
            let api_key = |(sid, name): (&String, &String)| ApiKeyName {
                sid: Some(sid.clone()),
                name: Some(name.clone()),
            };
            // Projects that were named are no list of all of them.
            let scope = &listed.scope;
            let mut unlisted = scope.unlisted_accounts();
            let is_listed = scope.is_all()
                || scope.is_reduced()
                    && !unlisted.any(|(profile, _)| profile == account.profile.as_deref());
            let projects = own.iter().filter(|_| is_listed).map(project).collect();
            let names = Names {
                profile: account.profile.clone(),
                projects,
                endpoints: ids.filter_map(|id| parts.endpoints.get(id)).cloned().collect(),
                api_keys: listed.api_keys.iter().map(api_key).collect(),
            };
            let kept = self.store.borrow_mut().remember(&account.account_id, &names);
            kept.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    /// Adds the warning about values that were final.
    fn finish(&self, mut outcome: SyncOutcome) -> SyncOutcome {
        let revised = outcome.intake.revised_after_final;
        if revised > 0 {
            let history = self.job.file.history_command("revisions");
            let nouns = if revised == 1 { "value has" } else { "values have" };
            let were = if revised == 1 { "was" } else { "were" };
            let words = text!(
                "{revised} {nouns} changed that {were} final; see `{history}`",
                "有 {revised} 个已定的数值发生了变化；`{history}` 可列出"
            );
            outcome.warnings.push((REVISED_AFTER_FINAL, words));
        }
        let absent = outcome.intake.no_longer_returned;
        if absent > 0 {
            let are = if absent == 1 { "value is" } else { "values are" };
            let words = text!(
                "{absent} {are} no longer returned by the service; the history keeps what it returned before",
                "服务端不再返回 {absent} 个数值；历史保留此前返回的值"
            );
            outcome.warnings.push(("no_longer_returned", words));
        }
        outcome
    }

    fn failed(&self, error: StoreError) -> CliError {
        self.job.file.failed(error)
    }
}

/// Returns the accounts with their numbers, without which nothing can be kept.
fn accounts(
    session: &FetchContext<'_>,
    listed: &ListedTargets,
) -> Result<Vec<SyncedAccount>, CliError> {
    let numbers = listed.account_ids.iter().cloned();
    let accounts = numbers.zip(session.profiles()).map(|(number, profile)| {
        let account_id = number
            .ok_or_else(|| CliError::internal(text!("an account has no number", "账号没有编号")))?;
        Ok(SyncedAccount { account_id, profile })
    });
    accounts.collect()
}

fn account(accounts: &[SyncedAccount], id: AccountId) -> Option<&SyncedAccount> {
    accounts.get(usize::try_from(id.0).ok()?)
}

/// Returns the targets that ask about subjects: endpoints of one project together.
fn merged(subjects: &[Subject], accounts: &[SyncedAccount]) -> Vec<Target> {
    let mut targets: BTreeMap<Target, Vec<String>> = BTreeMap::new();
    for subject in subjects {
        let place = accounts.iter().position(|one| one.account_id == subject.account_id);
        let id = place.and_then(|place| u32::try_from(place).ok()).map(AccountId);
        let mut target = subject.target(id.unwrap_or_default());
        let ids = std::mem::take(&mut target.endpoint_ids);
        if ids.is_empty() {
            targets.entry(target).or_default();
        } else {
            // Apart from the whole of the same project.
            target.endpoint_ids.push(String::new());
            targets.entry(target).or_default().extend(ids);
        }
    }
    targets.into_iter().map(|(target, endpoint_ids)| Target { endpoint_ids, ..target }).collect()
}
