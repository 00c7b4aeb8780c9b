//! Ids of a file of labels that no endpoint has.

use std::collections::BTreeSet;

use ark_usage_model::Tags;
use volc_openapi::{few_letters, is_harmful, one_line};

use super::Labels;
use crate::lang::Text;
use crate::usage_data::UsageData;
use crate::{listed, suggest, text};

/// The number of ids that a warning names.
const SHOWN: usize = 5;

/// Returns the warning about ids that no endpoint has. Where the endpoints of some projects only are known, an
/// id may be one of another project, unless it has an invisible character, or nearly is the id of an endpoint
/// without labels.
pub fn unmatched_labels(labels: &Labels, usage: &UsageData) -> Option<Text> {
    let listed_ids = usage.endpoints.keys();
    let tagged = usage.report.series.iter().filter_map(|line| line.tags.get(Tags::ENDPOINT_ID));
    let requested = usage.report.targets.iter().flat_map(|target| &target.endpoint_ids);
    let known: BTreeSet<&str> =
        listed_ids.chain(requested).map(String::as_str).chain(tagged).collect();
    let are_all_known = usage.scope.name() == "all-projects" && !usage.endpoints.is_empty();
    let unlabelled: Vec<&str> =
        known.iter().copied().filter(|id| labels.of(id).is_none()).collect();
    let unknown = labels.ids().filter(|(id, _)| !known.contains(id)).filter_map(|(id, line)| {
        let meant = suggest::misspelt(&visible(id), unlabelled.iter().copied());
        let has_hidden_character = visible(id) != id;
        (are_all_known || has_hidden_character || meant.is_some())
            .then(|| described(id, line, meant))
    });
    let unknown: Vec<Text> = unknown.collect();
    if unknown.is_empty() {
        return None;
    }
    let named =
        |lang| listed(unknown.iter().map(|one| one.in_lang(lang)), SHOWN).in_lang(lang).to_owned();
    Some(text!(
        "--labels {file}: no endpoint has the id {ids}",
        "--labels {file}：没有 ID 为以下值的推理接入点：{ids}",
        file = labels.file();
        ids = Text::each(named)
    ))
}

/// `ep-1<U+200B> (line 2; did you mean ep-1?)`
fn described(id: &str, line: usize, meant: Option<&str>) -> Text {
    let plain = visible(id);
    // An id is shown whole, other text in a few letters: the file may be another one than was meant.
    let shown =
        if few_letters(&plain) == plain { one_line(id).into_owned() } else { few_letters(id) };
    match meant {
        Some(meant) => text!(
            "{shown} (line {line}; did you mean {meant}?)",
            "{shown}（第 {line} 行；是否想写 {meant}？）"
        ),
        None => text!("{shown} (line {line})", "{shown}（第 {line} 行）"),
    }
}

/// Returns an id without invisible characters.
fn visible(id: &str) -> String {
    id.chars().filter(|c| !is_harmful(*c) && !c.is_whitespace()).collect()
}
