//! From targets and options to the first jobs; refuses what would count twice or never end.

use std::collections::BTreeMap;

use crate::action::{ActionLimits, UsageAction};
use crate::dimension::unsupported;
use crate::query::QueryOptions;
use crate::query::job::Job;
use crate::{Interval, Target, TargetId, Window};

/// A query that cannot be made. Nothing was sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing is asked about.
    #[error("the query has no target")]
    NoTarget,
    /// Two targets share usage, which would be counted twice. Leave one of them out.
    #[error(
        "targets {first} and {second} overlap; their usage would be counted twice",
        first = .first.0,
        second = .second.0
    )]
    Overlap {
        /// The earlier target.
        first: TargetId,
        /// The later one.
        second: TargetId,
    },
    /// A target filters or groups by a dimension that the action does not know.
    #[error("target {target} uses {dimension}, which {action} cannot filter or group by", target = .target.0)]
    Unsupported {
        /// The target.
        target: TargetId,
        /// The key of the dimension.
        dimension: String,
        /// The name of the action.
        action: &'static str,
    },
    /// An option that lets nothing be sent.
    #[error("{name} is {value}: {must}")]
    Option {
        /// The field of [`QueryOptions`].
        name: &'static str,
        /// Its value.
        value: String,
        /// The values allowed.
        must: OptionRange,
    },
}

/// The values that an option may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionRange {
    /// Whole numbers from 1.
    #[error("at least 1")]
    AtLeastOne,
    /// Numbers of requests a second.
    #[error("a number of requests a second, at least 0.001")]
    Rate,
}

/// Checks everything; gives back the targets with repeated ids and scenes dropped.
pub(super) fn checked(
    targets: Vec<Target>,
    action: &dyn UsageAction,
    options: &QueryOptions,
) -> Result<Vec<Target>, PlanError> {
    check_options(options)?;
    if targets.is_empty() {
        return Err(PlanError::NoTarget);
    }
    let targets: Vec<Target> = targets.into_iter().map(without_repeats).collect();
    check_dimensions(&targets, action)?;
    check_overlap(&targets)?;
    Ok(targets)
}

/// One job for each target, over everything: queues cut them as they are sent.
pub(super) fn jobs(
    targets: &[Target],
    window: Window,
    unit: Interval,
) -> impl Iterator<Item = Job> {
    targets.iter().zip(0_u32..).map(move |(target, id)| {
        Job::new(TargetId(id), target.account, window, unit, 0..target.endpoint_ids.len())
    })
}

/// The longest range of one call, in the units that requests name.
pub(super) fn max_units(
    limits: &ActionLimits,
    options: &QueryOptions,
    interval: Interval,
) -> usize {
    let (wanted, documented) = match interval {
        Interval::Day => (options.max_window_days, limits.max_days),
        Interval::Hour => (options.max_window_hours, limits.max_hours),
    };
    let buckets = wanted.min(documented.unwrap_or(u32::MAX));
    let in_a_unit = limits.alignment(interval).seconds() / interval.seconds();
    size((buckets / u32::try_from(in_a_unit).unwrap_or(1)).max(1))
}

/// The most endpoint ids of one call.
pub(super) fn max_ids(limits: &ActionLimits, options: &QueryOptions) -> usize {
    size(options.max_ids.min(limits.max_ids.unwrap_or(u32::MAX)))
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
            return Err(PlanError::Option {
                name,
                value: "0".to_owned(),
                must: OptionRange::AtLeastOne,
            });
        }
    }
    match options.rate {
        Some(rate) if !(rate.is_finite() && rate >= MIN_RATE) => Err(PlanError::Option {
            name: "rate",
            value: rate.to_string(),
            must: OptionRange::Rate,
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

/// An unknown dimension may be ignored by the service without a word, so it is refused here.
fn check_dimensions(targets: &[Target], action: &dyn UsageAction) -> Result<(), PlanError> {
    for (target, id) in targets.iter().zip(0_u32..) {
        if let Some(dimension) = unsupported(target, action.dimensions()) {
            return Err(PlanError::Unsupported {
                target: TargetId(id),
                dimension: dimension.to_owned(),
                action: action.name(),
            });
        }
    }
    Ok(())
}

/// Targets of one account and project must differ in endpoints, if in nothing else.
fn check_overlap(targets: &[Target]) -> Result<(), PlanError> {
    let mut groups: BTreeMap<_, Vec<(TargetId, &Target)>> = BTreeMap::new();
    for (target, id) in targets.iter().zip(0_u32..) {
        let scope = (&target.scenes, &target.batch_job_id, &target.filters);
        let key = (target.account, &target.project, scope);
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
