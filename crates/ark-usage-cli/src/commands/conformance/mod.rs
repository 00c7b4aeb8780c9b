//! `ark-usage conformance`: tests other signers and servers against the official SDKs.
//!
//! [`signer`] runs a program on the vectors of the official SDKs and [`stages`] finds the first stage
//! that differs; [`server`] sends signed and tampered requests and records which are accepted;
//! [`report`] prints the results.

mod report;
mod server;
mod signer;
mod stages;

use ark_usage_render::document_lines;
use ark_usage_report::text;

use crate::args::{ConformanceArgs, VerifyFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output;

/// Tests the signer or the server and prints the results.
pub(crate) fn run(args: &ConformanceArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let report = match (&args.signer, &args.server) {
        (Some(command), _) => signer::test(command)?,
        (None, Some(url)) => server::test(url, args, context)?,
        // clap requires one of them.
        (None, None) => {
            return Err(CliError::usage(text!(
                "--signer or --server is required",
                "需要 --signer 或 --server"
            )));
        }
    };
    let text = match args.format {
        VerifyFormat::Text => {
            document_lines(report.text().in_lang(context.lang)).as_bytes().to_vec()
        }
        VerifyFormat::Json => report.json()?,
    };
    output::write_stdout(&text)?;
    if report.lacks_test_key() {
        context.note(text!(
            "the server does not know the test key pair: configure access key {id} with secret {secret}",
            "服务端不认识测试密钥：请配置 Access Key {id}，Secret Key {secret}",
            id = server::ACCESS_KEY_ID,
            secret = server::SECRET_ACCESS_KEY
        ));
    }
    Ok(Conclusion::of_check(report.conforms()).into())
}
