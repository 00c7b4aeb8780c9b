//! `ark-usage history push`

use std::path::PathBuf;

use clap::Args;

use super::{HistoryFileArgs, NetworkArgs, RangeArgs, ReportFormat, headings};
use crate::lang::say;

/// Arguments of `history push`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct PushArgs {
    #[command(flatten)]
    pub(crate) receiver: ReceiverArgs,
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[command(flatten)]
    pub(crate) range: RangeArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[arg(
        long,
        help_heading = headings::output(),
        help = say("Show what would be sent, and send nothing", "显示将要发送的内容，不实际发送"),
    )]
    pub(crate) dry_run: bool,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: ReportFormat,
}

/// The receiver of the samples.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::receiver())]
pub(crate) struct ReceiverArgs {
    #[arg(
        long,
        value_name = "URL",
        help = say(
            "Address, as in https://example.com/api/v1/write",
            "地址，例如 https://example.com/api/v1/write",
        ),
    )]
    pub(crate) remote_write: String,
    #[arg(
        long,
        value_name = "NAME",
        help = say("Name of the receiver [default: the URL]", "接收端的名称 [默认：URL]"),
        long_help = say(
            "Name of the receiver, under which the history lists what was sent [default: the URL]",
            "接收端的名称，历史按此名称记录已发送的内容 [默认：URL]",
        ),
    )]
    pub(crate) receiver: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "basic_auth_file",
        help = say("File with a bearer token", "存放 bearer token 的文件"),
        long_help = say(
            "File with a bearer token [default: variable REMOTE_WRITE_BEARER_TOKEN]",
            "存放 bearer token 的文件 [默认：变量 REMOTE_WRITE_BEARER_TOKEN]",
        ),
    )]
    pub(crate) bearer_token_file: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help = say("File with USER:PASSWORD", "存放 用户名:密码 的文件"),
        long_help = say(
            "File with USER:PASSWORD [default: variable REMOTE_WRITE_BASIC_AUTH]",
            "存放 用户名:密码 的文件 [默认：变量 REMOTE_WRITE_BASIC_AUTH]",
        ),
    )]
    pub(crate) basic_auth_file: Option<PathBuf>,
    #[arg(
        long,
        help = say(
            "Allow plain http to hosts other than this machine",
            "允许以明文 http 访问本机以外的主机",
        ),
    )]
    pub(crate) allow_http: bool,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(0..=100),
        allow_hyphen_values = true,
        help = say(
            "Retries of a request that the receiver cannot take now",
            "接收端暂时无法接收时每个请求的重试次数",
        ),
    )]
    pub(crate) retries: u32,
}

fn examples() -> &'static str {
    say(
        "\
Sends final values that the receiver lacks, each once and with its own time.
Prometheus needs --web.enable-remote-write-receiver and an
out_of_order_time_window, VictoriaMetrics -dedup.minScrapeInterval=1ms.

Example:
  ark-usage history push --remote-write http://127.0.0.1:9090/api/v1/write",
        "\
发送接收端缺少的最终数值，每个数值只发送一次，并带有自己的时间。
Prometheus 需要 --web.enable-remote-write-receiver 和
out_of_order_time_window，VictoriaMetrics 需要 -dedup.minScrapeInterval=1ms。

示例：
  ark-usage history push --remote-write http://127.0.0.1:9090/api/v1/write",
    )
}
