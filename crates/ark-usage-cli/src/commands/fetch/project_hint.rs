//! A hint for a project that the service does not know.

use ark_usage_model::{CallFailure, UsageReport};
use ark_usage_report::{suggest, text};
use volc_openapi::{BaseUrl, CodeClass};

use super::account::Account;
use super::discover::ResourceLister;
use super::project_choice::ProjectChoice;
use super::usage_request::UsageRequest;
use crate::lang::Text;

/// Returns the nearest of the projects that keys can list, where a named one is unknown.
pub(super) async fn nearest_project(
    request: &UsageRequest,
    accounts: &[Account],
    base_url: &BaseUrl,
    report: &UsageReport,
) -> Option<Text> {
    if !matches!(request.filter.projects, ProjectChoice::Named(_)) {
        return None;
    }
    let unknown = |failure: &CallFailure| {
        let CallFailure::Api(error) = failure.root() else { return false };
        error.error_code().class() == CodeClass::NotFound(Some("ProjectName"))
    };
    let mut calls = report.calls.iter();
    let call = calls.find(|call| call.error.as_ref().is_some_and(unknown))?;
    let target = report.targets.get(call.target.index())?;
    let name = target.project.as_deref()?;
    let account = accounts.get(usize::try_from(target.account.0).ok()?)?;
    let (known, _) = ResourceLister { account, base_url }.projects().await.ok()?;
    let all = text!("known projects: {all}", "可用的项目：{all}", all = known.join(", "));
    Some(suggest::hint("--project ", name, known.iter().map(String::as_str), all))
}
