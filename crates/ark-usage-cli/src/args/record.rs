//! Recordings of exchanges, and their replay.

use std::path::PathBuf;

use clap::Args;

use super::headings;
use crate::lang::say;

/// The folder to record into or to replay from.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::recording())]
pub(crate) struct RecordArgs {
    #[arg(
        long,
        value_name = "DIR",
        help = say(
            "Record every exchange into this folder, without keys or signatures, for a bug report",
            "把每次请求和应答录制到该目录，不含密钥和签名，用于反馈问题",
        ),
    )]
    pub(crate) record: Option<PathBuf>,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["record", "demo", "base_url", "profile", "all_profiles", "set"],
        help = say(
            "Replay a recording from this folder: no network, no keys, the recorded clock",
            "回放该目录中的录制：不联网、不用密钥、使用录制时的时钟",
        ),
    )]
    pub(crate) replay: Option<PathBuf>,
}
