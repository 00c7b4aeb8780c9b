//! Whether buckets in which nothing was used are answered.

use ark_usage_model::{GetUsage, Interval, Scene};

use super::client::ProbeClient;
use super::note::ProbeFinding;
use super::observation::UsageObservation;
use super::{DAY, HOUR, no_usage};
use crate::error::CliError;
use crate::text;

pub(super) const QUESTION: &str = "empty buckets";

/// Looks for a 0, or for a bucket that is absent between others; asks about rare scenes when the
/// answers so far have neither.
pub(super) async fn finding(
    client: &ProbeClient<'_>,
    days: &UsageObservation,
    mut hourly: Vec<UsageObservation>,
) -> Result<ProbeFinding, CliError> {
    let Some(last) = days.whole().keys().next_back().copied() else {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    };
    if let Some(finding) = judge(&hourly) {
        return Ok(finding);
    }
    for scene in ["BatchChat", "Batch"] {
        let question = GetUsage {
            scenes: vec![Scene::from(scene)],
            ..GetUsage::new(Interval::Hour, last - 2 * DAY, last)
        };
        if let Ok(seen) = client.try_fetch(&question).await? {
            hourly.push(seen);
        }
        if let Some(finding) = judge(&hourly) {
            return Ok(finding);
        }
    }
    Ok(ProbeFinding::open(
        QUESTION,
        text!("every bucket that was looked at holds something", "查看过的时间段都有用量"),
    ))
}

fn judge(hourly: &[UsageObservation]) -> Option<ProbeFinding> {
    let zeros: usize = hourly.iter().map(UsageObservation::zeros).sum();
    let gaps: usize = hourly.iter().map(|seen| seen.gaps(HOUR)).sum();
    match (zeros, gaps) {
        (0, 0) => None,
        (zeros, 0) => Some(ProbeFinding::settled(
            QUESTION,
            text!("answered, with the value 0", "会返回，值为 0"),
            text!(
                "{zeros} hours with the value 0, none absent between others",
                "{zeros} 个小时的值为 0，中间没有缺少的小时"
            ),
        )),
        (0, gaps) => Some(ProbeFinding::settled(
            QUESTION,
            text!("left out", "不返回"),
            text!(
                "{gaps} hours absent between others, none with the value 0",
                "中间缺少 {gaps} 个小时，没有值为 0 的小时"
            ),
        )),
        (zeros, gaps) => Some(ProbeFinding::open(
            QUESTION,
            text!(
                "{zeros} hours with the value 0, and {gaps} absent between others",
                "{zeros} 个小时的值为 0，中间又缺少 {gaps} 个小时"
            ),
        )),
    }
}
