//! `--metric`: the metrics that are shown, by the names that people write.

use ark_usage_model::{Metric, MetricInfo, MetricTable, Unit};

use crate::error::ReportError;
use crate::lang::Text;
use crate::{other_words, suggest, text};

/// All metrics counted in tokens, added up where none is part of another.
pub const TOTAL_TOKENS: Metric = Metric::from_static("total");

/// Returns true for a metric whose cost is part of the cost of all tokens: beside that total it is not added.
pub fn cost_is_in_total(metric: &Metric, unit: &Unit) -> bool {
    *unit == Unit::Tokens && *metric != TOTAL_TOKENS
}

/// The metrics that are shown, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricChoice(Vec<Metric>);

impl MetricChoice {
    /// Reads the words of `--metric`; `None` when there are none.
    pub fn parse(words: &[String], declared: MetricTable) -> Result<Option<Self>, ReportError> {
        let mut metrics = Vec::new();
        for word in words {
            let metric = find(word, declared).ok_or_else(|| unknown(word, declared))?;
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        Ok((!metrics.is_empty()).then_some(Self(metrics)))
    }

    /// Returns the metrics.
    pub fn metrics(&self) -> &[Metric] {
        &self.0
    }

    /// Returns true if a metric is among them.
    pub fn contains(&self, metric: &Metric) -> bool {
        self.0.contains(metric)
    }
}

/// Returns the metric that people name so, if it is declared.
pub(super) fn find(word: &str, declared: MetricTable) -> Option<Metric> {
    let named = declared.named(word).map(|info| info.name.clone());
    named.or_else(|| (word == TOTAL_TOKENS.as_str() && has_total(declared)).then_some(TOTAL_TOKENS))
}

/// Returns true if there is something in tokens to add up.
fn has_total(declared: MetricTable) -> bool {
    declared.iter().any(|info| info.additive && info.unit == Unit::Tokens)
}

/// Returns every name that people may write.
pub(super) fn names(declared: MetricTable) -> impl Iterator<Item = &'static str> {
    let aliases = declared.iter().filter_map(|info| info.alias);
    let names = declared.iter().map(|info| info.name.as_str()).chain(aliases);
    names.chain(has_total(declared).then_some("total"))
}

fn unknown(word: &str, declared: MetricTable) -> ReportError {
    let hint = other_words::absence(word)
        .unwrap_or_else(|| suggest::hint("--metric ", word, names(declared), every_name(declared)));
    ReportError::invalid(text!("--metric {word}: unknown metric", "--metric {word}：未知的指标"))
        .with_hint(hint)
}

/// Returns all names, as a hint.
pub(super) fn every_name(declared: MetricTable) -> Text {
    let one = |info: &MetricInfo| match info.alias {
        Some(alias) => format!("{} ({alias})", info.name),
        None => info.name.to_string(),
    };
    let total = has_total(declared).then(|| TOTAL_TOKENS.to_string());
    let all = declared.iter().map(one).chain(total).collect::<Vec<_>>().join(", ");
    text!("metrics: {all}", "可用的指标：{all}")
}

#[cfg(test)]
mod tests {
    use super::*;

    static METRICS: [MetricInfo; 3] = [
        MetricInfo::new(Metric::PROMPT_TOKENS, Unit::Tokens).or_named("input"),
        MetricInfo::new(Metric::COMPLETION_TOKENS, Unit::Tokens).or_named("output"),
        MetricInfo::new(Metric::from_static("Requests"), Unit::Requests),
    ];

    fn parsed(words: &[&str]) -> Result<Option<MetricChoice>, ReportError> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        MetricChoice::parse(&words, MetricTable::new(&METRICS))
    }

    #[test]
    fn both_names_and_the_total_each_once() {
        assert_eq!(parsed(&[]).unwrap(), None);
        let words = ["output", "total", "CompletionTokens", "Requests"];
        let expected = [Metric::COMPLETION_TOKENS, TOTAL_TOKENS, Metric::from("Requests")];
        assert_eq!(parsed(&words).unwrap().unwrap().metrics(), expected);
    }

    #[test]
    fn a_mistyped_name_is_refused_with_the_nearest_and_all() {
        for (word, meant) in
            [("CompletionToken", "CompletionTokens"), ("INPUT", "input"), ("totl", "total")]
        {
            let error = parsed(&[word]).unwrap_err().in_full();
            assert!(error.contains(&format!("did you mean --metric {meant}?")), "{error}");
            assert!(
                error.contains("PromptTokens (input), CompletionTokens (output), Requests, total"),
                "{error}"
            );
        }
        let only_requests = MetricTable::new(METRICS.split_at(2).1);
        assert!(MetricChoice::parse(&["total".to_owned()], only_requests).is_err());
    }
}
