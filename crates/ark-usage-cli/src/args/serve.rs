//! `ark-usage serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ark_usage_report::text;
use clap::Args;

use super::filter::FilterArgs;
use super::query::positive_duration;
use super::{
    AccountArgs, ActionArgs, BudgetArgs, FixedRangeArgs, HistoryFileArgs, NetworkArgs, ProfileArgs,
    QueryArgs, RangeArgs, RecordArgs, ServerArgs, SiteDaysArgs, UsageArgs, headings,
};
use crate::error::CliError;
use crate::lang::say;

/// Arguments of `serve`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct ServeArgs {
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:9464",
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
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = headings::history(),
        help = say(
            "Fetch what the history lacks so often, as in 10min",
            "按此间隔同步历史，例如 10min",
        ),
        long_help = say(
            "Fetch what the history lacks so often, as `ark-usage sync` does; without it the file is only read, and another process may sync it",
            "按此间隔像 `ark-usage sync` 那样同步历史；不写则只读取文件，由其他进程同步",
        ),
    )]
    pub(crate) sync_every: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        help_heading = headings::limits(),
        help = say(
            "Show the limits of a TOML file, as for budget (repeatable)",
            "显示 TOML 文件中的限额，与 budget 相同（可重复）",
        ),
    )]
    pub(crate) rules: Vec<PathBuf>,
    #[arg(
        long,
        requires = "sync_every",
        help_heading = headings::limits(),
        help = say(
            "Show what is left of plans, fetched with each sync",
            "显示套餐的剩余额度，随每次同步查询",
        ),
    )]
    pub(crate) plans: bool,
    #[arg(
        long,
        value_name = "ZONE",
        allow_hyphen_values = true,
        help_heading = headings::filters(),
        help = say(
            "Time zone of the month to date [default: Asia/Shanghai]",
            "本月所依据的时区 [默认：Asia/Shanghai]",
        ),
    )]
    pub(crate) tz: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    site_days: SiteDaysArgs,
    #[command(flatten)]
    action: ActionArgs,
    #[command(flatten)]
    profiles: ProfileArgs,
    #[command(flatten)]
    query: QueryArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

impl ServeArgs {
    /// Parses `--sync-every`.
    pub(crate) fn sync_every(&self) -> Result<Option<Duration>, CliError> {
        let parse = |text: &String| positive_duration("--sync-every", text);
        let every = self.sync_every.as_ref().map(parse).transpose()?;
        if every.is_none() && self.server.demo {
            return Err(CliError::usage(text!(
                "--demo: needs --sync-every, because only a sync fetches",
                "--demo：需要 --sync-every，因为只有同步才会获取数据"
            ))
            .with_hint(text!("add --sync-every 10min", "请加上 --sync-every 10min")));
        }
        Ok(every)
    }

    /// Returns the arguments of a check of the limits, answered from the history.
    pub(crate) fn budget(&self) -> BudgetArgs {
        let mut account = self.usage().account;
        account.server.demo = false;
        BudgetArgs::of_files(self.rules.clone(), FixedRangeArgs { tz: self.tz.clone(), account })
    }

    /// Returns the usage that syncs fetch.
    pub(crate) fn usage(&self) -> UsageArgs {
        UsageArgs {
            range: RangeArgs::default(),
            account: AccountArgs {
                filter: self.filter.clone(),
                server: self.server.clone(),
                site_days: self.site_days,
                action: self.action.clone(),
                profiles: self.profiles.clone(),
                query: self.query.clone(),
                network: self.network.clone(),
                record: RecordArgs::default(),
            },
        }
    }
}

fn examples() -> &'static str {
    say(
        "\
Serves /metrics for Prometheus from what `ark-usage sync` has kept. Scrapes never
wait for the service. /healthz and /-/ready say if the process is well.
Ends with exit code 130 when it is interrupted or gets SIGTERM.

Examples (leave out --demo for your own numbers):
  ark-usage serve --history demo.db --demo --sync-every 10min
  ark-usage serve --listen 127.0.0.1:0           print the free port it uses",
        "\
用 `ark-usage sync` 保存的数据为 Prometheus 提供 /metrics；抓取从不等待服务端。
/healthz 与 /-/ready 表示进程是否正常。被中断或收到 SIGTERM 时以退出码 130 结束。

示例（查看自己的数据时去掉 --demo）：
  ark-usage serve --history demo.db --demo --sync-every 10min
  ark-usage serve --listen 127.0.0.1:0           使用空闲端口，地址打印在第一行",
    )
}
