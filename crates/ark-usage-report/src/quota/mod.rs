//! Quotas besides those of plans: free usage and packs of models, caps, and the balance of an account.
//!
//! Pure: the responses of the service become [`AccountQuotas`]. Numbers keep every digit they came with; what
//! the service does not say (the rest, the percent) is computed.

mod reading;
mod row;

use crate::lang::{Lang, Text};
use crate::plan::{PlanCallFailure, lacks_permission};
use crate::text;

pub use self::reading::{ReadAccount, SourceReading, account_quotas};
pub use self::row::{MoneyAmounts, QuotaKind, QuotaRow};

/// A source of quotas: one action of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum QuotaSource {
    /// Free usage of models (`ListModelActivations`).
    Free,
    /// Packs (`ListResourcePackages`).
    Packs,
    /// Caps of models (`ListModelTokenLimit`).
    Caps,
    /// The balance (`QueryBalanceAcct`).
    Balance,
}

impl QuotaSource {
    /// The name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Packs => "packs",
            Self::Caps => "caps",
            Self::Balance => "balance",
        }
    }

    /// The name for people.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Free => lang.pick("free quota", "免费额度"),
            Self::Packs => lang.pick("packs", "资源包"),
            Self::Caps => lang.pick("caps", "限额"),
            Self::Balance => lang.pick("balance", "余额"),
        }
    }
}

/// The result of reading a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum SourceState {
    /// All of it was read.
    Read,
    /// The keys may not read it, with the reason.
    NotAllowed(Text),
    /// It could not be read, or not all of it, with the reason.
    Failed(Text),
}

impl SourceState {
    fn of(failure: Option<PlanCallFailure>) -> Self {
        match failure {
            None => Self::Read,
            Some(PlanCallFailure::NotAllowed(permission)) => {
                Self::NotAllowed(lacks_permission(&permission))
            }
            Some(PlanCallFailure::Failed(reason)) => Self::Failed(reason),
            Some(PlanCallFailure::NotBought) => {
                Self::Failed(text!("there is no such plan", "没有这个套餐"))
            }
        }
    }

    /// The name in documents.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::NotAllowed(_) => "not-allowed",
            Self::Failed(_) => "failed",
        }
    }

    /// Returns the words for a source that was not read.
    pub fn words(&self, lang: Lang) -> Option<String> {
        let (words, reason) = match self {
            Self::Read => return None,
            Self::NotAllowed(reason) => (lang.pick("not allowed", "无权限"), reason),
            Self::Failed(reason) => (lang.pick("failed", "查询失败"), reason),
        };
        Some(format!("{words}{}{}", lang.pick(": ", "："), reason.in_lang(lang)))
    }
}

/// The quotas of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountQuotas {
    /// The number of the account; `None` where STS did not say.
    pub account_id: Option<String>,
    /// The profile of the account, where one was named.
    pub profile: Option<String>,
    /// The sources that were asked, each with its result.
    pub sources: Vec<(QuotaSource, SourceState)>,
    /// Free usage, packs and caps.
    pub rows: Vec<QuotaRow>,
    /// The balance, where it was asked for and read.
    pub balance: Option<MoneyAmounts>,
}

impl AccountQuotas {
    /// Returns true if some source failed; one that the keys may not read did not.
    pub fn has_failed(&self) -> bool {
        self.sources.iter().any(|(_, state)| matches!(state, SourceState::Failed(_)))
    }

    /// Returns true if some source was read.
    pub fn has_read(&self) -> bool {
        self.sources.iter().any(|(_, state)| *state == SourceState::Read) || !self.rows.is_empty()
    }

    /// The account as messages name it, with a blank behind it: nothing where there is no profile.
    fn prefix(&self) -> String {
        self.profile.as_ref().map(|profile| format!("{profile}: ")).unwrap_or_default()
    }
}

/// The code of the warning that the keys may not read a source.
pub const QUOTA_NOT_ALLOWED: &str = "quota_not_allowed";

/// Returns the warnings about sources that were not read: code and words.
pub fn quota_warnings(accounts: &[AccountQuotas]) -> Vec<(&'static str, Text)> {
    let sources =
        accounts.iter().flat_map(|account| account.sources.iter().map(move |of| (account, of)));
    let warning = |(account, (source, state)): (&AccountQuotas, &(QuotaSource, SourceState))| {
        let (code, reason) = match state {
            SourceState::Read => return None,
            SourceState::NotAllowed(reason) => (QUOTA_NOT_ALLOWED, reason.clone()),
            SourceState::Failed(reason) => ("quota_failed", reason.clone()),
        };
        let source = Text::each(|lang| format!("{}{}", account.prefix(), source.words(lang)));
        let words =
            text!("{source}: {reason}", "{source}：{reason}"; source = source, reason = reason);
        Some((code, words))
    };
    sources.filter_map(warning).collect()
}

#[cfg(test)]
mod tests;
