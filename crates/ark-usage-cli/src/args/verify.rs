//! `ark-usage verify` and `ark-usage explain`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use volc_sign::VerifyPolicy;

use super::RequestArgs;

/// Check a request's signature.
#[derive(Args, Debug)]
#[command(before_help = VERIFY_EXAMPLES)]
pub(crate) struct VerifyArgs {
    /// What was received.
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    /// What the server insists on.
    #[command(flatten)]
    pub(crate) server: VerifyingArgs,
}

/// Find out why a signature was refused.
#[derive(Args, Debug)]
#[command(before_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// What was received.
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    /// What the server insists on.
    #[command(flatten)]
    pub(crate) server: VerifyingArgs,
    /// The canonical request the server says it computed, in a file
    #[arg(long, value_name = "FILE", help_heading = "What the server said")]
    pub(crate) server_canonical: Option<PathBuf>,
    /// The string to sign the server says it computed, in a file
    #[arg(long, value_name = "FILE", help_heading = "What the server said")]
    pub(crate) server_string_to_sign: Option<PathBuf>,
}

const VERIFY_EXAMPLES: &str = "\
Keys come from the environment, a profile or a file, as for `get`; never from an argument.
Nothing is sent. Exit code 0: valid, 7: not valid.

Examples:
  ark-usage verify POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage verify GET 'https://iam.volcengineapi.com/?Action=…&X-Signature=…'   a presigned URL";

const EXPLAIN_EXAMPLES: &str = "\
Keys come from the environment, a profile or a file, as for `get`; never from an argument.
Nothing is sent. Exit code 0: valid, 7: not valid.

Examples:
  ark-usage explain POST 'https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01' \\
    -H 'Host: open.volcengineapi.com' -H 'X-Date: 20241119T021530Z' -H 'X-Content-Sha256: …' \\
    -H 'Authorization: HMAC-SHA256 Credential=…' -d @body.json --now 20241119T021530Z
  ark-usage explain POST … --server-canonical canonical.txt   with what the server's error showed";

/// What the server insists on.
#[derive(Args, Debug)]
#[command(next_help_heading = "Server")]
pub(crate) struct VerifyingArgs {
    /// Refuse scopes of another region [default: any]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Refuse scopes of another service [default: any]
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,
    /// Seconds the signer's clock may be off
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true, default_value_t = 900, value_parser = clap::value_parser!(u32).range(..))]
    pub(crate) max_skew: u32,
    /// What has to be signed, and how
    #[arg(long, value_name = "POLICY", default_value = "official-clients")]
    pub(crate) policy: Policy,
    /// text for people, json for programs
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) format: VerifyFormat,
}

impl VerifyingArgs {
    /// The policy all of them come to.
    pub(crate) fn policy(&self) -> VerifyPolicy {
        let policy = match self.policy {
            Policy::Strict => VerifyPolicy::strict(),
            Policy::OfficialClients => VerifyPolicy::official_clients(),
        };
        let policy = policy.with_max_skew(self.max_skew.into());
        let policy = match &self.region {
            Some(region) => policy.for_region(region),
            None => policy,
        };
        match &self.service {
            Some(service) => policy.for_service(service),
            None => policy,
        }
    }
}

/// What a server insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// The rules to the letter
    Strict,
    /// Everything the official SDKs send, as the service must accept
    OfficialClients,
}

/// Output formats of `verify` and `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    /// A few lines for people
    Text,
    /// One JSON document
    Json,
}
