//! Hints on projects that the service does not know, and on endpoints of other projects.

use ark_usage_model::{Call, CallFailure, Target, UsageReport};
use ark_usage_report::{suggest, text};
use volc_openapi::{BaseUrl, CodeClass};

use super::account::Account;
use super::discover::ResourceLister;
use super::usage_request::UsageRequest;
use crate::lang::Text;

/// Returns a hint on a project that the service does not know, or on an endpoint that is in another
/// project than the requested one.
pub(super) async fn project_hint(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
    report: &UsageReport,
) -> Option<Text> {
    if request.filter.projects.is_every() {
        return None;
    }
    let unknown = |call: &Call| {
        let CallFailure::Api(error) = call.error.as_ref()?.root() else { return None };
        match error.error_code().class() {
            CodeClass::NotFound(Some("ProjectName")) => Some((call.target, false)),
            CodeClass::NotFound(Some("EndpointIds")) => Some((call.target, true)),
            _ => None,
        }
    };
    let (target, is_endpoint) = report.calls.iter().find_map(unknown)?;
    let target = report.targets.get(target.index())?;
    let account = accounts.get(usize::try_from(target.account.0).ok()?)?;
    let lister = ResourceLister { account, base_url };
    let (projects, _) = lister.projects().await.ok()?;
    if is_endpoint {
        return project_of_endpoint(&lister, &projects, target).await;
    }
    Some(known_projects(target.project.as_deref()?, &projects))
}

/// Returns a hint on a project that an account does not list; `None` if it does, or if it has no list.
pub(super) async fn unlisted_project(
    account: &Account,
    base_url: &BaseUrl,
    name: &str,
) -> Option<Text> {
    let (projects, _) = ResourceLister { account, base_url }.projects().await.ok()?;
    let is_listed = projects.iter().any(|project| project == name);
    (!is_listed).then(|| known_projects(name, &projects))
}

fn known_projects(name: &str, projects: &[String]) -> Text {
    let known = projects.iter().map(String::as_str);
    let all = text!("known projects: {all}", "可用的项目：{all}", all = projects.join(", "));
    suggest::hint("--project ", name, known, all)
}

/// Returns the project that lists an endpoint of the target.
async fn project_of_endpoint(
    lister: &ResourceLister<'_>,
    projects: &[String],
    target: &Target,
) -> Option<Text> {
    for project in projects.iter().filter(|name| target.project.as_ref() != Some(name)) {
        let Ok((endpoints, _)) = lister.endpoints(Some(project)).await else { continue };
        if let Some(id) = target.endpoint_ids.iter().find(|id| endpoints.contains_key(*id)) {
            return Some(text!(
                "{id} is in project {project}: pass --project {project}, or no project at all",
                "{id} 属于项目 {project}：请写 --project {project}，或不指定项目"
            ));
        }
    }
    None
}
