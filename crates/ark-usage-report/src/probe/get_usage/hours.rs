//! Behaviour of hour labels: start or end of the hour.

use super::observation::UsageObservation;
use super::{DAY, HOUR, ProbeCalls, ProbeError, ProbeFinding, UsageProbe, busy, day_name};
use crate::text;

pub(super) const QUESTION: &str = "hour labels";
/// The most days to try: on some days both behaviours give the same sum.
const TRIES: usize = 3;

/// Compares days with the sums of their hours, labelled by start or by end.
pub(super) async fn finding<C: ProbeCalls>(
    client: &UsageProbe<'_, C>,
    days: &UsageObservation,
    hourly: &mut Vec<UsageObservation>,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let mut evidence = text!("no day with usage", "没有哪一天有用量");
    for (day, value) in busy(days).take(TRIES) {
        // Wide enough for both behaviours, with EndTime inclusive or exclusive.
        let hours = client.hours(day - HOUR, day + DAY + HOUR).await?;
        let by_start = hours.sum(day, day + DAY) == value;
        let by_end = hours.sum(day + 1, day + DAY + 1) == value;
        hourly.push(hours);
        let name = day_name(day, client.days);
        match (by_start, by_end) {
            (true, false) => {
                return Ok(ProbeFinding::settled(
                    QUESTION,
                    text!(
                        "start: 08:00 means 08:00 to 09:00 (--hour-labels start, the default)",
                        "起点：08:00 表示 08:00 到 09:00 这一小时（--hour-labels start，默认）"
                    ),
                    text!(
                        "the hours labelled {name} 00:00 to 23:00 add up to the day; those one hour later do not",
                        "标为 {name} 00:00 到 23:00 的各小时之和等于当天，晚一小时的则不等"
                    ),
                ));
            }
            (false, true) => {
                return Ok(ProbeFinding::settled(
                    QUESTION,
                    text!(
                        "end: 08:00 means 07:00 to 08:00 (--hour-labels end)",
                        "终点：08:00 表示 07:00 到 08:00 这一小时（--hour-labels end）"
                    ),
                    text!(
                        "the hours labelled {name} 01:00 to 24:00 add up to the day; those one hour earlier do not",
                        "标为 {name} 01:00 到 24:00 的各小时之和等于当天，早一小时的则不等"
                    ),
                ));
            }
            (true, true) => {
                evidence = text!(
                    "the hours of {name} add up to the day with both kinds of labels",
                    "{name} 的各小时按两种理解相加都等于当天"
                );
            }
            (false, false) => {
                evidence = text!(
                    "the hours of {name} add up to the day with neither kind of labels",
                    "{name} 的各小时按两种理解相加都不等于当天"
                );
            }
        }
    }
    Ok(ProbeFinding::open(QUESTION, evidence))
}
