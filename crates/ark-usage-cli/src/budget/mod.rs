//! Budgets: what may be used in a day, a week or a month, and whether it was.
//!
//! Pure: rules are read from text, usage comes in as cells, and the verdict is a value.

mod evaluate;
mod period;
mod rules;

use ark_usage_model::{Metric, State};

pub(crate) use self::evaluate::{Cell, Finding, Forecast, Verdict, evaluate};
pub(crate) use self::period::{Period, Span};
pub(crate) use self::rules::{read_file, read_flag};

/// One limit on one kind of usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// As people know it.
    pub(crate) name: String,
    /// Where it was written: a flag with its value, or file and line.
    pub(crate) place: Place,
    pub(crate) counted: Counted,
    pub(crate) project: Option<String>,
    pub(crate) of: Subject,
    pub(crate) period: Period,
    /// More than this is worth a warning.
    pub(crate) soft: Option<i128>,
    /// More than this is too much.
    pub(crate) hard: Option<i128>,
}

/// Where a rule was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Flag(String),
    File { path: String, line: usize },
}

/// What a rule counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// All metrics together.
    Total,
    One(Metric),
}

/// Whose usage a rule counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// All of the project, or of all that was asked about.
    Everything,
    Endpoint(String),
    Label {
        key: String,
        value: String,
    },
}

/// Stands for all metrics together.
pub(crate) const TOTAL: &str = "total";

impl Counted {
    /// A metric's name, or `total`.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Total => TOTAL,
            Self::One(metric) => metric.as_str(),
        }
    }

    /// Whether a value of `metric` counts.
    pub(crate) fn takes(&self, metric: &Metric) -> bool {
        match self {
            Self::Total => true,
            Self::One(one) => one == metric,
        }
    }

    fn named(name: &str) -> Self {
        if name == TOTAL { Self::Total } else { Self::One(Metric::from(name)) }
    }
}

impl Rule {
    /// The endpoint it is about.
    pub(crate) fn endpoint_id(&self) -> Option<&str> {
        if let Subject::Endpoint(id) = &self.of { Some(id) } else { None }
    }

    /// The label it is about, and its value.
    pub(crate) fn label(&self) -> Option<(&str, &str)> {
        if let Subject::Label { key, value } = &self.of { Some((key, value)) } else { None }
    }
}

#[cfg(test)]
mod tests;
