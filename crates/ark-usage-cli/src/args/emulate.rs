//! `ark-usage emulate`

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Imitate the API on this machine.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct EmulateArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Allow an address that other machines can reach
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// Another number, other data
    #[arg(long, value_name = "N", allow_hyphen_values = true, default_value_t = ark_usage_emulator::DEFAULT_SEED)]
    pub(crate) seed: u64,
    /// Answer an open question in another way, for example tags=always (repeatable)
    #[arg(long = "behavior", alias = "reading", value_name = "NAME=VALUE")]
    pub(crate) behaviors: Vec<String>,
    /// Misbehave as this TOML file says
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage emulate                          on a free port, printed on the first line
  ark-usage emulate --listen 127.0.0.1:8080
  ark-usage emulate --behavior tags=always   answer one of the open questions in another way";
