//! The keys of filters, and what a source of usage says of each.

use crate::data::InferenceSource;

/// A key of `Filters`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    ApikeyId,
    AuthToken,
    ModelName,
    ModelVersion,
    ModelEndpoint,
    EndpointName,
    ModelUnitId,
    BillingStatus,
    BatchJobId,
    BatchType,
}

impl Dimension {
    /// The key's dimension; `None` for names that the service ignores. The title of its page writes
    /// `ApiKeyID`, its text `ApikeyID`.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "ApikeyID" | "ApiKeyID" => Self::ApikeyId,
            "AuthToken" => Self::AuthToken,
            "ModelName" => Self::ModelName,
            "ModelVersion" => Self::ModelVersion,
            "ModelEndpoint" => Self::ModelEndpoint,
            "EndpointName" => Self::EndpointName,
            "ModelUnitID" => Self::ModelUnitId,
            "BillingStatus" => Self::BillingStatus,
            "BatchJobID" => Self::BatchJobId,
            "BatchType" => Self::BatchType,
            _ => return None,
        })
    }

    /// The name of the column.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::ApikeyId => "ApikeyID",
            Self::AuthToken => "AuthToken",
            Self::ModelName => "ModelName",
            Self::ModelVersion => "ModelVersion",
            Self::ModelEndpoint => "ModelEndpoint",
            Self::EndpointName => "EndpointName",
            Self::ModelUnitId => "ModelUnitID",
            Self::BillingStatus => "BillingStatus",
            Self::BatchJobId => "BatchJobID",
            Self::BatchType => "BatchType",
        }
    }

    /// The value of a source; empty where it has none.
    pub(super) fn value<'a>(self, source: &InferenceSource<'a>) -> &'a str {
        let workload = source.workload;
        match self {
            Self::ApikeyId => source.api_key.map_or("", |key| key.id.as_str()),
            Self::ModelName => source.endpoint.model,
            Self::ModelVersion => source.endpoint.model_version,
            Self::ModelEndpoint => &source.endpoint.id,
            Self::EndpointName => &source.endpoint.name,
            Self::ModelUnitId => source.endpoint.model_unit.as_deref().unwrap_or_default(),
            Self::BillingStatus => source.billing_status,
            Self::BatchJobId => workload.batch_job_id.as_deref().unwrap_or_default(),
            Self::BatchType if workload.batch_job_id.is_some() => workload.scene,
            // Keys are named by their id since 2026-08.
            Self::BatchType | Self::AuthToken => "",
        }
    }
}
