//! The account of the credentials.

use ark_usage_model::AccountId;
use ark_usage_model::get_caller_identity::GetCallerIdentity;
use ark_usage_report::text;
use volc_openapi::Action as _;

use super::report::{CallProblem, CheckKind, CheckResult, CheckStatus};
use super::target::DoctorTarget;
use crate::commands::identity;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// Checks the identity with STS. Usage can be fetched without it.
pub(super) async fn check(
    target: &DoctorTarget,
    context: &Context<'_>,
) -> Result<CheckResult, CliError> {
    let sts = target.sts(context)?;
    let identity = identity::fetch(&target.client("sts"), AccountId::default(), &sts).await;
    let check = match identity {
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
        Err(error) => {
            let what = text!("STS did not identify the credentials", "STS 没有说明密钥属于谁");
            let problem = CallProblem::new(error, GetCallerIdentity::NAME, &target.base_url);
            CheckResult::of_failure(CheckStatus::Warn, CheckKind::Account, &problem).about(&what)
        }
    };
    Ok(check.with_action(GetCallerIdentity::NAME))
}
