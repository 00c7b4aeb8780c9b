//! `ark-usage sign`

use clap::{Args, ValueEnum};

use super::{RequestArgs, headings};
use crate::lang::say;

/// Arguments of `sign`.
#[derive(Args, Debug)]
// `--version` is the action's version here; `ark-usage --version` prints the program's own.
#[command(
    before_help = first_examples(),
    before_long_help = examples(),
    disable_version_flag = true
)]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    #[command(flatten)]
    pub(crate) action: NamedActionArgs,
    #[command(flatten)]
    pub(crate) signing: SigningArgs,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "headers",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: SignFormat,
}

/// Examples of `-h`, which fits a screen.
fn first_examples() -> &'static str {
    say(
        "\
Nothing is sent. Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY.

Examples:
  ark-usage sign --action ListEndpoints -f curl
  ark-usage sign GET --service iam --presign --expires-in 300 \\
    'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01'",
        "\
不发送任何请求。密钥取自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY。

示例：
  ark-usage sign --action ListEndpoints -f curl
  ark-usage sign GET --service iam --presign --expires-in 300 \\
    'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01'",
    )
}

fn examples() -> &'static str {
    say(
        "\
Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY or a profile, as for `get`.
Nothing is sent.

Examples:
  ark-usage sign --action ListEndpoints -f curl   a command to paste
  ark-usage sign POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Content-Type: application/json' -d @body.json
  ark-usage sign GET 'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01' \\
    --service iam --presign --expires-in 300   a presigned URL
  ark-usage sign POST … -f json                canonical request, string to sign and more",
        "\
密钥来自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile，与 `get` 相同。
不发送任何请求。

示例：
  ark-usage sign --action ListEndpoints -f curl   可直接粘贴运行的命令
  ark-usage sign POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Content-Type: application/json' -d @body.json
  ark-usage sign GET 'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01' \\
    --service iam --presign --expires-in 300   自带签名的 URL
  ark-usage sign POST … -f json                规范请求、待签名字符串等全部中间结果",
    )
}

/// An action to call, in place of a URL.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::request())]
pub(crate) struct NamedActionArgs {
    #[arg(
        long,
        value_name = "ACTION",
        conflicts_with_all = ["url", "curl"],
        help = say(
            "Action to call, as in ListEndpoints, instead of METHOD and URL",
            "要调用的接口，例如 ListEndpoints，代替 METHOD 和 URL",
        ),
    )]
    pub(crate) action: Option<String>,
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        help = say(
            "Version of the action [default: built in for ark, sts and ListProjects of IAM]",
            "接口版本 [默认：ark、sts 和 IAM 的 ListProjects 已内置]",
        ),
    )]
    pub(crate) version: Option<String>,
    #[arg(
        long,
        value_name = "NAME=VALUE",
        allow_hyphen_values = true,
        help = say(
            "Query parameter of the action, encoded automatically (repeatable)",
            "接口的查询参数，自动编码（可重复）",
        ),
    )]
    pub(crate) query: Vec<String>,
    #[arg(
        long,
        value_name = "URL",
        help = say(
            "Server address of the action [default: https://open.volcengineapi.com]",
            "接口的服务端地址 [默认：https://open.volcengineapi.com]",
        ),
    )]
    pub(crate) base_url: Option<String>,
}

impl NamedActionArgs {
    /// Returns the first option that means nothing without an action. clap would let it pass: the action it requires
    /// cannot stand beside the URL that is given.
    pub(crate) fn stray_flag(&self) -> Option<&'static str> {
        let given = [
            ("--version", self.version.is_some()),
            ("--query", !self.query.is_empty()),
            ("--base-url", self.base_url.is_some()),
        ];
        let stray = given.into_iter().find(|(_, is_given)| *is_given && self.action.is_none());
        stray.map(|(flag, _)| flag)
    }
}

/// The scope and the form of the signature.
#[derive(Args, Debug)]
#[command(next_help_heading = say("Signature", "签名"))]
pub(crate) struct SigningArgs {
    #[arg(
        long,
        value_name = "REGION",
        help = say(
            "Region of the scope [default: cn-beijing]",
            "凭证范围中的地域 [默认：cn-beijing]",
        ),
    )]
    pub(crate) region: Option<String>,
    #[arg(
        long,
        value_name = "SERVICE",
        help = say("Service of the scope [default: ark]", "凭证范围中的服务名 [默认：ark]"),
    )]
    pub(crate) service: Option<String>,
    #[arg(
        long,
        value_name = "LIST",
        help = say(
            "Sign exactly these headers in this order, as in 'host;x-date'",
            "只按此顺序对这些请求头签名，例如 'host;x-date'",
        ),
        long_help = say(
            "Sign exactly these headers in this order, as in 'host;x-date' or 'host,x-date' [default: host, x-content-sha256, x-date, and x-security-token if there is one]",
            "只按此顺序对这些请求头签名，例如 'host;x-date' 或 'host,x-date' [默认：host、x-content-sha256、x-date，有令牌时加 x-security-token]",
        ),
    )]
    pub(crate) signed_headers: Option<String>,
    #[arg(
        long,
        help = say(
            "Put the signature into the URL, body not signed",
            "把签名放入 URL；此时签名不覆盖请求体",
        ),
    )]
    pub(crate) presign: bool,
    #[arg(
        long,
        value_name = "SECONDS",
        allow_hyphen_values = true,
        requires = "presign",
        value_parser = clap::value_parser!(u32).range(1..),
        help = say(
            "Lifetime of the presigned URL [default: 900]",
            "预签名 URL 的有效时长 [默认：900，由服务端决定]",
        ),
    )]
    pub(crate) expires_in: Option<u32>,
    #[arg(
        long,
        help = say(
            "Sign ambiguous requests the way the Go SDK does instead of refusing them",
            "有歧义的请求按 Go SDK 的方式签名，而不是拒绝",
        ),
        long_help = say(
            "Sign requests on which the official SDKs disagree the way the Go SDK does, instead of refusing them",
            "各官方 SDK 签法不一的请求按 Go SDK 的方式签名，而不是拒绝",
        ),
    )]
    pub(crate) permissive: bool,
}

impl SigningArgs {
    /// Returns the usual form, for a service.
    pub(crate) fn of_service(service: &str) -> Self {
        Self {
            region: None,
            service: Some(service.to_owned()),
            signed_headers: None,
            presign: false,
            expires_in: None,
            permissive: false,
        }
    }
}

/// Output formats of `sign`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignFormat {
    #[value(help = say(
        "The headers to send, one per line; the URL with --presign",
        "要发送的请求头，每行一个；配合 --presign 时为 URL",
    ))]
    Headers,
    #[value(help = say("The request as text", "文本形式的请求"))]
    Http,
    #[value(help = say("A curl command for the shell", "可在 shell 中运行的 curl 命令"))]
    Curl,
    #[value(help = say(
        "One JSON document with every stage, the headers and the URL",
        "一个 JSON 文档：全部中间结果、请求头和 URL",
    ))]
    Json,
}
