//! Names that are no metric of an action: the problem, the name meant, and the hint.

use ark_usage_model::{MetricInfo, MetricTable, UsageAction};

use super::action_fit::NamedAction;
use super::metrics::{every_name, find, names};
use crate::lang::Text;
use crate::{other_words, suggest, text};

/// A name that is no metric of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMetric {
    /// The problem, naming the word.
    pub problem: Text,
    /// The name that was probably meant.
    pub meant: Option<&'static str>,
    /// All names, or the action that has this one.
    pub hint: Text,
}

/// Words for money, which is not a metric.
const MONEY: [&str; 10] =
    ["cost", "costs", "price", "money", "cny", "usd", "rmb", "费用", "金额", "花费"];

impl UnknownMetric {
    /// Returns the problem with a name; `None` if the action declares it. `all` are the actions to choose
    /// from.
    pub fn find(word: &str, action: &dyn UsageAction, all: &[NamedAction]) -> Option<Self> {
        let declared = action.metrics();
        if find(word, declared).is_some() {
            return None;
        }
        let has_it = |other: &&NamedAction| other.action.metrics().named(word).is_some();
        if let Some(other) = all.iter().find(has_it) {
            let info = other.action.metrics().named(word);
            let (action, api) = (action.name(), other.name);
            return Some(Self {
                problem: text!("{action} has no {word}", "{action} 不提供 {word}"),
                meant: info.and_then(|info| same_here(info, declared)),
                hint: text!("add --api {api}", "请加上 --api {api}"),
            });
        }
        let problem = text!("unknown metric {word}", "未知的指标 {word}");
        if let Some(hint) = other_words::absence(word) {
            return Some(Self { problem, meant: None, hint });
        }
        let meant = suggest::meant("--metric", word, names(declared));
        Some(Self { problem, meant, hint: every_name(declared) })
    }

    /// Returns true if a word names money.
    pub fn is_money(word: &str) -> bool {
        MONEY.contains(&word.to_lowercase().as_str())
    }
}

/// Returns the name by which people call a metric of another action here.
fn same_here(info: &MetricInfo, declared: MetricTable) -> Option<&'static str> {
    let name = info.alias.or_else(|| info.part_of.is_none().then_some("total"))?;
    let is_of_tokens = info.unit == ark_usage_model::Unit::Tokens;
    (is_of_tokens && find(name, declared).is_some()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
    use ark_usage_model::get_usage::GetUsageAction;

    const ALL: [NamedAction; 2] = [
        NamedAction { name: "usage", action: &GetUsageAction },
        NamedAction { name: "inference", action: &GetInferenceUsageAction },
    ];

    #[test]
    fn the_problem_the_name_meant_and_the_action() {
        let usage: &dyn UsageAction = &GetUsageAction;
        let inference: &dyn UsageAction = &GetInferenceUsageAction;
        for (word, action, problem, meant, hint) in [
            ("tokens", usage, "unknown metric tokens", Some("total"), "PromptTokens (input)"),
            ("总", usage, "unknown metric 总", Some("total"), "total"),
            ("Total", usage, "unknown metric Total", Some("total"), "total"),
            ("completiontokens", usage, "unknown", Some("CompletionTokens"), "metrics: "),
            ("Prompt", usage, "unknown metric Prompt", Some("input"), "metrics: "),
            ("cost", usage, "unknown metric cost", None, "metrics: "),
            ("requests", usage, "GetUsage has no requests", None, "add --api inference"),
            ("cached", usage, "GetUsage has no cached", None, "add --api inference"),
            ("ReqCnt", usage, "GetUsage has no ReqCnt", None, "add --api inference"),
            ("InputTokens", usage, "GetUsage has no InputTokens", Some("input"), "--api inference"),
            ("TotalTokens", usage, "GetUsage has no TotalTokens", Some("total"), "inference"),
            ("PromptTokens", inference, "GetInferenceUsage has no", Some("input"), "--api usage"),
            ("请求", inference, "unknown metric 请求", Some("requests"), "ReqCnt (requests)"),
        ] {
            let found = UnknownMetric::find(word, action, &ALL).unwrap();
            assert!(found.problem.in_lang(Lang::En).contains(problem), "{word}: {found:?}");
            assert_eq!(found.meant, meant, "{word}");
            assert!(found.hint.in_lang(Lang::En).contains(hint), "{word}: {found:?}");
        }
        for word in ["input", "output", "total", "PromptTokens", "CompletionTokens"] {
            assert_eq!(UnknownMetric::find(word, usage, &ALL), None, "{word}");
        }
        for word in ["input", "cached", "requests", "images", "total", "TotalTokens"] {
            assert_eq!(UnknownMetric::find(word, inference, &ALL), None, "{word}");
        }
    }
}
