//! Which edge of an hour its label is.

use super::asker::Asker;
use super::note::Finding;
use super::seen::Seen;
use super::{DAY, HOUR, busy, day_name};
use crate::error::CliError;

pub(super) const QUESTION: &str = "hour labels";
/// Days to try: on some both readings make the same sum.
const TRIES: usize = 3;

/// A day is the sum of its hours: of those labelled from its start on, or of those after.
pub(super) async fn finding(
    asker: &Asker<'_>,
    days: &Seen,
    hourly: &mut Vec<Seen>,
) -> Result<Finding, CliError> {
    let mut seen = String::from("no day with usage to ask about");
    for (day, value) in busy(days).take(TRIES) {
        // Wide enough for both readings, whether or not the last one asked for is answered.
        let hours = asker.hours(day - HOUR, day + DAY + HOUR).await?;
        let by_start = hours.sum(day, day + DAY) == value;
        let by_end = hours.sum(day + 1, day + DAY + 1) == value;
        hourly.push(hours);
        let name = day_name(day);
        match (by_start, by_end) {
            (true, false) => {
                return Ok(Finding::settled(
                    QUESTION,
                    "start: 08:00 is the hour from 08:00 to 09:00 (--hour-labels start, the default)",
                    format!(
                        "the hours labelled {name} 00:00 to 23:00 add up to that day, those an hour later do not"
                    ),
                ));
            }
            (false, true) => {
                return Ok(Finding::settled(
                    QUESTION,
                    "end: 08:00 is the hour from 07:00 to 08:00 (--hour-labels end)",
                    format!(
                        "the hours labelled {name} 01:00 to 24:00 add up to that day, those an hour earlier do not"
                    ),
                ));
            }
            (true, true) => seen = format!("the hours of {name} add up to the day either way"),
            (false, false) => {
                seen = format!("the hours of {name} do not add up to the day either way");
            }
        }
    }
    Ok(Finding::open(QUESTION, seen))
}
