//! `ark-usage verify` and `ark-usage explain`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use volc_sign::VerifyPolicy;

use super::{RequestArgs, headings};
use crate::lang::say;

/// Arguments of `verify`.
#[derive(Args, Debug)]
#[command(before_help = first_examples("verify"), before_long_help = verify_examples())]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    #[command(flatten)]
    pub(crate) server: VerifyPolicyArgs,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
#[command(before_help = first_examples("explain"), before_long_help = explain_examples())]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    #[command(flatten)]
    pub(crate) server: VerifyPolicyArgs,
    #[arg(
        long,
        value_name = "FILE",
        help_heading = server_said(),
        help = say(
            "File with the canonical request that the server computed",
            "存有服务端所计算的规范请求的文件",
        ),
    )]
    pub(crate) server_canonical: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help_heading = server_said(),
        help = say(
            "File with the string to sign that the server computed",
            "存有服务端所计算的待签名字符串的文件",
        ),
    )]
    pub(crate) server_string_to_sign: Option<PathBuf>,
}

fn server_said() -> &'static str {
    say("Data from the server's error", "服务端返回的内容")
}

/// Examples of `-h`, which fits a screen.
fn first_examples(command: &str) -> String {
    say(
        "\
Nothing is sent. Exit codes: 0 valid, 7 not valid.

Examples:
  ark-usage NAME --curl @request.sh   a file with the curl command
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage NAME --demo --curl @r.sh",
        "\
不发送任何请求。退出码：0 有效，7 无效。

示例：
  ark-usage NAME --curl @request.sh   文件中是发送时所用的 curl 命令
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage NAME --demo --curl @r.sh",
    )
    .replace("NAME", command)
}

fn verify_examples() -> &'static str {
    say(
        "\
Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY or a profile, as for `get`.
Nothing is sent. Exit codes: 0 valid, 7 not valid.

Examples:
  ark-usage verify POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage verify GET 'https://iam.volcengineapi.com/?Action=…&X-Signature=…'   a presigned URL
  ark-usage verify --curl @request.sh          the curl command that was sent
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage verify --demo --curl @r.sh",
        "\
密钥来自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile，与 `get` 相同。
不发送任何请求。退出码：0 有效，7 无效。

示例：
  ark-usage verify POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage verify GET 'https://iam.volcengineapi.com/?Action=…&X-Signature=…'   预签名 URL
  ark-usage verify --curl @request.sh          发送时所用的 curl 命令
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage verify --demo --curl @r.sh",
    )
}

fn explain_examples() -> &'static str {
    say(
        "\
Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY or a profile, as for `get`.
Nothing is sent. Exit codes: 0 valid, 7 not valid.

Examples:
  ark-usage explain POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage explain POST … --server-canonical canonical.txt   compare with the server's error
  ark-usage explain --curl @request.sh         the curl command that was sent
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage explain --demo --curl @r.sh",
        "\
密钥来自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile，与 `get` 相同。
不发送任何请求。退出码：0 有效，7 无效。

示例：
  ark-usage explain POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage explain POST … --server-canonical canonical.txt   对照服务端错误信息中的规范请求
  ark-usage explain --curl @request.sh         发送时所用的 curl 命令
  ark-usage sign --demo --action ListEndpoints -f curl \\
    | sed s/cn-beijing/cn-shanghai/ > r.sh
  ark-usage explain --demo --curl @r.sh",
    )
}

/// The rules by which the server accepts signatures.
#[derive(Args, Debug)]
#[command(next_help_heading = say("Server", "服务端"))]
pub(crate) struct VerifyPolicyArgs {
    #[arg(
        long,
        value_name = "REGION",
        help = say(
            "Refuse scopes of other regions [default: accept any]",
            "拒绝其他地域的凭证范围 [默认：任意]",
        ),
    )]
    pub(crate) region: Option<String>,
    #[arg(
        long,
        value_name = "SERVICE",
        help = say(
            "Refuse scopes of other services [default: accept any]",
            "拒绝其他服务的凭证范围 [默认：任意]",
        ),
    )]
    pub(crate) service: Option<String>,
    #[arg(
        long,
        value_name = "SECONDS",
        allow_hyphen_values = true,
        default_value_t = 900,
        value_parser = clap::value_parser!(u32).range(..),
        help = say(
            "Maximum difference from the signer's clock, in seconds",
            "允许与签名方时钟相差的秒数",
        ),
    )]
    pub(crate) max_skew: u32,
    #[arg(
        long,
        value_name = "POLICY",
        default_value = "official-clients",
        help = say("Rules for the parts that must be signed", "规定哪些内容必须签名"),
    )]
    pub(crate) policy: Policy,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: VerifyFormat,
}

impl VerifyPolicyArgs {
    /// Returns the policy that the flags describe.
    pub(crate) fn policy(&self) -> VerifyPolicy {
        let policy = match self.policy {
            Policy::Strict => VerifyPolicy::strict(),
            Policy::OfficialClients => VerifyPolicy::official_clients(),
        };
        let policy = policy.with_max_skew(self.max_skew.into());
        let policy = match &self.region {
            Some(region) => policy.for_region(region),
            None => policy,
        };
        match &self.service {
            Some(service) => policy.for_service(service),
            None => policy,
        }
    }
}

/// Rules for the parts that must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    #[value(help = say("Exactly the documented rules", "严格按规则"))]
    Strict,
    #[value(help = say(
        "Everything that official SDKs send, as the service accepts it",
        "接受各官方 SDK 发出的所有形式，与服务端一致",
    ))]
    OfficialClients,
}

/// Output formats of `verify` and `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    #[value(help = say("Text for people", "供人阅读的文字"))]
    Text,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
}
