//! Fetching usage, for every command that does: the request, the accounts with their credentials,
//! and the projects and endpoints that only the service can list.

mod account;
mod account_settings;
mod action_plan;
mod api_keys;
mod breakdown;
mod configured;
mod discover;
mod endpoint_search;
mod last_hour;
mod lists;
mod names;
mod plans;
mod progress_log;
mod project_choice;
mod project_hint;
mod query_batch;
mod quotas;
mod request_extras;
mod row_stream;
mod seats;
mod server_range;
mod usage;
mod usage_request;

use std::cell::Cell;
use std::collections::BTreeMap;

use ark_usage_model::{GapReason, QueryOptions, Target, UsageAction, UsageQuery, UsageReport};
use ark_usage_transport::{Client, Clock as _, DatedTransport, Finished, Observer, Sign};
use tokio::sync::Notify;
use volc_openapi::BaseUrl;

use self::account::{Account, AccountNumbers};
pub(crate) use self::account_settings::AccountSettings;
pub(crate) use self::action_plan::action_choice;
pub(crate) use self::discover::{EndpointCatalog, ListedTargets, PartTargets};
pub(crate) use self::lists::{
    Listed, ListingError, list_api_keys, list_endpoints, list_incomplete, list_of_api_keys,
    list_of_endpoints, list_of_projects, list_projects,
};
pub(crate) use self::plans::FetchedPlans;
use self::progress_log::ProgressLogger;
pub(crate) use self::query_batch::QueryBatch;
pub(crate) use self::quotas::FetchedQuotas;
pub(crate) use self::request_extras::RequestExtras;
pub(crate) use self::row_stream::RowWriter;
pub(crate) use self::seats::FetchedSeats;
use self::server_range::RangeCheck;
pub(crate) use self::usage::{FetchResult, OutputMode, StopReason, fetch_usage, fetch_usage_in};
pub(crate) use self::usage_request::{UsageRequest, query};
use ark_usage_report::range::Range;
use ark_usage_report::text;

use crate::args::NetworkArgs;
use crate::clock::{DriverClock, ProgramClock};
use crate::context::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::lang::Text;
use crate::record::CommandTransport;
use crate::site::SiteChoice;

/// Reduces the time limit by what has passed: everything since the start of the program shares one
/// `--timeout`.
pub(crate) fn with_remaining_time(mut options: QueryOptions, clock: &ProgramClock) -> QueryOptions {
    options.deadline = options.deadline.map(|all| all.saturating_sub(clock.elapsed()));
    options
}

/// The transport of a query and its lists, which learns the server's clock.
type FetchTransport = DatedTransport<CommandTransport, ProgramClock>;

/// The end of a query: its report, or the range by the server's clock where that names other
/// buckets than the query.
type QueryEnd<I> = Result<Finished<Option<I>>, Box<Range>>;

/// Everything a query needs: accounts with credentials, and the way to the server.
#[derive(Debug)]
pub(crate) struct FetchContext<'a> {
    request: &'a UsageRequest,
    context: &'a Context<'a>,
    accounts: Vec<Account>,
    transport: FetchTransport,
    base_url: BaseUrl,
    /// The server's clock has confirmed or moved the range.
    is_range_settled: Cell<bool>,
    _demo: Option<Demo>,
}

impl<'a> FetchContext<'a> {
    /// Finds the credentials and starts the recording, if there is one. Only credentials are
    /// requested yet.
    pub(crate) async fn open(
        command: &'static str,
        network: &NetworkArgs,
        request: &'a UsageRequest,
        context: &'a Context<'_>,
    ) -> Result<Self, CliError> {
        let (accounts, transport) = account::all(network, request, context)?;
        let finding = text!("getting credentials", "获取密钥");
        let find_keys = Box::pin(account::find_keys(&accounts, context));
        context.within(request.options.deadline, &finding, find_keys).await?;
        let demo = if request.demo && !context.record_mode.is_offline() {
            let profiles = request.accounts.iter().map(|account| account.finder.profile());
            let SiteChoice { site, days } = &request.site;
            Some(Demo::start(&context.clock, site.value, days.value, profiles).await?)
        } else {
            None
        };
        let base_url = demo.as_ref().map_or(&request.base_url, |demo| &demo.base_url).clone();
        context.record_mode.begin(|| request.subject(command, &base_url))?;
        if request.has_alternative() {
            let knows = Box::pin(account::knows_default_action(&accounts, &base_url, request));
            let asking = text!("calling the API", "调用接口");
            if !context.within(request.options.deadline, &asking, knows).await? {
                request.switch(context);
            }
        }
        let is_range_settled = Cell::new(false);
        Ok(Self { request, context, accounts, transport, base_url, is_range_settled, _demo: demo })
    }

    /// Returns the targets, with projects and endpoints listed where the request leaves them open.
    pub(crate) async fn targets(&self) -> Result<ListedTargets, CliError> {
        let (accounts, base_url) = (&self.accounts, &self.base_url);
        let find = Box::pin(async {
            let found = account::identify(accounts, self.request, base_url, self.context).await?;
            let AccountNumbers { ids: account_ids, unverified } = found;
            let mut listed =
                discover::targets(self.request, accounts, base_url, self.context).await?;
            if self.request.effective().names_api_keys() {
                api_keys::find(accounts, base_url, &mut listed).await?;
            }
            Ok(ListedTargets { account_ids, unverified, ..listed })
        });
        self.listing(find).await
    }

    /// Returns a hint on what the history lacks, or for a project of the report that the service does not
    /// know.
    pub(crate) async fn hint(&self, report: &UsageReport) -> Option<Text> {
        if let Some(kept) = self.context.record_mode.kept() {
            let gaps = report.coverage.missing.iter().chain(&report.coverage.parts);
            let lacking = gaps.filter(|gap| gap.reason == GapReason::NotInHistory);
            let since = self.request.range.rfc3339(lacking.map(|gap| gap.start).min()?);
            // A midnight of the zone that `sync` has by default is a date.
            let since = since.strip_suffix("T00:00:00+08:00").unwrap_or(&since);
            return Some(kept.sync_hint(self.action().name(), since));
        }
        let (accounts, base_url) = (&self.accounts, &self.base_url);
        let find = project_hint::project_hint(self.request, accounts, base_url, report);
        self.listing(Box::pin(async { Ok(find.await) })).await.ok().flatten()
    }

    /// Returns the targets of endpoints, each in the project that lists it.
    pub(crate) async fn find_endpoints(
        &self,
        ids: &[String],
        listed: &ListedTargets,
    ) -> Result<Vec<Target>, CliError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = listed.clone();
        let find = endpoint_search::find(ids, &self.accounts, &self.base_url, &mut found);
        self.listing(Box::pin(find)).await?;
        Ok(found.targets)
    }

    /// Runs a future that requests lists, within the time limit.
    async fn listing<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let listing = text!("listing projects and endpoints", "列出项目和推理接入点");
        self.context.within(self.request.options.deadline, &listing, future).await
    }

    /// Returns the additional targets that the breakdown needs.
    pub(crate) async fn parts(&self, targets: &[Target]) -> Result<PartTargets, CliError> {
        let find = Box::pin(discover::parts(self.request, &self.accounts, &self.base_url, targets));
        self.listing(find).await
    }

    /// Runs a query with all accounts, to its end or until `interruption`, and shows its progress.
    /// Fails for a range that has not begun by the server's clock.
    pub(crate) async fn run<I: Future>(
        &self,
        query: UsageQuery,
        range: &Range,
        observer: &mut impl Observer,
        interruption: I,
    ) -> Result<QueryEnd<I::Output>, CliError> {
        let context = self.context;
        let clock = context.clock.for_driver();
        context.progress.begin(&query, clock.clone());
        let logger =
            ProgressLogger { inner: observer, context, range, clock, sent: BTreeMap::new() };
        let moved = Notify::new();
        let mut checked = RangeCheck::new(logger, self, &moved);
        let stop = async {
            tokio::select! {
                biased;
                () = moved.notified() => None,
                output = interruption => Some(output),
            }
        };
        let client = self.client();
        let query = query.with_server_clock(self.server_clock());
        let running = client.run_until(query, &mut checked, stop);
        let finished = tokio::select! {
            biased;
            finished = running => finished,
            never = context.progress.pulse() => match never {},
        };
        context.progress.end();
        Ok(match checked.moved.take().transpose()? {
            Some(range) => Err(Box::new(range)),
            None => Ok(finished),
        })
    }

    fn client(&self) -> Client<FetchTransport, Vec<impl Sign + use<'_>>, DriverClock> {
        let signers: Vec<_> = self.accounts.iter().map(Account::signer).collect();
        Client::new(self.transport.clone(), signers).with_clock(self.context.clock.for_driver())
    }

    /// Returns the action of the request.
    fn action(&self) -> &'static dyn UsageAction {
        self.request.effective().action
    }

    /// Returns the address of Ark.
    pub(crate) fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Returns the accounts as a message names them: by number where STS answers soon, and by profile; or else by
    /// access key.
    ///
    /// A recording has no such call, because a replay against other limits may have other messages.
    pub(crate) async fn account_names(&self) -> Vec<Text> {
        if self.request.demo {
            let profiles = self.accounts.iter().filter_map(|account| account.profile.as_deref());
            let named = profiles.map(|name| Text::same(format!("profile {name}")));
            return named.chain([text!("made-up data", "虚构数据")]).collect();
        }
        let limit = self.context.clock.elapsed().saturating_add(account::NAMING_TIMEOUT);
        let limit = self.request.options.deadline.map_or(limit, |all| all.min(limit));
        let naming = text!("asking for the account", "查询账号");
        let mut names = Vec::new();
        for account in &self.accounts {
            let number = async {
                let is_live = self.context.record_mode.is_off();
                if is_live { account.number(&self.base_url, self.context).await } else { Ok(None) }
            };
            let number = self.context.within(Some(limit), &naming, Box::pin(number)).await;
            names.extend(account.described(number.ok().flatten()).await);
        }
        names
    }

    /// Returns the profile of each account, `None` for the default one.
    pub(crate) fn profiles(&self) -> Vec<Option<String>> {
        self.accounts.iter().map(|account| account.profile.clone()).collect()
    }
}
