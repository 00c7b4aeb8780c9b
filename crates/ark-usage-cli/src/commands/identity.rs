//! The account credentials belong to: STS `GetCallerIdentity`, which needs no permission.

use std::path::Path;

use ark_usage_model::AccountId;
use ark_usage_model::get_caller_identity::{CallerIdentity, GetCallerIdentity};
use ark_usage_transport::{CallError, Client, Clock, Sign, Transport};
use volc_credentials::Environment;
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

/// Returns everything on this machine that decides on the account: the variables of all official tools and
/// the place of their files; of secrets only which ones are set.
pub(crate) fn local_accounts(
    environment: &Environment,
) -> (Option<&Path>, Vec<(&str, Option<&str>)>) {
    let secret = |name: &str| {
        ["SECRET", "TOKEN", "PASSWORD"].iter().any(|word| name.contains(word))
            && !name.ends_with("_FILE")
    };
    let value = |name| if secret(name) { None } else { environment.get(name) };
    // An unreadable one counts as set: it is an error when it is used.
    let names = environment.names().chain(environment.unreadable());
    let names = names.filter(|name| name.starts_with("VOLC"));
    (environment.home(), names.map(|name| (name, value(name))).collect())
}
