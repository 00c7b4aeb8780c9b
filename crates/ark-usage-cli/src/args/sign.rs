//! `ark-usage sign`

use clap::{Args, ValueEnum};

use super::RequestArgs;

/// Sign a request without sending it.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct SignArgs {
    /// What is signed.
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    /// How it is signed.
    #[command(flatten)]
    pub(crate) how: SigningArgs,
    /// What is printed: headers for people and scripts (the URL with --presign), http or curl to
    /// send it, json with every stage
    #[arg(short, long, value_name = "FORMAT", default_value = "headers", help_heading = "Output")]
    pub(crate) format: SignFormat,
}

const EXAMPLES: &str = "\
Keys come from the environment, a profile or a file, as for `get`; never from an argument.
Nothing is sent.

Examples:
  ark-usage sign POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Content-Type: application/json' -d @body.json
  ark-usage sign GET 'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01' \\
    --service iam -f curl                      a command to paste
  ark-usage sign GET 'https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01' \\
    --service iam --presign --expires-in 300   a URL that carries its signature
  ark-usage sign POST … -f json                canonical request, string to sign and all";

/// How it is signed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Signature")]
pub(crate) struct SigningArgs {
    /// Region of the scope [default: cn-beijing]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Service of the scope [default: ark]
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,
    /// Sign exactly these headers in this order, as in 'host;x-date' or 'host,x-date'
    /// [default: host, x-content-sha256, x-date, and x-security-token when there is one]
    #[arg(long, value_name = "LIST")]
    pub(crate) signed_headers: Option<String>,
    /// Put the signature into the URL; the body is not covered then
    #[arg(long)]
    pub(crate) presign: bool,
    /// How long the presigned URL is good [default: what the server allows, 900]
    #[arg(
        long,
        value_name = "SECONDS",
        allow_hyphen_values = true,
        requires = "presign",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub(crate) expires_in: Option<u32>,
    /// Sign what official SDKs sign in different ways as the Go SDK does, instead of refusing it
    #[arg(long)]
    pub(crate) permissive: bool,
}

/// Output formats of `sign`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignFormat {
    /// The headers to send, one a line; with --presign the URL
    Headers,
    /// The request as text
    Http,
    /// A curl command for the shell
    Curl,
    /// One JSON document: every stage, the headers, the URL
    Json,
}
