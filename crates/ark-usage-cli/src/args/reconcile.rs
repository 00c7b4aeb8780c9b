//! `ark-usage reconcile`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{AskArgs, Format};

/// Check that the service agrees with itself.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ReconcileArgs {
    /// When, what, of whom and how.
    #[command(flatten)]
    pub(crate) ask: AskArgs,
    /// Count this endpoint among the parts too, as one that is not listed any more (repeatable);
    /// @FILE or - reads ids, one a line
    #[arg(long, value_name = "ID", allow_hyphen_values = true, help_heading = "Filters")]
    pub(crate) endpoint_id: Vec<String>,
    /// table for people, json for programs
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<ReconcileFormat>,
    /// Write to FILE instead of standard output (-); it appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
For each day: do its hours add up to it, and do a project's endpoints add up to the project?
Exit code 0: wherever both sides came, yes; 6: some did not come; 7: no.

Examples:
  ark-usage reconcile --demo --last 7d              made-up data, no keys needed
  ark-usage reconcile --month 2026-10 --all-projects
  ark-usage reconcile --yesterday -f json -o yesterday.json";

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReconcileFormat {
    /// Counts, and every check that did not come out equal
    Table,
    /// One JSON document with every check
    Json,
}

impl ReconcileArgs {
    /// The format asked for; from the file's extension when only that says it; else the usual one,
    /// when it is one of these.
    pub(crate) fn format(&self, usual: Option<Format>) -> ReconcileFormat {
        let extension = self.output.as_deref().and_then(|path| path.extension());
        let json = match extension {
            Some(extension) => extension == "json",
            None => usual == Some(Format::Json),
        };
        self.format.unwrap_or(if json { ReconcileFormat::Json } else { ReconcileFormat::Table })
    }
}
