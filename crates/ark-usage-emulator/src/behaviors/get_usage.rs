//! The enums of the switches of `GetUsage`, and of those that hold for every action.

use super::error::refused;
use super::{BehaviorError, SwitchValues};

/// The instant of an hour its `Timestamp` is.
#[expect(clippy::exhaustive_enums, reason = "an interval has two ends")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HourLabels {
    /// The hour's first second, like days.
    #[default]
    Start,
    /// The first second after it. Days keep their start.
    End,
}

/// The rule for the bucket that starts at `EndTime`.
#[expect(clippy::exhaustive_enums, reason = "it is or it is not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndTime {
    /// It is: an equal start and end asks for one bucket.
    #[default]
    Inclusive,
    /// It is not: an equal start and end asks for nothing.
    Exclusive,
}

/// The treatment of buckets without usage.
#[expect(clippy::exhaustive_enums, reason = "they are or they are not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZeroBuckets {
    /// They are there, with value 0.
    #[default]
    Kept,
    /// They are absent.
    LeftOut,
}

/// The form of numbers.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueForm {
    /// `1529525715`
    #[default]
    Integer,
    /// `"1529525715"`, timestamps too.
    String,
    /// `1529525715.0`; timestamps stay integers.
    Float,
}

/// The form of refusals.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorStatus {
    /// Each has its own.
    #[default]
    Own,
    /// 200 for all; only the envelope tells.
    Ok,
    /// `{"Code", "Message"}` without an envelope.
    TopLevel,
    /// `ResponseMetadata.ErrorMessage` instead of an `Error`.
    ErrorMessage,
}

/// The answer to an action or a service that does not exist.
#[expect(clippy::exhaustive_enums, reason = "with words or without")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownAction {
    /// An error that names it.
    #[default]
    Error,
    /// 404 without a body, as hosts of BytePlus answer.
    Empty,
}

/// The order of `Values`.
#[expect(clippy::exhaustive_enums, reason = "sorted or not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SampleOrder {
    /// By time.
    #[default]
    Ascending,
    /// Any order, the same for the same range.
    Unsorted,
}

/// Repetitions of a bucket in one item, or of a row in a table.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Once.
    #[default]
    None,
    /// Twice, with the same value.
    Repeated,
    /// In two parts, which add up to the value.
    Split,
}

impl Duplicates {
    pub(super) const CHOICES: [(&str, Self); 3] =
        [("none", Self::None), ("repeated", Self::Repeated), ("split", Self::Split)];
}

/// The rule by which items are split by [`Behaviors::tag_keys`](crate::Behaviors::tag_keys) and tagged.
#[expect(clippy::exhaustive_enums, reason = "the four behaviors of two contradicting samples")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagRule {
    /// One untagged item per metric, whatever was asked.
    Never,
    /// One untagged item, unless `EndpointIds` were given: then one item for each.
    #[default]
    WhenFiltered,
    /// One tagged item per endpoint, asked for or not.
    Always,
    /// The untagged whole and, beside it, the tagged parts.
    Both,
}

/// The treatment of a `StartTime` or `EndTime` that starts no bucket.
#[expect(clippy::exhaustive_enums, reason = "refused or taken")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unaligned {
    /// `InvalidParameter`.
    #[default]
    Refused,
    /// The bucket that contains it is meant.
    Floored,
}

/// By which keys tagged items are split; the vendor's page knows these four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagKeys {
    /// `EndpointId`
    pub endpoint_id: bool,
    /// `AccountId`
    pub account_id: bool,
    /// `Scene`
    pub scene: bool,
    /// `BatchJobId`; usage outside of batch jobs has no such tag.
    pub batch_job_id: bool,
}

impl Default for TagKeys {
    fn default() -> Self {
        Self { endpoint_id: true, account_id: false, scene: false, batch_job_id: false }
    }
}

pub(super) fn tag_keys(value: &str) -> Result<TagKeys, BehaviorError> {
    let mut keys =
        TagKeys { endpoint_id: false, account_id: false, scene: false, batch_job_id: false };
    for key in value.split('+') {
        match key {
            "EndpointId" => keys.endpoint_id = true,
            "AccountId" => keys.account_id = true,
            "Scene" => keys.scene = true,
            "BatchJobId" => keys.batch_job_id = true,
            _ => {
                let keys = vec!["EndpointId", "AccountId", "Scene", "BatchJobId"];
                return Err(refused("tag-keys", value, SwitchValues::Joined(keys)));
            }
        }
    }
    Ok(keys)
}

pub(super) fn length(name: &str, value: &str) -> Result<Option<i64>, BehaviorError> {
    if value == "none" {
        return Ok(None);
    }
    let (number, unit) = match (value.strip_suffix('d'), value.strip_suffix('h')) {
        (Some(days), _) => (days, 86_400),
        (None, Some(hours)) => (hours, 3600),
        (None, None) => (value, 1),
    };
    number
        .parse::<u32>()
        .map(|count| Some(i64::from(count) * unit))
        .map_err(|_| refused(name, value, SwitchValues::Length))
}

pub(super) fn max_ids(value: &str) -> Result<Option<usize>, BehaviorError> {
    if value == "none" {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| refused("max-ids", value, SwitchValues::Number))
}
