//! The account of the credentials, and a call with them.

use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_report::text;

use super::report::{CheckKind, CheckResult};
use super::target::DoctorTarget;
use crate::commands::{call_error, fetch, identity};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// Checks the identity with STS, one GetUsage call, and that lists are complete.
pub(super) async fn checks(
    target: &DoctorTarget,
    context: &Context<'_>,
) -> Result<Vec<CheckResult>, CliError> {
    let mut checks = vec![account(target, context).await?, call(target, context).await];
    checks.extend(lists(target).await);
    Ok(checks)
}

/// Returns a warning for each list that is not whole. Credentials that may list nothing can query
/// usage all the same.
async fn lists(target: &DoctorTarget) -> Vec<CheckResult> {
    let (account, base_url) = (AccountId::default(), &target.base_url);
    let project = target.project.as_deref();
    let projects = fetch::list_projects(&target.client("iam"), base_url, account).await;
    let endpoints = fetch::list_endpoints(&target.ark(), base_url, account, project).await;
    let of = |list: Text, gap: Option<fetch::ListGap>| {
        let (_, words) = fetch::list_incomplete(&list, &gap?);
        Some(CheckResult::warn(CheckKind::Lists, words).with_advice(text!(
            "name projects and endpoints with --project and --endpoint-id",
            "请用 --project 和 --endpoint-id 指明项目和推理接入点"
        )))
    };
    let projects = projects.ok().and_then(|(_, short)| of(fetch::list_of_projects(), short));
    let endpoints =
        endpoints.ok().and_then(|(_, short)| of(fetch::list_of_endpoints(project), short));
    projects.into_iter().chain(endpoints).collect()
}

async fn account(target: &DoctorTarget, context: &Context<'_>) -> Result<CheckResult, CliError> {
    let sts = target.sts(context)?;
    let identity = identity::fetch(&target.client("sts"), AccountId::default(), &sts).await;
    Ok(match identity {
        Ok(identity) => {
            let number = identity.account_id.map(|id| Text::same(id.to_string()));
            let number = number.unwrap_or_else(|| text!("unknown", "未知"));
            let kind = identity.identity_type.map(|kind| format!(", {kind}")).unwrap_or_default();
            CheckResult::pass(
                CheckKind::Account,
                text!("{number}{kind}", "{number}{kind}"; number = number),
            )
            .with_details(identity.trn.map(Text::same))
        }
        // Usage can be fetched all the same.
        Err(error) => {
            let what = text!("STS did not identify the credentials", "STS 没有说明密钥属于谁");
            let error = call_error::from_call(error, &target.base_url);
            failed(CheckResult::warn(CheckKind::Account, with_message(&what, &error)), &error)
        }
    })
}

async fn call(target: &DoctorTarget, context: &Context<'_>) -> CheckResult {
    let today = Interval::Day.bucket_start(context.clock.now().as_second());
    let yesterday = today - Interval::Day.seconds();
    let action = GetUsage {
        project_name: target.project.clone(),
        ..GetUsage::new(Interval::Day, yesterday, yesterday)
    };
    let scope = match &target.project {
        Some(project) => text!("project {project}", "项目 {project} "),
        None => text!("default project", "默认项目"),
    };
    match target.ark().call(&target.base_url, AccountId::default(), &action).await {
        Ok(response) => {
            let id = response.metadata.request_id;
            let id = id.map(|id| text!(", request id {id}", "，请求 ID {id}"));
            CheckResult::pass(
                CheckKind::Call,
                text!(
                    "GetUsage for yesterday, {scope}: succeeded{id}",
                    "查询{scope}昨天的 GetUsage：成功{id}";
                    scope = scope, id = Text::all(id)
                ),
            )
        }
        Err(error) => {
            let what = text!(
                "GetUsage for yesterday, {scope}",
                "查询{scope}昨天的 GetUsage";
                scope = scope
            );
            let error = call_error::from_call(error, &target.base_url);
            failed(CheckResult::fail(CheckKind::Call, with_message(&what, &error)), &error)
        }
    }
}

fn with_message(what: &Text, error: &CliError) -> Text {
    let (message, ..) = error.parts();
    text!("{what}: {message}", "{what}：{message}"; what = what, message = message)
}

/// Adds causes and hint of the error.
fn failed(check: CheckResult, error: &CliError) -> CheckResult {
    let (_, causes, hint) = error.parts();
    let check = check.with_details(causes.iter().cloned());
    match hint {
        Some(hint) => check.with_advice(hint.clone()),
        None => check,
    }
}
