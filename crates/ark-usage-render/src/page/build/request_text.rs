//! The request of a report in words, for readers who did not run the command.

use crate::QueryScope;
use crate::page::PageOptions;
use ark_usage_report::range::Range;
use ark_usage_report::view::interval_name;
use ark_usage_report::{Lang, MOST_LISTED, listed};

/// One sentence: `2024-11-14 … 2024-11-20, 7 days, both included; project chatbot`.
pub(super) fn sentence(range: &Range, scope: &QueryScope<'_>, lang: Lang) -> String {
    let range = range.words();
    let parts: Vec<String> = named(scope, lang)
        .into_iter()
        .map(|(name, value)| lang.pick(format!("{name}: {value}"), format!("{name}：{value}")))
        .collect();
    let joined = parts.join(lang.pick("; ", "；"));
    lang.pick(
        format!("{}. {}", range.in_lang(lang), joined),
        format!("{}。{}", range.in_lang(lang), joined),
    )
}

/// Returns names and values of the request.
pub(super) fn parts(range: &Range, options: &PageOptions<'_>) -> Vec<(String, String)> {
    let PageOptions { lang, query, profiles, .. } = *options;
    let part = |en: &str, zh: &str, value: String| (lang.pick(en, zh).to_owned(), value);
    let interval = interval_name(range, lang);
    let mut parts = vec![
        part("First bucket", "起始时间段", range.rfc3339(range.window.first())),
        part("Last bucket (included)", "结束时间段（含）", range.rfc3339(range.window.last())),
        part("Interval", "粒度", interval.to_owned()),
        part("Time zone", "时区", range.zone_name.clone()),
    ];
    parts.extend(named(&query.scope, lang));
    if let Some(chosen) = &options.spec.metrics {
        let names: Vec<String> = chosen.metrics().iter().map(ToString::to_string).collect();
        parts.push(part("Metrics", "指标", list(&names, lang)));
    }
    if !profiles.is_empty() {
        parts.push(part("Profiles", "profile", list(profiles, lang)));
    }
    parts.push(part("Action", "接口", query.api.to_owned()));
    if let Some(site) = query.site.other_than_default() {
        parts.push(part("Site", "站点", site.to_owned()));
    }
    if query.site.site_days_assumed {
        let days = query.site.site_days.to_owned();
        parts.push(part("Days of the site (assumed)", "站点的日界（假定）", days));
    }
    parts
}

/// Returns hints on what else the page could show.
pub(super) fn not_requested(range: &Range, options: &PageOptions<'_>) -> Vec<String> {
    let PageOptions { spec, query, lang, .. } = *options;
    let by_day = range.window.interval() == ark_usage_model::Interval::Day;
    let hours = by_day.then(|| {
        lang.pick(
            "This page is made from daily data, so it does not show the hours of the week.",
            "本页由按天的数据生成，因此没有“一周各小时”部分。",
        )
    });
    let before = (!spec.compare)
        .then(|| lang.pick("It is not compared with the previous range.", "没有与上一周期比较。"));
    let split = (spec.by.is_empty() && !query.scope.all_endpoints).then(|| {
        lang.pick("It does not show inference endpoints one by one.", "没有逐个列出推理接入点。")
    });
    [hours, before, split].into_iter().flatten().map(str::to_owned).collect()
}

/// Returns names in a row, as many as a page has room for.
pub(super) fn list(names: &[String], lang: Lang) -> String {
    listed(names, MOST_LISTED).in_lang(lang).to_owned()
}

/// Returns the projects, endpoints and other filters.
fn named(scope: &QueryScope<'_>, lang: Lang) -> Vec<(String, String)> {
    let list = |names: &[String]| list(names, lang);
    let part = |en: &str, zh: &str, value: String| (lang.pick(en, zh).to_owned(), value);
    let counted = scope.counted;
    let projects = match (counted.is_all(), counted.projects()) {
        (true, []) => lang.pick("all that the credentials can list", "密钥能列出的全部").to_owned(),
        (_, []) => counted.words(lang),
        (true, names) => {
            let names = list(names);
            lang.pick(format!("all ({names})"), format!("全部（{names}）"))
        }
        (false, names) => list(names),
    };
    let endpoints = match (scope.all_endpoints, scope.endpoint_ids) {
        (true, _) => lang.pick("each separately", "逐个统计").to_owned(),
        (false, []) => lang.pick("all together", "全部合计").to_owned(),
        (false, names) => list(names),
    };
    let mut parts = vec![
        part("Projects", "项目", projects),
        part("Inference endpoints", "推理接入点", endpoints),
    ];
    if !scope.scenes.is_empty() {
        parts.push(part("Scenes", "场景", list(scope.scenes)));
    }
    if let Some(id) = scope.batch_job_id {
        parts.push(part("Batch job", "批量推理任务", id.to_owned()));
    }
    parts
}
