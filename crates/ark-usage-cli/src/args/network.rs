//! Options of every command that sends.

use std::path::PathBuf;

use clap::Args;

/// How the server is reached.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Go through this HTTP proxy (also HTTP_PROXY, HTTPS_PROXY, NO_PROXY)
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Trust the certificate authorities in this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
}
