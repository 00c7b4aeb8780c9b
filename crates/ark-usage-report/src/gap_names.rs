//! Names of what the service gave no value for.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Gap, GapReason, Metric, Tags, TargetId, UsageReport};

/// Returns the names of the series that lack a bucket the service answered without, by the values of their
/// tags. Series without tags have no name.
pub fn unreturned_names(report: &UsageReport) -> BTreeSet<String> {
    let mut gaps: BTreeMap<(TargetId, &Metric), Vec<&Gap>> = BTreeMap::new();
    for gap in report.coverage.missing.iter().filter(|gap| gap.reason == GapReason::NotReturned) {
        if let Some(metric) = &gap.metric {
            gaps.entry((gap.target, metric)).or_default().push(gap);
        }
    }
    let seconds = report.window.interval().seconds();
    let mut names = BTreeSet::new();
    for series in &report.series {
        let Some(gaps) = gaps.get(&(series.target, &series.metric)) else { continue };
        let lacks = |gap: &&Gap| {
            let mut start = gap.start;
            std::iter::from_fn(|| {
                let bucket = (start < gap.end).then_some(start);
                start = start.saturating_add(seconds);
                bucket
            })
            .any(|bucket| series.points.get(bucket).is_none())
        };
        if gaps.iter().any(lacks) {
            names.extend(name(&series.tags));
        }
    }
    names
}

/// `doubao-seed-1-6/key-1`, without what whole accounts and projects share.
fn name(tags: &Tags) -> Option<String> {
    let own = tags.iter().filter(|(key, _)| ![Tags::ACCOUNT_ID, Tags::PROJECT].contains(key));
    let values: Vec<&str> = own.map(|(_, value)| value).collect();
    (!values.is_empty()).then(|| values.join("/"))
}
