//! `ark-usage doctor`

use clap::{Args, Subcommand, ValueEnum};

use super::{ActionArgs, NetworkArgs, ServerArgs, SiteDaysArgs, headings, one_profile};
use crate::lang::say;

/// Arguments of `doctor`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    #[command(subcommand)]
    pub(crate) topic: Option<DoctorTopic>,
}

fn examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage doctor                        check keys, clock, network, account
  ark-usage doctor --demo                 run the same checks on made-up data
  ark-usage doctor --profile work -f json
  ark-usage doctor --api inference        check what this action needs
  ark-usage doctor error AccessDenied     explain an error code
  ark-usage doctor probe                  test undocumented behavior
  ark-usage doctor probe --api inference   the same of GetInferenceUsage",
        "\
示例：
  ark-usage doctor                        检查密钥、时钟、网络、账号
  ark-usage doctor --demo                 对演示服务做同样的检查
  ark-usage doctor --profile work -f json
  ark-usage doctor --api inference        检查该接口所需的一切
  ark-usage doctor error AccessDenied     解释错误码
  ark-usage doctor probe                  实测厂商文档没有写明的行为
  ark-usage doctor probe --api inference   实测 GetInferenceUsage",
    )
}

/// The account and server to check, and the output format.
#[derive(Args, Debug)]
pub(crate) struct SubjectArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) site_days: SiteDaysArgs,
    #[arg(
        long,
        value_name = "NAME",
        help_heading = headings::server_and_keys(),
        help = one_profile(),
    )]
    pub(crate) profile: Option<String>,
    #[arg(
        long,
        value_name = "NAME",
        help_heading = headings::server_and_keys(),
        help = say(
            "Query this project, for keys that see only one",
            "查询该项目；仅有项目权限的密钥需要指定",
        ),
    )]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) action: ActionArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
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

/// Output formats of `doctor` and `config show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    #[value(help = say("Text for people", "供人阅读的文字"))]
    Text,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
}

/// Topics of `doctor`.
#[derive(Debug, Subcommand)]
pub(crate) enum DoctorTopic {
    #[command(about = say(
        "Explain an error code of the API and suggest a fix",
        "解释 API 错误码：含义与处理办法",
    ))]
    Error {
        #[arg(help = say(
            "Error code, as in AccessDenied or InvalidParameter.StartTime",
            "错误码，例如 AccessDenied 或 InvalidParameter.StartTime",
        ))]
        code: String,
    },
    #[command(about = say(
        "Test undocumented behavior with read-only calls and print a note to share",
        "用只读调用实测厂商文档没有写明的行为，输出可直接转发的记录",
    ))]
    Probe(Box<ProbeArgs>),
}

/// Arguments of `doctor probe`.
#[derive(Args, Debug)]
pub(crate) struct ProbeArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    #[arg(
        long,
        value_name = "ID",
        help_heading = headings::filters(),
        help = say(
            "Probe tags with this endpoint [default: the first]",
            "用该推理接入点探测标签 [默认：找到的第一个]",
        ),
    )]
    pub(crate) endpoint_id: Option<String>,
}
