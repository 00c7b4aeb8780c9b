//! The calls of syncs: how many were made, and how many failed, by code.

use std::collections::BTreeMap;

use ark_usage_model::{CallFailure, UsageReport};

use crate::{Family, FamilyKind, Labels, SampleValue};

/// The end of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SyncResult {
    /// Everything was fetched.
    Complete,
    /// Some of it was not.
    Partial,
    /// Nothing was.
    Failed,
}

impl SyncResult {
    /// The word of the label `result`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

/// The syncs of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncTally {
    runs: BTreeMap<SyncResult, u64>,
    calls: u64,
    failures: BTreeMap<String, u64>,
    last_complete: Option<i64>,
}

impl SyncTally {
    /// Counts the calls of a report.
    pub fn add_report(&mut self, report: &UsageReport) {
        for call in report.calls.iter().filter(|call| call.attempts > 0) {
            self.calls = self.calls.saturating_add(u64::from(call.attempts));
            if let Some(error) = &call.error {
                *self.failures.entry(failure_code(error).to_owned()).or_default() += 1;
            }
        }
    }

    /// Counts a sync that ended at an instant.
    pub fn add_run(&mut self, result: SyncResult, now: i64) {
        *self.runs.entry(result).or_default() += 1;
        if result == SyncResult::Complete {
            self.last_complete = Some(now);
        }
    }

    /// Returns the families; results without a sync are zero, so that a first failure is an increase.
    pub fn families(&self) -> Vec<Family> {
        let counter = |name, help| Family::new(name, FamilyKind::Counter, help);
        let mut runs = counter("ark_usage_sync_runs_total", "Syncs of this process.");
        for result in [SyncResult::Complete, SyncResult::Partial, SyncResult::Failed] {
            let count = self.runs.get(&result).copied().unwrap_or_default();
            let labels = Labels::new().with("result", result.as_str());
            runs.set(labels, SampleValue::Whole(count.into()));
        }
        let mut calls =
            counter("ark_usage_sync_calls_total", "Requests for usage that syncs sent.");
        calls.set(Labels::new(), SampleValue::Whole(self.calls.into()));
        let help = "Calls for usage that failed in the end, by code of the error.";
        let mut failures = counter("ark_usage_sync_call_failures_total", help);
        for (code, count) in &self.failures {
            let labels = Labels::new().with("code", code);
            failures.set(labels, SampleValue::Whole((*count).into()));
        }
        let mut last = Family::new(
            "ark_usage_sync_last_success_timestamp_seconds",
            FamilyKind::Gauge,
            "End of the last sync of this process that fetched everything, in unix time.",
        );
        if let Some(at) = self.last_complete {
            last.set(Labels::new(), SampleValue::Whole(at.into()));
        }
        vec![runs, calls, failures, last]
    }
}

/// Returns the code of a failure: that of the service, else the kind of failure.
fn failure_code(error: &CallFailure) -> &str {
    match error.root() {
        CallFailure::Api(error) if error.code.is_empty() => "unnamed",
        CallFailure::Api(error) => &error.code,
        CallFailure::Gateway(_) => "gateway",
        CallFailure::Protocol(_) => "protocol",
        CallFailure::Transport(_) => "transport",
        CallFailure::Deadline => "deadline",
        CallFailure::Interrupted => "interrupted",
        _ => "request",
    }
}
