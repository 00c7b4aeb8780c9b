//! The result of `ListResourcePackages`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers};

/// `Result` of `ListResourcePackages`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ListResourcePackagesResponse {
    /// The packs of this page.
    #[serde(rename = "List")]
    pub packages: Vec<ResourcePackage>,
    /// The token of the next page; see [`next`](Self::next).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ListResourcePackagesResponse {
    fn from(mut members: Members) -> Self {
        Self {
            packages: members.list_of(PLACES).unwrap_or_default(),
            next_token: members.text("NextToken"),
            other: members.rest(),
        }
    }
}

impl ListResourcePackagesResponse {
    /// The token of the next page; `None` after the last.
    pub fn next(&self) -> Option<&str> {
        self.next_token.as_deref().filter(|token| !matches!(*token, "" | "0"))
    }
}

/// The members that may hold the packs: the vendor's pages and clients disagree.
const PLACES: &[&str] = &["List", "ResourcePackages", "Items", "Data"];

/// A pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ResourcePackage {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_no: Option<String>,
    /// The code of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration_code: Option<String>,
    /// The name of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration_name: Option<String>,
    /// The product, such as `ark_bd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Such as `Effective`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// All of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amount: Option<Decimal>,
    /// The part that is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_amount: Option<Decimal>,
    /// Such as `token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The beginning, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_time: Option<String>,
    /// The end, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ResourcePackage {
    fn from(mut members: Members) -> Self {
        Self {
            instance_no: members.text("InstanceNo"),
            configuration_code: members.text("ConfigurationCode"),
            configuration_name: members.text("ConfigurationName"),
            product: members.text("Product"),
            status: members.text("Status"),
            total_amount: members.decimal("TotalAmount"),
            available_amount: members.decimal("AvailableAmount"),
            unit: members.text("Unit"),
            effective_time: members.text("EffectiveTime"),
            expiry_time: members.text("ExpiryTime"),
            other: members.rest(),
        }
    }
}
