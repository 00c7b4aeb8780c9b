//! Prices that apply to nothing: of a metric that the action does not have, or an endpoint that does not exist.

use std::collections::BTreeSet;

use ark_usage_model::{Tags, UsageAction};
use volc_openapi::few_letters;

use super::UnknownMetric;
use super::action_fit::NamedAction;
use crate::lang::Text;
use crate::prices::{PriceNames, Prices};
use crate::usage_data::UsageData;
use crate::{suggest, text};

/// The number of prices that are warned about.
const SHOWN: usize = 5;

/// Returns the warnings about prices that apply to nothing. `are_all` is false where endpoints are filtered by
/// id: others exist then.
pub fn unmatched_prices(
    usage: &UsageData,
    action: &dyn UsageAction,
    all: &[NamedAction],
    are_all: bool,
) -> Vec<(&'static str, Text)> {
    let Some(prices) = &usage.prices else { return Vec::new() };
    let endpoints = KnownEndpoints::new(usage, are_all);
    let received: BTreeSet<&str> =
        usage.report.series.iter().map(|series| series.metric.as_str()).collect();
    let problem = |names: &PriceNames<'_>| {
        let of_metric = metric(names.metric, prices, &received, action, all);
        of_metric.or_else(|| endpoints.problem(names.endpoint_id?))
    };
    let mut names: Vec<PriceNames<'_>> = prices.names().collect();
    names.sort_by_key(|names| names.line);
    let mut unmatched: Vec<(usize, Text)> = Vec::new();
    for names in names {
        let is_known = unmatched.last().is_some_and(|(line, _)| *line == names.line);
        if unmatched.len() == SHOWN {
            break;
        }
        if !is_known && let Some(problem) = problem(&names) {
            unmatched.push((names.line, problem));
        }
    }
    let file = prices.file();
    let warning = |(line, problem): (usize, Text)| {
        let words = text!(
            "{file} line {line}: the price applies to nothing: {problem}",
            "{file} 第 {line} 行：该价格没有可适用的用量：{problem}";
            problem = problem
        );
        ("unmatched_price", words)
    };
    unmatched.into_iter().map(warning).collect()
}

/// Returns the problem with a metric that is neither declared nor received. A file may have the prices of
/// two actions: one of another action is no mistake beside those of this one.
fn metric(
    word: &str,
    prices: &Prices,
    received: &BTreeSet<&str>,
    action: &dyn UsageAction,
    all: &[NamedAction],
) -> Option<Text> {
    let declared = action.metrics();
    if received.contains(word) || declared.named(word).is_some() {
        return None;
    }
    let is_of_another = all.iter().any(|other| other.action.metrics().named(word).is_some());
    let unknown = UnknownMetric::find(word, action, all);
    let meant = unknown.as_ref().and_then(|unknown| unknown.meant);
    let same = meant.and_then(|name| declared.named(name)).map(|info| info.name.as_str());
    let mut priced = prices.names().map(|names| names.metric);
    let has_own = match same {
        Some(same) => priced.any(|metric| metric == same),
        None => priced.any(|metric| declared.named(metric).is_some()),
    };
    if is_of_another && has_own {
        return None;
    }
    let shown = few_letters(word);
    Some(match (unknown, meant) {
        (Some(unknown), Some(meant)) => text!(
            "{problem}; did you mean metric = \"{meant}\"?",
            "{problem}；是否想写 metric = \"{meant}\"？";
            problem = unknown.problem
        ),
        (Some(unknown), None) => text!(
            "{problem}; {hint}", "{problem}；{hint}";
            problem = unknown.problem, hint = unknown.hint
        ),
        (None, _) => text!(
            "{shown} is a sum; give prices to input and output",
            "{shown} 是合计；请分别写 input 和 output 的价格"
        ),
    })
}

/// The endpoints that exist, as far as they are known.
struct KnownEndpoints<'a> {
    ids: BTreeSet<&'a str>,
    are_all: bool,
}

impl<'a> KnownEndpoints<'a> {
    fn new(usage: &'a UsageData, are_all: bool) -> Self {
        let tagged = usage.report.series.iter().filter_map(|line| line.tags.get(Tags::ENDPOINT_ID));
        let requested = usage.report.targets.iter().flat_map(|target| &target.endpoint_ids);
        let listed = usage.endpoints.keys().chain(requested).map(String::as_str);
        let is_whole = usage.scope.name() == "all-projects" && !usage.endpoints.is_empty();
        Self { ids: listed.chain(tagged).collect(), are_all: are_all && is_whole }
    }

    fn problem(&self, id: &str) -> Option<Text> {
        if self.ids.contains(id) {
            return None;
        }
        let shown = few_letters(id);
        let near = suggest::misspelt(id, self.ids.iter().copied());
        if let Some(near) = near {
            return Some(text!(
                "no endpoint has the id {shown}; did you mean {near}?",
                "没有 ID 为 {shown} 的推理接入点；是否想写 {near}？"
            ));
        }
        self.are_all
            .then(|| text!("no endpoint has the id {shown}", "没有 ID 为 {shown} 的推理接入点"))
    }
}
