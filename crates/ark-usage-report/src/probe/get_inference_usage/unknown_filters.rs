//! A filter whose key does not exist.

use ark_usage_model::get_inference_usage::{GetInferenceUsage, UsageFilter};

use super::observation::TableObservation;
use super::{InferenceProbe, ProbeCalls, ProbeError, ProbeFinding, no_usage};
use crate::text;

const QUESTION: &str = "unknown filter keys";

/// Asks for usage with a made-up key.
pub(super) async fn finding<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    week: &GetInferenceUsage,
    whole: &TableObservation,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    if !whole.has_usage() {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    }
    let filter = UsageFilter { key: "NoSuchKey".to_owned(), values: vec!["none".to_owned()] };
    let query = GetInferenceUsage { filters: vec![filter], ..week.clone() };
    let answer = match client.observe(&query).await? {
        Err(error) => {
            let code = error.shown_code();
            text!("refused with {code}", "被拒绝（{code}）")
        }
        Ok(usage) if usage.sums() == whole.sums() => {
            text!("ignored: all usage is returned", "被忽略：返回全部用量")
        }
        Ok(usage) if !usage.has_usage() => text!("nothing is returned", "什么也不返回"),
        Ok(_) => {
            let why = text!("some usage is returned", "返回了部分用量");
            return Ok(ProbeFinding::open(QUESTION, why));
        }
    };
    let evidence = text!("one call with a made-up key", "一次带有虚构键的调用");
    Ok(ProbeFinding::settled(QUESTION, answer, evidence))
}
