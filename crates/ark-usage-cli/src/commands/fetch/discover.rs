//! Targets that only the service can list: all projects, all endpoints.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::{Endpoint, ListEndpoints};
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{AccountId, Scene, Target, TargetId};
use volc_openapi::{Action, BaseUrl};

use super::account::Account;
use super::usage_request::UsageRequest;
use crate::commands::call_error::from_call;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::common_base_url;
use crate::text;

/// The endpoints the service lists, by id.
pub(crate) type EndpointCatalog = BTreeMap<String, Endpoint>;

/// Lists projects and endpoints with one account's credentials.
#[derive(Debug)]
struct ResourceLister<'a> {
    account: &'a Account,
    /// The address of Ark.
    base_url: &'a BaseUrl,
}

/// The largest number of pages of one list: a server may page forever.
const MAX_PAGES: u32 = 1_000;
const PROJECTS_PER_PAGE: u32 = 100;
const ENDPOINTS_PER_PAGE: u32 = 100;

impl ResourceLister<'_> {
    /// Returns one account's targets, completed with the lists the request needs.
    async fn targets(
        &self,
        request: &UsageRequest,
        mut targets: Vec<Target>,
    ) -> Result<(Vec<Target>, EndpointCatalog), CliError> {
        if request.filter.all_projects {
            let template = targets.first().cloned().unwrap_or_default();
            let of = |project| Target { project: Some(project), ..template.clone() };
            targets = self.projects().await?.into_iter().map(of).collect();
        }
        let mut catalogue = EndpointCatalog::new();
        if request.filter.all_endpoints {
            for target in &mut targets {
                let endpoints = self.endpoints(target.project.as_deref()).await?;
                target.endpoint_ids = endpoints.keys().cloned().collect();
                catalogue.extend(endpoints);
            }
        }
        Ok((targets, catalogue))
    }

    /// Returns every project the credentials may see, in the service's order.
    async fn projects(&self) -> Result<Vec<String>, CliError> {
        let base_url = common_base_url(self.base_url);
        let client = self.account.client(ListProjects::SERVICE);
        let mut names = Vec::new();
        for page in 0..MAX_PAGES {
            let offset = page * PROJECTS_PER_PAGE;
            let list =
                ListProjects { limit: Some(PROJECTS_PER_PAGE), offset: Some(offset), query: None };
            let response = client.call(&base_url, self.account.id, &list).await;
            let projects = response.map_err(|error| from_call(error, &base_url))?.result;
            let count = projects.projects.len();
            let visible = projects
                .projects
                .into_iter()
                .filter(|project| project.has_permission != Some(false));
            names.extend(visible.filter_map(|project| project.project_name));
            let all =
                projects.total.is_some_and(|total| i64::from(offset) + count_of(count) >= total);
            if count == 0 || all {
                break;
            }
        }
        if names.is_empty() {
            return Err(CliError::refused(text!(
                "--all-projects: the credentials cannot list any project",
                "--all-projects：这对密钥列不出任何项目"
            ))
            .with_hint(text!(
                "attach ArkReadOnlyAccess in the IAM console, or pass --project NAME",
                "请在访问控制（IAM）控制台授予 ArkReadOnlyAccess，或用 --project 指定项目"
            )));
        }
        Ok(names)
    }

    /// Returns every endpoint of a project.
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
            let response = client.call(self.base_url, self.account.id, &list).await;
            let items = response.map_err(|error| from_call(error, self.base_url))?.result;
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

/// Returns the targets of a request, with projects and endpoints listed where it leaves them open.
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

/// The targets that are fetched beside those of the request.
#[derive(Debug, Default)]
pub(crate) struct PartTargets {
    pub(crate) targets: Vec<Target>,
    /// The target each of them is a part of.
    pub(crate) whole_of: Vec<TargetId>,
    /// The endpoints the service lists.
    pub(crate) endpoints: EndpointCatalog,
    /// Code and message of each warning.
    pub(crate) warnings: Vec<(&'static str, Text)>,
}

/// The scenes the service is known to count.
const SCENES: [Scene; 3] = [Scene::ORDINARY, Scene::BATCH, Scene::BATCH_CHAT];

/// Returns the parts of targets that the breakdown needs. The service may or may not tag them by
/// itself; requested one by one, they need no tag.
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
        // A project without endpoints has no parts; without ids the request would be for the whole.
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

/// The warning that prices of endpoints, labels and models cannot apply without the list.
fn not_listed(error: &CliError) -> (&'static str, Text) {
    let (why, ..) = error.parts();
    let words = text!(
        "prices: endpoints could not be listed, so endpoint-specific prices may not apply: {why}",
        "价格：无法列出推理接入点，它们各自的价格可能不会生效：{why}";
        why = why
    );
    ("endpoints_not_listed", words)
}

fn count_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
