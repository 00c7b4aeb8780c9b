//! A request given on the command line, for the commands that do not send it.

use clap::Args;
use volc_openapi::Site;

use super::{headings, one_profile, sites};
use crate::lang::say;

/// A request exactly as it is sent, and the profile whose keys sign it.
#[derive(Args, Debug)]
pub(crate) struct RequestArgs {
    #[arg(
        value_name = "METHOD",
        help = say(
            "HTTP method, as in GET or POST; case matters",
            "请求方法，例如 GET 或 POST；区分大小写",
        ),
    )]
    pub(crate) method: Option<String>,
    #[arg(
        value_name = "URL",
        help = say(
            "URL exactly as it is sent, escapes included",
            "按实际发送的样子写 URL，包括转义",
        ),
    )]
    pub(crate) url: Option<String>,
    #[arg(
        short = 'H',
        long = "header",
        value_name = "NAME: VALUE",
        allow_hyphen_values = true,
        help_heading = headings::request(),
        help = say(
            "Header of the request, or @FILE with one a line (repeatable)",
            "请求头，或 @FILE（每行一个）（可重复）",
        ),
    )]
    pub(crate) headers: Vec<String>,
    #[arg(
        short = 'd',
        long = "data",
        value_name = "BODY",
        allow_hyphen_values = true,
        help_heading = headings::request(),
        help = say(
            "Body: the text, @FILE, or @- for standard input",
            "请求体：文本、@FILE，或 @- 表示标准输入",
        ),
    )]
    pub(crate) data: Option<String>,
    #[arg(
        long,
        value_name = "@FILE",
        allow_hyphen_values = true,
        conflicts_with_all = ["method", "url", "headers", "data"],
        help_heading = headings::request(),
        help = say(
            "Curl command with the whole request: @FILE, - for standard input, or the command itself",
            "含有整个请求的 curl 命令：@FILE、-（标准输入）或命令本身",
        ),
    )]
    pub(crate) curl: Option<String>,
    #[arg(
        long,
        value_name = "NAME",
        help_heading = headings::keys(),
        help = one_profile(),
    )]
    pub(crate) profile: Option<String>,
    #[arg(
        long,
        value_name = "SITE",
        ignore_case = true,
        value_parser = sites(),
        hide_possible_values = true,
        help_heading = headings::keys(),
        help = say(
            "Site of the keys: volcengine or byteplus [default: volcengine]",
            "密钥所属的站点：volcengine 或 byteplus [默认：volcengine]",
        ),
    )]
    pub(crate) site: Option<&'static Site>,
    #[arg(
        long,
        help_heading = headings::keys(),
        help = say(
            "Use the emulator's keys, which real servers refuse",
            "使用内置模拟服务的密钥，真实服务端会拒绝",
        ),
    )]
    pub(crate) demo: bool,
}
