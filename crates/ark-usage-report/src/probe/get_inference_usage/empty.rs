//! Hours without usage: rows with 0, or no rows.

use ark_usage_model::get_inference_usage::GetInferenceUsage;
use volc_openapi::ServiceDays;

use super::observation::TableObservation;
use super::{
    DAY, InferenceProbe, Observed, ProbeCalls, ProbeError, ProbeFinding, day_name, grouped,
    no_usage, refused,
};
use crate::text;

const QUESTION: &str = "empty buckets";

/// Looks for rows without usage, and for hours missing between others; in rarer groups if there are neither.
pub(super) async fn finding<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    query: &GetInferenceUsage,
    hours: &Observed,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let hours = match hours {
        Ok(hours) => hours,
        Err(error) => return Ok(ProbeFinding::open(QUESTION, refused(error))),
    };
    if hours.0.rows.is_empty() {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    }
    if let Some(finding) = judge(hours) {
        return Ok(finding);
    }
    // Jobs run on some nights only.
    let nights = GetInferenceUsage { start_time: first_of_three(&query.end_time), ..query.clone() };
    let rare = client.observe(&grouped(&nights, &["ModelEndpoint", "BatchJobID"])).await?;
    let finding = rare.ok().as_ref().and_then(judge);
    Ok(finding.unwrap_or_else(|| {
        let why = text!("every hour examined has usage", "查看过的小时都有用量");
        ProbeFinding::open(QUESTION, why)
    }))
}

/// Returns `None` if there is usage in every hour between the first and the last of each group.
fn judge(hours: &TableObservation) -> Option<ProbeFinding> {
    let has_zeros = hours.0.rows.iter().any(|row| hours.is_zero(row));
    let has_gaps = hours.hours_by_group().into_values().any(|mut group| {
        group.sort_unstable();
        group.windows(2).any(|pair| matches!(pair, [one, next] if next - one > 1))
    });
    match (has_zeros, has_gaps) {
        (true, false) => Some(ProbeFinding::settled(
            QUESTION,
            text!("returned with the value 0", "会返回，值为 0"),
            text!(
                "rows with the value 0, none missing in between",
                "有值为 0 的行，中间没有缺少的行"
            ),
        )),
        (false, true) => Some(ProbeFinding::settled(
            QUESTION,
            text!("omitted", "不返回"),
            text!(
                "hours missing in between, none with the value 0",
                "中间缺少某些小时，没有值为 0 的行"
            ),
        )),
        (true, true) => Some(ProbeFinding::open(
            QUESTION,
            text!(
                "rows with the value 0, and hours missing in between",
                "有值为 0 的行，中间又缺少某些小时"
            ),
        )),
        (false, false) => None,
    }
}

/// Returns the day two days before a day.
fn first_of_three(day: &str) -> String {
    let days = ServiceDays::Utc;
    let start = GetInferenceUsage::day_start(day, days);
    start.map_or_else(|| day.to_owned(), |start| day_name(start - 2 * DAY, days))
}
