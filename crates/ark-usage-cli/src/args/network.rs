//! Options of every command that sends.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::headings;
use super::query::positive_duration;
use crate::error::CliError;
use crate::lang::say;

/// Proxy, certificates, time limits and sizes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::network())]
pub(crate) struct NetworkArgs {
    #[arg(
        long,
        value_name = "URL",
        help = say(
            "HTTP proxy [default: from HTTP_PROXY, HTTPS_PROXY and NO_PROXY]",
            "HTTP 代理 [默认：取自 HTTP_PROXY、HTTPS_PROXY 与 NO_PROXY]",
        ),
    )]
    pub(crate) proxy: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        help = say(
            "Also trust the CA certificates in this PEM file",
            "额外信任该 PEM 文件中的 CA 证书",
        ),
    )]
    pub(crate) ca_bundle: Option<PathBuf>,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help = say("Time limit for connecting [default: 10s]", "建立连接的最长时间 [默认：10s]"),
    )]
    pub(crate) connect_timeout: Option<String>,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help = say(
            "Time limit without data from the server [default: 30s]",
            "服务端无应答的最长时间 [默认：30s]",
        ),
    )]
    pub(crate) read_timeout: Option<String>,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help = say(
            "Time limit for a whole call, response included [default: 5min]",
            "单次调用（含接收应答）的最长时间 [默认：5min]",
        ),
    )]
    pub(crate) call_timeout: Option<String>,
    #[arg(
        long,
        value_name = "MIB",
        allow_hyphen_values = true,
        value_parser = clap::value_parser!(u32).range(1..=1024),
        help = say(
            "Maximum size of all responses read at once in MiB, decompressed [default: 256]",
            "同时读取的所有应答解压后的总体积上限，单位 MiB [默认：256]",
        ),
    )]
    pub(crate) body_limit: Option<u32>,
}

/// The flags that set a time limit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeoutFlag {
    Connect,
    Read,
    Call,
}

impl NetworkArgs {
    /// Returns the time limit of a flag, if it is given.
    pub(crate) fn timeout(&self, which: TimeoutFlag) -> Result<Option<Duration>, CliError> {
        let (flag, text) = match which {
            TimeoutFlag::Connect => ("--connect-timeout", &self.connect_timeout),
            TimeoutFlag::Read => ("--read-timeout", &self.read_timeout),
            TimeoutFlag::Call => ("--call-timeout", &self.call_timeout),
        };
        let Some(text) = text else { return Ok(None) };
        positive_duration(flag, text).map(Some)
    }
}
