//! `ark-usage conformance`

use clap::{ArgGroup, Args};

use super::{NetworkArgs, VerifyFormat};

/// Test somebody's signer or verifier.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, group = ArgGroup::new("subject").required(true))]
pub(crate) struct ConformanceArgs {
    /// Test this program: it reads a request a line and answers each with a line
    #[arg(long, value_name = "COMMAND", group = "subject")]
    pub(crate) signer: Option<String>,
    /// Test the server at this address, which has to know the key pair above
    #[arg(long, value_name = "URL", group = "subject")]
    pub(crate) server: Option<String>,
    /// Region of the requests to the server
    #[arg(long, value_name = "REGION", default_value = "cn-beijing", conflicts_with = "signer")]
    pub(crate) region: String,
    /// Service of the requests to the server
    #[arg(long, value_name = "SERVICE", default_value = "ark", conflicts_with = "signer")]
    pub(crate) service: String,
    /// text for people, json for programs
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) format: VerifyFormat,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

const EXAMPLES: &str = "\
The requests, and the keys in them, are test data; your own keys are not looked for.
A server has to know one pair: AKLTEXAMPLE0000000000000000000001 with the secret
fake-secret-for-tests-only-0001. Exit code 0: it conforms, 7: it does not.
docs/conformance-kit.md describes the lines and the requests.

Examples:
  ark-usage conformance --signer 'python3 signer.py'
  ark-usage conformance --signer './signer --stdin' -f json
  ark-usage conformance --server http://127.0.0.1:8080";
