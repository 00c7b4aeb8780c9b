//! The longest range of one call.

use ark_usage_model::{GetUsage, Interval};
use ark_usage_report::text;
use volc_openapi::CodeClass;

use super::client::ProbeClient;
use super::note::ProbeFinding;
use crate::error::CliError;

/// The numbers of buckets to try, by day and by hour.
const DAYS: [i64; 4] = [31, 92, 184, 366];
const HOURS: [i64; 4] = [168, 744, 2_208, 4_416];

/// Tries longer ranges until one is refused, then halves the difference.
pub(super) async fn finding(
    client: &ProbeClient<'_>,
    interval: Interval,
    last: i64,
) -> Result<ProbeFinding, CliError> {
    let (question, unit, sizes) = match interval {
        Interval::Day => ("largest range by day", text!("days", "天"), DAYS),
        Interval::Hour => ("largest range by hour", text!("hours", "小时"), HOURS),
    };
    let (mut good, mut bad, mut code) = (0, None, String::new());
    for size in sizes {
        match call_error(client, interval, last, size).await? {
            None => good = size,
            Some(RangeRefusal::Range(refused)) => {
                (bad, code) = (Some(size), refused);
                break;
            }
            Some(RangeRefusal::Other(refused)) => {
                let why = text!(
                    "{size} {unit} were refused with {refused}, for a reason other than the range",
                    "{size} {unit}被拒绝（{refused}），但原因与范围无关";
                    unit = unit
                );
                return Ok(ProbeFinding::open(question, why));
            }
        }
    }
    let Some(mut bad) = bad else {
        return Ok(ProbeFinding::settled(
            question,
            text!("at least {good} {unit}", "至少 {good} {unit}"; unit = unit),
            text!(
                "a call for {good} {unit} succeeded; longer ranges were not tried",
                "一次查询 {good} {unit}成功；没有尝试更长的范围";
                unit = unit
            ),
        ));
    };
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        match call_error(client, interval, last, middle).await? {
            None => good = middle,
            Some(_) => bad = middle,
        }
    }
    Ok(ProbeFinding::settled(
        question,
        text!("{good} {unit}", "{good} {unit}"; unit = unit),
        text!(
            "{good} {unit} succeed, {bad} are refused with {code}",
            "{good} {unit}成功，{bad} {unit}被拒绝（{code}）";
            unit = unit
        ),
    ))
}

enum RangeRefusal {
    /// A parameter is refused: the range, since nothing else differs.
    Range(String),
    Other(String),
}

async fn call_error(
    client: &ProbeClient<'_>,
    interval: Interval,
    last: i64,
    buckets: i64,
) -> Result<Option<RangeRefusal>, CliError> {
    let first = last - (buckets - 1) * interval.seconds();
    let result = client.try_fetch(&GetUsage::new(interval, first, last)).await?;
    Ok(result.err().map(|error| match error.error_code().class() {
        CodeClass::BadParameter(_) => RangeRefusal::Range(error.code),
        _ => RangeRefusal::Other(error.code),
    }))
}
