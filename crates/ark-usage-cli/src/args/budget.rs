//! `ark-usage budget`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Format, StandingArgs};

/// Check usage against limits.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct BudgetArgs {
    /// Read limits from FILE (TOML; repeatable): docs/budget.md describes it
    #[arg(long, value_name = "FILE", help_heading = "Limits")]
    pub(crate) rules: Vec<PathBuf>,
    /// A hard limit: METRIC=TOKENS/PERIOD, as in PromptTokens=1e9/month (repeatable); total counts
    /// all metrics; periods are day, week and month
    #[arg(long, value_name = "LIMIT", help_heading = "Limits")]
    pub(crate) max: Vec<String>,
    /// Read labels of endpoints from a CSV file, by its column endpoint_id
    #[arg(long, value_name = "FILE", help_heading = "Limits")]
    pub(crate) labels: Option<PathBuf>,
    /// What, of whom and how.
    #[command(flatten)]
    pub(crate) standing: StandingArgs,
    /// table for people, json for programs
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<BudgetFormat>,
    /// Write to FILE instead of standard output (-); it appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Is usage of this day, week or month within its limits, and where is it going?
Exit code 0: yes, a soft limit may be exceeded; 6: not all of it came; 7: a hard limit is exceeded.

Examples:
  ark-usage budget --demo --max 'total=5e10/month'        made-up data, no keys needed
  ark-usage budget --rules budget.toml --all-projects
  ark-usage budget --rules budget.toml -f json -o budget.json";

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BudgetFormat {
    /// A line per limit
    Table,
    /// One JSON document
    Json,
}

impl BudgetArgs {
    /// The format asked for; from the file's extension when only that says it; else the usual one,
    /// if it is one of these.
    pub(crate) fn format(&self, usual: Option<Format>) -> BudgetFormat {
        let json = |path: &PathBuf| path.extension().is_some_and(|it| it == "json");
        match self.format {
            Some(format) => format,
            None if self.output.as_ref().is_some_and(json) => BudgetFormat::Json,
            None if self.output.is_none() && usual == Some(Format::Json) => BudgetFormat::Json,
            None => BudgetFormat::Table,
        }
    }
}
