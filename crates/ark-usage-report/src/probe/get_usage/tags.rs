//! Behaviour of tags: when series have them, and which.

use ark_usage_model::{GetUsage, Interval};

use super::observation::UsageObservation;
use super::{DAY, ProbeCalls, ProbeError, ProbeFinding, UsageProbe, busy, no_usage};
use crate::lang::Text;
use crate::{MOST_LISTED, listed, text};

pub(super) const QUESTION: &str = "tags";

/// Compares a response without a filter and one for a single endpoint.
pub(super) async fn finding<C: ProbeCalls>(
    client: &UsageProbe<'_, C>,
    endpoint_id: Option<&str>,
    days: &UsageObservation,
    hourly: &mut Vec<UsageObservation>,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    if days.is_empty() {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    }
    let unfiltered = describe(days);
    let found = match endpoint_id.or_else(|| days.tag("EndpointId")) {
        Some(id) => Some(id.to_owned()),
        None => client.some_endpoint().await,
    };
    let Some(id) = found else {
        let why = text!(
            "without a filter: {unfiltered}; no endpoint found, pass --endpoint-id",
            "不加筛选时：{unfiltered}；没有找到推理接入点，可用 --endpoint-id 指定";
            unfiltered = unfiltered
        );
        return Ok(ProbeFinding::open(QUESTION, why));
    };
    let day = busy(days).map(|(label, _)| label).next();
    let day = day.or_else(|| days.whole().keys().next().copied());
    let day = day.unwrap_or_default();
    let query = |interval, last| GetUsage {
        endpoint_ids: vec![id.clone()],
        ..GetUsage::new(interval, day, last)
    };
    let filtered = client.fetch(&query(Interval::Day, day)).await?;
    // Its nights may have the empty buckets that the next finding needs.
    hourly.push(client.fetch(&query(Interval::Hour, day + DAY)).await?);
    let filtered =
        if filtered.is_empty() { hourly.last().map(describe) } else { Some(describe(&filtered)) };
    let filtered = filtered.unwrap_or_else(|| Text::same(""));
    Ok(ProbeFinding::settled(
        QUESTION,
        text!(
            "without a filter: {unfiltered}; with one endpoint id: {filtered}",
            "不加筛选时：{unfiltered}；指定一个推理接入点时：{filtered}";
            unfiltered = unfiltered, filtered = filtered
        ),
        text!(
            "one call without a filter, one with EndpointIds",
            "一次不加筛选的调用，一次带 EndpointIds 的调用"
        ),
    ))
}

fn describe(seen: &UsageObservation) -> Text {
    let keys: Vec<&str> = seen.tag_keys().into_iter().collect();
    let all = listed(&keys, MOST_LISTED);
    match (keys.is_empty(), seen.has_untagged()) {
        (true, true) => text!("no tags", "没有标签"),
        (true, false) => text!("no series", "没有数据"),
        (false, false) => text!("every series tagged {all}", "每组数据都带标签 {all}"; all = all),
        (false, true) => text!(
            "an untagged total in addition to series tagged {all}",
            "除带标签 {all} 的数据外，还有不带标签的合计";
            all = all
        ),
    }
}
