//! Is the bucket that starts at `EndTime` part of the answer?

use ark_usage_model::{GetUsage, Interval};

use super::asker::Asker;
use super::note::Finding;
use super::seen::Seen;
use super::{DAY, busy, day_name};
use crate::error::CliError;

pub(super) const QUESTION: &str = "EndTime";

/// Asks for two days that are known to hold something, up to the start of the second.
pub(super) async fn finding(asker: &Asker<'_>, days: &Seen) -> Result<Finding, CliError> {
    let Some((second, _)) = busy(days).find(|(label, _)| days.has(label - DAY)) else {
        return Ok(Finding::open(QUESTION, "no two days in a row with usage to ask about"));
    };
    let first = second - DAY;
    let asked = asker.days(first, second).await?;
    let one_day = GetUsage::new(Interval::Day, second, second);
    let alone = match asker.try_ask(&one_day).await? {
        Ok(seen) if seen.has(second) => "an equal start and end answers that bucket".to_owned(),
        Ok(_) => "an equal start and end answers nothing".to_owned(),
        Err(error) => format!("an equal start and end is refused with {}", error.code),
    };
    let (from, to) = (day_name(first), day_name(second));
    Ok(match (asked.has(first), asked.has(second)) {
        (_, true) => Finding::settled(
            QUESTION,
            "inclusive: the bucket that starts at EndTime is answered",
            format!("asked for {from} to {to}, which both hold something: both came; {alone}"),
        ),
        (true, false) => Finding::settled(
            QUESTION,
            "exclusive: the bucket that starts at EndTime is not answered",
            format!(
                "asked for {from} to {to}, which both hold something: only the first came; {alone}"
            ),
        ),
        (false, false) => Finding::open(
            QUESTION,
            format!("asked for {from} to {to}, which both hold something: neither came; {alone}"),
        ),
    })
}
