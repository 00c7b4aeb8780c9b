//! The server that requests go to, and the profiles whose keys sign them.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use volc_openapi::{ServiceDays, Site};

use super::headings;
use crate::lang::say;

/// The server, and the scope of the signatures it gets.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::server_and_keys())]
pub(crate) struct ServerArgs {
    #[arg(
        long,
        conflicts_with_all = ["base_url", "proxy", "ca_bundle"],
        help = say(
            "Use made-up data, no keys needed",
            "使用虚构数据，无需密钥",
        ),
    )]
    pub(crate) demo: bool,
    #[arg(
        long,
        value_name = "SITE",
        ignore_case = true,
        value_parser = sites(),
        hide_possible_values = true,
        help = say(
            "Site: volcengine or byteplus [default: volcengine]",
            "站点：volcengine 或 byteplus [默认：volcengine]",
        ),
        long_help = say(
            "Site of the account, volcengine or byteplus: sets the address, the region, the names of the variables with keys, and the currency of prices; other flags win over it [default: volcengine]",
            "账号所在的站点，volcengine 或 byteplus：决定服务地址、地域、存放密钥的环境变量名和价格的币种；其他参数优先于它 [默认：volcengine]",
        ),
    )]
    pub(crate) site: Option<&'static Site>,
    #[arg(
        long,
        value_name = "URL",
        help = say(
            "Server address [default: https://open.volcengineapi.com]",
            "服务端地址 [默认：https://open.volcengineapi.com]",
        ),
        long_help = say(
            "Server address [default: https://open.volcengineapi.com; with --site byteplus that of the service, such as https://ark.ap-southeast-1.byteplusapi.com]",
            "服务端地址 [默认：https://open.volcengineapi.com；使用 --site byteplus 时为各服务的地址，例如 https://ark.ap-southeast-1.byteplusapi.com]",
        ),
    )]
    pub(crate) base_url: Option<String>,
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
        value_name = "REGION",
        help = say(
            "Region in the signature [default: cn-beijing]",
            "签名中的地域 [默认：cn-beijing]",
        ),
        long_help = say(
            "Region in the signature [default: cn-beijing; with --site byteplus ap-southeast-1]",
            "签名中的地域 [默认：cn-beijing；使用 --site byteplus 时为 ap-southeast-1]",
        ),
    )]
    pub(crate) region: Option<String>,
    #[arg(
        long,
        value_name = "SERVICE",
        help = say("Service in the signature [default: ark]", "签名中的服务名 [默认：ark]"),
    )]
    pub(crate) service: Option<String>,
}

/// The days that the site counts by.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = headings::server_and_keys())]
pub(crate) struct SiteDaysArgs {
    #[arg(
        long,
        value_name = "DAYS",
        ignore_case = true,
        value_parser = days(),
        hide_possible_values = true,
        hide_short_help = true,
        help = say(
            "Start of the days that BytePlus counts by, which it does not document: beijing (midnight UTC+8) or utc [default: beijing]",
            "BytePlus 统计所用的日界（其文档没有写明）：beijing（UTC+8 零点）或 utc [默认：beijing]",
        ),
    )]
    pub(crate) site_days: Option<ServiceDays>,
}

/// Returns the parser of `--site`.
pub(super) fn sites() -> impl TypedValueParser<Value = &'static Site> {
    let help = |site: &Site| match site.name {
        "volcengine" => say("Volcengine, for accounts in China", "火山引擎，国内账号"),
        _ => say("BytePlus, for accounts elsewhere", "BytePlus，海外账号"),
    };
    let value = |site: &'static Site| PossibleValue::new(site.name).help(help(site));
    let names = PossibleValuesParser::new(Site::ALL.map(value));
    names.map(|name| Site::named(&name.to_ascii_lowercase()).unwrap_or(Site::VOLCENGINE))
}

/// Returns the parser of `--site-days`.
fn days() -> impl TypedValueParser<Value = ServiceDays> {
    let help = |days| match days {
        ServiceDays::Beijing => say("From midnight UTC+8", "从 UTC+8 零点开始"),
        ServiceDays::Utc => say("From midnight UTC", "从 UTC 零点开始"),
    };
    let value = |days: ServiceDays| PossibleValue::new(days.name()).help(help(days));
    let names = PossibleValuesParser::new(ServiceDays::ALL.map(value));
    names.map(|name| ServiceDays::named(&name.to_ascii_lowercase()).unwrap_or_default())
}

/// The profiles to query, each an account of its own.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = headings::server_and_keys())]
pub(crate) struct ProfileArgs {
    #[arg(
        long,
        value_name = "NAME",
        help = say(
            "Use the keys of this profile (repeatable)",
            "使用该 profile 的密钥（可重复）",
        ),
        long_help = say(
            "Use the keys of this profile instead of those in the variables (repeatable: one account each); with --demo, any name is a made-up account",
            "使用该 profile 的密钥，忽略环境变量中的密钥（可重复，各对应一个账号）；与 --demo 同用时，任何名称都是一个虚构的账号",
        ),
    )]
    pub(crate) profile: Vec<String>,
    #[arg(
        long,
        conflicts_with = "profile",
        help = say(
            "Query every profile there is, one account each",
            "以每个 profile 查询，各为一个账号",
        ),
        long_help = say(
            "Query every profile that --profile knows, one account each; with --demo, the made-up profiles production and research",
            "以 --profile 能用的每个 profile 查询，各为一个账号；与 --demo 同用时为虚构的 profile production 和 research",
        ),
    )]
    pub(crate) all_profiles: bool,
    #[arg(
        long,
        conflicts_with = "demo",
        help = say(
            "Query several profiles although their accounts cannot be verified as different; outputs say so",
            "即使无法核实多个 profile 属于不同账号也照常查询；输出中会注明",
        ),
    )]
    pub(crate) assume_different_accounts: bool,
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "demo",
        help = say(
            "Query a set from the configuration: its profiles, projects and endpoints",
            "查询配置中的一个集合：其中的 profile、项目和推理接入点",
        ),
    )]
    pub(crate) set: Option<String>,
}

/// The help of `--profile` where a command works with one account only.
pub(super) fn one_profile() -> &'static str {
    say(
        "Use the keys of this profile instead of the variables",
        "使用该 profile 的密钥，忽略环境变量中的密钥",
    )
}
