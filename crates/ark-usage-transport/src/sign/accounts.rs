//! Several accounts, each with a signer of its own.

use std::collections::BTreeMap;

use ark_usage_model::AccountId;
use http::Request;
use volc_sign::SigningTime;

use super::{Sign, SignFailure};

/// The signer at the account's number.
impl<S: Sign + Sync> Sign for Vec<S> {
    async fn sign(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        let signer = usize::try_from(account.0).ok().and_then(|index| self.get(index));
        let signer = signer.ok_or(SignFailure::UnknownAccount { account })?;
        signer.sign(account, request, time, refresh).await
    }
}

impl<S: Sign + Sync> Sign for BTreeMap<AccountId, S> {
    async fn sign(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        let signer = self.get(&account).ok_or(SignFailure::UnknownAccount { account })?;
        signer.sign(account, request, time, refresh).await
    }
}
