//! `--demo`: the emulator inside this process on a loopback port, and its keys.

use ark_usage_emulator::{Account, Behaviors, Emulator, EmulatorOptions, Server};
use ark_usage_report::text;
use volc_openapi::{BaseUrl, ServiceDays, Site};
use volc_sign::Credentials;

use crate::clock::ProgramClock;
use crate::error::CliError;

/// The profiles that `--all-profiles` names in a demo. Any other name is a made-up account, too.
pub(crate) const PROFILES: [&str; 2] = ["production", "research"];

/// A running emulator; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Demo {
    pub(crate) base_url: BaseUrl,
    _server: Server,
}

impl Demo {
    /// Starts the emulator of a site with the clock of the program and the accounts of these profiles.
    pub(crate) async fn start<'a>(
        clock: &ProgramClock,
        site: &Site,
        days: ServiceDays,
        profiles: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<Self, CliError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            CliError::internal(text!(
                "--demo: cannot start the emulator on this machine",
                "--demo：无法在本机启动模拟服务"
            ))
            .with_source(error)
        };
        let emulator = Emulator::new(EmulatorOptions {
            accounts: profiles.into_iter().map(account).collect(),
            behaviors: Behaviors { days, ..Behaviors::of_site(site) },
            // Actions that only tests know.
            #[cfg(test)]
            extra_actions: vec![third_action::QUERY_USAGE_TABLE],
            ..EmulatorOptions::default()
        });
        let server = ark_usage_emulator::serve("127.0.0.1:0", emulator, clock.for_server()?)
            .await
            .map_err(|error| failed(error.into()))?;
        let base_url = server.base_url().parse().map_err(|error| failed(Box::from(error)))?;
        Ok(Self { base_url, _server: server })
    }
}

/// Returns the keys of a profile's made-up account, or of the demo account, which only the emulator
/// accepts.
pub(crate) fn credentials(profile: Option<&str>) -> Credentials {
    account(profile).credentials
}

/// Returns the keys of the made-up account with this access key.
pub(crate) fn credentials_of(access_key_id: &str) -> Option<Credentials> {
    let number = access_key_id.strip_prefix("AKLTDEMO")?.parse().ok()?;
    let credentials = Account::made_up(number).credentials;
    (credentials.access_key_id() == access_key_id).then_some(credentials)
}

fn account(profile: Option<&str>) -> Account {
    profile.map_or_else(Account::demo, Account::named)
}
