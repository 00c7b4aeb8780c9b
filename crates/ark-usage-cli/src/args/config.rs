//! `ark-usage config`

use clap::{Args, Subcommand};

use super::{NetworkArgs, ReportFormat, ServerArgs};

/// Look at the configuration.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ConfigArgs {
    /// What to look at.
    #[command(subcommand)]
    pub(crate) topic: ConfigTopic,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage config show                   every value, and where it comes from
  ark-usage config show --profile work -f json
  ark-usage config path                   where the file is, or would be";

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigTopic {
    /// Print every effective value with where it comes from; secrets are masked
    Show(Box<ShowArgs>),
    /// Print where the configuration file is, or would be
    Path,
}

/// Flags to count in, and how it is told.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Where questions go.
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Use the keys of this profile, whatever variables hold
    #[arg(long, value_name = "NAME", conflicts_with = "demo", help_heading = "Server and keys")]
    pub(crate) profile: Option<String>,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// text for people, json for programs
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) format: ReportFormat,
}
