//! Recordings: kept with one flag, answered from with the other.

use std::path::PathBuf;

use clap::Args;

/// Keeping what is said, and hearing it again.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Recording")]
pub(crate) struct RecordArgs {
    /// Keep every exchange in this folder, without keys and signatures: for a bug report
    #[arg(long, value_name = "DIR")]
    pub(crate) record: Option<PathBuf>,
    /// Answer from such a folder: no network, no keys, the recorded clock
    #[arg(long, value_name = "DIR", conflicts_with_all = ["record", "demo", "base_url", "profile", "all_profiles", "set"])]
    pub(crate) replay: Option<PathBuf>,
}
