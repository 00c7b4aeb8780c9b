//! `ark-usage call`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::short_help::with_values;
use super::{NetworkArgs, ServerArgs, SignFormat, headings, one_profile};
use crate::lang::say;

/// Arguments of `call`.
#[derive(Args, Debug)]
// `--version` is the action's version here; `ark-usage --version` prints the program's own.
#[command(before_help = examples(), disable_version_flag = true)]
pub(crate) struct CallArgs {
    #[arg(
        value_name = "ACTION",
        help = say("Action to call, as in ListEndpoints", "要调用的接口，例如 ListEndpoints"),
    )]
    pub(crate) action: String,
    #[command(flatten)]
    pub(crate) request: CallRequestArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[arg(
        long,
        value_name = "NAME",
        help_heading = headings::server_and_keys(),
        help = one_profile(),
    )]
    pub(crate) profile: Option<String>,
    #[arg(
        long,
        help_heading = headings::server_and_keys(),
        help = say("Print the signed request without sending it", "打印已签名的请求，不发送"),
    )]
    pub(crate) dry_run: bool,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        conflicts_with = "output",
        help_heading = headings::output(),
        help = say(
            "Print the signed request without sending it: curl, http, headers or json",
            "打印已签名的请求，不发送：curl、http、headers 或 json",
        ),
        hide_possible_values = true,
    )]
    pub(crate) format: Option<SignFormat>,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help_heading = headings::output(),
        help = say("Write to a file instead of standard output", "写入文件而不是标准输出"),
        long_help = say(
            "Write to a file instead of standard output (-); the file is replaced only once it is complete",
            "写入文件而不是标准输出（-）；写完整之后才替换原文件",
        ),
    )]
    pub(crate) output: Option<PathBuf>,
}

fn examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage call ListEndpoints --demo               made-up data, no keys needed
  ark-usage call ListEndpoints -f curl              a signed command, not sent
  ark-usage call ListEndpoints --demo -d '{\"PageSize\": 10}'
  ark-usage call ListProjects --demo --service iam --query Limit=10
  ark-usage call GetCallerIdentity --demo --service sts
  ark-usage call DescribeVpcs --service vpc --version 2020-04-01 --method GET",
        "\
示例：
  ark-usage call ListEndpoints --demo               虚构数据，无需密钥
  ark-usage call ListEndpoints -f curl              已签名的命令，不发送
  ark-usage call ListEndpoints --demo -d '{\"PageSize\": 10}'
  ark-usage call ListProjects --demo --service iam --query Limit=10
  ark-usage call GetCallerIdentity --demo --service sts
  ark-usage call DescribeVpcs --service vpc --version 2020-04-01 --method GET",
    )
}

/// The request that is sent.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::request())]
pub(crate) struct CallRequestArgs {
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        help = say(
            "Version of the action, built in for ark and sts",
            "接口版本；ark 和 sts 已内置",
        ),
        long_help = say(
            "Version of the action [default: built in for ark, sts and ListProjects of IAM]",
            "接口版本 [默认：ark、sts 和 IAM 的 ListProjects 已内置]",
        ),
    )]
    pub(crate) version: Option<String>,
    #[arg(
        short = 'd',
        long = "data",
        value_name = "JSON",
        allow_hyphen_values = true,
        help = say(
            "Parameters as JSON: the text, @FILE or @-",
            "JSON 参数：文本、@FILE 或 @-",
        ),
    )]
    pub(crate) data: Option<String>,
    #[arg(
        long,
        value_name = "NAME=VALUE",
        allow_hyphen_values = true,
        help = say(
            "Query parameter (repeatable)",
            "查询串中的参数（可重复）",
        ),
    )]
    pub(crate) query: Vec<String>,
    #[arg(
        long,
        value_name = "METHOD",
        ignore_case = true,
        help = say(
            "HTTP method, GET or POST [default: by -d, --query]",
            "请求方法 GET 或 POST [默认：由 -d、--query 决定]",
        ),
        hide_possible_values = true,
        long_help = with_values::<CallMethod>(say(
            "HTTP method [default: POST with -d, GET with --query, otherwise the usual method of the service]",
            "请求方法 [默认：有 -d 用 POST，有 --query 用 GET，否则按服务的习惯]",
        )),
    )]
    pub(crate) method: Option<CallMethod>,
    #[arg(
        long,
        help = say(
            "Retry temporary failures even if the action may change something",
            "遇到可恢复的失败时重试，即使该接口可能有修改操作",
        ),
        long_help = say(
            "Retry temporary failures even if the action may change something [default: only for Get…, List… and Describe…]",
            "遇到可恢复的失败时重试，即使该接口可能有修改操作 [默认：仅 Get…、List… 和 Describe…]",
        ),
    )]
    pub(crate) retry: bool,
}

/// HTTP methods of a call, by where the parameters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CallMethod {
    #[value(name = "GET", help = say("Parameters in the query", "参数放在查询串中"))]
    Get,
    #[value(name = "POST", help = say("Parameters in a JSON body", "参数放在 JSON 请求体中"))]
    Post,
}
