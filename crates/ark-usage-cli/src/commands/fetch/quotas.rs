//! Free usage, packs, caps and balance of every account.

use ark_usage_model::list_model_activations::{ListModelActivations, ModelActivation};
use ark_usage_model::list_model_token_limit::{ListModelTokenLimit, ModelTokenLimit};
use ark_usage_model::list_resource_packages::{ListResourcePackages, ResourcePackage};
use ark_usage_model::query_balance_acct::QueryBalanceAcct;
use ark_usage_model::{PageStyle, PagedWalk};
use ark_usage_report::plan::PlanCallFailure;
use ark_usage_report::quota::{AccountQuotas, ReadAccount, SourceReading, account_quotas};
use ark_usage_report::text;
use volc_openapi::{Action, BaseUrl};

use super::FetchContext;
use super::account::Account;
use super::plans::PlanCalls;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::service_url;

/// Quotas that were fetched.
#[derive(Debug, Default)]
pub(crate) struct FetchedQuotas {
    pub(crate) accounts: Vec<AccountQuotas>,
    /// Code and prose of each warning.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    /// The first call that failed for another reason than a missing permission.
    failure: Option<CliError>,
}

impl FetchedQuotas {
    /// Fails with the first failure if no source could be read.
    pub(crate) fn require_any(mut self) -> Result<Self, CliError> {
        let has_read = self.accounts.iter().any(AccountQuotas::has_read);
        self.failure.take().filter(|_| !has_read).map_or(Ok(self), Err)
    }
}

/// The most models that one call about caps names.
const MODELS_OF_A_CALL: usize = 100;
/// The most pages of packs that are read.
const PAGES: usize = 1_000;

impl FetchContext<'_> {
    /// Fetches the quotas of each account, source by source: none hides another.
    pub(crate) async fn quotas(&self, with_balance: bool) -> Result<FetchedQuotas, CliError> {
        let fetching = text!("fetching quotas", "查询额度");
        let fetch = Box::pin(async {
            let (ids, unverified) = self.account_ids().await?;
            let mut fetched =
                FetchedQuotas { warnings: unverified.into_iter().collect(), ..Default::default() };
            for (account, account_id) in self.accounts.iter().zip(ids) {
                let mut calls = QuotaCalls::new(account, &self.base_url, self.context);
                let models = calls.models().await;
                let read = ReadAccount {
                    account_id,
                    profile: account.profile.clone(),
                    caps: calls.caps(&models).await,
                    models,
                    packs: calls.packs().await,
                    balance: if with_balance { Some(calls.balance().await) } else { None },
                };
                fetched.accounts.push(account_quotas(read));
                fetched.failure = fetched.failure.or_else(|| calls.first_failure());
            }
            Ok(fetched)
        });
        self.context.within(self.request.options.deadline, &fetching, fetch).await
    }
}

/// The calls about the quotas of one account.
struct QuotaCalls<'a> {
    ark: PlanCalls<'a>,
    /// The address of billing: any host that serves all services.
    billing: BaseUrl,
}

impl<'a> QuotaCalls<'a> {
    fn new(account: &'a Account, base_url: &'a BaseUrl, context: &'a Context<'a>) -> Self {
        Self {
            ark: PlanCalls::new(account, base_url, context),
            billing: service_url(base_url, ListResourcePackages::SERVICE),
        }
    }

    fn first_failure(self) -> Option<CliError> {
        self.ark.into_failure()
    }

    async fn models(&mut self) -> SourceReading<ModelActivation> {
        let mut walk = PagedWalk::new(PageStyle::Number, ListModelActivations::MAX_PAGE);
        let mut failure = None;
        while let Some(page) = walk.next_page() {
            let list = ListModelActivations {
                page_number: Some(page.number),
                page_size: Some(page.size),
                with_free_usage: Some(true),
            };
            match self.ark.ask(&list).await {
                Ok(list) => walk.take(
                    list.items.into_iter().map(|item| (item.foundation_model_name.clone(), item)),
                    list.total_count,
                ),
                Err(failed) => {
                    failure = Some(failed);
                    break;
                }
            }
        }
        let shortfall = walk.shortfall().filter(|_| failure.is_none());
        let incomplete = shortfall.map(|_| {
            PlanCallFailure::Failed(text!("the list of models is incomplete", "模型列表不完整"))
        });
        SourceReading { items: walk.into_items(), failure: failure.or(incomplete) }
    }

    /// Fetches the caps of the models that are listed.
    async fn caps(
        &mut self,
        models: &SourceReading<ModelActivation>,
    ) -> SourceReading<ModelTokenLimit> {
        let names = models.items.iter().filter_map(|model| model.foundation_model_name.clone());
        let names: Vec<String> = names.collect();
        // Caps of models that could not be listed are unknown too.
        let mut caps = SourceReading { items: Vec::new(), failure: models.failure.clone() };
        for names in names.chunks(MODELS_OF_A_CALL) {
            let action = ListModelTokenLimit { foundation_model_names: names.to_vec() };
            match self.ark.ask(&action).await {
                Ok(list) => caps.items.extend(list.model_token_limits),
                Err(failure) => return SourceReading { failure: Some(failure), ..caps },
            }
        }
        caps
    }

    async fn packs(&mut self) -> SourceReading<ResourcePackage> {
        let mut packs = SourceReading { items: Vec::new(), failure: None };
        let mut token = None;
        for _ in 0..PAGES {
            let action = ListResourcePackages::page(token.clone());
            match self.ark.ask_at(&action, Some(&self.billing)).await {
                Ok(list) => {
                    let next = list.next().map(str::to_owned);
                    let is_empty = list.packages.is_empty();
                    packs.items.extend(list.packages);
                    if next.is_none() {
                        return packs;
                    }
                    if is_empty || next == token {
                        break;
                    }
                    token = next;
                }
                Err(failure) => return SourceReading { failure: Some(failure), ..packs },
            }
        }
        let incomplete = text!("the list of packs does not end", "资源包列表没有结尾");
        SourceReading { failure: Some(PlanCallFailure::Failed(incomplete)), ..packs }
    }

    async fn balance(&mut self) -> Result<<QueryBalanceAcct as Action>::Response, PlanCallFailure> {
        self.ark.ask_at(&QueryBalanceAcct {}, Some(&self.billing)).await
    }
}
