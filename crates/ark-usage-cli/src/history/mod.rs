//! The history: numbers that outlive the service, in a file of this machine.

mod file;
mod open;

pub(crate) use file::HistoryFile;
