//! `ark-usage emulate`

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use volc_openapi::Site;

use super::sites;
use crate::lang::say;

/// Arguments of `emulate`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct EmulateArgs {
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:0",
        help = say(
            "Address to listen on; port 0 picks a free one",
            "监听地址；端口 0 表示自动选用空闲端口",
        ),
    )]
    pub(crate) listen: SocketAddr,
    #[arg(
        long,
        help = say(
            "Allow an address that other machines can reach",
            "允许使用其他机器可访问的地址",
        ),
    )]
    pub(crate) allow_remote: bool,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        default_value_t = ark_usage_emulator::DEFAULT_SEED,
        help = say("Seed of the made-up data", "虚构数据的种子"),
    )]
    pub(crate) seed: u64,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=100_000),
        help = say(
            "Number of accounts, each with keys, projects, endpoints and usage of its own",
            "账号数，每个账号各有自己的密钥、项目、推理接入点和用量",
        ),
    )]
    pub(crate) accounts: u32,
    #[arg(
        long,
        value_name = "FILE",
        help = say(
            "Write a profile for each account, for VOLCENGINE_CLI_CONFIG_FILE",
            "为每个账号写入一个 profile，供 VOLCENGINE_CLI_CONFIG_FILE 使用",
        ),
        long_help = say(
            "Write a profile for each account as JSON; commands find them with VOLCENGINE_CLI_CONFIG_FILE=FILE",
            "以 JSON 为每个账号写入一个 profile；设置 VOLCENGINE_CLI_CONFIG_FILE=FILE 后各命令即可使用",
        ),
    )]
    pub(crate) write_profiles: Option<PathBuf>,
    #[arg(
        long,
        value_name = "SITE",
        ignore_case = true,
        value_parser = sites(),
        hide_possible_values = true,
        help = say(
            "Answer as this site does: volcengine or byteplus",
            "按该站点的方式应答：volcengine 或 byteplus",
        ),
        long_help = say(
            "Answer as this site does; byteplus stands for --behavior errors=message, unknown=empty-404 and days=beijing, which later ones replace [default: volcengine]",
            "按该站点的方式应答；byteplus 相当于 --behavior errors=message、unknown=empty-404 和 days=beijing，可再用 --behavior 更改 [默认：volcengine]",
        ),
    )]
    pub(crate) site: Option<&'static Site>,
    #[arg(
        long = "behavior",
        alias = "reading",
        value_name = "NAME=VALUE",
        help = say(
            "Change an undocumented behavior, as in tags=always",
            "改变一项文档未写明的行为，例如 tags=always",
        ),
    )]
    pub(crate) behaviors: Vec<String>,
    #[arg(
        long,
        value_name = "FILE",
        help = say("Inject the faults scripted in a TOML file", "按 TOML 文件注入故障"),
    )]
    pub(crate) faults: Option<PathBuf>,
}

fn examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage emulate                          print the free port it uses
  ark-usage emulate --listen 127.0.0.1:8080
  ark-usage emulate --accounts 2             two accounts, a key pair for each
  ark-usage emulate --behavior tags=always   change an undocumented behavior",
        "\
示例：
  ark-usage emulate                          使用空闲端口，地址打印在第一行
  ark-usage emulate --listen 127.0.0.1:8080
  ark-usage emulate --accounts 2             两个账号，各有自己的密钥
  ark-usage emulate --behavior tags=always   改变一项文档未写明的行为",
    )
}
