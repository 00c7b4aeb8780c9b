//! The history: numbers that outlive the service, in a file of this machine.

mod file;
mod kept_usage;
mod open;

pub(crate) use file::HistoryFile;
pub(crate) use kept_usage::KeptUsage;
