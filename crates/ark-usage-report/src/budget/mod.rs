//! Budgets: limits on the usage of a day, a week or a month, and their evaluation.
//!
//! Pure: rules are read from text, usage comes in as cells, and the verdict is a value.

mod alert;
mod evaluate;
mod metric_check;
mod period;
mod plan_rule;
mod rules;

use ark_usage_model::{Metric, MetricTable, State, Unit};

use crate::lang::Text;

pub use self::alert::{AlertKey, AlertLevel, SaidAlerts, SaidLevels};
pub use self::evaluate::{BudgetStatus, BudgetVerdict, Cell, Forecast, evaluate};
pub use self::metric_check::tokens_only;
pub use self::period::{Period, PeriodSpan};
pub use self::plan_rule::{PlanRule, PlanRuleStatus, read_plan_rules};
pub use self::rules::{read_file, read_flag};

/// One limit on one kind of usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// The name in messages.
    pub name: String,
    /// Its origin: a flag with its value, or file and line.
    pub place: RuleOrigin,
    /// The metric that counts, or all tokens.
    pub counted: MetricSelector,
    /// The project that counts; all when none is named.
    pub project: Option<String>,
    /// The endpoints that count.
    pub of: BudgetSubject,
    /// The period the limits are for.
    pub period: Period,
    /// The soft limit: usage above it is a warning.
    pub soft: Option<i128>,
    /// The hard limit: usage above it fails.
    pub hard: Option<i128>,
}

/// The origin of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum RuleOrigin {
    /// A flag with its value.
    Flag(String),
    /// A file.
    File {
        /// The name of the file.
        path: String,
        /// The line its table begins in.
        line: usize,
    },
}

/// The metrics a rule counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricSelector {
    /// All tokens together.
    Total,
    /// One metric.
    One(Metric),
}

/// The endpoints whose usage a rule counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum BudgetSubject {
    /// All usage of the project, or of the request.
    Everything,
    /// One inference endpoint, by id.
    Endpoint(String),
    /// The endpoints with a label.
    Label {
        /// The column of the labels.
        key: String,
        /// Its value.
        value: String,
    },
}

/// Returns a file of limits with comments, to be changed by its reader.
pub fn example() -> Text {
    Text::both(include_str!("example.toml"), include_str!("example.zh-CN.toml"))
}

/// The name of all tokens together.
pub const TOTAL: &str = "total";

impl MetricSelector {
    /// A metric's name, or `total`.
    pub fn name(&self) -> &str {
        match self {
            Self::Total => TOTAL,
            Self::One(metric) => metric.as_str(),
        }
    }

    /// Returns the metrics of a report that count together: for `total`, those that may be added
    /// up in tokens. A metric whose values must not be added up never counts.
    pub fn metrics<'m>(
        &self,
        present: impl IntoIterator<Item = &'m Metric>,
        declared: &MetricTable,
    ) -> Vec<&'m Metric> {
        let present = present.into_iter();
        match self {
            Self::Total => {
                let groups = declared.sum_groups(present).into_iter();
                let tokens = groups.filter(|group| group.unit == Unit::Tokens);
                tokens.flat_map(|group| group.metrics).collect()
            }
            Self::One(one) => {
                let one = Self::on_the_wire(one, declared);
                present
                    .filter(|metric| *metric == one && declared.is_additive(metric))
                    .take(1)
                    .collect()
            }
        }
    }

    /// Returns the metric that a name for people means, such as `input`.
    pub fn on_the_wire<'m>(metric: &'m Metric, declared: &MetricTable) -> &'m Metric {
        declared.named(metric.as_str()).map_or(metric, |info| &info.name)
    }

    fn named(name: &str) -> Self {
        if name == TOTAL { Self::Total } else { Self::One(Metric::from(name)) }
    }
}

impl BudgetRule {
    /// The endpoint it is about.
    pub fn endpoint_id(&self) -> Option<&str> {
        if let BudgetSubject::Endpoint(id) = &self.of { Some(id) } else { None }
    }

    /// The limit that usage is compared with: the hard one, or else the soft one.
    pub fn limit(&self) -> Option<i128> {
        self.hard.or(self.soft)
    }

    /// A part of the limit in percent, with one digit behind the point, rounded down: `100.0` is reached, not
    /// nearly. `None` for a limit of 0.
    pub fn percent(&self, value: i128) -> Option<String> {
        let tenths = value.checked_mul(1_000)?.checked_div_euclid(self.limit()?)?;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// The label it is about, and its value.
    pub fn label(&self) -> Option<(&str, &str)> {
        if let BudgetSubject::Label { key, value } = &self.of { Some((key, value)) } else { None }
    }
}

#[cfg(test)]
mod tests;
