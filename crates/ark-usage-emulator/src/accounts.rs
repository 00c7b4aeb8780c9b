//! All keys that are accepted: those that were configured, and those that were issued here.

use std::borrow::Cow;

use volc_sign::SessionToken;

use crate::account::Account;
use crate::errors::Refusal;
use crate::temporary::TemporaryKeys;

/// The accepted keys.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// Sorted by key id, so that one of thousands is found at once.
    configured: Vec<Account>,
    /// The seed of temporary keys.
    seed: u64,
}

impl Accounts {
    /// Of two entries with one key id the first counts.
    pub(crate) fn new(mut configured: Vec<Account>, seed: u64) -> Self {
        configured.sort_by(|one, other| key_id(one).cmp(key_id(other)));
        Self { configured, seed }
    }

    /// A key that was configured, or one that was issued here.
    pub(crate) fn find(
        &self,
        access_key_id: &str,
        token: Option<&SessionToken>,
        now: i64,
    ) -> Result<Cow<'_, Account>, Refusal> {
        if let Some(account) = self.configured(access_key_id) {
            return Ok(Cow::Borrowed(account));
        }
        let issued = TemporaryKeys::recognise(self.seed, access_key_id, token, now);
        issued.unwrap_or_else(|| Err(Refusal::invalid_access_key(access_key_id))).map(Cow::Owned)
    }

    /// The account that a request claims to come from, proven or not.
    pub(crate) fn claimed(&self, access_key_id: &str) -> Option<u64> {
        let configured = self.configured(access_key_id).map(|account| account.account_id);
        configured.or_else(|| TemporaryKeys::account_id(access_key_id))
    }

    fn configured(&self, access_key_id: &str) -> Option<&Account> {
        let first = self.configured.partition_point(|account| key_id(account) < access_key_id);
        self.configured.get(first).filter(|account| key_id(account) == access_key_id)
    }
}

fn key_id(account: &Account) -> &str {
    account.credentials.access_key_id()
}

#[cfg(test)]
mod tests {
    use volc_sign::Credentials;

    use super::*;

    #[test]
    fn keys_are_found_wherever_they_are_in_the_list() {
        let named = ["b", "a"].map(Account::named);
        let all: Vec<Account> = named.into_iter().chain(Account::several(100)).collect();
        let accounts = Accounts::new(all.clone(), 7);
        for account in &all {
            assert_eq!(accounts.claimed(key_id(account)), Some(account.account_id));
            let found = accounts.find(key_id(account), None, 0).unwrap();
            assert_eq!(found.account_id, account.account_id);
        }
        assert_eq!(accounts.claimed("AKLTOTHER"), None);
        assert!(accounts.find("AKLTOTHER", None, 0).is_err());
        let issued = TemporaryKeys::issue(7, 22, "reader", 1_732_016_737);
        assert_eq!(accounts.claimed(&issued.access_key_id), Some(22));
    }

    #[test]
    fn the_first_of_two_entries_counts() {
        let key = || Credentials::new("AKLTEXAMPLE", "fake-secret");
        let all = [Account::new(key(), 22), Account::new(key(), 21)];
        assert_eq!(Accounts::new(all.to_vec(), 7).claimed("AKLTEXAMPLE"), Some(22));
    }
}
