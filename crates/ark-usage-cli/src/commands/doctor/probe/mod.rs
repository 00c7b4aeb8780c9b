//! `ark-usage doctor probe`: read-only calls that settle behaviour the vendor leaves undocumented.
//!
//! No response says "EndTime is inclusive". But a response either contains a bucket known from another
//! one or it does not, and hours either add up to their day or do not.

mod client;
mod empty;
mod ends;
mod hours;
mod note;
mod observation;
mod range;
mod tags;

use ark_usage_model::Interval;
use ark_usage_report::text;

use self::client::ProbeClient;
use self::note::{ProbeFinding, ProbeNote};
use self::observation::UsageObservation;
use super::target::DoctorTarget;
use crate::args::ProbeArgs;
use crate::context::Context;
use crate::error::{CliError, CliErrorKind};
use crate::exit_status::ExitStatus;
use crate::keys::CredentialFinder;
use crate::lang::Text;
use crate::{output, site};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// The number of days that are searched for usage; few, as the service may limit the range.
const DAYS: i64 = 7;

/// Runs the probe and prints the note.
pub(super) async fn run(args: &ProbeArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let (profile, demo) = (args.subject.profile.as_deref(), args.subject.server.demo);
    let site = site::of_server(&args.subject.server, context)?.value;
    let finder = CredentialFinder::of_one(profile, site, demo, context)?;
    let target = DoctorTarget::new(&args.subject, &finder, context).await?;
    target.keys.find(context).await?;
    let client = ProbeClient::new(&target, context);
    let now = context.clock.now().as_second();
    let today = Interval::Day.start_in(target.days, now);
    let findings = findings(&client, args, today).await?;
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
    today: i64,
) -> Result<Vec<ProbeFinding>, CliError> {
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

/// Turns a refusal into an open finding; other errors end the probe.
fn or_open(
    question: &'static str,
    found: Result<ProbeFinding, CliError>,
) -> Result<ProbeFinding, CliError> {
    match found {
        Err(error) if error.kind() == CliErrorKind::Refused => {
            Ok(ProbeFinding::open(question, error.parts().0.clone()))
        }
        found => found,
    }
}

/// The evidence of findings that need usage.
fn no_usage() -> Text {
    text!("no usage in the last days", "最近几天没有用量")
}

/// Returns the days with usage, newest first.
fn busy(days: &UsageObservation) -> impl Iterator<Item = (i64, i128)> {
    days.whole()
        .iter()
        .rev()
        .filter(|(_, value)| **value > 0)
        .map(|(label, value)| (*label, *value))
}

/// Returns a day as the note names it, in the service's time zone.
fn day_name(unix: i64) -> String {
    let local = jiff::Timestamp::from_second(unix.saturating_add(8 * HOUR)).unwrap_or_default();
    local.strftime("%Y-%m-%d").to_string()
}
