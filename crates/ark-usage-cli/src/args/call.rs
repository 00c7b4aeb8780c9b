//! `ark-usage call`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{NetworkArgs, ServerArgs};

/// Call any action of any service.
#[derive(Args, Debug)]
// --version is the action's here; the program's own is asked for without a command.
#[command(before_help = EXAMPLES, disable_version_flag = true)]
pub(crate) struct CallArgs {
    /// The action, as in ListEndpoints
    #[arg(value_name = "ACTION")]
    pub(crate) action: String,
    /// What is asked.
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
    /// Where the question goes.
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Use the keys of this profile, whatever variables hold
    #[arg(long, value_name = "NAME", conflicts_with = "demo", help_heading = "Server and keys")]
    pub(crate) profile: Option<String>,
    /// Print the signed request and send nothing
    #[arg(long, help_heading = "Server and keys")]
    pub(crate) dry_run: bool,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// Write to FILE instead of standard output (-); it appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage call ListEndpoints --demo                        made-up data, no keys needed
  ark-usage call ListEndpoints -d '{\"PageSize\": 10}'
  ark-usage call ListProjects --service iam --query Limit=10
  ark-usage call GetCallerIdentity --service sts
  ark-usage call DescribeVpcs --service vpc --version 2020-04-01 --method GET";

/// What is asked.
#[derive(Args, Debug)]
#[command(next_help_heading = "Question")]
pub(crate) struct QuestionArgs {
    /// The action's version [default: known for ark, sts and IAM's ListProjects]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) version: Option<String>,
    /// Parameters as JSON: the text itself, @FILE, or @- for standard input
    #[arg(short = 'd', long = "data", value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) data: Option<String>,
    /// A parameter in the query (repeatable); encoded for you
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) query: Vec<String>,
    /// GET or POST [default: POST with -d, GET with --query, otherwise what the service takes]
    #[arg(long, value_name = "METHOD", ignore_case = true)]
    pub(crate) method: Option<CallMethod>,
    /// Try again after a failure that may pass, also when the action may change something
    /// [default: only for Get…, List… and Describe…]
    #[arg(long)]
    pub(crate) retry: bool,
}

/// How parameters travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CallMethod {
    /// All in the query
    #[value(name = "GET")]
    Get,
    /// A JSON body
    #[value(name = "POST")]
    Post,
}
