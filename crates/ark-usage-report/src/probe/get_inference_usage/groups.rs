//! Filters without values, which group, and usage that a group has no name for.

use ark_usage_model::get_inference_usage::RawCell;

use super::observation::TableObservation;
use super::{API_KEY, MODEL, Observed, ProbeFinding, no_usage, refused};
use crate::text;

const GROUPS: &str = "two group keys";
const KEYLESS: &str = "usage without an API key";

/// Compares usage grouped by two keys with the same usage as a whole.
pub(super) fn combined(whole: &TableObservation, grouped: &Observed) -> ProbeFinding {
    let grouped = match grouped {
        Ok(grouped) => grouped,
        Err(error) => return ProbeFinding::open(GROUPS, refused(error)),
    };
    if grouped.0.rows.is_empty() {
        return ProbeFinding::open(GROUPS, no_usage());
    }
    let adds_up = whole.sums() == grouped.sums();
    let evidence = if adds_up {
        text!("the rows add up to the days", "各行之和等于各天")
    } else {
        text!("the rows do not add up to the days", "各行之和不等于各天")
    };
    let answer = match (grouped.has(API_KEY), grouped.has(MODEL)) {
        (true, true) if !adds_up => return ProbeFinding::open(GROUPS, evidence),
        (true, true) => text!("combine: every row names both", "可以组合：每一行都有两个键"),
        (true, false) => text!("only the first one groups", "只按第一个键分组"),
        (false, true) => text!("only the second one groups", "只按第二个键分组"),
        (false, false) => text!(
            "neither groups: filters without values are ignored",
            "都不分组：没有值的过滤条件被忽略"
        ),
    };
    ProbeFinding::settled(GROUPS, answer, evidence)
}

/// Looks for cells without the id of an API key.
pub(super) fn without_key(grouped: &Observed) -> ProbeFinding {
    let grouped = match grouped {
        Ok(grouped) => grouped,
        Err(error) => return ProbeFinding::open(KEYLESS, refused(error)),
    };
    if !grouped.has(API_KEY) {
        let why = text!("no row names an API key", "没有任何一行带有 API Key");
        return ProbeFinding::open(KEYLESS, why);
    }
    let answer = grouped.cells(API_KEY).find_map(|cell| match cell {
        RawCell::Null => Some(text!("its key is null", "键为 null")),
        RawCell::Text(text) if text.trim().is_empty() => {
            Some(text!("its key is an empty text", "键为空文本"))
        }
        _ => None,
    });
    match answer {
        Some(answer) => {
            let evidence = text!("usage grouped by API key", "按 API Key 分组的用量");
            ProbeFinding::settled(KEYLESS, answer, evidence)
        }
        None => {
            ProbeFinding::open(KEYLESS, text!("all usage has an API key", "所有用量都有 API Key"))
        }
    }
}
