//! The program's clock: the system's, or the instant given with `--now`.

use jiff::Timestamp;

use crate::error::CliError;

/// Where "now" comes from, for every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgramClock {
    frozen: Option<Timestamp>,
}

impl ProgramClock {
    /// A clock that stands still at `--now`, or the system's when that was not given.
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self { frozen: now }
    }

    /// The current instant.
    pub(crate) fn now(self) -> Timestamp {
        self.frozen.unwrap_or_else(Timestamp::now)
    }

    /// The instant given with `--now`, in whole seconds.
    pub(crate) fn frozen_unix(self) -> Option<i64> {
        self.frozen.map(Timestamp::as_second)
    }

    /// The current instant as the signer takes it.
    pub(crate) fn signing_time(self) -> Result<volc_sign::SigningTime, CliError> {
        let now = self.now();
        u64::try_from(now.as_second())
            .ok()
            .and_then(|seconds| volc_sign::SigningTime::from_unix(seconds).ok())
            .ok_or_else(|| {
                CliError::usage(format!(
                    "--now {now} cannot be signed: X-Date has four-digit years from 1970 on"
                ))
            })
    }

    /// The clock as a server takes it. An instant that cannot be signed is refused at once.
    pub(crate) fn for_server(
        self,
    ) -> Result<impl Fn() -> volc_sign::SigningTime + Send + Sync + 'static, CliError> {
        let start = self.signing_time()?;
        Ok(move || self.signing_time().unwrap_or(start))
    }
}
