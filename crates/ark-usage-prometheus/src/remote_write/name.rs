//! Names of series: metric and labels, and how the list of deliveries writes them.

use std::fmt::Write as _;

use ark_usage_history::{Line, Subject};
use ark_usage_model::Interval;

use crate::{Labels, usage_labels};

/// The name of a series: the metric, and its labels.
///
/// | metric | sample |
/// |---|---|
/// | `ark_usage_project_hour`, `ark_usage_project_day` | usage of a project in one hour or day |
/// | `ark_usage_endpoint_hour`, `ark_usage_endpoint_day` | usage of an endpoint that was asked for by itself |
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesName {
    /// The metric.
    pub metric: String,
    /// The labels.
    pub labels: Labels,
}

impl SeriesName {
    /// The name of the series of a line.
    pub fn of(subject: &Subject, interval: Interval, line: &Line) -> Self {
        let is_endpoint = subject.place.endpoint_id().is_some();
        let place = if is_endpoint { "endpoint" } else { "project" };
        let metric = format!("ark_usage_{place}_{}", interval.name());
        Self { metric, labels: usage_labels(subject, line) }
    }

    /// The text by which the list of deliveries knows it: a line for the metric and for each label.
    pub fn text(&self) -> String {
        let mut text = escaped(&self.metric);
        for (name, value) in self.labels.iter() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{}={}", escaped(name), escaped(value));
        }
        text
    }

    /// Reads such a text.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let metric = unescaped(lines.next()?);
        let mut labels = Labels::new();
        for line in lines {
            let (name, value) = line.split_once('=')?;
            labels.set(&unescaped(name), &unescaped(value));
        }
        Some(Self { metric, labels })
    }

    /// All labels as they are sent, sorted: with the name of the metric, and the number of a correction.
    pub(super) fn sent(&self, revision: u32) -> Vec<(String, String)> {
        let own = self.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut labels: Vec<_> = own.collect();
        labels.push(("__name__".to_owned(), self.metric.clone()));
        if revision > 0 {
            labels.push(("revision".to_owned(), revision.to_string()));
        }
        labels.sort_unstable();
        labels
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\n', "%0A").replace('=', "%3D")
}

fn unescaped(text: &str) -> String {
    text.replace("%3D", "=").replace("%0A", "\n").replace("%25", "%")
}
