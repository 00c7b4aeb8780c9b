//! Sizes of calls, rate limits, retries and timeouts.

use std::time::Duration;

use ark_usage_model::{HourLabels, Interval, QueryOptions, UsageAction};
use ark_usage_report::text;
use clap::{Args, ValueEnum};
use volc_openapi::RetryPolicy;

use super::headings;
use crate::error::CliError;
use crate::lang::say;

/// The defaults of `--max-ids` and `--concurrency`.
const MAX_IDS: u32 = 100;
const CONCURRENCY: u32 = 4;

/// Sizes of calls, rate limits, retries and timeouts; the defaults suit the service as far as it is
/// known.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = headings::rate_limits())]
pub(crate) struct QueryArgs {
    #[arg(
        long,
        value_name = "LENGTH",
        allow_hyphen_values = true,
        help = say(
            "Maximum range per call, as in 7d or 24h [default: 31d for days, 168h for hours]",
            "单次调用的最长范围，例如 7d 或 24h [默认：按天 31d，按小时 168h]",
        ),
    )]
    pub(crate) max_window: Option<String>,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        default_value_t = MAX_IDS,
        value_parser = clap::value_parser!(u32).range(1..),
        help = say("Maximum number of endpoint IDs per call", "单次调用最多包含的推理接入点数"),
    )]
    pub(crate) max_ids: u32,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        default_value_t = CONCURRENCY,
        value_parser = clap::value_parser!(u32).range(1..=64),
        help = say(
            "Concurrent calls per account, halved when the service throttles",
            "每个账号的并发调用数；被限流时减半",
        ),
    )]
    pub(crate) concurrency: u32,
    #[arg(
        long,
        value_name = "R",
        allow_hyphen_values = true,
        help = say(
            "Maximum number of calls per second and account [default: unlimited until throttled]",
            "每个账号每秒最多的调用数 [默认：被限流之前不限]",
        ),
    )]
    pub(crate) rate: Option<f64>,
    #[command(flatten)]
    pub(crate) retry: RetryArgs,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help = say(
            "Time after its end while a day or hour may change [default: 1h, inference: 30min]",
            "天或小时结束后，数据仍可能变化的时长 [默认：1h，inference 为 30min]",
        ),
    )]
    pub(crate) settle: Option<String>,
    #[arg(
        long,
        value_name = "EDGE",
        default_value = "start",
        help = say(
            "Edge of the hour that a timestamp marks, start or end; responses alone do not show which",
            "服务端的时间戳指一小时的起点还是终点；仅凭返回数据无法判断",
        ),
    )]
    pub(crate) hour_labels: HourEdge,
}

/// Retries, and the time that everything may take.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = headings::rate_limits())]
pub(crate) struct RetryArgs {
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        default_value_t = 3,
        value_parser = clap::value_parser!(u32).range(..=20),
        help = say("Retries after a temporary failure", "可恢复的失败之后的重试次数"),
    )]
    pub(crate) retries: u32,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        default_value = "300ms",
        help = say(
            "Maximum wait before the first retry; it doubles with each retry and is about three times as long when throttled",
            "首次重试前的最长等待，之后逐次加倍；被限流时约为三倍",
        ),
    )]
    pub(crate) retry_base: String,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help = say(
            "Stop after this time and print what has arrived, as in 90s or 5min",
            "到此时长即停止并输出已收到的数据，例如 90s 或 5min",
        ),
    )]
    pub(crate) timeout: Option<String>,
}

/// The edges of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HourEdge {
    #[value(help = say("08:00 means 08:00 to 09:00", "08:00 表示 08:00 到 09:00"))]
    Start,
    #[value(help = say("08:00 means 07:00 to 08:00", "08:00 表示 07:00 到 08:00"))]
    End,
}

impl QueryArgs {
    /// Returns the settings of a query in buckets of `interval`.
    pub(crate) fn options(
        &self,
        interval: Interval,
        action: &dyn UsageAction,
    ) -> Result<QueryOptions, CliError> {
        let defaults = QueryOptions::default();
        let window = self.max_window.as_deref().map(|text| window(text, interval)).transpose()?;
        Ok(QueryOptions {
            max_window_days: window.unwrap_or(defaults.max_window_days),
            max_window_hours: window.unwrap_or(defaults.max_window_hours),
            max_ids: self.max_ids,
            concurrency: self.concurrency,
            rate: self.rate.map(rate).transpose()?,
            retry: self.retry.policy()?,
            deadline: self.retry.deadline()?,
            settle: self.settle(action)?,
            hour_labels: match self.hour_labels {
                HourEdge::Start => HourLabels::Start,
                HourEdge::End => HourLabels::End,
            },
            ..defaults
        })
    }

    /// Parses `--settle`, the time after its end during which a bucket may change; the action has a
    /// default.
    pub(crate) fn settle(&self, action: &dyn UsageAction) -> Result<Duration, CliError> {
        let settle = self.settle.as_deref().map(|text| duration("--settle", text));
        settle.unwrap_or_else(|| Ok(action.settle()))
    }
}

impl RetryArgs {
    /// Returns the retry policy. Both first delays keep their proportion.
    fn policy(&self) -> Result<RetryPolicy, CliError> {
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

    /// Parses `--timeout`.
    fn deadline(&self) -> Result<Option<Duration>, CliError> {
        self.timeout.as_deref().map(|text| positive_duration("--timeout", text)).transpose()
    }

    /// Returns the options of a query that nothing else is said about.
    pub(crate) fn query(&self) -> QueryArgs {
        QueryArgs {
            max_window: None,
            max_ids: MAX_IDS,
            concurrency: CONCURRENCY,
            rate: None,
            retry: self.clone(),
            settle: None,
            hour_labels: HourEdge::Start,
        }
    }
}

/// Parses the longest range of one call, in buckets.
fn window(text: &str, interval: Interval) -> Result<u32, CliError> {
    let wrong = || {
        CliError::usage(text!(
            "--max-window {text}: invalid number of days or hours",
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
            "--max-window {text}: days cannot be split",
            "--max-window {text}：按天查询不能拆分一天"
        ))
        .with_hint(text!(
            "write whole days, for example --max-window 2d",
            "请写整数天，例如 --max-window 2d"
        )));
    }
    Ok(hours / 24)
}

fn rate(calls: f64) -> Result<f64, CliError> {
    if calls.is_finite() && calls > 0.0 {
        return Ok(calls);
    }
    Err(CliError::usage(text!(
        "--rate {calls}: must be a positive number of calls per second",
        "--rate {calls}：必须是正数，即每秒的调用次数"
    ))
    .with_hint(text!(
        "write --rate 4, or --rate 0.5 for one call every two seconds",
        "请写 --rate 4；两秒一次则写 --rate 0.5"
    )))
}

/// The longest duration, about ten years: instants stay far from what a clock can show.
const LONGEST: Duration = Duration::from_hours(10 * 366 * 24);

/// Parses a duration such as `90s`, `5min` or `1h`; a bare number is in seconds.
pub(super) fn duration(flag: &str, text: &str) -> Result<Duration, CliError> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let parsed = || {
        let signed = text.parse::<jiff::SignedDuration>().ok()?;
        Duration::try_from(signed).ok()
    };
    let given = seconds.or_else(parsed).filter(|time| *time <= LONGEST);
    given.ok_or_else(|| {
        CliError::usage(text!("{flag} {text}: invalid duration", "{flag} {text}：不是时长"))
            .with_hint(text!(
                "write {flag} 90s, {flag} 5min or {flag} 1h",
                "请写 {flag} 90s、{flag} 5min 或 {flag} 1h"
            ))
    })
}

/// Parses a duration that must not be zero.
pub(super) fn positive_duration(flag: &str, text: &str) -> Result<Duration, CliError> {
    let time = duration(flag, text)?;
    if time.is_zero() {
        return Err(CliError::usage(text!(
            "{flag} {text}: must be greater than zero",
            "{flag} {text}：必须大于零"
        ))
        .with_hint(text!("write {flag} 5s, or remove the flag", "请写 {flag} 5s，或去掉该参数")));
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_or_are_seconds() {
        let cases = [("90", 90), ("90s", 90), ("5min", 300), ("5m", 300), ("1h", 3_600), ("0", 0)];
        for (text, seconds) in cases {
            let expected = Duration::from_secs(seconds);
            assert_eq!(duration("--timeout", text).unwrap(), expected, "{text}");
        }
        assert_eq!(duration("--retry-base", "5ms").unwrap(), Duration::from_millis(5));
        for text in ["", "soon", "-5s", "1e9", "99999999999999999999", "9999999999", "90000h"] {
            let error = duration("--timeout", text).unwrap_err().to_string();
            assert!(error.contains("--timeout"), "{text}: {error}");
        }
    }

    #[test]
    fn windows_are_counted_in_buckets() {
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
