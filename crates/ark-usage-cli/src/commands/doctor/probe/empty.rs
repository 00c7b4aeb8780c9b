//! Whether buckets in which nothing was used are answered.

use ark_usage_model::{GetUsage, Interval, Scene};

use super::asker::Asker;
use super::note::Finding;
use super::seen::Seen;
use super::{DAY, HOUR};
use crate::error::CliError;

pub(super) const QUESTION: &str = "empty buckets";

/// Looks for a 0, or for a bucket that is absent between others; asks about rare scenes when the
/// answers so far have neither.
pub(super) async fn finding(
    asker: &Asker<'_>,
    days: &Seen,
    mut hourly: Vec<Seen>,
) -> Result<Finding, CliError> {
    let Some(last) = days.whole().keys().next_back().copied() else {
        return Ok(Finding::open(QUESTION, "no usage to look at"));
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
    Ok(Finding::open(QUESTION, "every bucket that was looked at holds something"))
}

fn judge(hourly: &[Seen]) -> Option<Finding> {
    let zeros: usize = hourly.iter().map(Seen::zeros).sum();
    let gaps: usize = hourly.iter().map(|seen| seen.gaps(HOUR)).sum();
    match (zeros, gaps) {
        (0, 0) => None,
        (zeros, 0) => Some(Finding::settled(
            QUESTION,
            "answered, with the value 0",
            format!("{zeros} hours with the value 0, none absent between others"),
        )),
        (0, gaps) => Some(Finding::settled(
            QUESTION,
            "left out",
            format!("{gaps} hours absent between others, none with the value 0"),
        )),
        (zeros, gaps) => Some(Finding::open(
            QUESTION,
            format!("{zeros} hours with the value 0, and {gaps} absent between others"),
        )),
    }
}
