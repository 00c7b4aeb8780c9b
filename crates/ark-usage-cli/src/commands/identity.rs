//! The account credentials belong to: STS `GetCallerIdentity`, which needs no permission.

use ark_usage_model::AccountId;
use ark_usage_model::get_caller_identity::{CallerIdentity, GetCallerIdentity};
use ark_usage_transport::{CallError, Client, Clock, Sign, Transport};
use volc_openapi::BaseUrl;

use crate::context::Context;
use crate::error::CliError;
use crate::settings::common_base_url;

/// Fetches the identity with a client that signs for the service `sts`.
///
/// The outer error is one of the configuration, the inner one is the failed call.
pub(crate) async fn fetch<T: Transport, S: Sign, C: Clock>(
    client: &Client<T, S, C>,
    account: AccountId,
    base_url: &BaseUrl,
    context: &Context<'_>,
) -> Result<Result<CallerIdentity, CallError>, CliError> {
    let sts = context.config()?.services.sts.clone();
    let sts = sts.unwrap_or_else(|| common_base_url(base_url));
    let response = client.call(&sts, account, &GetCallerIdentity {}).await;
    Ok(response.map(|response| response.result))
}
