//! One window of a quota.

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::number::PlanNumber;
use crate::lang::Lang;

/// The time a quota is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "every other name is kept in the last one")]
pub enum QuotaWindow {
    /// Five hours.
    Session,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month of the subscription.
    Month,
    /// A window with another name, as it came.
    Other(String),
}

impl QuotaWindow {
    /// The known windows, shortest first.
    pub const KNOWN: [Self; 4] = [Self::Session, Self::Day, Self::Week, Self::Month];

    /// The name in documents, templates and rules.
    pub fn name(&self) -> &str {
        match self {
            Self::Session => "session",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Other(name) => name,
        }
    }

    /// Returns the known window with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|window| window.name() == name)
    }

    /// The name for people.
    pub fn words(&self, lang: Lang) -> &str {
        match self {
            Self::Session => lang.pick("5 hours", "5 小时"),
            Self::Day => lang.pick("day", "日"),
            Self::Week => lang.pick("week", "周"),
            Self::Month => lang.pick("month", "月"),
            Self::Other(name) => name,
        }
    }
}

/// A window of a quota, as far as the service described it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanWindow {
    /// The time it is for.
    pub window: QuotaWindow,
    /// The part that is used, which may exceed the quota.
    pub used: Option<PlanNumber>,
    /// The quota; 0 where the window does not apply.
    pub quota: Option<PlanNumber>,
    /// The used part in percent, where the service says it.
    pub reported_percent: Option<PlanNumber>,
    /// The start, where the service says it.
    pub started_at: Option<Timestamp>,
    /// The end; `None` before the window has started.
    pub resets_at: Option<Timestamp>,
    /// Members of the response without a meaning that is known, each with its JSON.
    pub other_members: Vec<(String, String)>,
}

impl PlanWindow {
    /// Returns a window of which nothing is known.
    pub fn new(window: QuotaWindow) -> Self {
        Self {
            window,
            used: None,
            quota: None,
            reported_percent: None,
            started_at: None,
            resets_at: None,
            other_members: Vec::new(),
        }
    }

    /// Returns false for a quota of 0, which means that the window does not apply.
    pub fn applies(&self) -> bool {
        self.quota.as_ref().is_none_or(|quota| quota.value() > Decimal::ZERO)
    }

    /// Returns the used part in percent: as the service says it, else computed and cut to ten digits behind the
    /// point.
    pub fn percent(&self) -> Option<PlanNumber> {
        self.reported_percent.clone().or_else(|| {
            let (used, quota) = self.numbers()?;
            let percent = used.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(quota)?;
            Some(PlanNumber::computed(percent))
        })
    }

    /// Returns the rest of the quota, in its unit; 0 where more than that is used.
    pub fn left(&self) -> Option<PlanNumber> {
        let (used, quota) = self.numbers()?;
        Some(PlanNumber::computed(quota.checked_sub(used)?.max(Decimal::ZERO)))
    }

    /// Returns the rest in percent.
    pub fn left_percent(&self) -> Option<PlanNumber> {
        let left = Decimal::ONE_HUNDRED.checked_sub(self.percent()?.value())?;
        Some(PlanNumber::computed(left.max(Decimal::ZERO)))
    }

    /// Returns true if the used part is `at` percent or more; `None` where it is not known.
    pub fn reaches(&self, at: Decimal) -> Option<bool> {
        if let Some(percent) = &self.reported_percent {
            return Some(percent.value() >= at);
        }
        let (used, quota) = self.numbers()?;
        Some(used.checked_mul(Decimal::ONE_HUNDRED)? >= quota.checked_mul(at)?)
    }

    /// Compares the percents of two windows.
    pub(super) fn cmp_percent(&self, other: &Self) -> Option<Ordering> {
        Some(self.percent()?.value().cmp(&other.percent()?.value()))
    }

    /// Returns the seconds until it resets; 0 where that time has passed.
    pub fn resets_in(&self, now: Timestamp) -> Option<i64> {
        self.resets_at.map(|at| at.as_second().saturating_sub(now.as_second()).max(0))
    }

    /// The used part and the quota of a window that applies.
    fn numbers(&self) -> Option<(Decimal, Decimal)> {
        let quota = self.quota.as_ref()?.value();
        (quota > Decimal::ZERO).then_some((self.used.as_ref()?.value(), quota))
    }
}
