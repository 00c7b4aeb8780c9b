//! Which edge of an hour its label is.

use super::client::ProbeClient;
use super::note::ProbeFinding;
use super::observation::UsageObservation;
use super::{DAY, HOUR, busy, day_name};
use crate::error::CliError;
use crate::text;

pub(super) const QUESTION: &str = "hour labels";
/// Days to try: on some both readings make the same sum.
const TRIES: usize = 3;

/// A day is the sum of its hours: of those labelled from its start on, or of those after.
pub(super) async fn finding(
    client: &ProbeClient<'_>,
    days: &UsageObservation,
    hourly: &mut Vec<UsageObservation>,
) -> Result<ProbeFinding, CliError> {
    let mut seen = text!("no day with usage to ask about", "没有哪一天有用量，无从查询");
    for (day, value) in busy(days).take(TRIES) {
        // Wide enough for both readings, whether or not the last one asked for is answered.
        let hours = client.hours(day - HOUR, day + DAY + HOUR).await?;
        let by_start = hours.sum(day, day + DAY) == value;
        let by_end = hours.sum(day + 1, day + DAY + 1) == value;
        hourly.push(hours);
        let name = day_name(day);
        match (by_start, by_end) {
            (true, false) => {
                return Ok(ProbeFinding::settled(
                    QUESTION,
                    text!(
                        "start: 08:00 is the hour from 08:00 to 09:00 (--hour-labels start, the default)",
                        "起点：08:00 表示 08:00 到 09:00 这一小时（--hour-labels start，默认）"
                    ),
                    text!(
                        "the hours labelled {name} 00:00 to 23:00 add up to that day, those an hour later do not",
                        "标为 {name} 00:00 到 23:00 的各小时之和等于当天，晚一小时的则不等"
                    ),
                ));
            }
            (false, true) => {
                return Ok(ProbeFinding::settled(
                    QUESTION,
                    text!(
                        "end: 08:00 is the hour from 07:00 to 08:00 (--hour-labels end)",
                        "终点：08:00 表示 07:00 到 08:00 这一小时（--hour-labels end）"
                    ),
                    text!(
                        "the hours labelled {name} 01:00 to 24:00 add up to that day, those an hour earlier do not",
                        "标为 {name} 01:00 到 24:00 的各小时之和等于当天，早一小时的则不等"
                    ),
                ));
            }
            (true, true) => {
                seen = text!(
                    "the hours of {name} add up to the day either way",
                    "{name} 的各小时按两种理解相加都等于当天"
                );
            }
            (false, false) => {
                seen = text!(
                    "the hours of {name} do not add up to the day either way",
                    "{name} 的各小时按两种理解相加都不等于当天"
                );
            }
        }
    }
    Ok(ProbeFinding::open(QUESTION, seen))
}
