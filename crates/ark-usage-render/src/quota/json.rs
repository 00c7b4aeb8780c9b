//! `quota -f json`: every source, every quota and every balance, every key always there.

use ark_usage_report::ReportError;
use ark_usage_report::quota::{AccountQuotas, MoneyAmounts, QuotaRow};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::QuotaReport;
use crate::document::WarningDocument;
use crate::plan::raw;
use crate::serialized;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/quota";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub fn json(report: &QuotaReport<'_>) -> Result<Vec<u8>, ReportError> {
    let mut document = QuotasDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: generated_at(report),
        tz: report.zone_name,
        demo: report.demo,
        sources: Vec::new(),
        quotas: Vec::new(),
        balances: Vec::new(),
        warnings: WarningDocument::all(report.warnings),
    };
    for account in report.accounts {
        let account_id = account.account_id.as_deref();
        document.sources.extend(account.sources.iter().map(|(source, state)| SourceEntry {
            account_id,
            source: source.name(),
            state: state.name(),
        }));
        for row in report.rows(account) {
            document.quotas.push(quota(account, row)?);
        }
        if let Some(balance) = &account.balance {
            document.balances.push(money(account_id, balance)?);
        }
    }
    serialized(&document, true)
}

fn generated_at(report: &QuotaReport<'_>) -> String {
    let now = Timestamp::from_second(report.now.as_second()).unwrap_or_default();
    now.to_zoned(report.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[derive(Serialize)]
struct QuotasDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    tz: &'a str,
    demo: bool,
    sources: Vec<SourceEntry<'a>>,
    quotas: Vec<QuotaEntry<'a>>,
    balances: Vec<BalanceEntry<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    account_id: Option<&'a str>,
    source: &'static str,
    state: &'static str,
}

/// A quota. Numbers have every digit they came with, times are as they came.
#[derive(Serialize)]
struct QuotaEntry<'a> {
    account_id: Option<&'a str>,
    kind: &'static str,
    model: Option<&'a str>,
    name: Option<&'a str>,
    id: Option<&'a str>,
    product: Option<&'a str>,
    unit: Option<&'a str>,
    total: Option<Box<RawValue>>,
    used: Option<Box<RawValue>>,
    percent: Option<Box<RawValue>>,
    left: Option<Box<RawValue>>,
    starts_at: Option<&'a str>,
    expires_at: Option<&'a str>,
}

#[derive(Serialize)]
struct BalanceEntry<'a> {
    account_id: Option<&'a str>,
    available: Option<Box<RawValue>>,
    cash: Option<Box<RawValue>>,
    credit_limit: Option<Box<RawValue>>,
    frozen: Option<Box<RawValue>>,
    arrears: Option<Box<RawValue>>,
}

fn quota<'a>(account: &'a AccountQuotas, row: &'a QuotaRow) -> Result<QuotaEntry<'a>, ReportError> {
    Ok(QuotaEntry {
        account_id: account.account_id.as_deref(),
        kind: row.kind.name(),
        model: row.model.as_deref(),
        name: row.name.as_deref(),
        id: row.id.as_deref(),
        product: row.product.as_deref(),
        unit: row.unit.as_deref(),
        total: raw(row.total.as_ref())?,
        used: raw(row.used.as_ref())?,
        percent: raw(row.percent().as_ref())?,
        left: raw(row.left.as_ref())?,
        starts_at: row.starts_at.as_deref(),
        expires_at: row.expires_at.as_deref(),
    })
}

fn money<'a>(
    account_id: Option<&'a str>,
    balance: &MoneyAmounts,
) -> Result<BalanceEntry<'a>, ReportError> {
    Ok(BalanceEntry {
        account_id,
        available: raw(balance.available.as_ref())?,
        cash: raw(balance.cash.as_ref())?,
        credit_limit: raw(balance.credit_limit.as_ref())?,
        frozen: raw(balance.frozen.as_ref())?,
        arrears: raw(balance.arrears.as_ref())?,
    })
}
