//! Is the bucket that starts at `EndTime` part of the answer?

use ark_usage_model::{GetUsage, Interval};

use super::client::ProbeClient;
use super::note::ProbeFinding;
use super::observation::UsageObservation;
use super::{DAY, busy, day_name};
use crate::error::CliError;
use crate::text;

pub(super) const QUESTION: &str = "EndTime";

/// Asks for two days that are known to hold something, up to the start of the second.
pub(super) async fn finding(
    client: &ProbeClient<'_>,
    days: &UsageObservation,
) -> Result<ProbeFinding, CliError> {
    let Some((second, _)) = busy(days).find(|(label, _)| days.has(label - DAY)) else {
        let why =
            text!("no two days in a row with usage to ask about", "没有连续两天都有用量，无从查询");
        return Ok(ProbeFinding::open(QUESTION, why));
    };
    let first = second - DAY;
    let asked = client.days(first, second).await?;
    let one_day = GetUsage::new(Interval::Day, second, second);
    let alone = match client.try_fetch(&one_day).await? {
        Ok(seen) if seen.has(second) => {
            text!("an equal start and end answers that bucket", "起止相同时返回该时间段")
        }
        Ok(_) => text!("an equal start and end answers nothing", "起止相同时什么也不返回"),
        Err(error) => text!(
            "an equal start and end is refused with {code}",
            "起止相同时被拒绝（{code}）",
            code = error.code
        ),
    };
    let (from, to) = (day_name(first), day_name(second));
    Ok(match (asked.has(first), asked.has(second)) {
        (_, true) => ProbeFinding::settled(
            QUESTION,
            text!(
                "inclusive: the bucket that starts at EndTime is answered",
                "包含：以 EndTime 开始的时间段会返回"
            ),
            text!(
                "asked for {from} to {to}, which both hold something: both came; {alone}",
                "查询 {from} 到 {to}，两天都有用量：两天都返回了；{alone}";
                alone = alone
            ),
        ),
        (true, false) => ProbeFinding::settled(
            QUESTION,
            text!(
                "exclusive: the bucket that starts at EndTime is not answered",
                "不包含：以 EndTime 开始的时间段不返回"
            ),
            text!(
                "asked for {from} to {to}, which both hold something: only the first came; {alone}",
                "查询 {from} 到 {to}，两天都有用量：只返回了第一天；{alone}";
                alone = alone
            ),
        ),
        (false, false) => ProbeFinding::open(
            QUESTION,
            text!(
                "asked for {from} to {to}, which both hold something: neither came; {alone}",
                "查询 {from} 到 {to}，两天都有用量：都没有返回；{alone}";
                alone = alone
            ),
        ),
    })
}
