//! The same day as `GetUsage` counts it.

use ark_usage_model::get_inference_usage::GetInferenceUsage;
use ark_usage_model::{GetUsage, Interval, Metric};

use super::observation::TableObservation;
use super::{InferenceProbe, ProbeCalls, ProbeError, ProbeFinding, no_usage};
use crate::probe::get_usage::UsageObservation;
use crate::text;

pub(super) const QUESTION: &str = "beside GetUsage";

/// Compares prompt and completion tokens of a day that has settled with input and output tokens.
pub(super) async fn finding<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    whole: &TableObservation,
    day: Option<&str>,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let start = day.and_then(|day| Some((day, GetInferenceUsage::day_start(day, client.days)?)));
    let Some((day, start)) = start else {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    };
    let project_name = client.project.map(str::to_owned);
    let query = GetUsage { project_name, ..GetUsage::new(Interval::Day, start, start) };
    let about = text!("probe: GetUsage for {day}", "探测：{day} 的 GetUsage");
    let usage = client.calls.send(&query, about).await?;
    let of_day = whole.of_day(day);
    let pairs =
        [(Metric::PROMPT_TOKENS, "InputTokens"), (Metric::COMPLETION_TOKENS, "OutputTokens")];
    let orders = pairs.map(|(metric, column)| {
        UsageObservation::of(&usage, &metric).sum(start, start + 1).cmp(&of_day.sum(column))
    });
    let answer = match orders {
        [input, output] if input.is_eq() && output.is_eq() => {
            text!("both count the same tokens", "两个接口统计的 token 相同")
        }
        [input, output] if input.is_ge() && output.is_ge() => {
            text!("GetUsage counts more tokens", "GetUsage 统计的 token 更多")
        }
        [input, output] if input.is_le() && output.is_le() => {
            text!("GetUsage counts fewer tokens", "GetUsage 统计的 token 更少")
        }
        _ => text!(
            "GetUsage counts more tokens of one kind and fewer of the other",
            "GetUsage 统计的 token 一种更多，另一种更少"
        ),
    };
    let evidence = text!(
        "PromptTokens and CompletionTokens of a day, beside InputTokens and OutputTokens",
        "同一天的 PromptTokens、CompletionTokens 与 InputTokens、OutputTokens"
    );
    Ok(ProbeFinding::settled(QUESTION, answer, evidence))
}
