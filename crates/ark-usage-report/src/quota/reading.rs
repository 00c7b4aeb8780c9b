//! From the responses of the service to quotas.

use ark_usage_model::Decimal;
use ark_usage_model::list_model_activations::{FreeUsage, ModelActivation};
use ark_usage_model::list_model_token_limit::ModelTokenLimit;
use ark_usage_model::list_resource_packages::ResourcePackage;
use ark_usage_model::query_balance_acct::AccountBalance;

use super::{AccountQuotas, MoneyAmounts, QuotaKind, QuotaRow, QuotaSource, SourceState};
use crate::plan::{PlanCallFailure, PlanNumber};

/// The items of a source that were read, and the reason why there are no more.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by whoever calls the service")]
pub struct SourceReading<T> {
    /// The items.
    pub items: Vec<T>,
    /// The failure that ended the reading.
    pub failure: Option<PlanCallFailure>,
}

/// Everything that was read of an account.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by whoever calls the service")]
pub struct ReadAccount {
    /// The number of the account.
    pub account_id: Option<String>,
    /// The profile of the account.
    pub profile: Option<String>,
    /// Models with their free usage.
    pub models: SourceReading<ModelActivation>,
    /// Packs.
    pub packs: SourceReading<ResourcePackage>,
    /// Caps.
    pub caps: SourceReading<ModelTokenLimit>,
    /// The balance, where it was asked for.
    pub balance: Option<Result<AccountBalance, PlanCallFailure>>,
}

/// Returns the quotas of an account: free usage, packs and caps in this order, each as the service sorts it.
pub fn account_quotas(read: ReadAccount) -> AccountQuotas {
    let ReadAccount { account_id, profile, models, packs, caps, balance } = read;
    let mut rows: Vec<QuotaRow> = models.items.iter().flat_map(free_usage).collect();
    rows.extend(packs.items.into_iter().map(pack));
    rows.extend(caps.items.into_iter().map(cap));
    let mut sources = vec![
        (QuotaSource::Free, SourceState::of(models.failure)),
        (QuotaSource::Packs, SourceState::of(packs.failure)),
        (QuotaSource::Caps, SourceState::of(caps.failure)),
    ];
    let (balance, failure) = match balance {
        None => (None, None),
        Some(Ok(balance)) => (Some(money(&balance)), Some(None)),
        Some(Err(failure)) => (None, Some(Some(failure))),
    };
    sources.extend(failure.map(|failure| (QuotaSource::Balance, SourceState::of(failure))));
    AccountQuotas { account_id, profile, sources, rows, balance }
}

fn free_usage(model: &ModelActivation) -> Vec<QuotaRow> {
    let row = |kind, name: Option<&String>, total: Option<&Decimal>, consumed: Option<&Decimal>| {
        QuotaRow {
            model: named(model.foundation_model_name.clone()),
            name: named(name.cloned()),
            total: number(total),
            used: number(consumed),
            ..QuotaRow::new(kind)
        }
        .completed()
    };
    let initial = |usage: &FreeUsage| {
        row(QuotaKind::Free, None, usage.total.as_ref(), usage.consumed.as_ref())
    };
    let mut rows: Vec<QuotaRow> = model.initial_inference_free_usage.iter().map(initial).collect();
    rows.extend(model.free_resource_pack_items.iter().map(|pack| {
        let (total, consumed) = (pack.total.as_ref(), pack.consumed.as_ref());
        row(QuotaKind::FreePack, pack.kind.as_ref(), total, consumed)
    }));
    rows
}

fn pack(pack: ResourcePackage) -> QuotaRow {
    QuotaRow {
        name: named(pack.configuration_name).or_else(|| named(pack.configuration_code)),
        id: named(pack.instance_no),
        product: named(pack.product),
        unit: named(pack.unit),
        total: number(pack.total_amount.as_ref()),
        left: number(pack.available_amount.as_ref()),
        starts_at: named(pack.effective_time),
        expires_at: named(pack.expiry_time),
        ..QuotaRow::new(QuotaKind::Pack)
    }
    .completed()
}

fn cap(limit: ModelTokenLimit) -> QuotaRow {
    QuotaRow {
        model: named(limit.foundation_model_name),
        unit: Some("token".to_owned()),
        total: number(limit.token_limit.as_ref()),
        used: number(limit.current_usage.as_ref()),
        starts_at: named(limit.token_limit_start_time),
        ..QuotaRow::new(QuotaKind::Cap)
    }
    .completed()
}

fn money(balance: &AccountBalance) -> MoneyAmounts {
    MoneyAmounts {
        available: number(balance.available_balance.as_ref()),
        cash: number(balance.cash_balance.as_ref()),
        credit_limit: number(balance.credit_limit.as_ref()),
        frozen: number(balance.freeze_amount.as_ref()),
        arrears: number(balance.arrears_balance.as_ref()),
    }
}

/// Returns a name, if it is one.
fn named(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.trim().is_empty())
}

fn number(number: Option<&Decimal>) -> Option<PlanNumber> {
    PlanNumber::read(number?.as_str())
}
