//! `ark-usage conformance`: does somebody else's signer, or verifier, do as the official SDKs do?
//!
//! [`signer`] runs a program over the official SDKs' vectors and [`stages`] finds the first stage at
//! which it departs; [`server`] sends signed and tampered requests and looks which are taken;
//! [`report`] says what came of either.

mod report;
mod server;
mod signer;
mod stages;

use crate::args::{ConformanceArgs, VerifyFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;
use crate::text;

/// Tests the signer or the server, and says what came of it.
pub(crate) fn run(args: &ConformanceArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let report = match (&args.signer, &args.server) {
        (Some(command), _) => signer::test(command)?,
        (None, Some(url)) => server::test(url, args, context)?,
        // clap insists on one of them.
        (None, None) => {
            return Err(CliError::usage(text!(
                "--signer or --server is needed",
                "需要 --signer 或 --server"
            )));
        }
    };
    let text = match args.format {
        VerifyFormat::Text => report.text().in_lang(context.lang).as_bytes().to_vec(),
        VerifyFormat::Json => report.json()?,
    };
    output::write_stdout(&text)?;
    if report.misses_the_key() {
        context.note(text!(
            "the server does not know the key pair: tell it {id} with the secret {secret}",
            "服务端不认识这对密钥：请让它认识 {id}，Secret Key 为 {secret}",
            id = server::ACCESS_KEY_ID,
            secret = server::SECRET_ACCESS_KEY
        ));
    }
    Ok(if report.conforms() { ExitStatus::Done } else { ExitStatus::AnswerNo })
}
