//! `--once`: the file of alerts that were printed.

use std::path::Path;

use ark_usage_render::{read_said, write_said};
use ark_usage_report::budget::{AlertKey, BudgetStatus, PlanRule, PlanRuleStatus, SaidAlerts};
use ark_usage_report::text;
use jiff::Timestamp;
use volc_sign::PayloadHash;

use super::limits::Limit;
use crate::args::BudgetArgs;
use crate::commands::identity::local_accounts;
use crate::context::Context;
use crate::error::CliError;
use crate::output::PrivateFile;
use crate::text_file::{self, MAX_TEXT, ReadProblem};

/// The file of alerts that were printed, open to be replaced.
#[derive(Debug)]
pub(super) struct OnceFile {
    name: String,
    file: PrivateFile,
    /// A hash of everything but the limits that decides which usage is counted.
    request: String,
    before: SaidAlerts,
    said: SaidAlerts,
}

impl OnceFile {
    /// Opens the file of the flag. One that cannot be used is found before anything is sent.
    pub(super) fn open(
        args: &BudgetArgs,
        is_demo: bool,
        context: &Context<'_>,
    ) -> Result<Option<Self>, CliError> {
        let Some(path) = args.once_file()? else { return Ok(None) };
        let name = format!("--once {}", path.display());
        read(path, &name)?;
        let file = PrivateFile::open("--once", path)?;
        let request = request(args, is_demo, context);
        let (before, said) = Default::default();
        Ok(Some(Self { name, file, request, before, said }))
    }

    /// Returns true for each limit with an alert that was not printed before, and marks it as printed.
    pub(super) fn due(
        &mut self,
        limits: &[Limit],
        findings: &[BudgetStatus],
        now: Timestamp,
    ) -> Result<Vec<bool>, CliError> {
        // Another run may have replaced it since.
        self.before = read(self.file.path(), &self.name)?;
        self.said = self.before.clone();
        let judged = limits.iter().zip(findings);
        let due = judged.map(|(limit, finding)| {
            let key = AlertKey::new(&self.request, &limit.rule, limit.span);
            self.said.add(key, limit.span.end, &finding.alerts(&limit.rule))
        });
        let due = due.collect();
        self.said.forget_before(now.as_second());
        Ok(due)
    }

    /// Returns true for each limit on plans with an alert that was not printed before, and marks it as printed.
    /// [`due`](Self::due) comes first.
    pub(super) fn due_plans(
        &mut self,
        rules: &[PlanRule],
        findings: &[PlanRuleStatus],
        now: Timestamp,
    ) -> Vec<bool> {
        let mut due = Vec::new();
        for (rule, finding) in rules.iter().zip(findings) {
            let resets_at = finding.resets_at();
            let key = AlertKey::of_plan(&self.request, rule, resets_at.unwrap_or_default());
            let end = resets_at.unwrap_or_else(|| now.as_second());
            due.push(self.said.add(key, end, &finding.alerts()));
        }
        self.said.forget_before(now.as_second());
        due
    }

    /// Replaces the file once the alerts are printed, if it has changed.
    pub(super) fn finish(self) -> Result<(), CliError> {
        if self.said == self.before { Ok(()) } else { self.file.finish(&write_said(&self.said)?) }
    }
}

fn read(path: &Path, name: &str) -> Result<SaidAlerts, CliError> {
    match text_file::check_file(path, MAX_TEXT) {
        Err(problem) if problem.is_not_found() => return Ok(SaidAlerts::default()),
        checked => checked.map_err(|problem| unreadable(problem, name))?,
    }
    let bytes = text_file::read_bytes(path, MAX_TEXT);
    let bytes = bytes.map_err(|problem| unreadable(problem, name))?;
    Ok(read_said(&String::from_utf8_lossy(&bytes), name)?)
}

fn unreadable(problem: ReadProblem, name: &str) -> CliError {
    problem.about(name).with_hint(text!(
        "name a file that you can read and write; it is created with the first alert",
        "请指定可读写的文件；首次有提醒时会创建"
    ))
}

/// Alerts about other accounts, filters or made-up data are other alerts.
fn request(args: &BudgetArgs, is_demo: bool, context: &Context<'_>) -> String {
    let account = &args.usage.account;
    let decides = (
        (&args.usage.tz, &account.filter, &account.server, &account.action, &account.profiles),
        (is_demo, context.record_mode.is_offline()),
        local_accounts(context.environment),
    );
    PayloadHash::of(format!("{decides:?}")).to_string()
}
