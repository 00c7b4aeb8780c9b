//! The result of `QueryBalanceAcct`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers};

/// `Result` of `QueryBalanceAcct`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct AccountBalance {
    /// The account.
    #[serde(rename = "AccountID", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The amount that can be spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_balance: Option<Decimal>,
    /// The cash in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash_balance: Option<Decimal>,
    /// The credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_limit: Option<Decimal>,
    /// The amount that is held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freeze_amount: Option<Decimal>,
    /// The amount that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrears_balance: Option<Decimal>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for AccountBalance {
    fn from(mut members: Members) -> Self {
        Self {
            account_id: members.text("AccountID"),
            available_balance: members.decimal("AvailableBalance"),
            cash_balance: members.decimal("CashBalance"),
            credit_limit: members.decimal("CreditLimit"),
            freeze_amount: members.decimal("FreezeAmount"),
            arrears_balance: members.decimal("ArrearsBalance"),
            other: members.rest(),
        }
    }
}
