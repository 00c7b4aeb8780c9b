//! The accounts of one query: their keys, and that no two are the same.

use std::collections::BTreeMap;

use ark_usage_model::AccountId;
use ark_usage_transport::{Client, Sign};
use volc_openapi::{BaseUrl, RetryPolicy};

use super::usage_request::{AccountSettings, UsageRequest};
use crate::args::NetworkArgs;
use crate::clock::{DriverClock, ProgramClock};
use crate::commands::identity;
use crate::context::Context;
use crate::error::CliError;
use crate::keys::{self, AccountKeys, CredentialFinder};
use crate::network::{self, Proxies};
use crate::record::CommandTransport;
use crate::settings::ServerSettings;
use crate::text;

/// Somebody who asks, ready to.
#[derive(Debug)]
pub(super) struct Account {
    /// The profile that was named.
    pub(super) profile: Option<String>,
    server: ServerSettings,
    /// Its position among the accounts.
    pub(super) id: AccountId,
    keys: AccountKeys,
    transport: CommandTransport,
    clock: ProgramClock,
    retry: RetryPolicy,
    seed: u64,
}

impl Account {
    /// Signs what is asked about usage.
    pub(super) fn signer(&self) -> impl Sign + Sync + use<'_> {
        self.signer_for(&self.server.service.value)
    }

    /// Asks the service of usage.
    pub(super) fn ark(&self) -> Client<CommandTransport, impl Sign + use<'_>, DriverClock> {
        self.client(&self.server.service.value)
    }

    /// Asks another service.
    pub(super) fn client(
        &self,
        service: &str,
    ) -> Client<CommandTransport, impl Sign + use<'_>, DriverClock> {
        Client::new(self.transport.clone(), self.signer_for(service))
            .with_clock(self.clock.for_driver())
            .with_retry(self.retry.clone())
            .with_seed(self.seed)
    }

    fn signer_for(&self, service: &str) -> impl Sign + Sync + use<'_> {
        self.keys.signer(&self.server.region.value, service)
    }
}

/// The accounts of the question in its order, and how all of them reach the server.
pub(super) fn all(
    args: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<(Vec<Account>, CommandTransport), CliError> {
    check_single_proxy(args, request, context)?;
    let profile = request.accounts.first().and_then(|account| account.finder.settings());
    let profile = profile.filter(|_| !request.demo);
    let network = network::transport(args, context.environment, profile)?;
    let transport = CommandTransport::new(network.clone(), &context.record_mode);
    let account = |(id, account): (AccountId, &AccountSettings)| Account {
        id,
        profile: account.finder.profile().map(str::to_owned),
        server: account.server.clone(),
        keys: if request.demo || context.record_mode.replayed().is_some() {
            AccountKeys::demo(context)
        } else {
            // Credentials are fetched without the recording, which holds none.
            AccountKeys::new(account.finder.clone(), &network, context)
        },
        transport: transport.clone(),
        clock: context.clock.clone(),
        retry: request.options.retry.clone(),
        seed: request.options.seed,
    };
    Ok(((0..).map(AccountId).zip(&request.accounts).map(account).collect(), transport))
}

/// Finds everybody's keys before anything is asked.
pub(super) async fn find_keys(accounts: &[Account], context: &Context<'_>) -> Result<(), CliError> {
    for account in accounts {
        account.keys.find(context).await?;
    }
    Ok(())
}

/// Two profiles may be two keys of one account, whose tokens would then be counted twice.
pub(super) async fn reject_duplicate_accounts(
    accounts: &[Account],
    base_url: &BaseUrl,
    context: &Context<'_>,
) -> Result<(), CliError> {
    if accounts.len() < 2 {
        return Ok(());
    }
    let mut seen = BTreeMap::new();
    for account in accounts {
        let name = account.profile.as_deref().unwrap_or_default();
        let result = identity::fetch(&account.client("sts"), account.id, base_url, context).await?;
        let number = match result.map(|identity| identity.account_id) {
            Ok(Some(number)) => number,
            Ok(None) => continue,
            Err(error) => {
                context.note(text!(
                    "warning: profile {name}: its account is not known, so it may be counted twice: {error}",
                    "警告：profile {name} 所属账号未知，用量可能被重复计算：{error}"
                ));
                continue;
            }
        };
        if let Some(other) = seen.insert(number, name) {
            return Err(CliError::usage(text!(
                "the profiles {other} and {name} are keys of the same account, {number}: its tokens would be counted twice",
                "profile {other} 与 {name} 是同一账号 {number} 的密钥：其用量会被重复计算"
            ))
            .with_hint(text!(
                "leave out one of them: {rest}",
                "请去掉其中一个：{rest}",
                rest = keys::without(name, accounts.iter().filter_map(|it| it.profile.as_deref()))
            )));
        }
    }
    Ok(())
}

/// One query goes one way; profiles may name proxies of their own.
fn check_single_proxy(
    args: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<(), CliError> {
    let proxies = |finder: &CredentialFinder| {
        let proxies = Proxies::new(args, context.environment, finder.settings());
        (proxies.http.map(|it| it.value), proxies.https.map(|it| it.value))
    };
    let Some((first, others)) = request.accounts.split_first() else { return Ok(()) };
    let way = proxies(&first.finder);
    let Some(other) = others.iter().find(|other| proxies(&other.finder) != way) else {
        return Ok(());
    };
    let name = |account: &AccountSettings| account.finder.profile().unwrap_or_default().to_owned();
    Err(CliError::usage(text!(
        "the profiles {one} and {another} go through different proxies",
        "profile {one} 与 {another} 使用的代理不同",
        one = name(first),
        another = name(other)
    ))
    .with_hint(text!(
        "ask them one after the other, or say --proxy for all",
        "请逐个查询，或用 --proxy 统一指定"
    )))
}
