//! STS `GetCallerIdentity`: whose key it is.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::errors::Refusal;
use crate::temporary::role_of;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CallerIdentity {
    account_id: u64,
    identity_id: String,
    identity_type: &'static str,
    trn: String,
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all actions")]
pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let account_id = session.account.account_id;
    let (identity_type, trn) = match session.account.credentials.session_token() {
        Some(token) => {
            let role = role_of(token).unwrap_or("emulator");
            ("AssumedRole", format!("trn:sts::{account_id}:assumed-role/{role}/session"))
        }
        None => ("Account", format!("trn:iam::{account_id}:root")),
    };
    let identity_id = account_id.to_string();
    Ok(session.about.success(&CallerIdentity { account_id, identity_id, identity_type, trn }))
}
