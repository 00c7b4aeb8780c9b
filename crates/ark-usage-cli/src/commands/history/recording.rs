//! The answers in a recording, read as a running query reads them.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_history::{WindowAnswer, windows_of_report};
use ark_usage_model::get_caller_identity::{CallerIdentity, GetCallerIdentity};
use ark_usage_model::{AccountId, Now, QueryOptions, Step, UsageAction, UsageQuery, UsageReport};
use ark_usage_transport::{RecordedCall, RecordingError, recorded_calls};
use volc_openapi::{Action as _, BaseUrl, ServiceDays, Site, read_answer};

use crate::actions::ACTIONS;

/// The project that the service takes when a request names none.
const DEFAULT_PROJECT: &str = "default";

/// The answers of a recording.
#[derive(Default)]
pub(super) struct RecordedAnswers {
    pub(super) answers: Vec<WindowAnswer>,
    /// The number of calls for usage whose account is not known.
    pub(super) unknown: usize,
    /// The number of calls for usage that were refused, or whose answer cannot be used.
    pub(super) unused: usize,
}

/// Reads the calls for usage; `account_id` is the account of a recording that does not name it.
pub(super) fn recorded_answers(
    text: &str,
    account_id: Option<&str>,
) -> Result<RecordedAnswers, RecordingError> {
    let calls = recorded_calls(text)?;
    let numbers: BTreeMap<AccountId, String> =
        calls.iter().filter_map(|call| Some((call.account, number(call)?))).collect();
    let mut found = RecordedAnswers::default();
    for call in &calls {
        let Some(action) = ACTIONS.iter().find(|one| is_of(call, one.action.name())) else {
            continue;
        };
        let Some(report) = report(call, action.action) else {
            found.unused += 1;
            continue;
        };
        let Some(number) = numbers.get(&call.account).map(String::as_str).or(account_id) else {
            found.unknown += 1;
            continue;
        };
        let account = |_: AccountId| Some(number.to_owned());
        let received_at = unix(call);
        let mut answers = windows_of_report(&report, action.action.name(), &account, received_at);
        for answer in &mut answers {
            answer.subject.project.get_or_insert_with(|| DEFAULT_PROJECT.to_owned());
        }
        found.unused += usize::from(answers.is_empty());
        found.answers.append(&mut answers);
    }
    Ok(found)
}

fn is_of(call: &RecordedCall, action: &str) -> bool {
    let mut parameters = call.request.uri().query().unwrap_or_default().split('&');
    parameters.any(|pair| pair.strip_prefix("Action=") == Some(action))
}

fn unix(call: &RecordedCall) -> i64 {
    i64::try_from(call.received_at.as_secs()).unwrap_or(i64::MAX)
}

/// Returns the number of an account, if the call asked for it.
fn number(call: &RecordedCall) -> Option<String> {
    if !is_of(call, GetCallerIdentity::NAME) {
        return None;
    }
    let identity = read_answer::<CallerIdentity, _>(&call.response).ok()?.result;
    identity.account_id.filter(|number| *number > 0).map(|number| number.to_string())
}

/// Returns what a query for the same usage reports after this response; buckets that it would ask for
/// again are missing in it.
fn report(call: &RecordedCall, action: &'static dyn UsageAction) -> Option<UsageReport> {
    let site = Site::of_host(call.request.uri().host().unwrap_or_default());
    let days = site.map_or_else(ServiceDays::default, |site| site.days);
    let (target, window) = action.parse_request(call.request.body(), days)?;
    let buckets = u32::try_from(window.len()).ok()?;
    let options = QueryOptions {
        max_window_days: buckets,
        max_window_hours: buckets,
        max_ids: u32::try_from(target.endpoint_ids.len().max(1)).ok()?,
        settle: action.settle(),
        ..QueryOptions::default()
    };
    let base_url: BaseUrl = "https://open.volcengineapi.com".parse().ok()?;
    let mut query =
        UsageQuery::with_action(action, vec![target], window, base_url, options).ok()?;
    let now = Now { elapsed: Duration::ZERO, unix: unix(call) };
    let Step::Send(exchange) = query.poll(now) else { return None };
    query.on_response(exchange.id, now, Ok(&call.response));
    Some(query.into_report())
}
