//! STS `GetCallerIdentity`: whose key it is.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::errors::Failure;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CallerIdentity {
    account_id: u64,
    identity_id: String,
    identity_type: &'static str,
    trn: String,
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all actions")]
pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Failure> {
    let account_id = session.account.account_id;
    let temporary = session.account.credentials.session_token().is_some();
    let (identity_type, trn) = if temporary {
        ("AssumedRole", format!("trn:sts::{account_id}:assumed-role/emulator/session"))
    } else {
        ("Account", format!("trn:iam::{account_id}:root"))
    };
    let identity_id = account_id.to_string();
    Ok(session.about.success(&CallerIdentity { account_id, identity_id, identity_type, trn }))
}
