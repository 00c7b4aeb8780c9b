//! How hard the service is asked: sizes, pace, patience.

use std::time::Duration;

use ark_usage_model::{HourLabels, Interval, QueryOptions};
use clap::{Args, ValueEnum};
use volc_openapi::RetryPolicy;

use crate::error::CliError;
use crate::text;

/// Sizes, pace and patience; the defaults suit the service as far as it is known.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Pace and patience")]
pub(crate) struct QueryArgs {
    /// Longest range of one call, in days or hours [default: 31d of days, 168h of hours]
    #[arg(long, value_name = "31d|168h", allow_hyphen_values = true)]
    pub(crate) max_window: Option<String>,
    /// Most endpoint ids of one call
    #[arg(long, value_name = "N", allow_hyphen_values = true, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_ids: u32,
    /// Calls out at once, per account; halved when the service throttles
    #[arg(long, value_name = "N", allow_hyphen_values = true, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) concurrency: u32,
    /// Most calls a second, per account [default: no limit until the service throttles]
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    pub(crate) rate: Option<f64>,
    /// Tries after a failure that may pass
    #[arg(long, value_name = "N", allow_hyphen_values = true, default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=20))]
    pub(crate) retries: u32,
    /// Longest wait before the first retry, doubled with each; some three times that when throttled
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, default_value = "300ms")]
    pub(crate) retry_base: String,
    /// End after this long with what came, for example 90s or 5min
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) timeout: Option<String>,
    /// A bucket may still change for this long after its end
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, default_value = "1h")]
    pub(crate) settle: String,
    /// Which edge of an hour the service names it by; no answer can reveal it
    #[arg(long, value_name = "EDGE", default_value = "start")]
    pub(crate) hour_labels: HourEdge,
}

/// The edge of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HourEdge {
    /// 08:00 is the hour from 08:00 to 09:00
    Start,
    /// 08:00 is the hour from 07:00 to 08:00
    End,
}

impl QueryArgs {
    /// The settings of a query in buckets of `interval`.
    pub(crate) fn options(&self, interval: Interval) -> Result<QueryOptions, CliError> {
        let defaults = QueryOptions::default();
        let window = self.max_window.as_deref().map(|text| window(text, interval)).transpose()?;
        Ok(QueryOptions {
            max_window_days: window.unwrap_or(defaults.max_window_days),
            max_window_hours: window.unwrap_or(defaults.max_window_hours),
            max_ids: self.max_ids,
            concurrency: self.concurrency,
            rate: self.rate.map(rate).transpose()?,
            retry: self.retry()?,
            deadline: self
                .timeout
                .as_deref()
                .map(|text| some_time("--timeout", text))
                .transpose()?,
            settle: self.settle()?,
            hour_labels: match self.hour_labels {
                HourEdge::Start => HourLabels::Start,
                HourEdge::End => HourLabels::End,
            },
            ..defaults
        })
    }

    /// How long a bucket may change after its end.
    pub(crate) fn settle(&self) -> Result<Duration, CliError> {
        duration("--settle", &self.settle)
    }

    /// When a failed call is tried again. Both first delays keep their proportion.
    fn retry(&self) -> Result<RetryPolicy, CliError> {
        let defaults = RetryPolicy::default();
        let base = duration("--retry-base", &self.retry_base)?.min(defaults.cap);
        let factor = base.as_secs_f64() / defaults.base.as_secs_f64();
        Ok(RetryPolicy {
            max_retries: self.retries,
            base,
            throttle_base: defaults.throttle_base.mul_f64(factor).min(defaults.cap),
            ..defaults
        })
    }
}

/// The longest range of one call, in buckets.
fn window(text: &str, interval: Interval) -> Result<u32, CliError> {
    let wrong = || {
        CliError::usage(text!(
            "--max-window {text}: not a number of days or hours",
            "--max-window {text}：不是天数或小时数"
        ))
        .with_hint(text!(
            "write --max-window 7d or --max-window 24h",
            "请写 --max-window 7d 或 --max-window 24h"
        ))
    };
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|count| *count > 0);
    if let Some(days) = text.strip_suffix('d') {
        let days = number(days).ok_or_else(wrong)?;
        return Ok(if interval == Interval::Hour { days.saturating_mul(24) } else { days });
    }
    let hours = text.strip_suffix('h').and_then(number).ok_or_else(wrong)?;
    if interval == Interval::Hour {
        return Ok(hours);
    }
    if !hours.is_multiple_of(24) {
        return Err(CliError::usage(text!(
            "--max-window {text}: not a whole number of days",
            "--max-window {text}：不是整数天"
        ))
        .with_hint(text!(
            "a query by day is split between days: write 1d or more",
            "按天查询只能按整天拆分：请写 1d 或更长"
        )));
    }
    Ok(hours / 24)
}

fn rate(calls: f64) -> Result<f64, CliError> {
    if calls.is_finite() && calls > 0.0 {
        return Ok(calls);
    }
    Err(CliError::usage(text!(
        "--rate {calls}: not a number of calls a second",
        "--rate {calls}：不是每秒的调用次数"
    ))
    .with_hint(text!(
        "write --rate 4, or --rate 0.5 for one call in two seconds",
        "请写 --rate 4；两秒一次则写 --rate 0.5"
    )))
}

/// A length of time such as `90s`, `5min` or `1h`; a bare number counts seconds.
pub(super) fn duration(flag: &str, text: &str) -> Result<Duration, CliError> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let parsed = || {
        let signed = text.parse::<jiff::SignedDuration>().ok()?;
        Duration::try_from(signed).ok()
    };
    seconds.or_else(parsed).ok_or_else(|| {
        CliError::usage(text!("{flag} {text}: not a length of time", "{flag} {text}：不是时长"))
            .with_hint(text!(
                "write {flag} 90s, {flag} 5min or {flag} 1h",
                "请写 {flag} 90s、{flag} 5min 或 {flag} 1h"
            ))
    })
}

/// A length of time in which something can be done.
pub(super) fn some_time(flag: &str, text: &str) -> Result<Duration, CliError> {
    let time = duration(flag, text)?;
    if time.is_zero() {
        return Err(CliError::usage(text!(
            "{flag} {text}: nothing can be done in no time",
            "{flag} {text}：时长为零什么也做不了"
        ))
        .with_hint(text!("write {flag} 5s, or leave it out", "请写 {flag} 5s，或去掉它")));
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let cases = [("90", 90), ("90s", 90), ("5min", 300), ("5m", 300), ("1h", 3_600), ("0", 0)];
        for (text, seconds) in cases {
            let expected = Duration::from_secs(seconds);
            assert_eq!(duration("--timeout", text).unwrap(), expected, "{text}");
        }
        assert_eq!(duration("--retry-base", "5ms").unwrap(), Duration::from_millis(5));
        for text in ["", "soon", "-5s", "1e9", "99999999999999999999"] {
            let error = duration("--timeout", text).unwrap_err().to_string();
            assert!(error.contains("--timeout"), "{text}: {error}");
        }
    }

    #[test]
    fn windows_in_buckets() {
        assert_eq!(window("7d", Interval::Day).unwrap(), 7);
        assert_eq!(window("7d", Interval::Hour).unwrap(), 168);
        assert_eq!(window("48h", Interval::Day).unwrap(), 2);
        for text in ["0d", "7", "d", "-1d", "1w", "25h"] {
            assert!(window(text, Interval::Day).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rate_is_a_positive_number() {
        for calls in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(rate(calls).is_err(), "{calls}");
        }
    }
}
