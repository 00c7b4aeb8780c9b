//! Instance metadata (`IMDSv2`): a token first, then the role's name, then its keys.

use http::{Response, StatusCode};
use serde::Serialize;

use super::Knock;
use crate::calendar::rfc3339_beijing;
use crate::data::fold_text;
use crate::options::{DEMO_ACCOUNT_ID, DEMO_ROLE};
use crate::temporary::TemporaryKeys;

pub(super) const TOKEN_PATH: &str = "/latest/api/token";
pub(super) const CREDENTIALS_PATH: &str = "/volcstack/latest/iam/security_credentials";
const TOKEN: &str = "emulated-metadata-token";
const LIFETIME: i64 = 3600;

/// The role a path names behind the list of roles.
pub(super) fn role(path: &str) -> Option<&str> {
    path.strip_prefix(CREDENTIALS_PATH)?.strip_prefix('/').filter(|role| !role.is_empty())
}

/// A token that lasts as long as was asked for; its end stands in it.
pub(super) fn token(knock: &Knock<'_>) -> Response<Vec<u8>> {
    let seconds = knock.header("x-volc-ecs-metadata-token-ttl-seconds");
    let seconds = seconds.and_then(|text| text.parse::<u32>().ok());
    match seconds.filter(|seconds| (1..=21_600).contains(seconds)) {
        Some(seconds) => {
            let end = knock.now.saturating_add(i64::from(seconds));
            knock.plain(written(knock.seed, end))
        }
        None => bare(knock, StatusCode::BAD_REQUEST),
    }
}

/// The one role there is.
pub(super) fn roles(knock: &Knock<'_>) -> Response<Vec<u8>> {
    if !is_admitted(knock) {
        return bare(knock, StatusCode::UNAUTHORIZED);
    }
    if knock.query("format") == Some("json") {
        return knock.plain(format!("[\"{DEMO_ROLE}\"]"));
    }
    knock.plain(format!("{DEMO_ROLE}\n"))
}

/// Its keys.
pub(super) fn credentials(knock: &Knock<'_>) -> Response<Vec<u8>> {
    if !is_admitted(knock) {
        return bare(knock, StatusCode::UNAUTHORIZED);
    }
    if role(knock.path) != Some(DEMO_ROLE) {
        return bare(knock, StatusCode::NOT_FOUND);
    }
    let end = knock.now.saturating_add(LIFETIME);
    let keys = TemporaryKeys::issue(knock.seed, DEMO_ACCOUNT_ID, DEMO_ROLE, end);
    let answer = RoleKeys {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret,
        session_token: keys.token,
        current_time: rfc3339_beijing(knock.now),
        expired_time: rfc3339_beijing(keys.expires),
    };
    knock.plain(serde_json::to_vec(&answer).unwrap_or_default())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleKeys {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    current_time: String,
    expired_time: String,
}

fn is_admitted(knock: &Knock<'_>) -> bool {
    let Some(token) = knock.header("x-volc-ecs-metadata-token") else { return false };
    let end = token.split('.').nth(1).and_then(|end| end.parse().ok());
    end.is_some_and(|end| end > knock.now && written(knock.seed, end) == token)
}

fn written(seed: u64, end: i64) -> String {
    format!("{TOKEN}.{end}.{:016x}", fold_text(seed, format!("{TOKEN}.{end}")))
}

fn bare(knock: &Knock<'_>, status: StatusCode) -> Response<Vec<u8>> {
    knock.about.json(status, Vec::new())
}
