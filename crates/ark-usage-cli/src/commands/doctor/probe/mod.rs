//! `ark-usage doctor probe`: a few read-only calls that settle what the vendor's page leaves open.
//!
//! No answer says "EndTime is inclusive". But an answer either holds a bucket known from another
//! answer or it does not, and sums over hours either make the day or do not.

mod client;
mod empty;
mod ends;
mod hours;
mod note;
mod observation;
mod range;
mod tags;

use ark_usage_model::Interval;

use self::client::ProbeClient;
use self::note::{ProbeFinding, ProbeNote};
use self::observation::UsageObservation;
use super::target::DoctorTarget;
use crate::args::ProbeArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::CredentialFinder;
use crate::lang::Text;
use crate::{output, text};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// Whole days that are looked at for usage: few, should there be a narrow limit.
const DAYS: i64 = 7;

/// Asks, and prints the note.
pub(super) async fn run(args: &ProbeArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let finder = CredentialFinder::new(args.subject.profile.as_deref(), context)?;
    let target = DoctorTarget::new(&args.subject, &finder, context).await?;
    target.keys.find(context).await?;
    let client = ProbeClient::new(&target, context);
    let now = context.clock.now().as_second();
    let findings = findings(&client, args, now).await?;
    let note = ProbeNote {
        date: context.clock.now().strftime("%Y-%m-%d").to_string(),
        region: &target.server.region.value,
        calls: client.calls(),
        findings,
    };
    output::write_stdout(&note.render(args.subject.format, context.lang)?)?;
    Ok(ExitStatus::Done)
}

async fn findings(
    client: &ProbeClient<'_>,
    args: &ProbeArgs,
    now: i64,
) -> Result<Vec<ProbeFinding>, CliError> {
    let today = Interval::Day.bucket_start(now);
    let days = client.days(today - DAYS * DAY, today - DAY).await?;
    let mut hourly = Vec::new();
    let endpoint_id = args.endpoint_id.as_deref();
    Ok(vec![
        or_open(ends::QUESTION, ends::finding(client, &days).await)?,
        or_open(hours::QUESTION, hours::finding(client, &days, &mut hourly).await)?,
        or_open(tags::QUESTION, tags::finding(client, endpoint_id, &days, &mut hourly).await)?,
        or_open(empty::QUESTION, empty::finding(client, &days, hourly).await)?,
        range::finding(client, Interval::Day, today - DAY).await?,
        range::finding(client, Interval::Hour, today - HOUR).await?,
    ])
}

/// A refusal leaves one question open and not the others; no answer at all ends the probe.
fn or_open(
    question: &'static str,
    found: Result<ProbeFinding, CliError>,
) -> Result<ProbeFinding, CliError> {
    match found {
        Err(error) if error.status() == ExitStatus::Refused => {
            Ok(ProbeFinding::open(question, error.parts().0.clone()))
        }
        found => found,
    }
}

/// Why nothing can be found out.
fn no_usage() -> Text {
    text!("no usage to look at", "没有用量可供查看")
}

/// The days with usage, newest first.
fn busy(days: &UsageObservation) -> impl Iterator<Item = (i64, i128)> {
    days.whole()
        .iter()
        .rev()
        .filter(|(_, value)| **value > 0)
        .map(|(label, value)| (*label, *value))
}

/// An instant as the note names it, in the service's zone.
fn day_name(unix: i64) -> String {
    let local = jiff::Timestamp::from_second(unix.saturating_add(8 * HOUR)).unwrap_or_default();
    local.strftime("%Y-%m-%d").to_string()
}
