//! `quota -f csv`: a line for each quota, and for each amount of a balance.

use std::borrow::Cow;

use ark_usage_report::ReportError;
use ark_usage_report::plan::PlanNumber;
use ark_usage_report::quota::{AccountQuotas, QuotaRow};

use super::QuotaReport;
use crate::csv::records;
use crate::harmless::csv_cell;

const COLUMNS: [&str; 13] = [
    "account_id",
    "kind",
    "model",
    "name",
    "id",
    "product",
    "unit",
    "total",
    "used",
    "percent",
    "left",
    "starts_at",
    "expires_at",
];

/// Writes the lines, with the names of the columns first.
pub fn csv(report: &QuotaReport<'_>) -> Result<Vec<u8>, ReportError> {
    let mut lines = vec![COLUMNS.map(Cow::Borrowed).to_vec()];
    for account in report.accounts {
        lines.extend(report.rows(account).map(|row| line(account, row)));
        let amounts = account.balance.iter().flat_map(|balance| balance.named());
        lines.extend(amounts.filter_map(|(name, amount)| Some(money(account, name, amount?))));
    }
    records(lines)
}

fn text(text: Option<&String>) -> Cow<'static, str> {
    Cow::Owned(text.map(|text| csv_cell(text)).unwrap_or_default())
}

fn number(number: Option<&PlanNumber>) -> Cow<'static, str> {
    Cow::Owned(number.map(|number| number.as_str().to_owned()).unwrap_or_default())
}

fn line(account: &AccountQuotas, row: &QuotaRow) -> Vec<Cow<'static, str>> {
    vec![
        text(account.account_id.as_ref()),
        Cow::Borrowed(row.kind.name()),
        text(row.model.as_ref()),
        text(row.name.as_ref()),
        text(row.id.as_ref()),
        text(row.product.as_ref()),
        text(row.unit.as_ref()),
        number(row.total.as_ref()),
        number(row.used.as_ref()),
        number(row.percent().as_ref()),
        number(row.left.as_ref()),
        text(row.starts_at.as_ref()),
        text(row.expires_at.as_ref()),
    ]
}

/// An amount stands where a quota has its rest.
fn money(
    account: &AccountQuotas,
    name: &'static str,
    amount: &PlanNumber,
) -> Vec<Cow<'static, str>> {
    let mut cells = vec![Cow::Borrowed(""); COLUMNS.len()];
    let filled = [
        ("account_id", text(account.account_id.as_ref())),
        ("kind", Cow::Borrowed("balance")),
        ("name", Cow::Borrowed(name)),
        ("left", number(Some(amount))),
    ];
    for (column, value) in filled {
        let place = COLUMNS.iter().position(|known| *known == column);
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            *cell = value;
        }
    }
    cells
}
