//! When answers carry tags, and which.

use ark_usage_model::{GetUsage, Interval};

use super::asker::Asker;
use super::note::Finding;
use super::seen::Seen;
use super::{DAY, busy};
use crate::error::CliError;

pub(super) const QUESTION: &str = "tags";

/// Looks at an answer without a filter and at one for a single endpoint.
pub(super) async fn finding(
    asker: &Asker<'_>,
    endpoint_id: Option<&str>,
    days: &Seen,
    hourly: &mut Vec<Seen>,
) -> Result<Finding, CliError> {
    if days.is_empty() {
        return Ok(Finding::open(QUESTION, "no usage to look at"));
    }
    let unfiltered = describe(days);
    let found = match endpoint_id.or_else(|| days.tag("EndpointId")) {
        Some(id) => Some(id.to_owned()),
        None => asker.some_endpoint().await,
    };
    let Some(id) = found else {
        let why = format!(
            "without a filter: {unfiltered}; no endpoint to ask about, --endpoint-id names one"
        );
        return Ok(Finding::open(QUESTION, why));
    };
    let day = busy(days).map(|(label, _)| label).next();
    let day = day.or_else(|| days.whole().keys().next().copied());
    let day = day.unwrap_or_default();
    let question = |interval, last| GetUsage {
        endpoint_ids: vec![id.clone()],
        ..GetUsage::new(interval, day, last)
    };
    let filtered = asker.ask(&question(Interval::Day, day)).await?;
    // Its nights may be what the next question needs.
    hourly.push(asker.ask(&question(Interval::Hour, day + DAY)).await?);
    let filtered =
        if filtered.is_empty() { hourly.last().map(describe) } else { Some(describe(&filtered)) };
    let filtered = filtered.unwrap_or_default();
    Ok(Finding::settled(
        QUESTION,
        format!("without a filter: {unfiltered}; with one endpoint id: {filtered}"),
        "one call without a filter, one with EndpointIds",
    ))
}

fn describe(seen: &Seen) -> String {
    let keys: Vec<&str> = seen.tag_keys().into_iter().collect();
    match (keys.is_empty(), seen.has_untagged()) {
        (true, true) => "no tags".to_owned(),
        (true, false) => "no lines".to_owned(),
        (false, false) => format!("every line tagged {}", keys.join(", ")),
        (false, true) => format!("the untagged whole beside lines tagged {}", keys.join(", ")),
    }
}
