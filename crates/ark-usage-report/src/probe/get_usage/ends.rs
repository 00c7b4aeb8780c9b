//! Behaviour of `EndTime`: inclusive or exclusive.

use ark_usage_model::{GetUsage, Interval};

use super::observation::UsageObservation;
use super::{DAY, ProbeCalls, ProbeError, ProbeFinding, UsageProbe, busy, day_name, or_refused};
use crate::text;

pub(super) const QUESTION: &str = "EndTime";

/// Fetches two days that are known to have usage, up to the start of the second.
pub(super) async fn finding<C: ProbeCalls>(
    client: &UsageProbe<'_, C>,
    days: &UsageObservation,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let Some((second, _)) = busy(days).find(|(label, _)| days.has(label - DAY)) else {
        let why = text!("no two consecutive days with usage", "没有连续两天都有用量");
        return Ok(ProbeFinding::open(QUESTION, why));
    };
    let first = second - DAY;
    let observed = client.days(first, second).await?;
    let one_day = GetUsage::new(Interval::Day, second, second);
    let alone = match or_refused(client.fetch(&one_day).await)? {
        Ok(seen) if seen.has(second) => {
            text!(
                "StartTime = EndTime returns that bucket",
                "StartTime 与 EndTime 相同时返回该时间段"
            )
        }
        Ok(_) => {
            text!("StartTime = EndTime returns nothing", "StartTime 与 EndTime 相同时什么也不返回")
        }
        Err(error) => text!(
            "StartTime = EndTime is refused with {code}",
            "StartTime 与 EndTime 相同时被拒绝（{code}）",
            code = error.shown_code()
        ),
    };
    let (from, to) = (day_name(first, client.days), day_name(second, client.days));
    Ok(match (observed.has(first), observed.has(second)) {
        (_, true) => ProbeFinding::settled(
            QUESTION,
            text!(
                "inclusive: the bucket starting at EndTime is returned",
                "包含：以 EndTime 开始的时间段会返回"
            ),
            text!(
                "requested {from} to {to}, both with usage: both were returned; {alone}",
                "查询 {from} 到 {to}，两天都有用量：两天都返回了；{alone}";
                alone = alone
            ),
        ),
        (true, false) => ProbeFinding::settled(
            QUESTION,
            text!(
                "exclusive: the bucket starting at EndTime is not returned",
                "不包含：以 EndTime 开始的时间段不返回"
            ),
            text!(
                "requested {from} to {to}, both with usage: only the first was returned; {alone}",
                "查询 {from} 到 {to}，两天都有用量：只返回了第一天；{alone}";
                alone = alone
            ),
        ),
        (false, false) => ProbeFinding::open(
            QUESTION,
            text!(
                "requested {from} to {to}, both with usage: neither was returned; {alone}",
                "查询 {from} 到 {to}，两天都有用量：都没有返回；{alone}";
                alone = alone
            ),
        ),
    })
}
