//! Behaviour for buckets without usage: returned with 0, or left out.

use ark_usage_model::{GetUsage, Interval, Scene};

use super::observation::UsageObservation;
use super::{DAY, HOUR, ProbeCalls, ProbeError, ProbeFinding, UsageProbe, no_usage, or_refused};
use crate::text;

pub(super) const QUESTION: &str = "empty buckets";

/// Looks for zeros, and for buckets missing between others; fetches rare scenes if there are neither.
pub(super) async fn finding<C: ProbeCalls>(
    client: &UsageProbe<'_, C>,
    days: &UsageObservation,
    mut hourly: Vec<UsageObservation>,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let Some(last) = days.whole().keys().next_back().copied() else {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    };
    if let Some(finding) = judge(&hourly) {
        return Ok(finding);
    }
    for scene in ["BatchChat", "Batch"] {
        let query = GetUsage {
            scenes: vec![Scene::from(scene)],
            ..GetUsage::new(Interval::Hour, last - 2 * DAY, last)
        };
        if let Ok(seen) = or_refused(client.fetch(&query).await)? {
            hourly.push(seen);
        }
        if let Some(finding) = judge(&hourly) {
            return Ok(finding);
        }
    }
    Ok(ProbeFinding::open(
        QUESTION,
        text!("every bucket examined has usage", "查看过的时间段都有用量"),
    ))
}

fn judge(hourly: &[UsageObservation]) -> Option<ProbeFinding> {
    let zeros: usize = hourly.iter().map(UsageObservation::zeros).sum();
    let gaps: usize = hourly.iter().map(|seen| seen.gaps(HOUR)).sum();
    match (zeros, gaps) {
        (0, 0) => None,
        (zeros, 0) => Some(ProbeFinding::settled(
            QUESTION,
            text!("returned with the value 0", "会返回，值为 0"),
            text!(
                "{zeros} hours with the value 0, none missing in between",
                "{zeros} 个小时的值为 0，中间没有缺少的小时"
            ),
        )),
        (0, gaps) => Some(ProbeFinding::settled(
            QUESTION,
            text!("omitted", "不返回"),
            text!(
                "{gaps} hours missing in between, none with the value 0",
                "中间缺少 {gaps} 个小时，没有值为 0 的小时"
            ),
        )),
        (zeros, gaps) => Some(ProbeFinding::open(
            QUESTION,
            text!(
                "{zeros} hours with the value 0, {gaps} missing in between",
                "{zeros} 个小时的值为 0，中间又缺少 {gaps} 个小时"
            ),
        )),
    }
}
