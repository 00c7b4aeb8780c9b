//! Targets that only the service can list: all projects, all endpoints.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::list_projects::{ListProjects, Project};
use ark_usage_model::{AccountId, Scene, Shortfall, Target, TargetId, UsageReport};
use ark_usage_report::{Scope, text};
use volc_openapi::{Action, BaseUrl};

use super::account::Account;
use super::endpoint_search;
use super::lists::{
    ListGap, Listed, ListingError, list_endpoints, list_incomplete, list_of_endpoints,
    list_of_projects, list_projects, listed, project_walk, walk_projects,
};
use super::project_choice::ProjectChoice;
use super::usage_request::UsageRequest;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// The endpoints the service lists, by id.
pub(crate) type EndpointCatalog = BTreeMap<String, Endpoint>;

/// Lists projects and endpoints with one account's credentials.
#[derive(Debug)]
pub(super) struct ResourceLister<'a> {
    pub(super) account: &'a Account,
    /// The address of Ark.
    pub(super) base_url: &'a BaseUrl,
}

/// The longest time for a list that the request can do without.
const LONGEST_LIST: Duration = Duration::from_mins(1);

impl ResourceLister<'_> {
    /// Returns one account's targets, completed with the lists the request needs.
    async fn targets(
        &self,
        request: &UsageRequest,
        targets: Vec<Target>,
        context: &Context<'_>,
    ) -> Result<ListedTargets, CliError> {
        let mut listed = self.targets_by_project(request, targets, context).await?;
        if request.filter.all_endpoints {
            for (target, id) in listed.targets.iter_mut().zip((0..).map(TargetId)) {
                let found = self.endpoints(target.project.as_deref()).await;
                let (found, gap) = found.map_err(|failure| failure.error)?;
                target.endpoint_ids = found.keys().cloned().collect();
                listed.endpoints.extend(found);
                listed.unlisted.extend(gap.map(|gap| Unlisted { target: Some(id), gap }));
            }
        }
        Ok(listed)
    }

    /// Returns a target for each project. Where projects cannot be listed, the default project is
    /// counted, and the scope holds the reason.
    async fn targets_by_project(
        &self,
        request: &UsageRequest,
        targets: Vec<Target>,
        context: &Context<'_>,
    ) -> Result<ListedTargets, CliError> {
        let required = match &request.filter.projects {
            ProjectChoice::Every { required } => *required,
            ProjectChoice::Named(names) => {
                if let Some(kept) = context.record_mode.kept() {
                    kept.check_projects(names)?;
                }
                return Ok(ListedTargets::new(targets, Scope::named(names.clone())));
            }
            ProjectChoice::DefaultProject => {
                return Ok(ListedTargets::new(targets, Scope::default_project()));
            }
        };
        let template = targets.first().cloned().unwrap_or_default();
        let of = |project: &String| Target { project: Some(project.clone()), ..template.clone() };
        let more = &request.filter.more_projects;
        let kept = context.record_mode.kept().map(|kept| kept.unlisted_projects(self.account.id));
        let unlisted = kept.transpose()?.flatten();
        let listing = match unlisted {
            None => self.projects_in_time(request, required, context).await,
            Some(projects) if required || projects.iter().all(|name| name == DEFAULT_PROJECT) => {
                Err(ListingError::from(never_listed()))
            }
            Some(projects) => {
                let scope = Scope::named(projects).with_projects(more);
                let projects = scope.projects().join(", ");
                context.warn(&text!(
                    "the history has never had the list of projects, so only these are counted: {projects}",
                    "历史中没有项目列表，因此只统计：{projects}"
                ));
                return Ok(ListedTargets::new(scope.projects().iter().map(of).collect(), scope));
            }
        };
        match listing {
            Ok((projects, gap)) => {
                let scope = Scope::all(projects).with_projects(more);
                let targets = scope.projects().iter().map(of).collect();
                let unlisted = gap.map(|gap| Unlisted { target: None, gap });
                let unlisted = unlisted.into_iter().collect();
                Ok(ListedTargets { unlisted, ..ListedTargets::new(targets, scope) })
            }
            Err(failure) if required || failure.is_final => Err(failure.error),
            Err(failure) => {
                let profile = self.account.profile.clone().filter(|_| request.accounts.len() > 1);
                let more = more.iter().filter(|project| *project != DEFAULT_PROJECT);
                let scope = Scope::unlisted(profile, failure.reason());
                let scope = scope.with_projects(&more.cloned().collect::<Vec<_>>());
                let named: Vec<Target> = scope.projects().iter().map(of).collect();
                let targets = [template.clone()].into_iter().chain(named).collect();
                Ok(ListedTargets::new(targets, scope))
            }
        }
    }

    /// Lists projects. A list that the request can do without may take a minute, and half of its time; what
    /// came until then counts. One that is required is whole, or its failure is the error.
    async fn projects_in_time(
        &self,
        request: &UsageRequest,
        required: bool,
        context: &Context<'_>,
    ) -> Listed<String> {
        let deadline = request.options.deadline;
        let half = deadline.map_or(LONGEST_LIST, |all| LONGEST_LIST.min(all / 2));
        let limit = if required { deadline } else { Some(half) };
        let listing = text!("listing projects", "列出项目");
        let client = self.account.client(ListProjects::SERVICE);
        let mut walk = project_walk();
        let end = {
            let list = walk_projects(&mut walk, &client, self.base_url, self.account.id);
            let list = Box::pin(async { Ok(list.await) });
            context.within(limit, &listing, list).await
        };
        let end = end.unwrap_or_else(|error| {
            let ended = ListingError::from(error);
            let is_late = !ended.is_final && !walk.is_empty();
            Err(if is_late { ListingError::late(half) } else { ended })
        });
        match end {
            Err(failure) if required => Err(failure),
            end => names_of(listed(walk, end)?),
        }
    }

    /// Returns every project the credentials may see, in the service's order.
    pub(super) async fn projects(&self) -> Listed<String> {
        let client = self.account.client(ListProjects::SERVICE);
        names_of(list_projects(&client, self.base_url, self.account.id).await?)
    }

    /// Returns every endpoint of a project.
    pub(super) async fn endpoints(
        &self,
        project: Option<&str>,
    ) -> Result<(EndpointCatalog, Option<ListGap>), ListingError> {
        let (client, account) = (self.account.ark(), self.account.id);
        let (endpoints, gap) = list_endpoints(&client, self.base_url, account, project).await?;
        let named = endpoints.into_iter().filter_map(|item| Some((item.id.clone()?, item)));
        Ok((named.collect(), gap))
    }
}

/// The error of a history in place of the service: no sync has listed the projects.
fn never_listed() -> CliError {
    CliError::configuration(text!(
        "the history has no list of projects",
        "历史中没有项目列表"
    ))
    .with_hint(text!(
        "run `ark-usage sync` with keys that may list projects (iam:ListProjects), or pass --project NAME",
        "请用有权列出项目（iam:ListProjects）的密钥运行 `ark-usage sync`，或用 --project 指定项目"
    ))
}

/// Returns the names of projects; an error without any.
fn names_of((projects, gap): (Vec<Project>, Option<ListGap>)) -> Listed<String> {
    // `HasPermission` is not documented: GetUsage itself says which projects it refuses.
    let names: Vec<String> =
        projects.into_iter().filter_map(|project| project.project_name).collect();
    if names.is_empty() {
        let error = CliError::refused(text!(
            "the credentials cannot list any project",
            "这对密钥列不出任何项目"
        ))
        .with_hint(text!(
            "attach ArkReadOnlyAccess in the IAM console, or pass --project NAME",
            "请在访问控制（IAM）控制台授予 ArkReadOnlyAccess，或用 --project 指定项目"
        ));
        return Err(ListingError::from(error));
    }
    Ok((names, gap))
}

/// The targets of a request, as far as the service listed them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListedTargets {
    pub(crate) targets: Vec<Target>,
    /// The endpoints of lists that targets were made from.
    pub(crate) endpoints: EndpointCatalog,
    /// The lists that are not whole.
    pub(crate) unlisted: Vec<Unlisted>,
    /// The projects whose usage is counted.
    pub(crate) scope: Scope,
    /// The number of each account, where STS gave it.
    pub(crate) account_ids: Vec<Option<String>>,
    /// Names of API keys by id.
    pub(crate) api_keys: BTreeMap<String, String>,
    /// The warning that API keys could not be listed.
    pub(super) api_keys_unlisted: Option<(&'static str, Text)>,
    /// The warning that accounts are only assumed to be different.
    pub(crate) unverified: Option<(&'static str, Text)>,
}

/// The name of the project that the service takes when a request names none.
const DEFAULT_PROJECT: &str = "default";

/// A list that is not whole.
#[derive(Clone, Debug)]
pub(crate) struct Unlisted {
    /// The target whose endpoints were listed; `None` for the list of projects.
    target: Option<TargetId>,
    gap: ListGap,
}

impl ListedTargets {
    fn new(targets: Vec<Target>, scope: Scope) -> Self {
        Self { targets, scope, ..Self::default() }
    }

    /// Marks in a report on the targets, or on some of their endpoints, what was not listed.
    pub(crate) fn mark(&self, report: &mut UsageReport) {
        for Unlisted { target, gap } in &self.unlisted {
            report.add_unlisted(*target, gap.shortfall);
        }
    }

    /// Marks the projects that were not listed in a report on other targets of the listed projects.
    pub(crate) fn mark_projects(&self, report: &mut UsageReport) {
        let of_projects = self.unlisted.iter().filter(|list| list.target.is_none());
        of_projects.for_each(|list| report.add_unlisted(None, list.gap.shortfall));
    }

    /// Returns the targets whose endpoints are not all listed.
    pub(crate) fn partly_listed(&self) -> impl Iterator<Item = (TargetId, Shortfall)> {
        self.unlisted.iter().filter_map(|list| Some((list.target?, list.gap.shortfall)))
    }

    /// Returns a warning for each list that is missing or not whole, after that about the accounts.
    pub(crate) fn warnings(&self) -> Vec<(&'static str, Text)> {
        let warning = |unlisted: &Unlisted| {
            let list = unlisted.target.map_or_else(list_of_projects, |id| {
                let target = self.targets.get(id.index());
                list_of_endpoints(target.and_then(|target| target.project.as_deref()))
            });
            list_incomplete(&list, &unlisted.gap)
        };
        let unverified = self.unverified.iter().cloned();
        let lists = self.unlisted.iter().map(warning);
        let unnamed = self.api_keys_unlisted.iter().cloned();
        unverified.chain(self.scope.warning()).chain(lists).chain(unnamed).collect()
    }
}

/// Returns the targets of a request, with projects and endpoints listed where it leaves them open.
pub(super) async fn targets(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
    context: &Context<'_>,
) -> Result<ListedTargets, CliError> {
    let mut all: Option<ListedTargets> = None;
    for (id, account) in (0..).map(AccountId).zip(accounts) {
        let lister = ResourceLister { account, base_url };
        let own = request.effective().targets.iter().filter(|target| target.account == id).cloned();
        let own = lister.targets(request, own.collect(), context).await?;
        all = Some(match all {
            None => own,
            Some(all) => all.and(own),
        });
    }
    let mut all = all.unwrap_or_default();
    let filter = &request.filter;
    let are_named = !filter.endpoint_ids.is_empty() && !filter.all_endpoints;
    if filter.projects.is_every() && are_named {
        endpoint_search::find(&filter.endpoint_ids, accounts, base_url, &mut all).await?;
    }
    Ok(all)
}

impl ListedTargets {
    /// Adds the targets of another account.
    fn and(mut self, other: Self) -> Self {
        let before = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        let shifted = |id: TargetId| TargetId(id.0.saturating_add(before));
        let unlisted = other.unlisted.into_iter();
        self.unlisted
            .extend(unlisted.map(|list| Unlisted { target: list.target.map(shifted), ..list }));
        self.targets.extend(other.targets);
        self.endpoints.extend(other.endpoints);
        self.scope = self.scope.and(other.scope);
        self
    }
}

/// The targets that are fetched beside those of the request.
#[derive(Debug, Default)]
pub(crate) struct PartTargets {
    pub(crate) targets: Vec<Target>,
    /// The target each of them is a part of.
    pub(crate) whole_of: Vec<TargetId>,
    /// The endpoints the service lists.
    pub(crate) endpoints: EndpointCatalog,
    /// The ids of endpoints that were listed, by the position of the target.
    pub(crate) listed_ids: BTreeMap<usize, Vec<String>>,
    /// Targets whose endpoints are not all listed.
    pub(crate) unlisted: Vec<(TargetId, Shortfall)>,
    /// Code and message of each warning.
    pub(crate) warnings: Vec<(&'static str, Text)>,
}

/// Returns the parts of targets that the breakdown needs. The service may or may not tag them by
/// itself; requested one by one, they need no tag.
pub(super) async fn parts(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
    targets: &[Target],
) -> Result<PartTargets, CliError> {
    let breakdown = request.effective().breakdown;
    let mut parts = PartTargets::default();
    for (target, id) in targets.iter().zip((0..).map(TargetId)) {
        let mut endpoint_ids = target.endpoint_ids.clone();
        let mut breakdown = breakdown;
        if breakdown.lists_endpoints() {
            let account = usize::try_from(target.account.0).ok();
            let Some(account) = account.and_then(|number| accounts.get(number)) else { continue };
            let lister = ResourceLister { account, base_url };
            match lister.endpoints(target.project.as_deref()).await {
                Ok((endpoints, gap)) => {
                    // With --all-endpoints the same list has been read for the targets.
                    if let Some(gap) = gap.filter(|_| !request.filter.all_endpoints) {
                        parts.unlisted.push((id, gap.shortfall));
                        let project = target.project.as_deref();
                        let list = list_of_endpoints(project);
                        parts.warnings.push(list_incomplete(&list, &gap));
                    }
                    if breakdown.endpoints {
                        endpoint_ids = endpoints.keys().cloned().collect();
                    }
                    parts.listed_ids.insert(id.index(), endpoints.keys().cloned().collect());
                    parts.endpoints.extend(endpoints);
                }
                Err(failure) if breakdown.for_prices => {
                    breakdown.endpoints = false;
                    parts.warnings.push(not_listed(&failure.error));
                }
                Err(failure) if breakdown.for_history && !failure.is_final => {
                    breakdown.endpoints = false;
                    let list = list_of_endpoints(target.project.as_deref());
                    parts.warnings.push(not_kept(&list, &failure.error));
                }
                Err(failure) => return Err(failure.error),
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
            (true, true) => Scene::KNOWN.map(|scene| vec![scene]).to_vec(),
            (true, false) => target.scenes.iter().map(|scene| vec![scene.clone()]).collect(),
        };
        for scenes in scenes {
            let endpoint_ids = endpoint_ids.clone();
            parts.targets.push(Target { scenes, ..target.with_endpoints(endpoint_ids) });
            parts.whole_of.push(id);
        }
    }
    Ok(parts)
}

/// The warning that usage is kept without its endpoints.
fn not_kept(list: &Text, error: &CliError) -> (&'static str, Text) {
    let (why, ..) = error.parts();
    let words = text!(
        "{list} could not be fetched, so only the total is kept: {why}",
        "无法获取{list}，因此只保存合计：{why}";
        list = list, why = why
    );
    ("endpoints_not_listed", words)
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
