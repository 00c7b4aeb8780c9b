//! Words of other programs and of everyday language, and what they are called here.
//!
//! A suggestion by meaning comes before one by spelling: `--from` is like `--format`, and means `--start`.

use crate::{Text, text};

/// Returns what to write for an option of another name, without its dashes; the best first. Each is a
/// few words of a command line, and only some of them fit a given command.
pub fn options_meant(word: &str) -> impl Iterator<Item = &'static str> {
    listed(&OPTIONS, word).into_iter().flat_map(|written| written.split(" | "))
}

/// Returns what to write after `ark-usage` for a command of another name.
pub fn command_meant(word: &str) -> Option<&'static str> {
    listed(&COMMANDS, word)
}

/// Returns the topic of `ark-usage history` that another word means.
pub fn history_topic_meant(word: &str) -> Option<&'static str> {
    listed(&HISTORY_TOPICS, word)
}

/// Returns the value that a word of another language or program means for a flag, as `project` for `--by 项目`.
pub fn value_meant(flag: &str, word: &str) -> Option<&'static str> {
    let tables = VALUES.iter().filter(|(flags, _)| flags.split(' ').any(|known| known == flag));
    tables.into_iter().find_map(|(_, values)| listed(values, word.trim()))
}

/// Returns the explanation for a word about something that this program or the service does not have.
pub fn absence(word: &str) -> Option<Text> {
    match listed(&ABSENCES, word)? {
        "history" => Some(text!(
            "usage is kept by `ark-usage sync`; as a line of a crontab: `0 3 * * * ark-usage sync --quiet`. `ark-usage history` shows what is kept\n{limit}",
            "`ark-usage sync` 会保存用量；crontab 中写：`0 3 * * * ark-usage sync --quiet`。`ark-usage history` 查看保存的内容\n{limit}";
            limit = history_limit()
        )),
        _ => Some(text!(
            "`ark-usage plan` shows what is left of the Agent Plan and the Coding Plan, `ark-usage quota` free quota, packs and the balance; `ark-usage budget` checks usage against limits of your own",
            "`ark-usage plan` 显示 Agent Plan 与 Coding Plan 的剩余额度，`ark-usage quota` 显示免费额度、资源包和余额；`ark-usage budget` 按自定的限额检查用量"
        )),
    }
}

/// Returns a note on the age of usage that the service still answers.
pub fn history_limit() -> Text {
    text!(
        "how far back the service answers is not documented",
        "服务能查询多久以前的用量，文档没有说明"
    )
}

fn listed(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let word = word.to_lowercase().replace('_', "-");
    let found = table.iter().find(|(words, _)| words.split(' ').any(|known| known == word));
    found.map(|(_, meant)| *meant)
}

/// Other names of options, and what to write; ` | ` separates alternatives.
const OPTIONS: [(&str, &str); 32] = [
    ("html svg page", "-o usage.html"),
    ("from since begin start-date start-time startdate starttime", "--start 2026-11-01"),
    ("to until till end-date end-time enddate endtime", "--start 2026-11-01 --end 2026-11-07"),
    ("date on", "--start 2026-11-01 --end 2026-11-01"),
    ("range period between", "--start 2026-11-01 --end 2026-11-07 | --last 7d"),
    ("timezone time-zone zone utc-offset", "--tz Asia/Shanghai"),
    ("group group-by groupby dimension dimensions split-by", "--by project"),
    ("limit n head max-rows", "--top 10 | --max total=20G/month"),
    ("days past-days last-days", "--last 7d"),
    ("hours last-hours", "--last 24h"),
    ("weeks", "--last 4w"),
    ("months", "--last 3mo"),
    ("cost costs price pricing currency money cny usd", "--prices prices.toml"),
    ("file out save outfile output-file filename", "-o FILE"),
    ("previous prev diff delta change", "--compare previous"),
    ("sum total totals summary", "--totals-only"),
    ("heatmap heat-map", "-i hour --chart"),
    ("graph graphs plot charts bars sparkline", "--chart"),
    ("hour hourly by-hour", "-i hour"),
    ("day daily by-day", "-i day | --start 2026-11-01 --end 2026-11-01"),
    ("weekly by-week", "--by week"),
    ("monthly by-month", "--by month"),
    ("team teams department by-team", "--by label:team --labels endpoints.csv"),
    ("model models by-model", "--by model"),
    ("by-project", "--by project"),
    ("by-endpoint", "--by endpoint"),
    ("output-format fmt out-format", "-f csv | -f json"),
    ("this-year year ytd", "--start YYYY-01-01"),
    ("last-year", "--start YYYY-01-01 --end YYYY-12-31"),
    ("no-color no-colour nocolor", "--color never"),
    ("input-tokens output-tokens tokens", "--metric input | --metric output | --metric total"),
    ("order order-by sort-by", "--sort -value"),
];

/// Other names of commands, and what to write.
const COMMANDS: [(&str, &str); 16] = [
    ("version", "--version"),
    ("usage tokens token show query stats list ls fetch 用量 查询", "get"),
    ("preview", "get --dry-run"),
    ("cost costs price prices bill billing 费用 价格", "get --prices FILE"),
    ("export download csv 导出", "get -f csv -o FILE"),
    ("json", "get -f json"),
    ("today 今天", "get --today"),
    ("yesterday 昨天", "get --yesterday"),
    ("compare diff 对比", "get --compare previous"),
    ("prometheus prom metrics exporter", "get -f prometheus"),
    ("models endpoints 模型 接入点", "get --by endpoint"),
    ("projects 项目", "get --by project"),
    ("limit limits alert alerts 预算 限额", "budget"),
    ("serve server mock start", "emulate"),
    ("check diagnose test ping 诊断", "doctor"),
    ("html page chart svg 报告", "report -o usage.html"),
];

/// Other names of the topics of `history`.
const HISTORY_TOPICS: [(&str, &str); 7] = [
    ("show list ls info stat 状态 查看 列表", "status"),
    ("check integrity fsck 检查", "verify"),
    ("changes changed diff revision log 修订 变化", "revisions"),
    ("copy save snapshot move 备份 复制", "backup"),
    ("dump rows csv ndjson 导出", "export"),
    ("restore load merge 导入 恢复", "import"),
    ("delete prune rm remove clean purge drop vacuum expire 删除 清理", "forget"),
];

/// Other names of values, for flags.
const VALUES: [(&str, &[(&str, &str)]); 11] = [
    (
        "--by",
        &[
            ("项目 项目名", "project"),
            ("接入点 推理接入点 端点 ep", "endpoint"),
            ("模型", "model"),
            ("天 日 每天 按天 日期 date daily", "day"),
            ("小时 每小时 按小时 hourly", "hour"),
            ("周 星期 每周 按周 weekly", "week"),
            ("月 每月 按月 monthly", "month"),
            ("场景", "scene"),
            ("账号 账户", "account"),
            ("模型版本", "model-version"),
            ("密钥 apikey", "api-key"),
        ],
    ),
    (
        "--metric",
        &[
            ("输出 输出token completion completions out", "output"),
            ("输入 输入token prompt prompts in", "input"),
            ("总 总计 合计 总量 全部 token tokens all sum", "total"),
            ("缓存 cache", "cached"),
            ("请求 请求数 次数 request calls", "requests"),
            ("图片 image pictures", "images"),
        ],
    ),
    (
        "--start --end",
        &[
            ("今天 今日 现在", "today"),
            ("昨天 昨日", "yesterday"),
            ("上周", "last-week"),
            ("上月 上个月", "last-month"),
        ],
    ),
    ("--week", &[("上周", "last"), ("本周 这周", "this")]),
    ("--month", &[("上月 上个月", "last")]),
    ("--interval", &[("天 日 每天", "day"), ("小时 时 每小时", "hour")]),
    (
        "--format",
        &[
            ("表格 表 text txt", "table"),
            ("prom", "prometheus"),
            ("om", "openmetrics"),
            ("md", "markdown"),
            ("jsonl", "ndjson"),
            ("excel xlsx tsv 电子表格", "csv"),
            ("yaml", "json"),
        ],
    ),
    ("--compare", &[("上期 上一期 之前 prev before last", "previous")]),
    (
        "--sort",
        &[
            ("date day hour week month start end 时间 日期", "time"),
            ("endpoint model project scene account profile key label tag 名称 名字", "name"),
            ("tokens usage total amount count sum size desc asc cost costs 值 数值 用量", "value"),
            ("changes changed delta diff difference growth 变化", "change"),
            ("input prompt prompts 输入", "metric:input"),
            ("output completion completions 输出", "metric:output"),
        ],
    ),
    ("--api", &[("推理", "inference"), ("用量", "usage"), ("自动", "auto")]),
    ("--lang", &[("中文 汉语 cn chinese", "zh"), ("英文 英语 english", "en")]),
];

/// Words about things that are absent, and which of them.
const ABSENCES: [(&str, &str); 2] = [
    ("store sync archive database db backfill retention 历史", "history"),
    (
        "quota quotas plan plans balance balances remaining package packages subscription coding-plan agent-plan 配额 余额 套餐",
        "quota",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn a_word_has_one_meaning() {
        let values = VALUES.iter().map(|(_, values)| *values);
        for table in [&OPTIONS[..], &COMMANDS, &ABSENCES].into_iter().chain(values) {
            let words: Vec<&str> = table.iter().flat_map(|(words, _)| words.split(' ')).collect();
            for word in &words {
                assert_eq!(words.iter().filter(|other| other == &word).count(), 1, "{word}");
            }
        }
    }

    #[test]
    fn case_and_underscores_do_not_matter() {
        assert_eq!(options_meant("Group_By").collect::<Vec<_>>(), ["--by project"]);
        assert_eq!(command_meant("USAGE"), Some("get"));
        assert_eq!(command_meant("foo"), None);
    }

    #[test]
    fn values_belong_to_flags() {
        assert_eq!(value_meant("--by", "项目"), Some("project"));
        assert_eq!(value_meant("--end", "昨天"), Some("yesterday"));
        assert_eq!(value_meant("--metric", "项目"), None);
    }

    #[test]
    fn absences_are_explained() {
        let history = absence("archive").unwrap();
        assert!(history.in_lang(Lang::En).contains("not documented"));
        assert!(absence("quota").unwrap().in_lang(Lang::Zh).contains("budget"));
        assert_eq!(absence("project"), None);
    }
}
