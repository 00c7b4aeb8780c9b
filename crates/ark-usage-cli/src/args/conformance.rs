//! `ark-usage conformance`

use clap::{ArgGroup, Args};

use super::{NetworkArgs, VerifyFormat, headings};
use crate::lang::say;

/// Arguments of `conformance`.
#[derive(Args, Debug)]
#[command(before_help = examples(), group = ArgGroup::new("subject").required(true))]
pub(crate) struct ConformanceArgs {
    #[arg(
        long,
        value_name = "COMMAND",
        group = "subject",
        help = say(
            "Test a program that answers one request per line",
            "检验一个程序：每行读入一个请求，给出一个回答",
        ),
    )]
    pub(crate) signer: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        group = "subject",
        help = say(
            "Test a server, which must know the keys above",
            "检验此地址的服务端；它必须认识上面那对密钥",
        ),
    )]
    pub(crate) server: Option<String>,
    #[arg(
        long,
        value_name = "REGION",
        default_value = "cn-beijing",
        conflicts_with = "signer",
        help = say("Region of the requests to the server", "发给服务端的请求所用的地域"),
    )]
    pub(crate) region: String,
    #[arg(
        long,
        value_name = "SERVICE",
        default_value = "ark",
        conflicts_with = "signer",
        help = say("Service of the requests to the server", "发给服务端的请求所用的服务名"),
    )]
    pub(crate) service: String,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: VerifyFormat,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

fn examples() -> &'static str {
    say(
        "\
Requests and keys are test data; your own keys are not read.
A server must know one key pair: AKLTEXAMPLE0000000000000000000001, its secret
fake-secret-for-tests-only-0001. Exit codes: 0 conforms, 7 does not conform.
docs/conformance-kit.md describes the line format and the requests.

Examples:
  ark-usage conformance --signer 'python3 signer.py'
  ark-usage conformance --signer './signer --stdin' -f json
  ark-usage conformance --server http://127.0.0.1:8080",
        "\
其中的请求和密钥都是测试数据，不会查找您自己的密钥。
待测服务端需认识这一对密钥：AKLTEXAMPLE0000000000000000000001，Secret Key 为
fake-secret-for-tests-only-0001。退出码：0 符合，7 不符合。
docs/conformance-kit.zh-CN.md 说明了各行的格式和各个请求。

示例：
  ark-usage conformance --signer 'python3 signer.py'
  ark-usage conformance --signer './signer --stdin' -f json
  ark-usage conformance --server http://127.0.0.1:8080",
    )
}
