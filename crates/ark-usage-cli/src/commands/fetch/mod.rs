//! Asking about usage, as every command does that does: the question, the accounts with their keys,
//! and what only the service can name.

mod account;
mod discover;
mod names;
mod progress_log;
mod query_batch;
mod row_stream;
mod usage;
mod usage_request;

use std::collections::BTreeMap;

use ark_usage_model::{QueryOptions, Target, UsageAction, UsageQuery};
use ark_usage_transport::{Client, Clock as _, Finished, Observer, Sign};
use volc_openapi::BaseUrl;

use self::account::Account;
pub(crate) use self::discover::{EndpointCatalog, PartTargets};
use self::progress_log::ProgressLogger;
pub(crate) use self::query_batch::QueryBatch;
pub(crate) use self::row_stream::RowWriter;
pub(crate) use self::usage::{FetchResult, OutputMode, StopReason, fetch_usage};
pub(crate) use self::usage_request::{AccountSettings, RequestExtras, UsageRequest, query};
use crate::args::NetworkArgs;
use crate::clock::DriverClock;
use crate::context::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::lang::Text;
use crate::range::Range;
use crate::record::CommandTransport;
use crate::text;

/// What is left of the time for the next query: all queries of a run, which began with `clock`, share
/// its `--timeout`.
fn left(mut options: QueryOptions, clock: &DriverClock) -> QueryOptions {
    options.deadline = options.deadline.map(|all| all.saturating_sub(clock.elapsed()));
    options
}

/// The warning that something of an answer could not be read: what came is not all of it then.
pub(crate) fn unread<'a>(warnings: &'a [(&'static str, Text)]) -> Option<&'a Text> {
    let mut warnings = warnings.iter();
    let unread = |code: &str| matches!(code, "unaligned_bucket" | "unreadable_value");
    warnings.find(|(code, _)| unread(code)).map(|(_, message)| message)
}

/// Ready to ask: keys are found, and the way to the server is known.
#[derive(Debug)]
pub(crate) struct FetchContext<'a> {
    request: &'a UsageRequest,
    context: &'a Context<'a>,
    accounts: Vec<Account>,
    transport: CommandTransport,
    base_url: BaseUrl,
    _demo: Option<Demo>,
}

impl<'a> FetchContext<'a> {
    /// Finds the keys and begins the recording, if there is to be one. Nothing is asked yet, but
    /// for keys.
    pub(crate) async fn open(
        command: &'static str,
        network: &NetworkArgs,
        request: &'a UsageRequest,
        context: &'a Context<'_>,
    ) -> Result<Self, CliError> {
        let (accounts, transport) = account::all(network, request, context)?;
        context.unless_interrupted(account::find_keys(&accounts, context)).await?;
        if request.counts_default_project_only() {
            context.note(text!(
                "only the default project is counted; --project names others",
                "仅统计默认项目；其他项目用 --project 指定"
            ));
        }
        let demo = if request.demo && context.record_mode.replayed().is_none() {
            Some(Demo::start(&context.clock).await?)
        } else {
            None
        };
        let base_url = demo.as_ref().map_or(&request.base_url, |demo| &demo.base_url).clone();
        context.record_mode.begin(|| request.subject(command, &base_url))?;
        Ok(Self { request, context, accounts, transport, base_url, _demo: demo })
    }

    /// The question's targets, with lists asked for where it leaves names open. Ctrl-C ends it.
    pub(crate) async fn targets(&self) -> Result<(Vec<Target>, EndpointCatalog), CliError> {
        let (accounts, base_url) = (&self.accounts, &self.base_url);
        let find = Box::pin(async {
            account::reject_duplicate_accounts(accounts, base_url, self.context).await?;
            discover::targets(self.request, accounts, base_url).await
        });
        self.context.unless_interrupted(find).await
    }

    /// What has to be asked for beside the targets, so that their usage can be told apart.
    async fn parts(&self, targets: &[Target]) -> Result<PartTargets, CliError> {
        let find = Box::pin(discover::parts(self.request, &self.accounts, &self.base_url, targets));
        self.context.unless_interrupted(find).await
    }

    /// Runs a query in the name of all accounts, to its end or until `interruption`. People see how
    /// far it is.
    pub(crate) async fn run<I: Future>(
        &self,
        query: UsageQuery,
        options: &QueryOptions,
        range: &Range,
        observer: &mut impl Observer,
        interruption: I,
    ) -> Finished<I::Output> {
        let context = self.context;
        let clock = context.clock.for_driver();
        context.progress.begin(query.targets(), query.window(), options, clock.clone());
        let mut told =
            ProgressLogger { inner: observer, context, range, clock, sent: BTreeMap::new() };
        let client = self.client();
        let running = client.run_until(query, &mut told, interruption);
        let finished = tokio::select! {
            biased;
            finished = running => finished,
            never = context.progress.pulse() => match never {},
        };
        context.progress.end();
        finished
    }

    fn client(&self) -> Client<CommandTransport, Vec<impl Sign + use<'_>>, DriverClock> {
        let signers: Vec<_> = self.accounts.iter().map(Account::signer).collect();
        Client::new(self.transport.clone(), signers).with_clock(self.context.clock.for_driver())
    }

    /// The action that is asked.
    fn action(&self) -> &'static dyn UsageAction {
        self.request.action
    }

    /// Where Ark is asked.
    pub(crate) fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// The profile of each account, where one was named.
    pub(crate) fn profiles(&self) -> Vec<Option<String>> {
        self.accounts.iter().map(|account| account.profile.clone()).collect()
    }
}
