//! Read-only calls that settle behavior the vendor leaves undocumented, one folder for each action.
//!
//! No response says "`EndTime` is inclusive". But a response either contains a bucket known from another
//! one or it does not, and hours either add up to their day or do not. [`ProbeCalls`] sends the calls, so
//! that no question knows keys or sockets; findings contain no usage, names or accounts.

mod calls;
mod finding;
mod get_inference_usage;
mod get_usage;
mod range;

use ark_usage_model::get_inference_usage::GetInferenceUsage;
use ark_usage_model::{GetUsage, Interval};
use volc_openapi::{Action as _, ServiceDays};

pub use self::calls::{ProbeCalls, ProbeError};
pub use self::finding::ProbeFinding;
use crate::lang::Text;
use crate::text;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// The usage that a probe asks for.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "made by whoever probes")]
pub struct ProbeScope<'a> {
    /// The project; without one, what the service takes for none.
    pub project: Option<&'a str>,
    /// The endpoint that questions about one endpoint take.
    pub endpoint_id: Option<&'a str>,
    /// The days that the service counts by.
    pub days: ServiceDays,
    /// The current time, unix seconds.
    pub now: i64,
}

impl ProbeScope<'_> {
    /// The start of today in the service's calendar.
    fn today(&self) -> i64 {
        Interval::Day.start_in(self.days, self.now)
    }
}

/// Answers every open question about an action, by its name on the wire; `None` for an action without
/// questions.
///
/// # Errors
///
/// When the first call is refused, or any call fails otherwise.
pub async fn findings<C: ProbeCalls>(
    action: &str,
    calls: &C,
    scope: ProbeScope<'_>,
) -> Option<Result<Vec<ProbeFinding>, ProbeError<C::Error>>> {
    match action {
        GetUsage::NAME => Some(get_usage::findings(calls, scope).await),
        GetInferenceUsage::NAME => Some(get_inference_usage::findings(calls, scope).await),
        _ => None,
    }
}

/// Turns a refusal into an open finding; other errors end the probe.
fn or_open<E>(
    question: &'static str,
    found: Result<ProbeFinding, ProbeError<E>>,
) -> Result<ProbeFinding, ProbeError<E>> {
    match found {
        Err(ProbeError::Refused(error)) => {
            Ok(ProbeFinding::open(question, finding::refused(&error)))
        }
        found => found,
    }
}

/// The evidence of findings that need usage.
fn no_usage() -> Text {
    text!("no usage in the last days", "最近几天没有用量")
}

/// Returns a day as a finding names it, in the service's calendar.
fn day_name(unix: i64, days: ServiceDays) -> String {
    let local =
        jiff::Timestamp::from_second(unix.saturating_add(days.offset())).unwrap_or_default();
    local.strftime("%Y-%m-%d").to_string()
}
