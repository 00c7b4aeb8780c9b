//! `ark-usage doctor`

use clap::{Args, Subcommand};

/// Find out what is wrong.
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// What to look at.
    #[command(subcommand)]
    pub(crate) topic: DoctorTopic,
}

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum DoctorTopic {
    /// Explain an error code of the API, in English and Chinese
    Error {
        /// The code, as in AccessDenied or InvalidParameter.StartTime
        code: String,
    },
}
