//! Options of every command that sends.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::query::some_time;
use crate::error::CliError;

/// How the server is reached.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Go through this HTTP proxy (also HTTP_PROXY, HTTPS_PROXY, NO_PROXY)
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Trust the certificate authorities in this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Longest time until there is a connection [default: 10s]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) connect_timeout: Option<String>,
    /// Longest silence of the server [default: 30s]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) read_timeout: Option<String>,
    /// Longest time of one call, answer and all [default: 5min]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) call_timeout: Option<String>,
    /// Largest answer, unpacked, in MiB [default: 256]
    #[arg(long, value_name = "MIB", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) body_limit: Option<u32>,
}

/// Which time-out a flag sets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeoutFlag {
    Connect,
    Read,
    Call,
}

impl NetworkArgs {
    /// A time-out, when it is given.
    pub(crate) fn timeout(&self, which: TimeoutFlag) -> Result<Option<Duration>, CliError> {
        let (flag, text) = match which {
            TimeoutFlag::Connect => ("--connect-timeout", &self.connect_timeout),
            TimeoutFlag::Read => ("--read-timeout", &self.read_timeout),
            TimeoutFlag::Call => ("--call-timeout", &self.call_timeout),
        };
        let Some(text) = text else { return Ok(None) };
        some_time(flag, text).map(Some)
    }
}
