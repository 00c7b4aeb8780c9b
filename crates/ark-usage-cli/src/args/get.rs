//! `ark-usage get`

use std::path::PathBuf;

use ark_usage_render::{Layout, Shape, WideCsv};
use ark_usage_report::text;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::short_help::with_values;
use super::{EndpointArgs, KeptUsageArgs, PriceArgs, UsageArgs, ViewArgs, headings};
use crate::error::CliError;
use crate::lang::say;

/// Arguments of `get`.
#[derive(Args, Debug)]
#[command(before_help = first_examples(), before_long_help = examples())]
pub(crate) struct GetArgs {
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) kept: KeptUsageArgs,
    #[command(flatten)]
    pub(crate) endpoints: EndpointArgs,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,
    #[command(flatten)]
    pub(crate) prices: PriceArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

impl GetArgs {
    /// Refuses responses as received where none are.
    pub(crate) fn check_kept(&self, format: Format) -> Result<(), CliError> {
        if self.kept.is_given() && format == Format::Raw {
            return Err(unsupported("--history", format, "json, ndjson, csv"));
        }
        Ok(())
    }
}

/// Examples of `-h`, which fits a screen.
fn first_examples() -> &'static str {
    say(
        "\
Examples (leave out --demo for your own numbers):
  ark-usage get --demo --last-week --by project --wide -o week.csv
  ark-usage get --demo --by endpoint --top 3 --metric output
  ark-usage get --demo --yesterday --by endpoint --compare previous
  ark-usage get --demo --yesterday --totals-only --metric total -f value
  ark-usage get --demo --last-week -i hour --chart",
        "\
示例（查自己的数据时去掉 --demo）：
  ark-usage get --demo --last-week --by project --wide -o week.csv
  ark-usage get --demo --by endpoint --top 3 --metric output
  ark-usage get --demo --yesterday --by endpoint --compare previous
  ark-usage get --demo --yesterday --totals-only --metric total -f value
  ark-usage get --demo --last-week -i hour --chart",
    )
}

/// Examples of `--help`: those of `-h` and some of less use.
fn examples() -> String {
    let more = say(
        "
  ark-usage get --demo --last-month --by day,project --layout long
  ark-usage get --demo --last 24h --endpoint-id ep-20240914223116-4caaa
  ark-usage get --demo --start 2024-11-01 --end 2024-11-07 -f json -o days.json
  ark-usage get --demo --profile work --profile lab --by account
  ark-usage get --demo --by project -f prometheus -o ark_usage.prom
  ark-usage get --prices --example > prices.toml     a file of prices to start from
  ark-usage get --demo --prices prices.toml --by model --round 2
  ark-usage get --demo --api inference --by model,api-key
  ark-usage get --demo --today --dry-run             print the signed request only",
        "
  ark-usage get --demo --last-month --by day,project --layout long
  ark-usage get --demo --last 24h --endpoint-id ep-20240914223116-4caaa
  ark-usage get --demo --start 2024-11-01 --end 2024-11-07 -f json -o days.json
  ark-usage get --demo --profile work --profile lab --by account
  ark-usage get --demo --by project -f prometheus -o ark_usage.prom
  ark-usage get --prices --example > prices.toml     可供修改的价格文件
  ark-usage get --demo --prices prices.toml --by model --round 2
  ark-usage get --demo --api inference --by model,api-key
  ark-usage get --demo --today --dry-run             只打印已签名的请求",
    );
    format!("{}{more}", first_examples())
}

/// Options of a request that is not sent.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::server_and_keys())]
pub(crate) struct DryRunArgs {
    #[arg(
        long,
        conflicts_with_all = ["format", "record", "replay", "history", "all_projects", "all_endpoints"],
        help = say("Print the signed request without sending it", "打印已签名的请求，不发送"),
    )]
    pub(crate) dry_run: bool,
}

/// Options of the output.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::output())]
pub(crate) struct OutputArgs {
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        hide_possible_values = true,
        help = say(
            "csv, json, prometheus (node_exporter textfile), …",
            "csv、json、prometheus（node_exporter textfile）等",
        ),
        long_help = with_values::<Format>(say(
            "Output format [default: by the extension of --output, else table]",
            "输出格式 [默认：由 --output 的扩展名决定，否则为 table]",
        )),
    )]
    pub(crate) format: Option<Format>,
    #[arg(
        long,
        value_name = "GLYPHS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto",
        hide_possible_values = true,
        conflicts_with_all = ["format", "dry_run", "layout", "compact", "no_header"],
        help = say(
            "Draw charts; with -i hour also a heat map of the week",
            "画图表；加上 -i hour 还有一周热力图",
        ),
        long_help = say(
            "Draw bars, sparklines and a heat map of the week instead of a table, with blocks (block elements), ascii (plain characters) or auto (blocks if the locale has them)",
            "以条形图、走势图和一周热力图代替表格，可选 blocks（方块字符）、ascii（普通字符）或 auto（区域设置支持则为 blocks）",
        ),
    )]
    pub(crate) chart: Option<ChartGlyphs>,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help = say("Write to a file instead of standard output", "写入文件而不是标准输出"),
        long_help = say(
            "Write to a file instead of standard output (-); the file is replaced only once it is complete",
            "写入文件而不是标准输出（-）；写完整之后才替换原文件",
        ),
    )]
    pub(crate) output: Option<PathBuf>,
    #[arg(
        long,
        value_name = "LAYOUT",
        hide_possible_values = true,
        help = say(
            "Metrics as columns (wide) or as lines (long) [default: wide if it fits the terminal]",
            "指标各占一列（wide）或各占一行（long）[默认：终端放得下则为 wide]",
        ),
    )]
    pub(crate) layout: Option<TableLayout>,
    #[arg(
        long,
        conflicts_with_all = ["layout", "chart", "dry_run"],
        help = say(
            "Write CSV with one line per row and one column per metric",
            "CSV 每行一条，每个指标占一列",
        ),
    )]
    pub(crate) wide: bool,
    #[arg(
        long,
        value_name = "DIGITS",
        value_parser = clap::value_parser!(u32).range(..=12),
        help = say(
            "Round costs to so many digits after the point [default: exact]",
            "费用四舍五入到小数点后几位 [默认：不舍入]",
        ),
    )]
    pub(crate) round: Option<u32>,
    #[arg(
        long,
        help = say(
            "Shorten tables: print 1,529,525,715 as 1.53 B, omit constant columns",
            "精简表格：1,529,525,715 写作 15.3 亿，省去每行都相同的列",
        ),
    )]
    pub(crate) compact: bool,
    #[arg(
        long,
        help = say("Omit the header line of a table or of CSV", "不输出表格或 CSV 的列名行"),
    )]
    pub(crate) no_header: bool,
    #[arg(
        long,
        help = say(
            "Start CSV with a byte order mark, for spreadsheets that need one",
            "CSV 以字节顺序标记（BOM）开头，部分电子表格软件需要",
        ),
    )]
    pub(crate) bom: bool,
}

/// Characters that charts are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartGlyphs {
    #[value(help = say("Block elements if the locale has them", "方块字符，除非区域设置不支持"))]
    Auto,
    #[value(help = say("Block elements", "方块字符"))]
    Blocks,
    #[value(help = say("Plain characters", "普通字符"))]
    Ascii,
}

/// Placements of metrics in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableLayout {
    #[value(help = say("Metrics as columns", "指标各占一列"))]
    Wide,
    #[value(help = say("Metrics as lines", "指标各占一行"))]
    Long,
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lowercase")]
pub(crate) enum Format {
    #[value(help = say("A table for people", "供人阅读的表格"))]
    Table,
    #[value(help = say("A Markdown table", "Markdown 表格"))]
    Markdown,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
    #[value(help = say(
        "The rows of json, one per line, written as they arrive",
        "json 中的数据行，每行一条，边收边写",
    ))]
    Ndjson,
    #[value(help = say(
        "The rows of json as CSV, one per line, written as they arrive",
        "json 中的数据行，写成 CSV，每行一条，边收边写",
    ))]
    Csv,
    #[value(help = say(
        "One JSON line per call: window, attempt and the response as received",
        "每次调用一行 JSON：范围、第几次尝试和应答原文",
    ))]
    Raw,
    #[value(help = say(
        "Settled values as samples for a time series database",
        "已定的值，作为时序数据库的样本",
    ))]
    OpenMetrics,
    #[value(help = say(
        "The last settled hour and day and the month to date, for node_exporter's textfile collector",
        "最近一个数据已定的小时和天，以及本月至今，供 node_exporter 的 textfile 采集器读取",
    ))]
    Prometheus,
    #[value(help = say(
        "Rows with the cost and usage columns of FOCUS, written as they arrive",
        "按 FOCUS 规范的列输出各行用量，边收边写",
    ))]
    Focus,
    #[value(help = say(
        "The rows of json as a Parquet file, with -o FILE",
        "json 中的数据行，写成 Parquet 文件，配合 -o FILE",
    ))]
    Parquet,
    #[value(help = say(
        "One bare number, with --totals-only and one --metric",
        "只输出一个数，配合 --totals-only 和一个 --metric",
    ))]
    Value,
}

impl Format {
    /// Returns its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Raw => "raw",
            Self::OpenMetrics => "openmetrics",
            Self::Prometheus => "prometheus",
            Self::Focus => "focus",
            Self::Parquet => "parquet",
            Self::Value => "value",
        }
    }
}

impl OutputArgs {
    /// Returns the layout of a table.
    pub(crate) fn shape(&self) -> Shape {
        Shape {
            layout: self.layout.map(|layout| match layout {
                TableLayout::Wide => Layout::Wide,
                TableLayout::Long => Layout::Long,
            }),
            compact: self.compact,
            no_header: self.no_header,
            round: self.round,
        }
    }

    /// Returns the shape of a wide CSV.
    pub(crate) fn wide_csv(&self) -> WideCsv {
        WideCsv { bom: self.bom, header: !self.no_header, round: self.round }
    }

    /// Refuses to round costs that are not there.
    pub(crate) fn check_rounding(&self, has_prices: bool) -> Result<(), CliError> {
        let Some(digits) = self.round.filter(|_| !has_prices) else { return Ok(()) };
        Err(CliError::usage(text!(
            "--round {digits}: without prices there are no costs to round",
            "--round {digits}：没有价格，也就没有可舍入的费用"
        ))
        .with_hint(text!("add --prices FILE", "请加上 --prices FILE")))
    }

    /// Refuses flags that would be ignored silently in this format.
    pub(crate) fn check(&self, format: Format) -> Result<(), CliError> {
        let people = matches!(format, Format::Table | Format::Markdown);
        let named = matches!(format, Format::Table | Format::Csv | Format::Focus);
        let wrong = [
            ("--layout", self.layout.is_some() && !people, "table, markdown"),
            ("--wide", self.wide && format != Format::Csv, "csv"),
            ("--compact", self.compact && !people, "table, markdown"),
            ("--no-header", self.no_header && !named, "table, csv, focus"),
            ("--bom", self.bom && !matches!(format, Format::Csv | Format::Focus), "csv, focus"),
        ];
        let Some((flag, _, formats)) = wrong.into_iter().find(|(_, wrong, _)| *wrong) else {
            return Ok(());
        };
        Err(unsupported(flag, format, formats))
    }

    /// Returns the format: of the flag, else of the file's extension, else `default`.
    pub(crate) fn format(&self, default: Option<Format>) -> Result<Format, CliError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let default = if self.chart.is_some() { Some(Format::Table) } else { default };
        let default = default.unwrap_or(Format::Table);
        let Some(path) = self.output.as_deref().filter(|path| path.as_os_str() != "-") else {
            return Ok(default);
        };
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("json") => Ok(Format::Json),
            Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
            Some("csv") => Ok(Format::Csv),
            Some("md") => Ok(Format::Markdown),
            Some("txt") => Ok(Format::Table),
            Some("om") => Ok(Format::OpenMetrics),
            Some("prom") => Ok(Format::Prometheus),
            Some("parquet") => Ok(Format::Parquet),
            None => Ok(default),
            Some(_) => Err(CliError::usage(text!(
                "--output {path}: unknown file extension .{other}",
                "--output {path}：未知的扩展名 .{other}",
                other = extension.unwrap_or_default(),
                path = path.display()
            ))
            .with_hint(text!(
                "pass --format table, markdown, json, ndjson, csv, raw, openmetrics, prometheus, focus, parquet or value",
                "请用 --format 指明：table、markdown、json、ndjson、csv、raw、openmetrics、prometheus、focus、parquet 或 value"
            ))),
        }
    }
}

/// Returns the error of a flag that the format would ignore.
pub(super) fn unsupported(flag: &str, format: Format, formats: &str) -> CliError {
    let name = format.name();
    CliError::usage(text!(
        "{flag} cannot be used with -f {name}",
        "{flag} 不能与 -f {name} 同时使用"
    ))
    .with_hint(text!("use {flag} with -f {formats}", "{flag} 用于 -f {formats}"))
}
