//! The keys an emulator knows: those of the demo account, of made-up accounts, and any you add.

use volc_sign::Credentials;

use crate::data::{fold_text, is_made_up, made_up_id};

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

/// The first number of an account that has a name, and their count.
const NAMED_FROM: u64 = 10_000_000;
const NAMED: u64 = 80_000_000;

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

    /// The key of a made-up account. Key id and secret end in the account's number, so that you can
    /// tell them apart. For [`DEMO_ACCOUNT_ID`] it is the demo key.
    ///
    /// Made-up accounts have projects of their own beside `default`, which every account has; see
    /// [`is_made_up`](Self::is_made_up).
    pub fn made_up(account_id: u64) -> Self {
        if account_id == DEMO_ACCOUNT_ID {
            return Self::demo();
        }
        let key = format!("AKLTDEMO{account_id:025}");
        let secret = format!("demo-secret-not-a-real-key-{account_id:014}");
        Self::new(Credentials::new(key, secret), account_id)
    }

    /// The demo account and made-up ones, `count` in total: always the same for the same position.
    ///
    /// An account is a key and a number until a request arrives for it, so a thousand cost nothing.
    ///
    /// ```
    /// use ark_usage_emulator::Account;
    ///
    /// let ids: Vec<u64> = Account::several(3).map(|account| account.account_id).collect();
    /// assert_eq!(ids, [2_100_000_001, 2_101_000_002, 2_101_000_003]);
    /// ```
    pub fn several(count: u32) -> impl ExactSizeIterator<Item = Self> {
        (0..count).map(|position| match position {
            0 => Self::demo(),
            position => Self::made_up(made_up_id(u64::from(position) + 1)),
        })
    }

    /// The made-up account of a name, such as that of a profile: the same for the same name.
    ///
    /// ```
    /// use ark_usage_emulator::Account;
    ///
    /// let [team, same, other] = ["team-a", "team-a", "team-b"].map(Account::named);
    /// assert_eq!(team.account_id, same.account_id);
    /// assert_ne!(team.account_id, other.account_id);
    /// ```
    pub fn named(name: &str) -> Self {
        // Behind the numbers of `several`.
        let number = NAMED_FROM + fold_text(0, name) % NAMED;
        Self::made_up(made_up_id(number))
    }

    /// True for accounts of [`several`](Self::several), but for the demo account, and of
    /// [`named`](Self::named): their projects are their own, and none has the vendor's day.
    pub fn is_made_up(&self) -> bool {
        is_made_up(self.account_id)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn accounts_and_their_keys_differ() {
        let names = (0..500).map(|number| Account::named(&format!("team-{number}")));
        let accounts: Vec<Account> = Account::several(1000).chain(names).collect();
        let ids: BTreeSet<_> = accounts.iter().map(|account| account.account_id).collect();
        let key = |account: &Account| account.credentials.access_key_id().to_owned();
        let keys: BTreeSet<_> = accounts.iter().map(key).collect();
        let secret = |account: &Account| account.credentials.secret().expose().to_owned();
        let secrets: BTreeSet<_> = accounts.iter().map(secret).collect();
        assert_eq!((ids.len(), keys.len(), secrets.len()), (1500, 1500, 1500));
        assert!(keys.iter().all(|key| key.len() == DEMO_ACCESS_KEY_ID.len()));
        assert!(secrets.iter().all(|secret| secret.len() == DEMO_SECRET_ACCESS_KEY.len()));
        let made_up: Vec<bool> = accounts.iter().map(Account::is_made_up).collect();
        assert_eq!(made_up.iter().position(|made_up| !made_up), Some(0));
        assert_eq!(made_up.iter().filter(|made_up| !**made_up).count(), 1);
    }
}
