//! `ark-usage doctor probe`: read-only calls that settle behaviour the vendor leaves undocumented.

mod client;
mod note;

use ark_usage_report::probe::{ProbeError, ProbeFinding, ProbeScope, findings};
use ark_usage_report::text;
use volc_openapi::CodeClass;

use self::client::ProbeClient;
use self::note::ProbeNote;
use super::target::DoctorTarget;
use crate::actions::{self, ActionChoice};
use crate::args::ProbeArgs;
use crate::commands::{call_error, fetch};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::CredentialFinder;
use crate::{output, site};

/// Runs the probe and prints the note.
pub(super) async fn run(args: &ProbeArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let choice = fetch::action_choice(&args.subject.action, context)?;
    let (profile, demo) = (args.subject.profile.as_deref(), args.subject.server.demo);
    let site = site::of_server(&args.subject.server, context)?.value;
    let finder = CredentialFinder::of_one(profile, site, demo, context)?;
    let target = DoctorTarget::new(&args.subject, &finder, context).await?;
    target.keys.find(context).await?;
    let client = ProbeClient::new(&target, context);
    let scope = ProbeScope {
        project: target.project.as_deref(),
        endpoint_id: args.endpoint_id.as_deref(),
        days: target.days,
        now: context.clock.now().as_second(),
    };
    let (action, findings) = probe(&client, choice, scope, &target).await?;
    let note = ProbeNote {
        action,
        date: context.clock.now().strftime("%Y-%m-%d").to_string(),
        region: &target.server.region.value,
        calls: client.calls(),
        findings,
    };
    output::write_stdout(&note.render(args.subject.format, context.lang)?)?;
    Ok(ExitStatus::Done)
}

/// Answers the questions about the chosen action; for `auto` about its successor where the service does
/// not know it.
async fn probe(
    client: &ProbeClient<'_>,
    choice: ActionChoice,
    scope: ProbeScope<'_>,
    target: &DoctorTarget,
) -> Result<(&'static str, Vec<ProbeFinding>), CliError> {
    let mut action = choice.first().name();
    let mut found = findings(action, client, scope).await;
    let is_unknown = |error: &ProbeError<_>| matches!(error, ProbeError::Refused(error) if error.error_code().class() == CodeClass::UnknownAction);
    if matches!((choice, &found), (ActionChoice::Auto, Some(Err(error))) if is_unknown(error)) {
        action = actions::SUCCESSOR.name();
        found = findings(action, client, scope).await;
    }
    match found {
        Some(Ok(findings)) => Ok((action, findings)),
        Some(Err(ProbeError::Refused(error))) => {
            Err(call_error::from_response(&error.into(), action, &target.base_url))
        }
        Some(Err(ProbeError::Failed(error))) => Err(error),
        None => Err(CliError::usage(text!(
            "--api {action}: this action has no open questions",
            "--api {action}：该接口没有待解答的问题"
        ))),
    }
}
