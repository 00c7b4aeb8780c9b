//! `--prices`, of every command that shows usage.

use std::path::PathBuf;

use clap::Args;

/// What it costs.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct PriceArgs {
    /// Add what it costs by the prices in FILE (TOML); what has no price there is marked, not 0
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
}
