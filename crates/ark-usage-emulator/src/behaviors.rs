//! The behaviors of GetUsage that the vendor's page leaves open, as switches.
//!
//! The default of each is what the page's first sample (by day) shows. A client that cannot be
//! fooled gives the same totals under every one of them.

mod listing;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use self::listing::{ListTotal, Listing, Paging};

/// One answer to every open question.
///
/// Each switch also has a text form `name=value` (see [`Behaviors::set`]), for command-line flags
/// and fault scripts:
///
/// ```
/// use ark_usage_emulator::{HourLabels, Behaviors};
///
/// let behaviors: Behaviors = "hour-labels=end,max-range=31d".parse()?;
/// assert_eq!(behaviors.hour_labels, HourLabels::End);
/// assert_eq!(behaviors.max_range, Some(31 * 86_400));
/// # Ok::<(), ark_usage_emulator::BehaviorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviors {
    /// `hour-labels=start|end`: which instant of an hour its `Timestamp` is. The page's second
    /// sample looks like `end`.
    pub hour_labels: HourLabels,
    /// `end-time=inclusive|exclusive`: whether the bucket that starts at `EndTime` is part of the
    /// answer.
    pub end_time: EndTime,
    /// `zero-buckets=kept|left-out`: whether buckets without usage are in the answer.
    pub zero_buckets: ZeroBuckets,
    /// `values=integer|string|float`: how `Value` and, for `string`, `Timestamp` are written.
    pub values: ValueForm,
    /// `errors=status|http-200`: whether refusals have their own HTTP status or 200.
    pub errors: ErrorStatus,
    /// `order=ascending|unsorted`: the order of `Values`.
    pub order: SampleOrder,
    /// `duplicates=none|repeated|split`: whether a bucket comes twice.
    pub duplicates: Duplicates,
    /// `tags=never|when-filtered|always|both`: when items are split and tagged.
    pub tags: TagRule,
    /// `tag-keys=EndpointId+Scene+…`: by which keys tagged items are split.
    pub tag_keys: TagKeys,
    /// `unaligned=refused|floored`: what becomes of instants that start no bucket.
    pub unaligned: Unaligned,
    /// `max-range=none|31d|168h`: the longest range one call may ask for, in seconds.
    pub max_range: Option<i64>,
    /// `max-ids=none|100`: how many `EndpointIds` one call may name.
    pub max_ids: Option<usize>,
    /// `projects-limit`, `projects-paging` and `projects-total`: the pages of `ListProjects`.
    pub projects: Listing,
    /// `endpoints-limit`, `endpoints-paging` and `endpoints-total`: the pages of `ListEndpoints`.
    pub endpoints: Listing,
}

impl Behaviors {
    /// The names of the switches, as [`set`](Self::set) takes them.
    pub const NAMES: [&str; 18] = [
        "hour-labels",
        "end-time",
        "zero-buckets",
        "values",
        "errors",
        "order",
        "duplicates",
        "tags",
        "tag-keys",
        "unaligned",
        "max-range",
        "max-ids",
        "projects-limit",
        "projects-paging",
        "projects-total",
        "endpoints-limit",
        "endpoints-paging",
        "endpoints-total",
    ];

    /// Sets one switch from its text form, for example `tags=always`.
    ///
    /// # Errors
    ///
    /// [`BehaviorError`] names the switch and what it takes; nothing is changed then.
    pub fn set(&mut self, switch: &str) -> Result<(), BehaviorError> {
        let (name, value) = switch
            .split_once('=')
            .ok_or_else(|| BehaviorError::NotASwitch { text: switch.to_owned() })?;
        let (name, value) = (name.trim(), value.trim());
        match name {
            "hour-labels" => {
                self.hour_labels =
                    choose(name, value, &[("start", HourLabels::Start), ("end", HourLabels::End)])?;
            }
            "end-time" => {
                let choices =
                    [("inclusive", EndTime::Inclusive), ("exclusive", EndTime::Exclusive)];
                self.end_time = choose(name, value, &choices)?;
            }
            "zero-buckets" => {
                let choices = [("kept", ZeroBuckets::Kept), ("left-out", ZeroBuckets::LeftOut)];
                self.zero_buckets = choose(name, value, &choices)?;
            }
            "values" => {
                let choices = [
                    ("integer", ValueForm::Integer),
                    ("string", ValueForm::String),
                    ("float", ValueForm::Float),
                ];
                self.values = choose(name, value, &choices)?;
            }
            "errors" => {
                let choices = [("status", ErrorStatus::Own), ("http-200", ErrorStatus::Ok)];
                self.errors = choose(name, value, &choices)?;
            }
            "order" => {
                let choices =
                    [("ascending", SampleOrder::Ascending), ("unsorted", SampleOrder::Unsorted)];
                self.order = choose(name, value, &choices)?;
            }
            "duplicates" => {
                let choices = [
                    ("none", Duplicates::None),
                    ("repeated", Duplicates::Repeated),
                    ("split", Duplicates::Split),
                ];
                self.duplicates = choose(name, value, &choices)?;
            }
            "tags" => {
                let choices = [
                    ("never", TagRule::Never),
                    ("when-filtered", TagRule::WhenFiltered),
                    ("always", TagRule::Always),
                    ("both", TagRule::Both),
                ];
                self.tags = choose(name, value, &choices)?;
            }
            "tag-keys" => self.tag_keys = tag_keys(value)?,
            "unaligned" => {
                let choices = [("refused", Unaligned::Refused), ("floored", Unaligned::Floored)];
                self.unaligned = choose(name, value, &choices)?;
            }
            "max-range" => self.max_range = max_range(value)?,
            "max-ids" => self.max_ids = max_ids(value)?,
            "projects-limit" | "projects-paging" | "projects-total" => {
                self.projects.set(name, value)?;
            }
            "endpoints-limit" | "endpoints-paging" | "endpoints-total" => {
                self.endpoints.set(name, value)?;
            }
            _ => return Err(BehaviorError::UnknownSwitch { name: name.to_owned() }),
        }
        Ok(())
    }
}

/// Comma-separated switches over the defaults; empty text is the defaults.
impl FromStr for Behaviors {
    type Err = BehaviorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut behaviors = Self::default();
        let switches = text.split(',').map(str::trim).filter(|switch| !switch.is_empty());
        for switch in switches {
            behaviors.set(switch)?;
        }
        Ok(behaviors)
    }
}

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

/// The HTTP status of refusals.
#[expect(clippy::exhaustive_enums, reason = "their own or not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorStatus {
    /// Each has its own.
    #[default]
    Own,
    /// 200 for all; only the envelope tells.
    Ok,
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

/// Repetitions of a bucket in one item.
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

/// The rule by which items are split by [`Behaviors::tag_keys`] and tagged.
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

/// Additions to a response that no client knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    /// Members nobody has documented.
    pub(crate) fields: bool,
    /// A third metric, with the values of the first.
    pub(crate) metrics: bool,
    /// One more tag on every item.
    pub(crate) tags: bool,
}

/// A switch that is none, or a value it does not take.
#[non_exhaustive]
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BehaviorError {
    /// The text has no `=`. Write `name=value`.
    #[error("{text:?} must be name=value, for example hour-labels=end")]
    NotASwitch {
        /// The text given.
        text: String,
    },
    /// There is no such switch. The names are those in [`Behaviors`].
    #[error("unknown behavior {name:?}; known: {}", Behaviors::NAMES.join(", "))]
    UnknownSwitch {
        /// The text given.
        name: String,
    },
    /// The switch does not take this value; choose one of those named.
    #[error("{name} takes {takes}, not {value:?}")]
    UnknownValue {
        /// The switch.
        name: String,
        /// The text given.
        value: String,
        /// The values it takes.
        takes: SwitchValues,
    },
}

/// The values that a switch takes.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchValues {
    /// One of these.
    OneOf(Vec<&'static str>),
    /// Some of these, joined by `+`.
    Joined(Vec<&'static str>),
    /// `none` or a length of time: `31d`, `168h`, or seconds.
    Length,
    /// `none` or a number.
    Number,
}

impl fmt::Display for SwitchValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(values) => f.write_str(&values.join(" or ")),
            Self::Joined(values) => write!(f, "{}, joined by +", values.join(", ")),
            Self::Length => f.write_str("none, days (31d), hours (168h) or seconds"),
            Self::Number => f.write_str("none or a number"),
        }
    }
}

fn choose<T: Copy>(
    name: &str,
    value: &str,
    choices: &[(&'static str, T)],
) -> Result<T, BehaviorError> {
    choices.iter().find(|(text, _)| *text == value).map(|(_, choice)| *choice).ok_or_else(|| {
        let names = choices.iter().map(|(text, _)| *text).collect();
        refused(name, value, SwitchValues::OneOf(names))
    })
}

fn tag_keys(value: &str) -> Result<TagKeys, BehaviorError> {
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

fn max_range(value: &str) -> Result<Option<i64>, BehaviorError> {
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
        .map_err(|_| refused("max-range", value, SwitchValues::Length))
}

fn max_ids(value: &str) -> Result<Option<usize>, BehaviorError> {
    if value == "none" {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| refused("max-ids", value, SwitchValues::Number))
}

fn refused(name: &str, value: &str, takes: SwitchValues) -> BehaviorError {
    BehaviorError::UnknownValue { name: name.to_owned(), value: value.to_owned(), takes }
}
