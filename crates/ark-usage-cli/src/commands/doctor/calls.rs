//! One call of each action that the configuration takes usage from.

use ark_usage_model::{AccountId, Interval, RequestPart, Target, UsageAction, Window};
use ark_usage_report::text;
use ark_usage_transport::CallError;
use serde::de::IgnoredAny;
use volc_openapi::read_answer;

use super::report::{CallProblem, CheckKind, CheckResult, CheckStatus};
use super::target::DoctorTarget;
use crate::actions::{self, ActionChoice};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};

/// Calls the chosen action. For `auto` both are called, and one of them is enough.
pub(super) async fn checks(
    target: &DoctorTarget,
    choice: ActionChoice,
    context: &Context<'_>,
) -> Result<Vec<CheckResult>, CliError> {
    let call = async |action| Ok::<_, CliError>((action, call(target, action, context).await?));
    let first = call(choice.first()).await?;
    let (ActionChoice::Auto, default) = (choice, &first.1) else {
        return Ok(vec![check(target, first, CheckStatus::Fail)]);
    };
    let is_unknown = matches!(default, Err(error) if is_unknown(error));
    let second = call(actions::SUCCESSOR).await?;
    let replaced = is_unknown && second.1.is_ok();
    let (of_first, of_second) = match (&first.1, is_unknown) {
        (Ok(_), _) => (CheckStatus::Fail, CheckStatus::Warn),
        (Err(_), true) => (CheckStatus::Warn, CheckStatus::Fail),
        (Err(_), false) => (CheckStatus::Fail, CheckStatus::Fail),
    };
    let mut first = check(target, first, of_first);
    if replaced {
        first = first.with_advice(text!(
            "nothing: --api auto calls {name} instead",
            "无需处理：--api auto 会改用 {name}",
            name = actions::SUCCESSOR.name()
        ));
    }
    Ok(vec![first, check(target, second, of_second)])
}

/// The request id of a call that succeeded.
type CallEnd = Result<Option<String>, CallError>;

/// Asks an action for the usage of yesterday.
async fn call(
    target: &DoctorTarget,
    action: &'static dyn UsageAction,
    context: &Context<'_>,
) -> Result<CallEnd, CliError> {
    let internal =
        |error: &(dyn std::error::Error + 'static)| CliError::internal(Text::of_error(error));
    let (day, days) = (Interval::Day, target.days);
    let yesterday = day.start_in(days, context.clock.now().as_second()) - day.seconds();
    let window = Window::of_days(days, day, yesterday, yesterday);
    let window = window.map_err(|error| internal(&error))?;
    let account = AccountId::default();
    let asked = Target { project: target.project.clone(), ..Target::new(account) };
    let request = action.request(&RequestPart::new(&asked, window), &target.base_url);
    let request = request.map_err(|error| internal(&error))?;
    Ok(match target.ark().call_raw(account, &request).await {
        Err(error) => Err(error.into()),
        Ok(response) => match read_answer::<IgnoredAny, _>(&response) {
            Err(error) => Err(error.into()),
            Ok(answer) => Ok(answer.metadata.request_id),
        },
    })
}

fn is_unknown(error: &CallError) -> bool {
    matches!(error, CallError::Response(error) if error.is_unknown_action())
}

/// The check of a call; `status` is that of a failure.
fn check(
    target: &DoctorTarget,
    (action, end): (&'static dyn UsageAction, CallEnd),
    status: CheckStatus,
) -> CheckResult {
    let name = action.name();
    let scope = match &target.project {
        Some(project) => text!("project {project}", "项目 {project} "),
        None => text!("default project", "默认项目"),
    };
    let what = text!("{name} for yesterday, {scope}", "查询{scope}昨天的 {name}"; scope = scope);
    let check = match end {
        Ok(id) => {
            let id = id.map(|id| text!(", request id {id}", "，请求 ID {id}"));
            let message = text!("succeeded{id}", "成功{id}"; id = Text::all(id));
            CheckResult::pass(CheckKind::Call, message)
        }
        Err(error) => {
            let problem = CallProblem::new(error, name, &target.base_url);
            CheckResult::of_failure(status, CheckKind::Call, &problem)
        }
    };
    check.about(&what).with_action(name)
}
