//! The account credentials belong to: STS `GetCallerIdentity`, which needs no permission.

use std::path::Path;

use ark_usage_model::AccountId;
use ark_usage_model::get_caller_identity::{CallerIdentity, GetCallerIdentity};
use ark_usage_transport::{CallError, Client, Clock, Sign, Transport};
use volc_credentials::Environment;
use volc_openapi::BaseUrl;

use crate::context::Context;
use crate::error::CliError;
use crate::settings::service_url;

/// Returns the address of STS: the demo itself, else that of the configuration, else that of the site.
pub(crate) fn address(
    base_url: &BaseUrl,
    demo: bool,
    context: &Context<'_>,
) -> Result<BaseUrl, CliError> {
    if demo {
        return Ok(base_url.clone());
    }
    let sts = context.config()?.services.sts.clone();
    Ok(sts.unwrap_or_else(|| service_url(base_url, "sts")))
}

/// Fetches the identity with a client that signs for the service `sts`.
pub(crate) async fn fetch<T: Transport, S: Sign, C: Clock>(
    client: &Client<T, S, C>,
    account: AccountId,
    sts: &BaseUrl,
) -> Result<CallerIdentity, CallError> {
    client.call(sts, account, &GetCallerIdentity {}).await.map(|response| response.result)
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
    let names = names.filter(|name| name.starts_with("VOLC") || name.starts_with("BYTEPLUS"));
    (environment.home(), names.map(|name| (name, value(name))).collect())
}
