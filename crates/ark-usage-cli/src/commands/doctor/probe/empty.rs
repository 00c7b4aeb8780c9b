//! Whether buckets in which nothing was used are answered.

use ark_usage_model::{GetUsage, Interval, Scene};

use super::asker::Asker;
use super::note::Finding;
use super::seen::Seen;
use super::{DAY, HOUR, no_usage};
use crate::error::CliError;
use crate::text;

pub(super) const QUESTION: &str = "empty buckets";

/// Looks for a 0, or for a bucket that is absent between others; asks about rare scenes when the
/// answers so far have neither.
pub(super) async fn finding(
    asker: &Asker<'_>,
    days: &Seen,
    mut hourly: Vec<Seen>,
) -> Result<Finding, CliError> {
    let Some(last) = days.whole().keys().next_back().copied() else {
        return Ok(Finding::open(QUESTION, no_usage()));
    };
    if let Some(finding) = judge(&hourly) {
        return Ok(finding);
    }
    for scene in ["BatchChat", "Batch"] {
        let question = GetUsage {
            scenes: vec![Scene::from(scene)],
            ..GetUsage::new(Interval::Hour, last - 2 * DAY, last)
        };
        if let Ok(seen) = asker.try_ask(&question).await? {
            hourly.push(seen);
        }
        if let Some(finding) = judge(&hourly) {
            return Ok(finding);
        }
    }
    Ok(Finding::open(
        QUESTION,
        text!("every bucket that was looked at holds something", "查看过的时间段都有用量"),
    ))
}

fn judge(hourly: &[Seen]) -> Option<Finding> {
    let zeros: usize = hourly.iter().map(Seen::zeros).sum();
    let gaps: usize = hourly.iter().map(|seen| seen.gaps(HOUR)).sum();
    match (zeros, gaps) {
        (0, 0) => None,
        (zeros, 0) => Some(Finding::settled(
            QUESTION,
            text!("answered, with the value 0", "会返回，值为 0"),
            text!(
                "{zeros} hours with the value 0, none absent between others",
                "{zeros} 个小时的值为 0，中间没有缺少的小时"
            ),
        )),
        (0, gaps) => Some(Finding::settled(
            QUESTION,
            text!("left out", "不返回"),
            text!(
                "{gaps} hours absent between others, none with the value 0",
                "中间缺少 {gaps} 个小时，没有值为 0 的小时"
            ),
        )),
        (zeros, gaps) => Some(Finding::open(
            QUESTION,
            text!(
                "{zeros} hours with the value 0, and {gaps} absent between others",
                "{zeros} 个小时的值为 0，中间又缺少 {gaps} 个小时"
            ),
        )),
    }
}
