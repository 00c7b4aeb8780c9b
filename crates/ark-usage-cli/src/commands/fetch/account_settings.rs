//! The accounts of a request: one for each profile, with the server it uses.

use ark_usage_report::text;
use volc_openapi::BaseUrl;

use super::names::names;
use crate::args::UsageArgs;
use crate::config::Set;
use crate::context::Context;
use crate::demo;
use crate::error::CliError;
use crate::history::KeptUsage;
use crate::keys::CredentialFinder;
use crate::settings::ServerSettings;
use crate::site;

/// An account before its credentials are found.
#[derive(Debug)]
pub(crate) struct AccountSettings {
    pub(crate) finder: CredentialFinder,
    pub(crate) server: ServerSettings,
}

/// Returns one account for each profile of the flags or the set; the default one without any.
///
/// `is_sent` is false for a dry run.
pub(super) fn accounts(
    args: &UsageArgs,
    is_sent: bool,
    set: &Set,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    let site = site::of_server(&args.account.server, context)?;
    let account = |finder: CredentialFinder| {
        let profile = finder.settings();
        let (server, environment) = (&args.account.server, context.environment);
        let server = ServerSettings::new(server, site.clone(), environment, profile, is_sent)?;
        Ok(AccountSettings { finder, server })
    };
    let (flags, demo) = (&args.account.profiles, args.account.server.demo);
    if flags.all_profiles {
        if demo {
            let of_demo = |name| account(CredentialFinder::offline(Some(name)));
            return demo::PROFILES.into_iter().map(of_demo).collect();
        }
        return CredentialFinder::all(site.value, context)?.into_iter().map(account).collect();
    }
    let profiles = if flags.profile.is_empty() { &set.profiles } else { &flags.profile };
    let profiles = names("--profile", profiles)?;
    if profiles.is_empty() {
        return Ok(vec![account(CredentialFinder::of_one(None, site.value, demo, context)?)?]);
    }
    let finder = |name: &String| CredentialFinder::of_one(Some(name), site.value, demo, context);
    profiles.iter().map(|name| account(finder(name)?)).collect()
}

/// Returns the accounts of a replay: as many, with the same names and without credentials.
pub(super) fn unknown_replay_accounts(
    args: &UsageArgs,
    set: &Set,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    if set.profiles.is_empty() {
        return offline(args, [None], context);
    }
    offline(args, set.profiles.iter().map(|name| Some(name.as_str())), context)
}

/// Returns the accounts of a history: those of the profiles of the flags or the set, else all.
pub(super) fn kept_accounts(
    args: &UsageArgs,
    set: &Set,
    kept: &KeptUsage,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    let flags = &args.account.profiles;
    let profiles = if flags.profile.is_empty() { &set.profiles } else { &flags.profile };
    let names = kept.choose(&names("--profile", profiles)?, flags.all_profiles)?;
    offline(args, names.iter().map(Option::as_deref), context)
}

/// Returns accounts without credentials.
fn offline<'a>(
    args: &UsageArgs,
    profiles: impl IntoIterator<Item = Option<&'a str>>,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    let (server, environment) = (&args.account.server, context.service_environment());
    let site = site::of_server(server, context)?;
    let server = ServerSettings::new(server, site, environment, None, false)?;
    let account = |profile| AccountSettings {
        finder: CredentialFinder::offline(profile),
        server: server.clone(),
    };
    Ok(profiles.into_iter().map(account).collect())
}

/// Returns the address that all accounts use; profiles may name different ones, which is an error.
pub(super) fn common_address(
    accounts: &[AccountSettings],
    context: &Context<'_>,
) -> Result<BaseUrl, CliError> {
    let server = accounts.first().map(|account| &account.server);
    let foreign = server.and_then(|it| site::foreign_host(it.site.value, it.base_url.value.host()));
    if let Some(words) = foreign {
        context.warn(&words);
    }
    let mut urls = accounts.iter().map(|account| &account.server.base_url);
    let Some(first) = urls.next() else {
        return Err(CliError::internal(text!("no account to query", "没有可查询的账号")));
    };
    match urls.find(|url| url.value != first.value) {
        None => Ok(first.value.clone()),
        Some(second) => Err(CliError::usage(text!(
            "the profiles use different addresses: {first} ({first_origin}) and {second} ({second_origin})",
            "这些 profile 的服务地址不同：{first}（{first_origin}）与 {second}（{second_origin}）",
            first = first.value,
            first_origin = first.origin,
            second = second.value,
            second_origin = second.origin
        ))
        .with_hint(text!(
            "query them one at a time, or set --base-url for all of them",
            "请逐个查询，或用 --base-url 统一指定"
        ))),
    }
}
