//! The accounts of a query: their credentials, and checks across several of them.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::get_caller_identity::CallerIdentity;
use ark_usage_model::{AccountId, Interval, RequestPart, Target, Window};
use ark_usage_render::unverified_accounts;
use ark_usage_report::text;
use ark_usage_transport::{CallError, Client, DatedTransport, Sign};
use serde::de::IgnoredAny;
use volc_openapi::{BaseUrl, RetryPolicy, read_answer};

use super::FetchTransport;
use super::account_settings::AccountSettings;
use super::usage_request::UsageRequest;
use crate::actions;
use crate::args::NetworkArgs;
use crate::clock::{DriverClock, ProgramClock};
use crate::commands::identity;
use crate::context::Context;
use crate::error::CliError;
use crate::keys::{self, AccountKeys, CredentialFinder};
use crate::lang::{Text, TextOf as _};
use crate::network::{self, Proxies};
use crate::record::CommandTransport;
use crate::settings::ServerSettings;

/// The time that finding out the numbers of accounts may take: a message waits for them.
pub(super) const NAMING_TIMEOUT: Duration = Duration::from_secs(10);

/// An account with credentials, ready to send requests.
#[derive(Debug)]
pub(super) struct Account {
    /// The named profile.
    pub(super) profile: Option<String>,
    server: ServerSettings,
    /// The position among the accounts.
    pub(super) id: AccountId,
    keys: AccountKeys,
    transport: FetchTransport,
    clock: ProgramClock,
    retry: RetryPolicy,
    seed: u64,
    is_demo: bool,
}

impl Account {
    /// Returns the signer for usage queries.
    pub(super) fn signer(&self) -> impl Sign + Sync + use<'_> {
        self.signer_for(&self.server.service.value)
    }

    /// Returns a client of Ark.
    pub(super) fn ark(&self) -> Client<FetchTransport, impl Sign + use<'_>, DriverClock> {
        self.client(&self.server.service.value)
    }

    /// Returns a client of a service.
    pub(super) fn client(
        &self,
        service: &str,
    ) -> Client<FetchTransport, impl Sign + use<'_>, DriverClock> {
        Client::new(self.transport.clone(), self.signer_for(service))
            .with_clock(self.clock.for_driver())
            .with_retry(self.retry.clone())
            .with_seed(self.seed)
    }

    /// Returns the name of the profile.
    fn name(&self) -> &str {
        self.profile.as_deref().unwrap_or_default()
    }

    /// Returns the id of the access key; `None` in a replay, which has no keys.
    async fn key_id(&self) -> Option<String> {
        let (_, found) = self.keys.search().await?;
        Some(found.ok()?.credentials.access_key_id().to_owned())
    }

    /// Returns the number of the account, if STS answers.
    pub(super) async fn number(
        &self,
        base_url: &BaseUrl,
        context: &Context<'_>,
    ) -> Result<Option<i64>, CliError> {
        let identity = self.identity(base_url, context).await?;
        Ok(identity.ok().and_then(|identity| identity.account_id.filter(|number| *number > 0)))
    }

    /// Fetches the identity of the keys. The outer error is one of the configuration, the inner one
    /// is the failed call.
    async fn identity(
        &self,
        base_url: &BaseUrl,
        context: &Context<'_>,
    ) -> Result<Result<CallerIdentity, CallError>, CliError> {
        let sts = identity::address(base_url, self.is_demo, context)?;
        Ok(identity::fetch(&self.client("sts"), self.id, &sts).await)
    }

    /// Returns the account as a message names it; without number and profile by its access key.
    pub(super) async fn described(&self, number: Option<i64>) -> Option<Text> {
        Some(match (number, self.profile.as_deref()) {
            (Some(number), None) => text!("account {number}", "账号 {number}"),
            (Some(number), Some(profile)) => {
                text!("account {number} (profile {profile})", "账号 {number}（profile {profile}）")
            }
            (None, Some(profile)) => Text::same(format!("profile {profile}")),
            (None, None) => {
                let (_, found) = self.keys.search().await?;
                let id = found.ok()?.masked_access_key_id();
                text!("access key {id}", "访问密钥 {id}")
            }
        })
    }

    fn signer_for(&self, service: &str) -> impl Sign + Sync + use<'_> {
        self.keys.signer(&self.server.region.value, service)
    }
}

/// Returns the accounts of the request in its order, and the transport they share.
pub(super) fn all(
    args: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<(Vec<Account>, FetchTransport), CliError> {
    check_single_proxy(args, request, context)?;
    let profile = request.accounts.first().and_then(|account| account.finder.settings());
    let profile = profile.filter(|_| !request.demo);
    let network = network::transport(args, context.service_environment(), profile)?;
    let transport = CommandTransport::new(network.clone(), &context.record_mode);
    let transport = DatedTransport::new(transport, context.clock.clone());
    let account = |(id, settings): (AccountId, &AccountSettings)| Account {
        id,
        profile: settings.finder.profile().map(str::to_owned),
        server: settings.server.clone(),
        keys: if request.demo || context.record_mode.is_offline() {
            AccountKeys::demo(settings.finder.profile(), context)
        } else {
            // Credentials are fetched without recording: a recording holds no secret.
            let (limit, retries) = (request.options.deadline, request.options.retry.max_retries);
            AccountKeys::within(settings.finder.clone(), limit, retries, &network, context)
        },
        transport: transport.clone(),
        clock: context.clock.clone(),
        retry: request.options.retry.clone(),
        seed: request.options.seed,
        is_demo: request.demo,
    };
    Ok(((0..).map(AccountId).zip(&request.accounts).map(account).collect(), transport))
}

/// Returns false if the service says that it does not know the default action. Any other failure is
/// left to the query.
pub(super) async fn knows_default_action(
    accounts: &[Account],
    base_url: &BaseUrl,
    request: &UsageRequest,
) -> Result<bool, CliError> {
    let Some(account) = accounts.first() else { return Ok(true) };
    let days = request.site.days.value;
    let first = Interval::Day.start_in(days, request.range.window.first());
    let window = Window::of_days(days, Interval::Day, first, first)
        .map_err(|error| CliError::internal(Text::of_error(&error)))?;
    let project = request.filter.projects.names().first().cloned();
    let target = Target { project, ..Target::new(account.id) };
    let call = actions::DEFAULT
        .request(&RequestPart::new(&target, window), base_url)
        .map_err(|error| CliError::internal(Text::of_error(&error)))?;
    let Ok(response) = account.ark().call_raw(account.id, &call).await else { return Ok(true) };
    let answer = read_answer::<IgnoredAny, _>(&response);
    Ok(!answer.is_err_and(|error| error.is_unknown_action()))
}

/// Finds the credentials of every account before any usage is requested.
pub(super) async fn find_keys(accounts: &[Account], context: &Context<'_>) -> Result<(), CliError> {
    for account in accounts {
        account.keys.find(context).await?;
    }
    Ok(())
}

/// The numbers of accounts, as STS gave them.
#[derive(Debug, Default)]
pub(super) struct AccountNumbers {
    /// The number of each account; `None` where it is not known or was not needed.
    pub(super) ids: Vec<Option<String>>,
    /// The warning that accounts are only assumed to be different.
    pub(super) unverified: Option<(&'static str, Text)>,
}

/// Finds the number of each account where there are several, or where rows name it. Refuses profiles
/// of one account, whose tokens would be counted twice, and profiles whose account cannot be told,
/// unless they are assumed to be different.
pub(super) async fn identify(
    accounts: &[Account],
    request: &UsageRequest,
    base_url: &BaseUrl,
    context: &Context<'_>,
) -> Result<AccountNumbers, CliError> {
    let mut found = AccountNumbers { ids: Vec::new(), unverified: None };
    if accounts.len() < 2 && !request.names_accounts && !request.keeps_history {
        found.ids.resize(accounts.len(), None);
        return Ok(found);
    }
    let mut numbers = BTreeMap::new();
    let mut key_ids = BTreeMap::new();
    for account in accounts {
        let name = account.name();
        // One key is one account, whatever the server says about it.
        let other = account.key_id().await.and_then(|id| key_ids.insert(id, name));
        if let Some(other) = other {
            return Err(same_account(accounts, other, name, &Text::same("")));
        }
        let identity = account.identity(base_url, context).await?;
        let number = identity.map(|identity| identity.account_id.filter(|number| *number > 0));
        found.ids.push(number.as_ref().ok().copied().flatten().map(|number| number.to_string()));
        if let Ok(Some(number)) = number {
            if let Some(other) = numbers.insert(number, name) {
                return Err(same_account(accounts, other, name, &Text::same(format!(" {number}"))));
            }
            continue;
        }
        if request.keeps_history {
            return Err(unkept_account(account.described(None).await, number.err()));
        }
        if accounts.len() == 1 {
            context.remark(unnamed_account(number.err()).report_warning());
            continue;
        }
        let error = unknown_account(name, number.err());
        if !request.assumes_different_accounts {
            return Err(error);
        }
        context.remark(error.report_warning());
        found.unverified = Some(unverified_accounts());
    }
    Ok(found)
}

/// The error for two profiles of one account; `number` begins with a blank.
fn same_account(accounts: &[Account], other: &str, name: &str, number: &Text) -> CliError {
    let all = accounts.iter().filter_map(|account| account.profile.as_deref());
    let rest = keys::without(name, all);
    CliError::usage(text!(
        "profiles {other} and {name} belong to the same account{number}; its usage would be counted twice",
        "profile {other} 与 {name} 属于同一账号{number}，其用量会被重复计算";
        number = number
    ))
    .with_hint(text!(
        "use only one of them: {rest}",
        "请只用其中一个：{rest}"
    ))
}

/// The error for a profile whose account cannot be told.
fn unknown_account(name: &str, cause: Option<CallError>) -> CliError {
    let error = CliError::configuration(text!(
        "profile {name}: its account is unknown, so its usage may be counted twice",
        "profile {name}：无法得知所属账号，用量可能被重复计算"
    ))
    .with_hint(text!(
        "query the profiles one at a time, or pass --assume-different-accounts if they are",
        "请逐个查询；如果确实是不同账号，请加 --assume-different-accounts"
    ));
    because(error, cause)
}

/// The error for the only account, whose number rows cannot show.
fn unnamed_account(cause: Option<CallError>) -> CliError {
    let error = CliError::configuration(text!(
        "--by account: the account number is unknown",
        "--by account：无法得知账号编号"
    ));
    because(error, cause)
}

/// The error for an account whose usage cannot be kept without its number.
fn unkept_account(account: Option<Text>, cause: Option<CallError>) -> CliError {
    let account = Text::all(account);
    let error = CliError::transport(text!(
        "{account}: the account number is unknown, and a history keeps usage by it",
        "{account}：无法得知账号编号，而历史按账号编号保存用量";
        account = account
    ))
    .with_hint(text!(
        "try again; `ark-usage doctor` checks the call (STS GetCallerIdentity)",
        "请重试；`ark-usage doctor` 会检查这个调用（STS GetCallerIdentity）"
    ));
    because(error, cause)
}

fn because(error: CliError, cause: Option<CallError>) -> CliError {
    match cause {
        Some(cause) => error.with_source(cause),
        None => error.with_cause(text!(
            "GetCallerIdentity returned no account number",
            "GetCallerIdentity 没有返回账号编号"
        )),
    }
}

/// Refuses profiles with different proxies: one query uses one transport.
fn check_single_proxy(
    args: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<(), CliError> {
    let proxies = |finder: &CredentialFinder| {
        let proxies = Proxies::new(args, context.service_environment(), finder.settings())?;
        let both = [proxies.http, proxies.https];
        Ok::<_, CliError>(both.map(|proxy| proxy.map(|proxy| proxy.value)))
    };
    let Some((first, others)) = request.accounts.split_first() else { return Ok(()) };
    let expected = proxies(&first.finder)?;
    let mut different = None;
    for other in others {
        if different.is_none() && proxies(&other.finder)? != expected {
            different = Some(other);
        }
    }
    let Some(other) = different else { return Ok(()) };
    let name = |account: &AccountSettings| account.finder.profile().unwrap_or_default().to_owned();
    Err(CliError::usage(text!(
        "profiles {first} and {second} use different proxies",
        "profile {first} 与 {second} 使用的代理不同",
        first = name(first),
        second = name(other)
    ))
    .with_hint(text!(
        "query them one at a time, or set --proxy for all of them",
        "请逐个查询，或用 --proxy 统一指定"
    )))
}
