//! The fit of a request with an action: groups that the action tells apart by itself, and refusals of
//! what it cannot answer. A service may ignore unknown names silently, so they are refused here.

use ark_usage_model::{
    Dimension as ActionDimension, DimensionFilter, Scene, Tags, Target, UsageAction, UsageReport,
};

use super::{Dimension, UnknownMetric};
use crate::error::ReportError;
use crate::lang::Text;
use crate::{MOST_LISTED, listed, suggest, text};

/// A flag that filters by a dimension of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterFlag {
    /// The flag, such as `--model`.
    pub flag: &'static str,
    /// The key of the dimension.
    pub key: &'static str,
    /// The values to count.
    pub values: Vec<String>,
}

/// An action by the name that `--api` takes.
#[derive(Clone, Copy, Debug)]
pub struct NamedAction {
    /// The short name.
    pub name: &'static str,
    /// The action.
    pub action: &'static dyn UsageAction,
}

fn knows(action: &dyn UsageAction, knows: impl Fn(&ActionDimension) -> bool) -> bool {
    action.dimensions().iter().any(knows)
}

/// Returns true if an action can be told to report usage separately for each value of a key.
pub fn groups(action: &dyn UsageAction, key: &str) -> bool {
    knows(action, |dimension| dimension.key == key && dimension.group)
}

/// Returns true if an action can count some values of a key only.
pub fn filters(action: &dyn UsageAction, key: &str) -> bool {
    knows(action, |dimension| dimension.key == key && dimension.filter)
}

/// Returns the keys that an action groups by for dimensions of rows, each once.
pub fn group_keys<'a>(action: &dyn UsageAction, by: &'a [Dimension]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = by.iter().filter_map(Dimension::group_key).collect();
    keys.retain(|key| groups(action, key));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Returns the dimensions that need lists or parts, because an action does not tell them by a key of
/// their own.
pub fn needing_lists(action: &dyn UsageAction, by: &[Dimension]) -> Vec<Dimension> {
    let is_told = |dimension: &Dimension| {
        dimension.group_key().is_some_and(|key| key != Tags::ENDPOINT_ID && groups(action, key))
    };
    by.iter().filter(|dimension| !is_told(dimension)).cloned().collect()
}

/// Refuses dimensions and filters that an action does not know, with another action of `all` that does.
///
/// # Errors
///
/// The first of them.
pub fn check(
    action: &dyn UsageAction,
    by: &[Dimension],
    flags: &[FilterFlag],
    all: &[NamedAction],
) -> Result<(), ReportError> {
    for dimension in by {
        let Some(key) = dimension.group_key() else { continue };
        let is_wrong = dimension.needs_grouping() && !groups(action, key)
            || key == Tags::SCENE && !filters(action, key);
        if is_wrong {
            let other =
                all.iter().find(|other| groups(other.action, key) || filters(other.action, key));
            return Err(unknown(&format!("--by {}", dimension.name()), action, key, other));
        }
    }
    for FilterFlag { flag, key, values } in flags {
        let Some(value) = values.first() else { continue };
        let words = format!("{flag} {value}");
        if !filters(action, key) {
            let other = all.iter().find(|other| filters(other.action, key));
            return Err(unknown(&words, action, key, other));
        }
        if let (Tags::BATCH_JOB_ID, Some(second)) = (*key, values.get(1))
            && !groups(action, key)
        {
            let other = all.iter().find(|other| groups(other.action, key));
            let words = text!(
                "{flag} {second}: {name} counts one batch job only",
                "{flag} {second}：{name} 只能统计一个批量推理任务",
                name = action.name()
            );
            return Err(refusal(words, other));
        }
    }
    Ok(())
}

/// Refuses a word of `--metric` that an action does not know, with another action of `all` that does.
pub fn check_metric(
    word: &str,
    action: &dyn UsageAction,
    all: &[NamedAction],
) -> Result<(), ReportError> {
    let Some(UnknownMetric { problem, meant, hint }) = UnknownMetric::find(word, action, all)
    else {
        return Ok(());
    };
    let words =
        text!("--metric {word}: {problem}", "--metric {word}：{problem}"; problem = problem);
    Err(ReportError::invalid(words).with_hint(suggest::hint_of("--metric ", meant, hint)))
}

/// Adds the filters of flags to a target. Scenes have a field of their own, as one batch job has.
pub fn add_filters(target: &mut Target, flags: &[FilterFlag]) {
    for FilterFlag { key, values, .. } in flags {
        match (*key, values.as_slice()) {
            (Tags::SCENE, scenes) => {
                target.scenes = scenes.iter().map(|scene| Scene::from(scene.as_str())).collect();
            }
            (Tags::BATCH_JOB_ID, [job]) => target.batch_job_id = Some(job.clone()),
            (key, values) => target
                .filters
                .push(DimensionFilter { key: key.to_owned(), values: values.to_vec() }),
        }
    }
}

fn unknown(
    words: &str,
    action: &dyn UsageAction,
    key: &str,
    other: Option<&NamedAction>,
) -> ReportError {
    let things = things(key);
    let words = text!(
        "{words}: {name} has no {things}",
        "{words}：{name} 不提供{things}",
        name = action.name();
        things = things
    );
    refusal(words, other)
}

fn refusal(words: Text, other: Option<&NamedAction>) -> ReportError {
    let error = ReportError::invalid(words);
    match other {
        Some(other) => {
            error.with_hint(text!("add --api {name}", "请加上 --api {name}", name = other.name))
        }
        None => error,
    }
}

/// Returns the things that a key names, in the plural.
fn things(key: &str) -> Text {
    match key {
        Tags::MODEL_NAME => text!("models", "模型"),
        Tags::MODEL_VERSION => text!("model versions", "模型版本"),
        Tags::API_KEY_ID => text!("API keys", " API Key "),
        Tags::BILLING_STATUS => text!("billing status", "计费状态"),
        Tags::BATCH_TYPE => text!("batch types", "批量类型"),
        Tags::MODEL_UNIT_ID => text!("model units", "模型单元"),
        Tags::SCENE => text!("scenes", "场景"),
        Tags::BATCH_JOB_ID => text!("batch jobs", "批量推理任务"),
        other => Text::same(other.to_owned()),
    }
}

/// Returns the filters that documents have no other field for.
pub fn without_field(flags: &[FilterFlag]) -> Vec<FilterFlag> {
    let has_field = |flag: &FilterFlag| {
        flag.key == Tags::SCENE || flag.key == Tags::BATCH_JOB_ID && flag.values.len() == 1
    };
    flags.iter().filter(|flag| !has_field(flag)).cloned().collect()
}

impl FilterFlag {
    /// Returns its name in documents: `api_key` of `--api-key`.
    pub fn name(&self) -> String {
        self.flag.trim_start_matches('-').replace('-', "_")
    }
}

/// Returns the filters of flags with the values that targets have: an id for each name.
pub fn resolved(flags: &[FilterFlag], targets: &[Target]) -> Vec<FilterFlag> {
    let of_target = |flag: &FilterFlag| {
        let mut filters = targets.iter().flat_map(|target| &target.filters);
        let found = filters.find(|filter| filter.key == flag.key && !filter.values.is_empty());
        found.map_or_else(
            || flag.clone(),
            |found| FilterFlag { values: found.values.clone(), ..flag.clone() },
        )
    };
    flags.iter().map(of_target).collect()
}

/// Returns a target that groups by a key, in place of the filter by it.
pub fn by_instead(target: &Target, key: &str) -> Target {
    let mut target = target.clone();
    target.filters.retain(|filter| filter.key != key);
    target.filters.push(DimensionFilter { key: key.to_owned(), values: Vec::new() });
    if key == Tags::BATCH_JOB_ID {
        target.batch_job_id = None;
    }
    target
}

/// Returns the values of a filter that no usage of a report has.
pub fn without_usage<'a>(report: &UsageReport, flag: &'a FilterFlag) -> Vec<&'a str> {
    let known = values(report, flag.key);
    let values = flag.values.iter().map(String::as_str);
    values.filter(|value| !known.iter().any(|known| known == value)).collect()
}

/// Returns the values of a key that usage of a report has, sorted.
fn values(report: &UsageReport, key: &str) -> Vec<String> {
    let lines = report.lines(i64::MAX).into_iter();
    let used = lines.filter(|line| line.cells.iter().any(|cell| cell.value.is_some()));
    let mut values: Vec<String> = used.filter_map(|line| line.label.get(key).cloned()).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The warning about keys that usage should be told apart by, but that no line of it names.
pub fn warn_not_grouped(report: &UsageReport) -> Option<(&'static str, Text)> {
    let filters = report.targets.iter().flat_map(|target| &target.filters);
    let mut keys: Vec<&str> = filters
        .filter(|filter| filter.values.len() != 1)
        .map(|filter| filter.key.as_str())
        .collect();
    keys.retain(|key| report.series.iter().all(|series| series.tags.get(key).is_none()));
    keys.sort_unstable();
    keys.dedup();
    let words = text!(
        "the service did not report usage by {keys}; it is unattributed",
        "服务端没有按 {keys} 区分用量，因此未归属",
        keys = keys.join(", ")
    );
    (!keys.is_empty() && !report.series.is_empty()).then_some(("not_grouped", words))
}

/// The warning about values of a filter without usage, when `all` usage of the range, told apart by
/// the key, has other values.
pub fn warn_without_usage(
    all: &UsageReport,
    flag: &FilterFlag,
    missing: &[&str],
) -> Vec<(&'static str, Text)> {
    let known = values(all, flag.key);
    let known: Vec<&str> =
        known.iter().map(String::as_str).filter(|name| *name != Tags::NONE).collect();
    let missing = missing.iter().filter(|name| !known.contains(name));
    let FilterFlag { flag, .. } = flag;
    let warning = |name: &&str| {
        let text = if let Some(nearest) = suggest::nearest(name, known.clone()) {
            text!(
                "{flag} {name}: no usage in this range; did you mean {nearest}?",
                "{flag} {name}：该范围内没有用量；是否想写 {nearest}？"
            )
        } else {
            text!(
                "{flag} {name}: no usage in this range; names with usage: {all}",
                "{flag} {name}：该范围内没有用量；有用量的有：{all}";
                all = listed(&known, MOST_LISTED)
            )
        };
        ("filter_without_usage", text)
    };
    if known.is_empty() { Vec::new() } else { missing.map(warning).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
    use ark_usage_model::get_usage::GetUsageAction;

    const ALL: [NamedAction; 2] = [
        NamedAction { name: "usage", action: &GetUsageAction },
        NamedAction { name: "inference", action: &GetInferenceUsageAction },
    ];

    fn by(words: &[&str]) -> Vec<Dimension> {
        Dimension::parse_all(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
            .unwrap()
    }

    fn refusal(action: &dyn UsageAction, words: &[&str], flags: &[FilterFlag]) -> Option<String> {
        check(action, &by(words), flags, &ALL).err().map(|error| error.in_full())
    }

    #[test]
    fn dimensions_of_another_action_are_refused_with_it() {
        for (word, things) in [
            ("api-key", "API keys"),
            ("model-version", "model versions"),
            ("billing", "billing status"),
            ("batch-type", "batch types"),
            ("model-unit", "model units"),
            ("tag:ApikeyID", "API keys"),
        ] {
            let error = refusal(&GetUsageAction, &["day", word], &[]).unwrap();
            assert!(error.contains(&format!("--by {word}: GetUsage has no {things}")), "{error}");
            assert!(error.contains("add --api inference"), "{error}");
            assert_eq!(refusal(&GetInferenceUsageAction, &[word], &[]), None);
        }
        let error = refusal(&GetInferenceUsageAction, &["scene"], &[]).unwrap();
        assert!(error.contains("has no scenes") && error.contains("--api usage"), "{error}");
        for words in ["endpoint", "model", "project", "batch-job", "account", "label:a", "tag:b"] {
            assert_eq!(refusal(&GetUsageAction, &[words], &[]), None, "{words}");
            assert_eq!(refusal(&GetInferenceUsageAction, &[words], &[]), None, "{words}");
        }
    }

    #[test]
    fn filters_of_another_action_are_refused_with_it() {
        let model = FilterFlag {
            flag: "--model",
            key: Tags::MODEL_NAME,
            values: vec!["doubao".to_owned()],
        };
        let error = refusal(&GetUsageAction, &[], std::slice::from_ref(&model)).unwrap();
        assert!(error.contains("--model doubao: GetUsage has no models"), "{error}");
        assert_eq!(refusal(&GetInferenceUsageAction, &[], std::slice::from_ref(&model)), None);
        let none = FilterFlag { values: Vec::new(), ..model };
        assert_eq!(refusal(&GetUsageAction, &[], &[none]), None);
    }

    #[test]
    fn an_action_groups_by_its_own_keys() {
        let words = by(&["day", "model", "api-key", "label:team", "endpoint"]);
        let keys = group_keys(&GetInferenceUsageAction, &words);
        assert_eq!(keys, [Tags::API_KEY_ID, Tags::ENDPOINT_ID, Tags::MODEL_NAME]);
        assert_eq!(group_keys(&GetUsageAction, &words), [""; 0]);
        let lists = needing_lists(&GetInferenceUsageAction, &words);
        assert_eq!(lists, by(&["day", "label:team", "endpoint"]));
        assert_eq!(needing_lists(&GetUsageAction, &words), words);
    }
}
