//! Targets that only the service can name: all projects, all endpoints.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::{Endpoint, ListEndpoints};
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{AccountId, Scene, Target, TargetId};
use ark_usage_transport::CallError;
use volc_openapi::{Action, BaseUrl};

use super::account::Account;
use super::usage_request::UsageRequest;
use crate::commands::call_error;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::common_base_url;
use crate::text;

/// What the service says about endpoints, by id.
pub(crate) type EndpointCatalog = BTreeMap<String, Endpoint>;

/// Asks for lists with one account's keys.
#[derive(Debug)]
struct ResourceLister<'a> {
    account: &'a Account,
    /// Where Ark is asked.
    base_url: &'a BaseUrl,
}

/// Most pages of one list: a server that pages forever is cut off there.
const MAX_PAGES: u32 = 1_000;
const PROJECTS_PER_PAGE: u32 = 100;
const ENDPOINTS_PER_PAGE: u32 = 100;

impl ResourceLister<'_> {
    /// One account's share of the targets.
    async fn targets(
        &self,
        request: &UsageRequest,
        mut targets: Vec<Target>,
    ) -> Result<(Vec<Target>, EndpointCatalog), CliError> {
        if request.all_projects {
            let template = targets.first().cloned().unwrap_or_default();
            let of = |project| Target { project: Some(project), ..template.clone() };
            targets = self.projects().await?.into_iter().map(of).collect();
        }
        let mut catalogue = EndpointCatalog::new();
        if request.all_endpoints {
            for target in &mut targets {
                let endpoints = self.endpoints(target.project.as_deref()).await?;
                target.endpoint_ids = endpoints.keys().cloned().collect();
                catalogue.extend(endpoints);
            }
        }
        Ok((targets, catalogue))
    }

    /// Every project the keys may see, in the service's order.
    async fn projects(&self) -> Result<Vec<String>, CliError> {
        let base_url = common_base_url(self.base_url);
        let client = self.account.client(ListProjects::SERVICE);
        let mut names = Vec::new();
        for page in 0..MAX_PAGES {
            let offset = page * PROJECTS_PER_PAGE;
            let list =
                ListProjects { limit: Some(PROJECTS_PER_PAGE), offset: Some(offset), query: None };
            let answer = client.call(&base_url, self.account.id, &list).await;
            let projects =
                answer.map_err(|error| failed("--all-projects", &base_url, error))?.result;
            let count = projects.projects.len();
            let seen = projects.projects.into_iter().filter(|it| it.has_permission != Some(false));
            names.extend(seen.filter_map(|project| project.project_name));
            let all =
                projects.total.is_some_and(|total| i64::from(offset) + count_of(count) >= total);
            if count == 0 || all {
                break;
            }
        }
        if names.is_empty() {
            return Err(CliError::refused(text!(
                "--all-projects: these keys may see no project",
                "--all-projects：这对密钥看不到任何项目"
            ))
            .with_hint(text!(
                "attach ArkReadOnlyAccess in the IAM console, or name one with --project",
                "请在访问控制（IAM）控制台授予 ArkReadOnlyAccess，或用 --project 指定项目"
            )));
        }
        Ok(names)
    }

    /// Every endpoint of a project.
    async fn endpoints(&self, project: Option<&str>) -> Result<EndpointCatalog, CliError> {
        let client = self.account.ark();
        let mut endpoints = EndpointCatalog::new();
        for page in 1..=MAX_PAGES {
            let list = ListEndpoints {
                project_name: project.map(str::to_owned),
                page_number: Some(page),
                page_size: Some(ENDPOINTS_PER_PAGE),
                ..ListEndpoints::default()
            };
            let answer = client.call(self.base_url, self.account.id, &list).await;
            let items =
                answer.map_err(|error| failed("ListEndpoints", self.base_url, error))?.result;
            let before = endpoints.len();
            let named = items.items.into_iter().filter_map(|item| Some((item.id.clone()?, item)));
            endpoints.extend(named);
            let all = items.total_count.is_some_and(|total| count_of(endpoints.len()) >= total);
            if endpoints.len() == before || all {
                break;
            }
        }
        Ok(endpoints)
    }
}

/// The targets of a question, with lists asked for where it leaves names open.
pub(super) async fn targets(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
) -> Result<(Vec<Target>, EndpointCatalog), CliError> {
    let (mut targets, mut catalogue) = (Vec::new(), EndpointCatalog::new());
    for (id, account) in (0..).map(AccountId).zip(accounts) {
        let lister = ResourceLister { account, base_url };
        let own = request.targets.iter().filter(|target| target.account == id).cloned();
        let (own, endpoints) = lister.targets(request, own.collect()).await?;
        targets.extend(own);
        catalogue.extend(endpoints);
    }
    Ok((targets, catalogue))
}

/// What is asked for beside the targets.
#[derive(Debug, Default)]
pub(crate) struct PartTargets {
    pub(crate) targets: Vec<Target>,
    /// Of which target each is a part.
    pub(crate) whole_of: Vec<TargetId>,
    /// What the service says about endpoints.
    pub(crate) endpoints: EndpointCatalog,
    /// Code and prose.
    pub(crate) warnings: Vec<(&'static str, Text)>,
}

/// Scenes that the service is known to count.
const SCENES: [Scene; 3] = [Scene::ORDINARY, Scene::BATCH, Scene::BATCH_CHAT];

/// The parts of targets that the question wants told apart. Whether the service names them by
/// itself, nobody can know before asking; asked for one by one, they need no name.
pub(super) async fn parts(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
    targets: &[Target],
) -> Result<PartTargets, CliError> {
    let breakdown = request.breakdown;
    let mut parts = PartTargets::default();
    for (target, id) in targets.iter().zip((0..).map(TargetId)) {
        let mut endpoint_ids = target.endpoint_ids.clone();
        let mut breakdown = breakdown;
        if breakdown.lists_endpoints() {
            let account = usize::try_from(target.account.0).ok();
            let Some(account) = account.and_then(|number| accounts.get(number)) else { continue };
            let lister = ResourceLister { account, base_url };
            match lister.endpoints(target.project.as_deref()).await {
                Ok(endpoints) => {
                    if breakdown.endpoints {
                        endpoint_ids = endpoints.keys().cloned().collect();
                    }
                    parts.endpoints.extend(endpoints);
                }
                Err(error) if breakdown.for_prices => {
                    breakdown.endpoints = false;
                    parts.warnings.push(not_listed(&error));
                }
                Err(error) => return Err(error),
            }
        }
        // A project without endpoints has no parts; asked for by no id, it would be the whole.
        if breakdown.endpoints && endpoint_ids.is_empty()
            || !breakdown.endpoints && !breakdown.scenes
        {
            continue;
        }
        let scenes = match (breakdown.scenes, target.scenes.is_empty()) {
            (false, _) => vec![target.scenes.clone()],
            (true, true) => SCENES.map(|scene| vec![scene]).to_vec(),
            (true, false) => target.scenes.iter().map(|scene| vec![scene.clone()]).collect(),
        };
        for scenes in scenes {
            let endpoint_ids = endpoint_ids.clone();
            parts.targets.push(Target { endpoint_ids, scenes, ..target.clone() });
            parts.whole_of.push(id);
        }
    }
    Ok(parts)
}

/// Without the list, prices of endpoints, labels and models cannot apply.
fn not_listed(error: &CliError) -> (&'static str, Text) {
    let (why, ..) = error.parts();
    let words = text!(
        "prices: endpoints could not be listed, so prices of their own may not apply: {why}",
        "价格：无法列出推理接入点，它们各自的价格可能不会生效：{why}";
        why = why
    );
    ("endpoints_not_listed", words)
}

fn failed(what: &str, base_url: &BaseUrl, error: CallError) -> CliError {
    match error {
        CallError::Response(volc_openapi::ResponseError::Api(error)) => call_error::refused(&error),
        CallError::Exchange(ark_usage_transport::ExchangeError::Sign(error)) => {
            CliError::configuration(text!(
                "{what}: the request could not be signed",
                "{what}：请求无法签名"
            ))
            .with_source(error)
        }
        other => CliError::transport(text!(
            "{what}: no usable answer from {base_url}",
            "{what}：{base_url} 没有返回可用的应答"
        ))
        .with_source(other),
    }
}

fn count_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
