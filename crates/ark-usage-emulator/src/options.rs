//! What an emulator knows before the first request.

use volc_sign::Credentials;

use crate::data::CatalogueSize;
use crate::faults::FaultScript;
use crate::readings::Readings;

/// Access key id of the demo account. Not a key of any real account.
pub const DEMO_ACCESS_KEY_ID: &str = "AKLTDEMO0000000000000000000000000";
/// Secret of the demo account. Not a key of any real account.
pub const DEMO_SECRET_ACCESS_KEY: &str = "demo-secret-not-a-real-key-00000000000000";
/// Id of the demo account, as `GetCallerIdentity` reports it.
pub const DEMO_ACCOUNT_ID: u64 = 2_100_000_001;
/// The token that STS `AssumeRoleWithOIDC` takes here; all others are refused.
pub const DEMO_OIDC_TOKEN: &str = "demo-oidc-token-not-a-real-one-0000000000";
/// The access token that the sign-on portal takes here; all others are refused.
pub const DEMO_PORTAL_TOKEN: &str = "demo-access-token-not-a-real-one-00000000";
/// The role that instance metadata has; it belongs to the demo account.
pub const DEMO_ROLE: &str = "demo-role";
/// The seed of [`EmulatorOptions::default`].
pub const DEFAULT_SEED: u64 = 20_241_119;

/// Everything that decides what an [`Emulator`](crate::Emulator) answers.
///
/// ```
/// use ark_usage_emulator::{Account, EmulatorOptions};
/// use volc_sign::Credentials;
///
/// let key = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// let options = EmulatorOptions {
///     seed: 7,
///     accounts: vec![Account::demo(), Account::new(key, 2_100_000_002)],
///     readings: "tags=always".parse()?,
///     ..EmulatorOptions::default()
/// };
/// # let _ = options;
/// # Ok::<(), ark_usage_emulator::ReadingError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EmulatorOptions {
    /// Decides names and numbers. The vendor's day is the same for every seed.
    pub seed: u64,
    /// The keys that are known. Two keys of one account id see the same data.
    pub accounts: Vec<Account>,
    /// How the open questions about `GetUsage` are answered.
    pub readings: Readings,
    /// What goes wrong, and when.
    pub faults: FaultScript,
    /// How many projects and endpoints each account has.
    pub size: CatalogueSize,
    /// Calls per second and account, counted by the clock's whole seconds; more are answered with
    /// `FlowLimitExceeded`. `None` is no limit.
    pub calls_per_second: Option<u32>,
}

impl Default for EmulatorOptions {
    /// The demo account alone, the readings of the vendor's first sample, no faults, no limit.
    fn default() -> Self {
        Self {
            seed: DEFAULT_SEED,
            accounts: vec![Account::demo()],
            readings: Readings::default(),
            faults: FaultScript::default(),
            size: CatalogueSize::default(),
            calls_per_second: None,
        }
    }
}

/// One key pair, with or without a session token, and what it belongs to.
#[derive(Clone, Debug)]
pub struct Account {
    /// What requests must be signed with. With a session token, requests must present just that
    /// token; without one, none.
    pub credentials: Credentials,
    /// The account the key belongs to.
    pub account_id: u64,
    /// The projects the key may see; `None` is all of the account's.
    pub projects: Option<Vec<String>>,
}

impl Account {
    /// A key that sees all of its account's projects.
    pub fn new(credentials: Credentials, account_id: u64) -> Self {
        Self { credentials, account_id, projects: None }
    }

    /// [`DEMO_ACCESS_KEY_ID`] with [`DEMO_SECRET_ACCESS_KEY`].
    pub fn demo() -> Self {
        Self::new(Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY), DEMO_ACCOUNT_ID)
    }

    /// The same key, limited to some projects: others are refused with `AccessDenied`.
    #[must_use]
    pub fn with_projects<T: Into<String>>(self, projects: impl IntoIterator<Item = T>) -> Self {
        Self { projects: Some(projects.into_iter().map(Into::into).collect()), ..self }
    }

    pub(crate) fn sees(&self, project: &str) -> bool {
        self.projects.as_ref().is_none_or(|projects| projects.iter().any(|name| name == project))
    }
}
