//! The coverage of the data, in words.

use ark_usage_model::{Gap, GapReason};

use super::request_text::list;
use crate::QueryScope;
use crate::page::{CoveragePart, GapLine};
use ark_usage_report::{Lang, UsageData};

/// Returns the section on coverage.
pub(super) fn coverage(scope: &QueryScope<'_>, data: &UsageData, lang: Lang) -> CoveragePart {
    let found = &data.report.coverage;
    let only_default = !scope.counted.is_all() && scope.counted.projects().is_empty();
    let counted =
        only_default.then(|| lang.pick("Only the default project is counted.", "只统计默认项目。"));
    let minutes = data.report.settle.as_secs().div_ceil(60);
    CoveragePart {
        complete: found.complete,
        failed: found.failed,
        gaps: found.missing.iter().map(|gap| gap_line(gap, data, lang)).collect(),
        counted: counted.map(str::to_owned),
        settle: lang.pick(
            format!("Values settle {minutes} min after the end of their bucket."),
            format!("时间段结束 {minutes} 分钟后，其数字视为已定。"),
        ),
    }
}

fn gap_line(gap: &Gap, data: &UsageData, lang: Lang) -> GapLine {
    let project = data.project(gap.target);
    let profile = data.profile(gap.target);
    let ids = data.report.targets.get(gap.target.index()).and_then(|target| {
        target
            .endpoint_ids
            .get(gap.ids.clone())
            .filter(|ids| !ids.is_empty())
            .map(|ids| list(ids, lang))
    });
    let of: Vec<String> = [
        profile.map(|name| format!("profile {name}")),
        project.map(|name| lang.pick(format!("project {name}"), format!("项目 {name}"))),
        ids,
    ]
    .into_iter()
    .flatten()
    .collect();
    GapLine {
        of: if of.is_empty() { lang.pick("all", "全部").to_owned() } else { of.join(", ") },
        metric: gap.metric.as_ref().map_or_else(
            || lang.pick("all", "全部").to_owned(),
            |metric| metric.as_str().to_owned(),
        ),
        start: data.range.bucket_label(gap.start),
        end: data.range.bucket_label(gap.end),
        reason: reason(&gap.reason, lang),
    }
}

/// Returns the reason for a gap; the words of a server stay as they are.
fn reason(reason: &GapReason, lang: Lang) -> String {
    match reason {
        GapReason::NotReturned => {
            lang.pick("not returned by the service", "服务端没有返回").to_owned()
        }
        GapReason::NotInHistory => lang.pick("not in the history", "历史库中没有").to_owned(),
        GapReason::NotBegun => lang.pick("not started yet", "尚未开始").to_owned(),
        GapReason::CallFailed(failure) => {
            lang.pick(failure.to_string(), format!("请求失败：{failure}"))
        }
        GapReason::ListIncomplete(shortfall) => {
            let received = shortfall.received;
            shortfall.reported.map_or_else(
                || {
                    lang.pick(
                        reason.to_string(),
                        format!("列表不完整：收到 {received} 个，总数未知"),
                    )
                },
                |reported| {
                    let chinese = format!("列表不完整：共 {reported} 个，只收到 {received} 个");
                    lang.pick(reason.to_string(), chinese)
                },
            )
        }
        other => other.to_string(),
    }
}
