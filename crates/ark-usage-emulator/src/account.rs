//! The keys an emulator knows, and those of the demo account.

use volc_sign::Credentials;

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

/// One key pair, with or without a session token, and what it belongs to.
#[derive(Clone, Debug)]
pub struct Account {
    /// The credentials requests must be signed with. With a session token, requests must present
    /// just that token; without one, none.
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
