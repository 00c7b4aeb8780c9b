//! `ark-usage get`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::error::CliError;
use crate::render::{Layout, Shape};
use crate::text;

/// Ask Ark how many tokens were used.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct GetArgs {
    /// When, what, of whom and how.
    #[command(flatten)]
    pub(crate) ask: super::AskArgs,
    /// Of which endpoints.
    #[command(flatten)]
    pub(crate) endpoints: EndpointArgs,
    /// Summed how.
    #[command(flatten)]
    pub(crate) view: super::ViewArgs,
    /// By which action.
    #[command(flatten)]
    pub(crate) action: ActionArgs,
    /// What it costs.
    #[command(flatten)]
    pub(crate) prices: super::PriceArgs,
    /// How it is shown.
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage get --demo --last 7d                          made-up data, no keys needed
  ark-usage get --month 2026-10 --project chatbot         one month of one project
  ark-usage get --last 24h --endpoint-id ep-20240801120000-abcde
  ark-usage get --start 2026-11-01 --end 2026-11-07 -f json -o week.json
  ark-usage get --yesterday --by endpoint --compare previous    what grew, and where
  ark-usage get --month 2026-10 --by label:team --labels teams.csv -o october.csv
  ark-usage get --today --dry-run                         show the signed request, send nothing";

/// Which endpoints are counted.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters")]
pub(crate) struct EndpointArgs {
    /// Count this inference endpoint, ep-… (repeatable); @FILE or - reads ids, one a line
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) endpoint_id: Vec<String>,
    /// Count each endpoint by itself, with its name and model (asks Ark for the list)
    #[arg(long, conflicts_with = "endpoint_id")]
    pub(crate) all_endpoints: bool,
}

/// By which action.
#[derive(Args, Debug)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct ActionArgs {
    /// The action that is asked
    #[arg(long, value_name = "ACTION", default_value = "GetUsage")]
    pub(crate) api: Api,
    /// Print the signed request and send nothing
    #[arg(long, conflicts_with_all = ["format", "record", "replay", "all_projects", "all_endpoints"])]
    pub(crate) dry_run: bool,
}

/// Actions that answer the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// `GetUsage`, version 2024-01-01
    #[value(name = "GetUsage")]
    GetUsage,
}

impl Api {
    /// The action's name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetUsage => "GetUsage",
        }
    }
}

/// How the answer is shown.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// table, markdown for people; json, ndjson, csv for programs; raw for what the server said;
    /// openmetrics, focus for databases
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Bars, sparklines and hours of the week instead of columns; --chart=ascii without block signs
    #[arg(
        long,
        value_name = "GLYPHS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto",
        conflicts_with_all = ["format", "dry_run", "layout", "compact", "no_header"]
    )]
    pub(crate) chart: Option<ChartGlyphs>,
    /// Write to FILE instead of standard output (-); it appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Metrics as columns (wide) or a line each (long) [default: wide where it fits the terminal]
    #[arg(long, value_name = "LAYOUT", hide_possible_values = true)]
    pub(crate) layout: Option<TableLayout>,
    /// Short tables: 1.52 B for 1,529,525,715, and no column that says the same on every line
    #[arg(long)]
    pub(crate) compact: bool,
    /// Leave out the line that names the columns of a table or of CSV
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Begin CSV with a byte order mark, which some spreadsheets need
    #[arg(long)]
    pub(crate) bom: bool,
}

/// What charts are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartGlyphs {
    /// Block elements, unless the locale has none
    Auto,
    /// Block elements
    Blocks,
    /// Digits and signs
    Ascii,
}

/// Where a table has its metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableLayout {
    /// In columns
    Wide,
    /// On lines
    Long,
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// The same columns as a Markdown table
    Markdown,
    /// One JSON document
    Json,
    /// The rows of json, one a line, as they come
    Ndjson,
    /// The rows of json as columns, as they come
    Csv,
    /// One line of JSON per call: window, attempt and the envelope as it came
    Raw,
    /// The settled values as samples, for a time series database
    OpenMetrics,
    /// The rows as a cost and usage table with the columns of FOCUS, as they come
    Focus,
}

impl Format {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Raw => "raw",
            Self::OpenMetrics => "openmetrics",
            Self::Focus => "focus",
        }
    }
}

impl OutputArgs {
    /// How a table is laid out.
    pub(crate) fn shape(&self) -> Shape {
        Shape {
            layout: self.layout.map(|layout| match layout {
                TableLayout::Wide => Layout::Wide,
                TableLayout::Long => Layout::Long,
            }),
            compact: self.compact,
            no_header: self.no_header,
        }
    }

    /// Refuses what this format has no use for: it would be silently without effect.
    pub(crate) fn check(&self, format: Format) -> Result<(), CliError> {
        let people = matches!(format, Format::Table | Format::Markdown);
        let named = matches!(format, Format::Table | Format::Csv | Format::Focus);
        let wrong = [
            ("--layout", self.layout.is_some() && !people, "table, markdown"),
            ("--compact", self.compact && !people, "table, markdown"),
            ("--no-header", self.no_header && !named, "table, csv, focus"),
            ("--bom", self.bom && !matches!(format, Format::Csv | Format::Focus), "csv, focus"),
        ];
        let Some((flag, _, formats)) = wrong.into_iter().find(|(_, wrong, _)| *wrong) else {
            return Ok(());
        };
        Err(no_use(flag, format, formats))
    }

    /// The format asked for; from the file's extension when only that says it; else `usual`.
    pub(crate) fn format(&self, usual: Option<Format>) -> Result<Format, CliError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let usual = if self.chart.is_some() { Some(Format::Table) } else { usual };
        let usual = usual.unwrap_or(Format::Table);
        let Some(path) = self.output.as_deref().filter(|path| path.as_os_str() != "-") else {
            return Ok(usual);
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Ok(Format::Json),
            Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
            Some("csv") => Ok(Format::Csv),
            Some("md") => Ok(Format::Markdown),
            Some("txt") => Ok(Format::Table),
            Some("om") => Ok(Format::OpenMetrics),
            None => Ok(usual),
            Some(other) => Err(CliError::usage(text!(
                "--output {path}: no format goes by the extension .{other}",
                "--output {path}：没有对应扩展名 .{other} 的格式",
                path = path.display()
            ))
            .with_hint(text!(
                "name one with --format table, markdown, json, ndjson, csv, raw, openmetrics or focus",
                "请用 --format 指明：table、markdown、json、ndjson、csv、raw、openmetrics 或 focus"
            ))),
        }
    }
}

/// A flag that a format would silently pass over.
pub(super) fn no_use(flag: &str, format: Format, formats: &str) -> CliError {
    let name = format.name();
    CliError::usage(text!("{flag}: -f {name} has no use for it", "{flag}：-f {name} 用不到它"))
        .with_hint(text!("{flag} is for -f {formats}", "{flag} 用于 -f {formats}"))
}
