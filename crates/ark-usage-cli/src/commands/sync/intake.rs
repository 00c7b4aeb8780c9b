//! Taking in each window as soon as its answer is complete.

use std::cell::RefCell;

use ark_usage_history::{Intake, Store, StoreError, windows_of_report};
use ark_usage_model::{AccountId, UsageReport};
use ark_usage_transport::{Event, Observer};
use tokio::sync::Notify;

/// Gives the parts of a running query to the store, each as soon as it is complete.
pub(super) struct HistoryIntake<'a> {
    pub(super) store: &'a RefCell<Box<dyn Store>>,
    pub(super) action: &'static str,
    /// The number of each account.
    pub(super) numbers: &'a [String],
    /// The server's time at which the query began.
    pub(super) began: i64,
    pub(super) taken: Intake,
    /// The reports, without their series.
    pub(super) reports: Vec<UsageReport>,
    /// The first failure of the store, which stops the query.
    pub(super) error: Option<StoreError>,
    /// Notified when the store takes no more.
    pub(super) store_failed: &'a Notify,
}

impl HistoryIntake<'_> {
    /// Gives a report to the store: an answer is a transaction.
    pub(super) fn take(&mut self, mut report: UsageReport) {
        let number = |account: AccountId| {
            let place = usize::try_from(account.0).ok()?;
            self.numbers.get(place).cloned()
        };
        for answer in windows_of_report(&report, self.action, &number, self.began) {
            if self.error.is_some() {
                break;
            }
            match self.store.borrow_mut().apply_latest(&answer) {
                Ok(taken) => self.taken += taken,
                Err(error) => {
                    self.error = Some(error);
                    self.store_failed.notify_one();
                }
            }
        }
        report.series.clear();
        self.reports.push(report);
    }
}

impl Observer for HistoryIntake<'_> {
    fn on_event(&mut self, _: Event<'_>) {}

    fn takes_parts(&self) -> bool {
        true
    }

    fn on_part(&mut self, part: UsageReport) {
        self.take(part);
    }
}
