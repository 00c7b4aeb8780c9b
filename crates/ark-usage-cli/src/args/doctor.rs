//! `ark-usage doctor`

use clap::{Args, Subcommand, ValueEnum};

use super::{NetworkArgs, ServerArgs};

/// Find out what is wrong.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct DoctorArgs {
    /// Whom it is about, and how it is told.
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// What else to look at.
    #[command(subcommand)]
    pub(crate) topic: Option<DoctorTopic>,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage doctor                        keys, clock, network, account, one call: what is wrong
  ark-usage doctor --demo                 the same, where nothing can be
  ark-usage doctor --profile work -f json
  ark-usage doctor error AccessDenied     what a code means
  ark-usage doctor probe                  settle what the vendor's page leaves open";

/// Whom it is about, and how it is told.
#[derive(Args, Debug)]
pub(crate) struct SubjectArgs {
    /// Where the question goes.
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Use the keys of this profile, whatever variables hold
    #[arg(long, value_name = "NAME", conflicts_with = "demo", help_heading = "Server and keys")]
    pub(crate) profile: Option<String>,
    /// Ask about this project; keys that are limited to projects need it
    #[arg(long, value_name = "NAME", help_heading = "Server and keys")]
    pub(crate) project: Option<String>,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// text for people, json for programs
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) format: ReportFormat,
}

/// Output formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A few lines for people
    Text,
    /// One JSON document
    Json,
}

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum DoctorTopic {
    /// Explain an error code of the API: what it means, what to do
    Error {
        /// The code, as in AccessDenied or InvalidParameter.StartTime
        code: String,
    },
    /// Find out by read-only calls what the vendor's page leaves open, as a note to hand on
    Probe(Box<ProbeArgs>),
}

/// Whom to ask.
#[derive(Args, Debug)]
pub(crate) struct ProbeArgs {
    /// Whom to ask.
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Ask about this endpoint for tags [default: the first that is found]
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    pub(crate) endpoint_id: Option<String>,
}
