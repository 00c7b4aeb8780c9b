//! The behaviors of the service that the vendor's pages leave open, as switches.
//!
//! The default of each is what the vendor's first sample (by day) shows, or captured traffic. A
//! client that cannot be fooled gives the same totals under every one of them.

mod error;
mod get_usage;
mod inference;
mod listing;
mod plans;
mod seats;

use std::str::FromStr;

use volc_openapi::{ServiceDays, Site};

use self::error::{choose, refused};
use self::get_usage::{length, max_ids, tag_keys};

pub use self::error::{BehaviorError, SwitchValues};
pub use self::get_usage::{
    Duplicates, EndTime, ErrorStatus, HourLabels, SampleOrder, TagKeys, TagRule, Unaligned,
    UnknownAction, ValueForm, ZeroBuckets,
};
pub use self::inference::{
    AbsentProject, CellForm, ColumnOrder, CountForm, FieldForm, GroupRule, HourText,
    InferenceBehaviors, KeylessText, OutsideRows, PlanTokens, ProjectColumn, RowForm, RowMember,
    UnknownFilters, ZeroRows,
};
pub use self::listing::{ListTotal, Listing, Paging};
pub use self::plans::{
    AbsentAgentPlan, AbsentCodingPlan, AfpTimes, CodingPercent, CodingTimes, ExtraWindow,
    LevelText, NumberForm, PlanBehaviors, PlanHolding, PlanTypeText, PlanUse, Rewards, WindowOrder,
};
pub use self::seats::{
    Balance, DetailRows, QuotaForm, SeatBehaviors, SeatHolding, SeatMember, SeatPercent, SeatResult,
};

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
    /// `errors=status|http-200|top-level|error-message`: whether refusals have their own HTTP status or
    /// 200, or are written as `{"Code", "Message"}` or `ResponseMetadata.ErrorMessage`.
    pub errors: ErrorStatus,
    /// `unknown=error|empty-404`: the answer to actions and services that do not exist.
    pub unknown: UnknownAction,
    /// `days=beijing|utc`: when days begin.
    pub days: ServiceDays,
    /// `order=ascending|unsorted`: the order of `Values`.
    pub order: SampleOrder,
    /// `duplicates=none|repeated|split`: whether a bucket comes twice.
    pub duplicates: Duplicates,
    /// `tags=never|when-filtered|always|both`: when items are split and tagged.
    pub tags: TagRule,
    /// `tag-keys=EndpointId+Scene+…`: by which keys tagged items are split.
    pub tag_keys: TagKeys,
    /// `plan-tokens=included|left-out`: whether `GetUsage` counts tokens that a Coding Plan pays for.
    pub plan_tokens: PlanTokens,
    /// `unaligned=refused|floored`: what becomes of instants that start no bucket.
    pub unaligned: Unaligned,
    /// `max-range=none|31d|168h`: the longest range one call may ask for, in seconds.
    pub max_range: Option<i64>,
    /// `max-age=none|184d`: how old the first bucket of a call may be, in seconds; for both actions.
    pub max_age: Option<i64>,
    /// `max-ids=none|100`: how many `EndpointIds` one call may name.
    pub max_ids: Option<usize>,
    /// `projects-limit`, `projects-paging` and `projects-total`: the pages of `ListProjects`.
    pub projects: Listing,
    /// `endpoints-limit`, `endpoints-paging` and `endpoints-total`: the pages of `ListEndpoints`.
    pub endpoints: Listing,
    /// `api-keys-limit`, `api-keys-paging` and `api-keys-total`: the pages of `ListApiKeys`.
    pub api_keys: Listing,
    /// `inference-…`: the behaviors of `GetInferenceUsage`.
    pub inference: InferenceBehaviors,
    /// `plans`, `afp-…` and `coding-…`: the plans of an account, and how they are reported.
    pub plans: PlanBehaviors,
    /// `seat-…`, `seats-…`, `details-…` and `quota-…`: seats, details of usage, free usage and packs.
    pub seats: SeatBehaviors,
    /// `withdrawn=none|GetUsage+ListApiKeys+…`: actions that do not exist any more.
    pub withdrawn: Vec<&'static str>,
    /// `denied=none|GetAFPUsage+ListSeatInfos+…`: actions that the keys may not call.
    pub denied: Vec<&'static str>,
}

/// The actions that `withdrawn` and `denied` take.
const ACTIONS: [&str; 19] = [
    "GetUsage",
    "GetInferenceUsage",
    "GetAFPUsage",
    "GetCodingPlanUsage",
    "GetPersonalPlan",
    "GetUsageDetails",
    "ListEndpoints",
    "ListApiKeys",
    "ListSeatInfos",
    "GetSeatAFPUsage",
    "ListSeatAFPUsage",
    "GetSeatInfoUsage",
    "ListSeatInfoUsages",
    "ListModelActivations",
    "ListModelTokenLimit",
    "ListResourcePackages",
    "QueryBalanceAcct",
    "ListProjects",
    "GetCallerIdentity",
];

impl Behaviors {
    /// The names of the switches, as [`set`](Self::set) takes them.
    pub const NAMES: [&str; 71] = [
        "hour-labels",
        "end-time",
        "zero-buckets",
        "values",
        "errors",
        "unknown",
        "days",
        "order",
        "duplicates",
        "tags",
        "tag-keys",
        "plan-tokens",
        "unaligned",
        "max-range",
        "max-ids",
        "max-age",
        "projects-limit",
        "projects-paging",
        "projects-total",
        "endpoints-limit",
        "endpoints-paging",
        "endpoints-total",
        "api-keys-limit",
        "api-keys-paging",
        "api-keys-total",
        "inference-cells",
        "inference-fields",
        "inference-member",
        "inference-rows",
        "inference-hour",
        "inference-project-column",
        "inference-columns",
        "inference-absent",
        "inference-count",
        "inference-outside",
        "inference-duplicates",
        "inference-groups",
        "inference-keyless",
        "inference-zero-rows",
        "inference-plan-tokens",
        "inference-max-days",
        "inference-project",
        "inference-unknown-filters",
        "plans",
        "afp-values",
        "afp-absent",
        "afp-used",
        "afp-type",
        "afp-reset",
        "afp-extra",
        "coding-values",
        "coding-absent",
        "coding-order",
        "coding-level",
        "coding-reset",
        "coding-percent",
        "coding-rewards",
        "seats-limit",
        "seats-paging",
        "seats-total",
        "seat-holding",
        "seat-result",
        "seat-list",
        "seat-values",
        "seat-percent",
        "details-rows",
        "details-values",
        "quota-values",
        "quota-balance",
        "withdrawn",
        "denied",
    ];

    /// Returns the behaviors of a site: BytePlus sends errors as messages, and an empty 404 for what it does not serve.
    pub fn of_site(site: &Site) -> Self {
        let is_byteplus = *site == *Site::BYTEPLUS;
        let (errors, unknown) = if is_byteplus {
            (ErrorStatus::ErrorMessage, UnknownAction::Empty)
        } else {
            (ErrorStatus::Own, UnknownAction::Error)
        };
        Self { errors, unknown, days: site.days, ..Self::default() }
    }

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
                let choices = [
                    ("status", ErrorStatus::Own),
                    ("http-200", ErrorStatus::Ok),
                    ("top-level", ErrorStatus::TopLevel),
                    ("error-message", ErrorStatus::ErrorMessage),
                ];
                self.errors = choose(name, value, &choices)?;
            }
            "unknown" => {
                let choices =
                    [("error", UnknownAction::Error), ("empty-404", UnknownAction::Empty)];
                self.unknown = choose(name, value, &choices)?;
            }
            "days" => {
                self.days = choose(name, value, &ServiceDays::ALL.map(|days| (days.name(), days)))?;
            }
            "order" => {
                let choices =
                    [("ascending", SampleOrder::Ascending), ("unsorted", SampleOrder::Unsorted)];
                self.order = choose(name, value, &choices)?;
            }
            "duplicates" => self.duplicates = choose(name, value, &Duplicates::CHOICES)?,
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
            "plan-tokens" => self.plan_tokens = choose(name, value, &PlanTokens::CHOICES)?,
            "unaligned" => {
                let choices = [("refused", Unaligned::Refused), ("floored", Unaligned::Floored)];
                self.unaligned = choose(name, value, &choices)?;
            }
            "max-range" => self.max_range = length(name, value)?,
            "max-age" => self.max_age = length(name, value)?,
            "max-ids" => self.max_ids = max_ids(value)?,
            "projects-limit" | "projects-paging" | "projects-total" => {
                self.projects.set(name, value)?;
            }
            "endpoints-limit" | "endpoints-paging" | "endpoints-total" => {
                self.endpoints.set(name, value)?;
            }
            "api-keys-limit" | "api-keys-paging" | "api-keys-total" => {
                self.api_keys.set(name, value)?;
            }
            "withdrawn" => self.withdrawn = actions(name, value)?,
            "denied" => self.denied = actions(name, value)?,
            "plans" => self.plans.set(name, value)?,
            _ if name.starts_with("afp-") || name.starts_with("coding-") => {
                self.plans.set(name, value)?;
            }
            _ if ["seat-", "seats-", "details-", "quota-"]
                .iter()
                .any(|part| name.starts_with(part)) =>
            {
                self.seats.set(name, value)?;
            }
            _ if name.starts_with("inference-") => self.inference.set(name, value)?,
            _ => return Err(BehaviorError::UnknownSwitch { name: name.to_owned() }),
        }
        Ok(())
    }
}

/// Reads names of actions, joined by `+`.
fn actions(name: &str, value: &str) -> Result<Vec<&'static str>, BehaviorError> {
    if value == "none" {
        return Ok(Vec::new());
    }
    let known = |action: &str| ACTIONS.into_iter().find(|known| *known == action);
    let actions: Option<Vec<_>> = value.split('+').map(known).collect();
    actions.ok_or_else(|| refused(name, value, SwitchValues::Joined(ACTIONS.to_vec())))
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
