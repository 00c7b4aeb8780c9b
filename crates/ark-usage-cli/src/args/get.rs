//! `ark-usage get`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::error::CliError;
use crate::range::RangeInput;

/// Ask Ark how many tokens were used.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct GetArgs {
    /// When.
    #[command(flatten)]
    pub(crate) range: RangeArgs,
    /// What.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Where.
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Whose.
    #[command(flatten)]
    pub(crate) account: AccountArgs,
    /// By which action.
    #[command(flatten)]
    pub(crate) action: ActionArgs,
    /// How hard it asks.
    #[command(flatten)]
    pub(crate) query: super::QueryArgs,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: super::NetworkArgs,
    /// Whether it is recorded or replayed.
    #[command(flatten)]
    pub(crate) record: super::RecordArgs,
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
  ark-usage get --today --dry-run                         show the signed request, send nothing";

/// When: one way to name a range; without any, the last seven days.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Range (both ends included; the last 7 days when none is given)")]
pub(crate) struct RangeArgs {
    /// First bucket: a date, RFC 3339, or unix seconds
    #[arg(long, visible_alias = "since", value_name = "T", allow_hyphen_values = true, conflicts_with_all = ["last", "today", "yesterday", "month"])]
    pub(crate) start: Option<String>,
    /// Last bucket, included; now when left out
    #[arg(
        long,
        visible_alias = "until",
        value_name = "T",
        allow_hyphen_values = true,
        requires = "start"
    )]
    pub(crate) end: Option<String>,
    /// 7d: today and the six days before; 24h: 24 hours with the running one; 4w: 28 days
    #[arg(long, value_name = "N", allow_hyphen_values = true, conflicts_with_all = ["today", "yesterday", "month"])]
    pub(crate) last: Option<String>,
    /// Today
    #[arg(long, conflicts_with_all = ["yesterday", "month"])]
    pub(crate) today: bool,
    /// Yesterday
    #[arg(long, conflicts_with = "month")]
    pub(crate) yesterday: bool,
    /// One calendar month
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
    /// day or hour (or 86400, 3600); day by default, hour when the range is given in hours
    #[arg(short, long, value_name = "INTERVAL")]
    pub(crate) interval: Option<String>,
    /// Time zone that dates are read and shown in [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE")]
    pub(crate) tz: Option<String>,
}

impl RangeArgs {
    /// The range asked for.
    pub(crate) fn input(&self) -> RangeInput {
        if let Some(start) = &self.start {
            return RangeInput::Between { start: start.clone(), end: self.end.clone() };
        }
        if let Some(month) = &self.month {
            return RangeInput::Month(month.clone());
        }
        match (&self.last, self.today, self.yesterday) {
            (Some(last), _, _) => RangeInput::Last(last.clone()),
            (None, true, _) => RangeInput::Today,
            (None, false, true) => RangeInput::Yesterday,
            (None, false, false) => RangeInput::Last("7d".to_owned()),
        }
    }

    /// The interval asked for, if any.
    pub(crate) fn interval(&self) -> Result<Option<ark_usage_model::Interval>, CliError> {
        let parse = |text: &String| {
            text.parse().map_err(|_| {
                CliError::usage(format!("--interval {text}: the service counts by day or by hour"))
                    .with_hint("write --interval day (or 86400) or --interval hour (or 3600)")
            })
        };
        self.interval.as_ref().map(parse).transpose()
    }
}

/// What is counted.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters")]
pub(crate) struct FilterArgs {
    /// Count this project (repeatable); the service counts the default project when none is named
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Vec<String>,
    /// Count every project these keys may see (asks IAM for the list)
    #[arg(long, conflicts_with_all = ["project", "dry_run"])]
    pub(crate) all_projects: bool,
    /// Count this inference endpoint, ep-… (repeatable); @FILE or - reads ids, one a line
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) endpoint_id: Vec<String>,
    /// Count each endpoint by itself, with its name and model (asks Ark for the list)
    #[arg(long, conflicts_with_all = ["endpoint_id", "dry_run"])]
    pub(crate) all_endpoints: bool,
    /// Count this scene: Ordinary, Batch or BatchChat (repeatable)
    #[arg(long, value_name = "SCENE")]
    pub(crate) scene: Vec<String>,
    /// Count this batch inference job
    #[arg(long, value_name = "ID")]
    pub(crate) batch_job_id: Option<String>,
}

/// Where the question goes.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct ServerArgs {
    /// Start the emulator inside the process and ask it: no keys, made-up data
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) demo: bool,
    /// Server address [default: open.volcengineapi.com over https]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Allow plain http to a host other than this machine
    #[arg(long)]
    pub(crate) allow_http: bool,
    /// Region in the signature [default: cn-beijing]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Service in the signature [default: ark]
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,
}

/// Whose usage it is.
#[derive(Args, Debug)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct AccountArgs {
    /// Use the keys of this profile, whatever variables hold (repeatable, for several accounts)
    #[arg(long, value_name = "NAME", conflicts_with = "demo")]
    pub(crate) profile: Vec<String>,
    /// Ask about this set of the configuration: its profiles, projects and endpoints
    #[arg(long, value_name = "NAME", conflicts_with = "demo")]
    pub(crate) set: Option<String>,
}

/// By which action.
#[derive(Args, Debug)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct ActionArgs {
    /// The action that is asked
    #[arg(long, value_name = "ACTION", default_value = "GetUsage")]
    pub(crate) api: Api,
    /// Print the signed request and send nothing
    #[arg(long, conflicts_with_all = ["format", "record", "replay"])]
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
    /// table for people, json, ndjson and csv for programs, raw for what the server said
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write to FILE instead of standard output (-); it appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Begin CSV with a byte order mark, which some spreadsheets need
    #[arg(long)]
    pub(crate) bom: bool,
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// One JSON document
    Json,
    /// The rows of json, one a line, as they come
    Ndjson,
    /// The rows of json as columns, as they come
    Csv,
    /// One line of JSON per call: window, attempt and the envelope as it came
    Raw,
}

impl Format {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Raw => "raw",
        }
    }
}

impl OutputArgs {
    /// The format asked for; from the file's extension when only that says it; else `usual`.
    pub(crate) fn format(&self, usual: Option<Format>) -> Result<Format, CliError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let usual = usual.unwrap_or(Format::Table);
        let Some(path) = self.output.as_deref().filter(|path| path.as_os_str() != "-") else {
            return Ok(usual);
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Ok(Format::Json),
            Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
            Some("csv") => Ok(Format::Csv),
            Some("txt") => Ok(Format::Table),
            None => Ok(usual),
            Some(other) => Err(CliError::usage(format!(
                "--output {}: no format goes by the extension .{other}",
                path.display()
            ))
            .with_hint("name one with --format table, json, ndjson, csv or raw")),
        }
    }
}
