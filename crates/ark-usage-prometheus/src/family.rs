//! The series of one name.

use std::collections::BTreeMap;
use std::fmt;

use crate::Labels;

/// The kind of a metric, as Prometheus knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FamilyKind {
    /// A total that never falls.
    Counter,
    /// A value that goes up and down.
    Gauge,
}

impl FamilyKind {
    /// The word of the text format.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        }
    }
}

/// The value of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SampleValue {
    /// A count or a time in seconds, exact.
    Whole(i128),
    /// A ratio, or a time with a fraction.
    Real(f64),
}

impl SampleValue {
    /// Returns the value as Prometheus stores it; exact up to 2^53.
    #[expect(clippy::cast_precision_loss, reason = "Prometheus stores every value as a float")]
    pub const fn as_f64(self) -> f64 {
        match self {
            Self::Whole(value) => value as f64,
            Self::Real(value) => value,
        }
    }
}

impl fmt::Display for SampleValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Real(value) if value.is_nan() => f.write_str("NaN"),
            Self::Real(value) if value.is_infinite() => {
                f.write_str(if *value > 0.0 { "+Inf" } else { "-Inf" })
            }
            Self::Real(value) => value.fmt(f),
        }
    }
}

/// The series of one name, each with its latest value.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    name: String,
    kind: FamilyKind,
    help: String,
    samples: BTreeMap<Labels, SampleValue>,
}

impl Family {
    /// Returns a family without series.
    pub fn new(name: &str, kind: FamilyKind, help: &str) -> Self {
        Self { name: name.to_owned(), kind, help: help.to_owned(), samples: BTreeMap::new() }
    }

    /// The name of its metric.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of its metric.
    pub const fn kind(&self) -> FamilyKind {
        self.kind
    }

    /// One sentence about its values.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Sets the value of a series.
    pub fn set(&mut self, labels: Labels, value: SampleValue) {
        self.samples.insert(labels, value);
    }

    /// The series, sorted by their labels.
    pub fn samples(&self) -> impl Iterator<Item = (&Labels, SampleValue)> {
        self.samples.iter().map(|(labels, value)| (labels, *value))
    }
}
