//! Hints for options that exclude or need each other.

use ark_usage_report::{Text, text};
use clap::Error;
use clap::error::{ContextKind, ContextValue};

use super::mistyped_hint::{Usage, flag_of};

/// Options of which each names a range.
const RANGES: [&str; 11] = [
    "--start",
    "--end",
    "--last",
    "--today",
    "--yesterday",
    "--this-week",
    "--this-month",
    "--last-week",
    "--last-month",
    "--week",
    "--month",
];

/// Returns what to write instead of options that exclude each other.
pub(super) fn hint(error: &Error) -> Option<Text> {
    let given = flags(error, ContextKind::InvalidArg);
    let one = given.first()?;
    let prior = flags(error, ContextKind::PriorArg);
    let Some(other) = prior.iter().find(|other| *other != one) else {
        return Some(text!("write {one} once", "{one} 只写一次"));
    };
    let has = |flag: &str| one == flag || other == flag;
    let leave_out = text!("leave out {one} or {other}", "请去掉 {one} 或 {other}");
    if has("--start") || has("--end") {
        let is_range = RANGES.contains(&one.as_str()) && RANGES.contains(&other.as_str());
        return Some(if is_range { first_and_last_day(&leave_out) } else { leave_out });
    }
    if has("--totals-only") {
        let groups = if one == "--totals-only" { other } else { one };
        return Some(text!(
            "leave out --totals-only: tables of groups end with the totals; leave out {groups} for nothing but the totals",
            "请去掉 --totals-only：分组的表格末尾有合计；只要合计时去掉 {groups}"
        ));
    }
    let is_call = Usage::of(error).words.first().is_some_and(|command| command == "call");
    if is_call && has("--format") && has("--output") {
        return Some(text!(
            "-f prints the request without sending it, and -o is for a response: write `ark-usage call ACTION -f curl > FILE`",
            "-f 只打印请求、不发送，-o 用于保存应答：请写 `ark-usage call ACTION -f curl > FILE`"
        ));
    }
    Some(leave_out)
}

fn first_and_last_day(leave_out: &Text) -> Text {
    text!(
        "{leave_out}; from one day to another is --start 2026-11-01 --end 2026-11-07",
        "{leave_out}；从某天到某天请写 --start 2026-11-01 --end 2026-11-07";
        leave_out = leave_out
    )
}

/// Returns what to add where an option needs another.
pub(super) fn missing(error: &Error) -> Option<Text> {
    let is_start = flags(error, ContextKind::InvalidArg).iter().any(|flag| flag == "--start");
    is_start.then(|| {
        text!(
            "write --start 2026-11-01 --end 2026-11-07, or --last 7d for a range until now",
            "请写 --start 2026-11-01 --end 2026-11-07；到现在为止的范围请写 --last 7d"
        )
    })
}

fn flags(error: &Error, kind: ContextKind) -> Vec<String> {
    let texts = match error.get(kind) {
        Some(ContextValue::String(text)) => std::slice::from_ref(text),
        Some(ContextValue::Strings(texts)) => texts.as_slice(),
        _ => &[],
    };
    texts.iter().map(|text| flag_of(text).0.trim_end_matches('.').to_owned()).collect()
}
