//! Answers of the service, written as text.

use std::fmt::Write as _;

use crate::rows::DAY;

/// One line of an answer.
pub struct Line<'a> {
    pub tags: &'a [(String, String)],
    pub values: usize,
}

/// The items of one metric, as the service writes them.
pub fn items(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join(",")
}

impl Line<'_> {
    pub fn text(&self) -> String {
        let mut text = String::from("{\"Tags\":[");
        for (place, (key, value)) in self.tags.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(text, "{comma}{{\"Key\":\"{key}\",\"Value\":\"{value}\"}}");
        }
        text.push_str("],\"Values\":[");
        for place in 0..self.values {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(text, "{comma}{{\"Timestamp\":{DAY},\"Value\":{}}}", place + 1);
        }
        text + "]}"
    }
}

/// A line with one value and these tags.
pub fn line(tags: &[(&str, &str)]) -> String {
    let tags: Vec<(String, String)> =
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Line { tags: &tags, values: 1 }.text()
}

/// One metric.
pub fn metric(name: &str, items: &str) -> String {
    format!("{{\"Name\":\"{name}\",\"MetricItems\":[{items}]}}")
}

/// An answer of `GetUsage`.
pub fn usage(metrics: impl IntoIterator<Item = String>) -> String {
    let metrics = metrics.into_iter().collect::<Vec<_>>().join(",");
    answer(&format!("{{\"UsageResults\":[{metrics}]}}"))
}

/// A whole answer.
pub fn answer(result: &str) -> String {
    format!("{{\"ResponseMetadata\":{{\"RequestId\":\"r1\"}},\"Result\":{result}}}")
}
