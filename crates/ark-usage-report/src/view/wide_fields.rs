//! `--fields` of a wide CSV: the keys of a row, the metrics, and the columns that a line has once.

use ark_usage_model::{Metric, MetricTable};

use super::fields::{Fields, check};
use super::metrics::find;
use super::{CURRENCY, ROW_FIELDS};
use crate::error::ReportError;
use crate::{suggest, text};

/// Fields that each value has. A wide line has a column for each metric instead, or one for all of them.
pub const VALUE_FIELDS: [&str; 11] = [
    "metric",
    "value",
    "total",
    "share",
    "state",
    "fetched_at",
    "buckets",
    "previous",
    "cost",
    CURRENCY,
    "unpriced",
];

/// Those of them that a wide line has once.
const OF_LINES: [&str; 7] = ["total", "share", "state", "fetched_at", "cost", CURRENCY, "unpriced"];

/// Parts of a comparison, behind the name of a metric.
pub const COMPARED: [&str; 3] = ["previous", "change", "change_percent"];

impl Fields {
    /// Reads the words of `--fields` for a wide CSV, each once; a metric by either of its names.
    pub fn parse_wide(words: &[String], declared: MetricTable) -> Result<Self, ReportError> {
        let mut names: Vec<String> = Vec::new();
        for word in words {
            let name = column(word, declared).ok_or_else(|| unknown(word, declared))?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(Self::of_names(names))
    }
}

fn column(word: &str, declared: MetricTable) -> Option<String> {
    let field = word.split('.').next().unwrap_or(word);
    let is_key = !VALUE_FIELDS.contains(&field) && check(word).is_ok();
    if is_key || OF_LINES.contains(&word) {
        return Some(word.to_owned());
    }
    if let Some(metric) = find(word, declared) {
        return Some(metric.to_string());
    }
    let (metric, part) = word.rsplit_once('.')?;
    let metric = find(metric, declared).filter(|_| COMPARED.contains(&part))?;
    Some(format!("{metric}.{part}"))
}

fn unknown(word: &str, declared: MetricTable) -> ReportError {
    let keys = ROW_FIELDS.iter().map(|field| field.name);
    let keys = keys.filter(|name| !VALUE_FIELDS.contains(name)).map(str::to_owned);
    let metrics = declared.iter().map(|info| &info.name).map(Metric::to_string);
    let names: Vec<String> = keys.chain(metrics).chain(OF_LINES.map(str::to_owned)).collect();
    let all =
        text!("columns of a wide CSV: {all}", "--wide 可用的列：{all}", all = names.join(", "));
    ReportError::invalid(text!(
        "--fields {word}: a wide CSV has no such column",
        "--fields {word}：--wide 的 CSV 没有这一列"
    ))
    .with_hint(suggest::hint("--fields ", word, names.iter().map(String::as_str), all))
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{MetricInfo, Unit};

    use super::*;

    static METRICS: [MetricInfo; 2] = [
        MetricInfo::new(Metric::PROMPT_TOKENS, Unit::Tokens).or_named("input"),
        MetricInfo::new(Metric::COMPLETION_TOKENS, Unit::Tokens).or_named("output"),
    ];

    fn parsed(words: &[&str]) -> Result<Fields, ReportError> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Fields::parse_wide(&words, MetricTable::new(&METRICS))
    }

    #[test]
    fn keys_metrics_and_what_a_line_has_once() {
        let words = ["labels.team", "input", "PromptTokens", "output.change", "total", "share"];
        let names = ["labels.team", "PromptTokens", "CompletionTokens.change", "total", "share"];
        assert_eq!(parsed(&words).unwrap().names(), names);
        for word in ["value", "metric", "all", "previous.change", "input.x", "nonsense"] {
            let error = parsed(&[word]).unwrap_err().in_full();
            assert!(error.contains("PromptTokens, CompletionTokens, total"), "{error}");
        }
    }
}
