//! The lists that queries read: projects, endpoints and API keys.

use ark_usage_model::list_api_keys::ListApiKeys;
use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{AccountId, Tags};
use ark_usage_report::text;
use ark_usage_report::view::action_fit;
use volc_openapi::Action;

use super::report::{CallProblem, CheckKind, CheckResult, CheckStatus};
use super::target::DoctorTarget;
use crate::actions::ActionChoice;
use crate::commands::fetch::{self, Listed};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// Reads every list that the configuration needs. Credentials that may list nothing can query usage all
/// the same, so that a refused list is a warning unless the configuration requires it.
pub(super) async fn checks(
    target: &DoctorTarget,
    choice: ActionChoice,
    context: &Context<'_>,
) -> Result<Vec<CheckResult>, CliError> {
    let (account, base_url, project) =
        (AccountId::default(), &target.base_url, target.project.as_deref());
    let mut checks = Vec::new();
    let all_projects = context.config()?.defaults.all_projects.as_ref();
    let all_projects = all_projects.filter(|_| !target.is_demo()).map(|setting| setting.value);
    if project.is_none() && all_projects != Some(false) {
        let list = fetch::list_projects(&target.client("iam"), base_url, account).await;
        let status = if all_projects.is_some() { CheckStatus::Fail } else { CheckStatus::Warn };
        let consequence = text!(
            "only the default project is counted, unless projects are named",
            "未指定项目时只统计默认项目"
        );
        let names = fetch::list_of_projects();
        checks.push(check::<ListProjects, _>(list, &names, &consequence, status));
    }
    let list = fetch::list_endpoints(&target.ark(), base_url, account, project).await;
    let names = fetch::list_of_endpoints(project);
    let consequence = text!("endpoints have no names and models", "推理接入点没有名称和模型信息");
    checks.push(check::<ListEndpoints, _>(list, &names, &consequence, CheckStatus::Warn));
    if choice.actions().any(|action| action_fit::groups(action, Tags::API_KEY_ID)) {
        let list = fetch::list_api_keys(&target.ark(), base_url, account, project).await;
        let names = fetch::list_of_api_keys(project);
        let consequence = text!(
            "API keys have no names, and --api-key takes ids only",
            "API Key 没有名称，--api-key 只能用 ID"
        );
        checks.push(check::<ListApiKeys, _>(list, &names, &consequence, CheckStatus::Warn));
    }
    Ok(checks)
}

/// The check of a list; `status` is that of a list that is refused.
fn check<A: Action, T>(
    list: Listed<T>,
    names: &Text,
    consequence: &Text,
    status: CheckStatus,
) -> CheckResult {
    let name = A::NAME;
    let check = match list {
        Ok((items, None)) => {
            let count = items.len();
            let message = text!("{name}: {count} received", "{name}：收到 {count} 个");
            CheckResult::pass(CheckKind::Lists, message)
        }
        Ok((_, Some(gap))) => {
            let (_, words) = fetch::list_incomplete(names, &gap);
            CheckResult::warn(CheckKind::Lists, words).with_advice(text!(
                "name projects and endpoints with --project and --endpoint-id",
                "请用 --project 和 --endpoint-id 指明项目和推理接入点"
            ))
        }
        Err(failure) => {
            let problem = CallProblem::from(failure);
            let what = Text::same(name);
            CheckResult::of_failure(status, CheckKind::Lists, &problem)
                .about(&what)
                .with_details([consequence.clone()])
        }
    };
    check.with_action(name)
}
