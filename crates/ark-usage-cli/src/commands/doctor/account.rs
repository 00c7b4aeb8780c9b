//! Whose keys these are, and whether they may ask.

use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_transport::CallError;
use volc_openapi::ResponseError;

use super::report::Check;
use super::subject::Subject;
use crate::commands::{Context, identity};
use crate::error::CliError;
use crate::hints;

/// Asks STS who this is, and the service of usage for one day.
pub(super) async fn checks(
    subject: &Subject,
    context: &Context<'_>,
) -> Result<[Check; 2], CliError> {
    Ok([account(subject, context).await?, call(subject, context).await])
}

async fn account(subject: &Subject, context: &Context<'_>) -> Result<Check, CliError> {
    let asked = identity::ask(&subject.client("sts"), &subject.base_url, context).await?;
    Ok(match asked {
        Ok(identity) => {
            let number =
                identity.account_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
            let kind = identity.identity_type.map(|kind| format!(", {kind}")).unwrap_or_default();
            Check::pass("account", format!("{number}{kind}")).with_details(identity.trn)
        }
        // Usage may be asked without knowing.
        Err(error) => {
            refused(Check::warn, "account", "STS does not say whose keys these are", &error)
        }
    })
}

async fn call(subject: &Subject, context: &Context<'_>) -> Check {
    let today = Interval::Day.bucket_start(context.clock.now().as_second());
    let yesterday = today - Interval::Day.seconds();
    let action = GetUsage {
        project_name: subject.project.clone(),
        ..GetUsage::new(Interval::Day, yesterday, yesterday)
    };
    let of = subject.project.as_deref().unwrap_or("the default project");
    match subject.ark().call(&subject.base_url, AccountId::default(), &action).await {
        Ok(answer) => {
            let id = answer.metadata.request_id.map(|id| format!(", request id {id}"));
            let told = format!("GetUsage of {of} for yesterday is answered");
            Check::pass("call", format!("{told}{}", id.unwrap_or_default()))
        }
        Err(error) => refused(Check::fail, "call", &format!("GetUsage of {of} failed"), &error),
    }
}

fn refused(
    check: fn(&'static str, String) -> Check,
    name: &'static str,
    what: &str,
    error: &CallError,
) -> Check {
    let check = check(name, format!("{what}: {error}"));
    let CallError::Response(ResponseError::Api(error)) = error else { return check };
    let check = check.with_details(error.request_id.as_ref().map(|id| format!("request id {id}")));
    match hints::explain_error(error) {
        Some(known) => check.with_advice(known.hint()),
        None => check,
    }
}
