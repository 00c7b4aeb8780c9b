//! Temporary keys, which the emulator hands out and knows again without remembering them: account
//! and end stand in the key id, the secret follows from it and the seed.

use volc_sign::{Credentials, SessionToken};

use crate::account::Account;
use crate::data::{fold_text, mix};
use crate::errors::Refusal;

/// The prefix of temporary keys, as the vendor's.
const PREFIX: &str = "AKTP";
const ACCOUNT_DIGITS: usize = 16;
const END_DIGITS: usize = 10;
/// The prefix of secret and token, so that nobody takes them for real ones.
const SECRET: &str = "emulated-secret";
const TOKEN: &str = "emulated-token";

/// A key pair with a token and an end.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryKeys {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    pub(crate) token: String,
    /// Unix seconds.
    pub(crate) expires: i64,
}

impl TemporaryKeys {
    /// Keys of a role of an account until `expires`.
    pub(crate) fn issue(seed: u64, account_id: u64, role: &str, expires: i64) -> Self {
        let expires = expires.clamp(0, 0xFF_FFFF_FFFF);
        let fields = format!("{account_id:016X}{expires:010X}");
        let check = fold_text(seed, &fields) & 0xFF_FFFF;
        let access_key_id = format!("{PREFIX}{fields}{check:06X}");
        let hash = fold_text(mix(seed, 1), &access_key_id);
        let secret = format!("{SECRET}-{hash:016x}");
        let token = format!(
            "{TOKEN}.{role}.{:016x}",
            fold_text(mix(seed, 2), format!("{access_key_id}/{role}"))
        );
        Self { access_key_id, secret, token, expires }
    }

    /// The account that stands in a key id of this form, issued here or not.
    pub(crate) fn account_id(access_key_id: &str) -> Option<u64> {
        let fields = access_key_id.strip_prefix(PREFIX)?;
        u64::from_str_radix(fields.get(..ACCOUNT_DIGITS)?, 16).ok()
    }

    /// The account behind a key id that was issued here, if it was.
    ///
    /// # Errors
    ///
    /// When the token is not the one that came with it, or it has ended.
    pub(crate) fn recognise(
        seed: u64,
        access_key_id: &str,
        token: Option<&SessionToken>,
        now: i64,
    ) -> Option<Result<Account, Refusal>> {
        let account_id = Self::account_id(access_key_id)?;
        let fields = access_key_id.strip_prefix(PREFIX)?;
        let end = fields.get(ACCOUNT_DIGITS..ACCOUNT_DIGITS + END_DIGITS)?;
        let expires = i64::from_str_radix(end, 16).ok()?;
        let token = token.map(SessionToken::expose).unwrap_or_default();
        let role = token.split('.').nth(1).unwrap_or_default();
        let issued = Self::issue(seed, account_id, role, expires);
        if issued.access_key_id != access_key_id {
            return None;
        }
        if issued.token != token || expires <= now {
            return Some(Err(Refusal::invalid_secret_token()));
        }
        let credentials =
            Credentials::new(issued.access_key_id, issued.secret).with_session_token(issued.token);
        Some(Ok(Account::new(credentials, account_id)))
    }
}

/// The role in a session token of ours.
pub(crate) fn role_of(token: &SessionToken) -> Option<&str> {
    token.expose().strip_prefix(TOKEN)?.split('.').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u64 = 7;
    const ACCOUNT: u64 = 2_100_000_002;
    const END: i64 = 1_732_016_737;

    fn recognise(
        seed: u64,
        keys: &TemporaryKeys,
        token: &str,
        now: i64,
    ) -> Option<Result<u64, String>> {
        let token = SessionToken::new(token);
        let found = TemporaryKeys::recognise(seed, &keys.access_key_id, Some(&token), now)?;
        Some(found.map(|account| account.account_id).map_err(|failure| failure.code))
    }

    #[test]
    fn issued_keys_are_known_until_they_expire() {
        let keys = TemporaryKeys::issue(SEED, ACCOUNT, "reader", END);
        assert_eq!(recognise(SEED, &keys, &keys.token, END - 1), Some(Ok(ACCOUNT)));
        let refused = Some(Err("InvalidSecretToken".to_owned()));
        assert_eq!(recognise(SEED, &keys, &keys.token, END), refused);
        assert_eq!(recognise(SEED, &keys, "emulated-token.reader.0", 0), refused);
        assert_eq!(recognise(SEED, &keys, "", 0), refused);
        assert_eq!(recognise(SEED + 1, &keys, &keys.token, 0), None, "another emulator's");
    }

    #[test]
    fn made_up_ids_are_not_known() {
        let keys = TemporaryKeys::issue(SEED, ACCOUNT, "reader", END);
        for id in ["AKTP", "AKTPé", "AKLTEXAMPLE", &keys.access_key_id.replace("7D", "7E")] {
            assert!(TemporaryKeys::recognise(SEED, id, None, 0).is_none(), "{id}");
        }
    }

    #[test]
    fn the_token_contains_the_role() {
        let keys = TemporaryKeys::issue(SEED, ACCOUNT, "reader", END);
        assert_eq!(role_of(&SessionToken::new(keys.token)), Some("reader"));
        assert_eq!(role_of(&SessionToken::new("other")), None);
    }
}
