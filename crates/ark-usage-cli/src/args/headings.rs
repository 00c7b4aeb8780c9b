//! Headings of the groups of options, for groups that several commands share.

use crate::lang::say;

pub(super) fn range() -> &'static str {
    say(
        "Range (both ends included) [default: the last 7 days]",
        "时间范围（含首尾）[默认：最近 7 天]",
    )
}

pub(super) fn synced_range() -> &'static str {
    say(
        "Range (both ends included) [default: what is missing, at first 31 days]",
        "时间范围（含首尾）[默认：缺少的数据，首次为 31 天]",
    )
}

pub(super) fn kept_range() -> &'static str {
    say(
        "Range (both ends included) [default: everything kept]",
        "时间范围（含首尾）[默认：保存的全部]",
    )
}

pub(super) fn plan_range() -> &'static str {
    say(
        "Range of --usage (both ends included) [default: the last 7 days]",
        "--usage 的时间范围（含首尾）[默认：最近 7 天]",
    )
}

pub(super) fn receiver() -> &'static str {
    say("Receiver", "接收端")
}

pub(super) fn history() -> &'static str {
    say("History", "历史")
}

pub(super) fn filters() -> &'static str {
    say("Filters", "筛选条件")
}

pub(super) fn server_and_keys() -> &'static str {
    say(
        "Server and keys (VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY, or a profile)",
        "服务端与密钥（VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile）",
    )
}

pub(super) fn keys() -> &'static str {
    say(
        "Keys (VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY, or a profile)",
        "密钥（VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile）",
    )
}

pub(super) fn grouping() -> &'static str {
    say("Grouping and sorting", "汇总与排序")
}

pub(super) fn limits() -> &'static str {
    say("Limits", "限额")
}

pub(super) fn rate_limits() -> &'static str {
    say("Rate limits, retries and timeouts", "限流、重试与超时")
}

pub(super) fn network() -> &'static str {
    say("Network", "网络")
}

pub(super) fn recording() -> &'static str {
    say("Recording", "录制与回放")
}

pub(super) fn request() -> &'static str {
    say("Request", "请求")
}

pub(super) fn output() -> &'static str {
    say("Output", "输出")
}

pub(super) fn global() -> &'static str {
    say("Global options", "全局选项")
}
