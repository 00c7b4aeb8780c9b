//! `ark-usage config`

use clap::{Args, Subcommand};

use super::{NetworkArgs, ReportFormat, ServerArgs, SiteDaysArgs, headings, one_profile};
use crate::lang::say;

/// Arguments of `config`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) topic: ConfigTopic,
}

fn examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage config show                   every effective setting and its origin
  ark-usage config show -f json
  ark-usage config path                   the path of the configuration file

Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY, or a profile.",
        "\
示例：
  ark-usage config show                   每个生效的设置及其来源
  ark-usage config show -f json
  ark-usage config path                   配置文件的路径

密钥取自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile。",
    )
}

/// Topics of `config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigTopic {
    #[command(about = say(
        "Print every effective setting and its origin; secrets are masked",
        "打印每个生效的值及其来源；密钥已脱敏",
    ))]
    Show(Box<ShowArgs>),
    #[command(about = say(
        "Print the path of the configuration file, even if it does not exist",
        "打印配置文件的路径，即使文件不存在",
    ))]
    Path,
}

/// Arguments of `config show`: flags that take part in the settings, and the output format.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
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
