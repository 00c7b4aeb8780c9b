//! From targets and options to the first jobs; refuses what would count twice or never end.

use std::collections::BTreeMap;

use crate::query::QueryOptions;
use crate::query::job::Job;
use crate::{Interval, Target, TargetId, Window};

/// A query that cannot be made. Nothing was sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing is asked about.
    #[error("no target: nothing is asked about")]
    NoTarget,
    /// Two targets share usage, which would be counted twice. Leave one of them out.
    #[error("targets {first} and {second} share usage, which would count twice", first = .first.0, second = .second.0)]
    Overlap {
        /// The earlier target.
        first: TargetId,
        /// The later one.
        second: TargetId,
    },
    /// An option that lets nothing be sent.
    #[error("{name} is {value}: {must}")]
    Option {
        /// The field of [`QueryOptions`].
        name: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        must: &'static str,
    },
}

/// Checks everything; gives back the targets with repeated ids and scenes dropped.
pub(super) fn checked(
    targets: Vec<Target>,
    options: &QueryOptions,
) -> Result<Vec<Target>, PlanError> {
    check_options(options)?;
    if targets.is_empty() {
        return Err(PlanError::NoTarget);
    }
    let targets: Vec<Target> = targets.into_iter().map(without_repeats).collect();
    check_overlap(&targets)?;
    Ok(targets)
}

/// One job for each target, over everything: lanes cut them as they are sent.
pub(super) fn jobs(targets: &[Target], window: Window) -> impl Iterator<Item = Job> {
    targets.iter().zip(0_u32..).map(move |(target, id)| {
        Job::new(TargetId(id), target.account, window, 0..target.endpoint_ids.len())
    })
}

/// The most buckets of one call.
pub(super) fn max_buckets(options: &QueryOptions, interval: Interval) -> usize {
    size(match interval {
        Interval::Day => options.max_window_days,
        Interval::Hour => options.max_window_hours,
    })
}

/// A setting as a length.
pub(super) fn size(setting: u32) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}

fn check_options(options: &QueryOptions) -> Result<(), PlanError> {
    let lengths = [
        ("max_window_days", options.max_window_days),
        ("max_window_hours", options.max_window_hours),
        ("max_ids", options.max_ids),
        ("concurrency", options.concurrency),
        ("max_in_flight", options.max_in_flight),
    ];
    for (name, value) in lengths {
        if value == 0 {
            return Err(PlanError::Option { name, value: "0".to_owned(), must: "at least 1" });
        }
    }
    match options.rate {
        Some(rate) if !(rate.is_finite() && rate >= MIN_RATE) => Err(PlanError::Option {
            name: "rate",
            value: rate.to_string(),
            must: "a number of requests a second, at least 0.001",
        }),
        _ => Ok(()),
    }
}

/// A request in a quarter of an hour: less is a mistake.
const MIN_RATE: f64 = 0.001;

fn without_repeats(mut target: Target) -> Target {
    let mut seen = std::collections::BTreeSet::new();
    target.endpoint_ids.retain(|id| seen.insert(id.clone()));
    let mut seen = std::collections::BTreeSet::new();
    target.scenes.retain(|scene| seen.insert(scene.clone()));
    target
}

/// Targets of one account and project must differ in endpoints, if in nothing else.
fn check_overlap(targets: &[Target]) -> Result<(), PlanError> {
    let mut groups: BTreeMap<_, Vec<(TargetId, &Target)>> = BTreeMap::new();
    for (target, id) in targets.iter().zip(0_u32..) {
        let key = (target.account, &target.project, &target.scenes, &target.batch_job_id);
        groups.entry(key).or_default().push((TargetId(id), target));
    }
    for group in groups.values() {
        let mut owners: BTreeMap<&str, TargetId> = BTreeMap::new();
        for (at, (second, target)) in group.iter().enumerate() {
            let whole =
                |other: &Target| other.endpoint_ids.is_empty() || target.endpoint_ids.is_empty();
            let mut earlier = group.iter().take(at);
            if let Some((first, _)) = earlier.find(|(_, other)| whole(other)) {
                return Err(PlanError::Overlap { first: *first, second: *second });
            }
            for id in &target.endpoint_ids {
                if let Some(first) = owners.insert(id, *second) {
                    return Err(PlanError::Overlap { first, second: *second });
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn target(ids: &[&str]) -> Target {
        Target {
            endpoint_ids: ids.iter().map(|&id| id.to_owned()).collect(),
            ..Target::new(AccountId(0))
        }
    }

    #[test]
    fn double_counting_is_refused() {
        let check = |targets: Vec<Target>| checked(targets, &QueryOptions::default());
        let overlap = |a, b| Err(PlanError::Overlap { first: TargetId(a), second: TargetId(b) });
        assert_eq!(check(vec![target(&[]), target(&[])]), overlap(0, 1));
        assert_eq!(check(vec![target(&["a"]), target(&[])]), overlap(0, 1));
        assert_eq!(check(vec![target(&["a"]), target(&["b", "c"]), target(&["c"])]), overlap(1, 2));
        assert!(check(vec![target(&["a"]), target(&["b"])]).is_ok());
        let other = Target { project: Some("p".to_owned()), ..target(&[]) };
        assert!(check(vec![target(&[]), other]).is_ok());
        assert_eq!(check(Vec::new()), Err(PlanError::NoTarget));
    }

    #[test]
    fn repeated_ids_are_asked_for_once() {
        let targets = checked(vec![target(&["a", "b", "a"])], &QueryOptions::default()).unwrap();
        assert_eq!(targets, [target(&["a", "b"])]);
    }

    #[test]
    fn options_that_send_nothing_are_refused() {
        for options in [
            QueryOptions { max_ids: 0, ..QueryOptions::default() },
            QueryOptions { concurrency: 0, ..QueryOptions::default() },
            QueryOptions { rate: Some(0.0), ..QueryOptions::default() },
            QueryOptions { rate: Some(f64::NAN), ..QueryOptions::default() },
        ] {
            assert!(matches!(checked(vec![target(&[])], &options), Err(PlanError::Option { .. })));
        }
    }
}
