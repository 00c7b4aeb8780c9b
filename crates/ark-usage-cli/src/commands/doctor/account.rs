//! Whose keys these are, and whether they may ask.

use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_transport::CallError;
use volc_openapi::ResponseError;

use super::report::{CheckKind, CheckResult};
use super::target::DoctorTarget;
use crate::commands::identity;
use crate::context::Context;
use crate::error::CliError;
use crate::hints;
use crate::lang::{Text, TextOf as _};
use crate::text;

/// Asks STS who this is, and the service of usage for one day.
pub(super) async fn checks(
    target: &DoctorTarget,
    context: &Context<'_>,
) -> Result<[CheckResult; 2], CliError> {
    Ok([account(target, context).await?, call(target, context).await])
}

async fn account(target: &DoctorTarget, context: &Context<'_>) -> Result<CheckResult, CliError> {
    let asked =
        identity::fetch(&target.client("sts"), AccountId::default(), &target.base_url, context)
            .await?;
    Ok(match asked {
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
        // Usage may be asked without knowing.
        Err(error) => {
            let what = text!("STS does not say whose keys these are", "STS 没有说明密钥属于谁");
            refused(CheckResult::warn, CheckKind::Account, &what, &error)
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
    let of = match target.project.clone() {
        Some(project) => Text::same(project),
        None => text!("the default project", "默认项目"),
    };
    match target.ark().call(&target.base_url, AccountId::default(), &action).await {
        Ok(answer) => {
            let id = answer.metadata.request_id;
            let id = id.map(|id| text!(", request id {id}", "，请求 ID {id}"));
            CheckResult::pass(
                CheckKind::Call,
                text!(
                    "GetUsage of {of} for yesterday is answered{id}",
                    "{of}昨天的 GetUsage 有应答{id}";
                    of = of, id = Text::all(id)
                ),
            )
        }
        Err(error) => {
            let what = text!("GetUsage of {of} failed", "{of}的 GetUsage 失败"; of = of);
            refused(CheckResult::fail, CheckKind::Call, &what, &error)
        }
    }
}

fn refused(
    check: fn(CheckKind, Text) -> CheckResult,
    kind: CheckKind,
    what: &Text,
    error: &CallError,
) -> CheckResult {
    let told = text!("{what}: {error}", "{what}：{error}"; what = what, error = Text::of(error));
    let check = check(kind, told);
    let CallError::Response(ResponseError::Api(error)) = error else { return check };
    let id = error.request_id.as_ref();
    let check = check.with_details(id.map(|id| text!("request id {id}", "请求 ID {id}")));
    match hints::explain_error(error) {
        Some(known) => check.with_advice(known.hint()),
        None => check,
    }
}
