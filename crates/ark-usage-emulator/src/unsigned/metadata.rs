//! Instance metadata (`IMDSv2`): a token first, then the role's name, then its keys.

use http::{Response, StatusCode};
use serde::Serialize;

use super::UnsignedRequest;
use crate::account::{DEMO_ACCOUNT_ID, DEMO_ROLE};
use crate::calendar::rfc3339_beijing;
use crate::data::fold_text;
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
pub(super) fn token(request: &UnsignedRequest<'_>) -> Response<Vec<u8>> {
    let seconds = request.header("x-volc-ecs-metadata-token-ttl-seconds");
    let seconds = seconds.and_then(|text| text.parse::<u32>().ok());
    match seconds.filter(|seconds| (1..=21_600).contains(seconds)) {
        Some(seconds) => {
            let end = request.now.saturating_add(i64::from(seconds));
            request.plain(written(request.seed, end))
        }
        None => bare(request, StatusCode::BAD_REQUEST),
    }
}

/// The one role there is.
pub(super) fn roles(request: &UnsignedRequest<'_>) -> Response<Vec<u8>> {
    if !is_admitted(request) {
        return bare(request, StatusCode::UNAUTHORIZED);
    }
    if request.query("format") == Some("json") {
        return request.plain(format!("[\"{DEMO_ROLE}\"]"));
    }
    request.plain(format!("{DEMO_ROLE}\n"))
}

/// Its keys.
pub(super) fn credentials(request: &UnsignedRequest<'_>) -> Response<Vec<u8>> {
    if !is_admitted(request) {
        return bare(request, StatusCode::UNAUTHORIZED);
    }
    if role(request.path) != Some(DEMO_ROLE) {
        return bare(request, StatusCode::NOT_FOUND);
    }
    let end = request.now.saturating_add(LIFETIME);
    let keys = TemporaryKeys::issue(request.seed, DEMO_ACCOUNT_ID, DEMO_ROLE, end);
    let answer = RoleKeys {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret,
        session_token: keys.token,
        current_time: rfc3339_beijing(request.now),
        expired_time: rfc3339_beijing(keys.expires),
    };
    request.plain(serde_json::to_vec(&answer).unwrap_or_default())
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

fn is_admitted(request: &UnsignedRequest<'_>) -> bool {
    let Some(token) = request.header("x-volc-ecs-metadata-token") else { return false };
    let end = token.split('.').nth(1).and_then(|end| end.parse().ok());
    end.is_some_and(|end| end > request.now && written(request.seed, end) == token)
}

fn written(seed: u64, end: i64) -> String {
    format!("{TOKEN}.{end}.{:016x}", fold_text(seed, format!("{TOKEN}.{end}")))
}

fn bare(request: &UnsignedRequest<'_>, status: StatusCode) -> Response<Vec<u8>> {
    request.about.json(status, Vec::new())
}
