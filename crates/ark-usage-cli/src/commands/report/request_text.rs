//! The question of a report in words, for those who did not ask it.

use crate::args::ReportArgs;
use crate::commands::fetch::UsageRequest;
use crate::lang::Lang;
use crate::render::interval_name;
use crate::view::ViewSpec;

/// One sentence: `2024-11-14 … 2024-11-20, 7 days, both included; project chatbot`.
pub(super) fn sentence(request: &UsageRequest, lang: Lang) -> String {
    let range = request.range.words();
    let parts: Vec<String> = named(request, lang)
        .into_iter()
        .map(|(name, value)| lang.pick(format!("{name}: {value}"), format!("{name}：{value}")))
        .collect();
    let joined = parts.join(lang.pick("; ", "；"));
    lang.pick(
        format!("{}. {}", range.in_lang(lang), joined),
        format!("{}。{}", range.in_lang(lang), joined),
    )
}

/// Part by part.
pub(super) fn parts(
    args: &ReportArgs,
    request: &UsageRequest,
    lang: Lang,
) -> Vec<(String, String)> {
    let range = &request.range;
    let part = |en: &str, zh: &str, value: String| (lang.pick(en, zh).to_owned(), value);
    let interval = interval_name(range, lang);
    let mut parts = vec![
        part("First bucket", "起始时间段", range.rfc3339(range.window.first())),
        part("Last bucket, included", "结束时间段（含）", range.rfc3339(range.window.last())),
        part("Interval", "粒度", interval.to_owned()),
        part("Time zone", "时区", range.zone_name.clone()),
    ];
    parts.extend(named(request, lang));
    if !args.usage.account.profiles.profile.is_empty() {
        parts.push(part("Profiles", "配置档案", args.usage.account.profiles.profile.join(", ")));
    }
    parts.push(part("Action", "接口", API.to_owned()));
    parts
}

/// What the page could show besides, and how to ask for it.
pub(super) fn not_asked(request: &UsageRequest, spec: &ViewSpec, lang: Lang) -> Vec<String> {
    let by_day = request.range.window.interval() == ark_usage_model::Interval::Day;
    let hours = by_day.then(|| {
        lang.pick(
            "Asked by day, this page has no hours of the week: -i hour adds them.",
            "按天查询的报告没有“一周各小时”部分：加上 -i hour 即可。",
        )
    });
    let before = (!spec.compare).then(|| {
        lang.pick(
            "--compare previous lays the period before beside this one.",
            "加上 --compare previous 可与上一周期比较。",
        )
    });
    let split = (spec.by.is_empty() && !request.all_endpoints).then(|| {
        lang.pick(
            "--by endpoint, --by project and others split it further.",
            "--by endpoint、--by project 等可进一步拆分。",
        )
    });
    [hours, before, split].into_iter().flatten().map(str::to_owned).collect()
}

/// The action that is asked.
pub(super) const API: &str = "GetUsage";

/// What is about.
fn named(request: &UsageRequest, lang: Lang) -> Vec<(String, String)> {
    let about = request.about();
    let list = |names: &[String]| names.join(lang.pick(", ", "、"));
    let part = |en: &str, zh: &str, value: String| (lang.pick(en, zh).to_owned(), value);
    let projects = match (about.all_projects, about.projects) {
        (true, _) => lang.pick("all the keys may see", "密钥可见的全部").to_owned(),
        (false, []) => lang.pick("the default one", "默认项目").to_owned(),
        (false, names) => list(names),
    };
    let endpoints = match (about.all_endpoints, about.endpoint_ids) {
        (true, _) => lang.pick("each by itself", "逐个统计").to_owned(),
        (false, []) => lang.pick("all together", "全部合计").to_owned(),
        (false, names) => list(names),
    };
    let mut parts = vec![
        part("Projects", "项目", projects),
        part("Inference endpoints", "推理接入点", endpoints),
    ];
    if !about.scenes.is_empty() {
        parts.push(part("Scenes", "场景", list(about.scenes)));
    }
    if let Some(id) = about.batch_job_id {
        parts.push(part("Batch job", "批量推理任务", id.to_owned()));
    }
    parts
}
