//! Instance metadata (IMDSv2): the role of the cloud server the program runs on.

use std::time::Duration;

use http::header::HOST;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use volc_openapi::{BaseUrl, encode_component};
use volc_sign::SessionToken;

use super::{ExchangeProblem, Flow, Progress, Purpose, host, join, official, sensitive};
use crate::content_problem::ContentProblem;
use crate::temporary::{self, KeyFields, Temporary};

const METADATA: &str = "http://100.96.0.96";
const CREDENTIALS: &str = "/volcstack/latest/iam/security_credentials";
const TOKEN_TTL_SECONDS: &str = "21600";

/// The selection among the roles of a cloud server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataRole {
    /// The one that `VOLCENGINE_ECS_METADATA` names; without it the service is not asked.
    FromEnvironment,
    /// The first that the service lists.
    First,
    /// The one of this name.
    Named(String),
}

/// Token, then the role's name unless it is known, then its keys.
pub(crate) struct MetadataFlow {
    metadata: Option<BaseUrl>,
    /// `None` until the service has listed its roles.
    role: Option<String>,
    token: Option<SessionToken>,
    /// A token may be refused once: the service may have been restarted since it gave it out.
    token_refused: bool,
}

impl MetadataFlow {
    /// Asks for the named role, or for the first that is listed.
    pub(crate) fn new(role: Option<String>, metadata: Option<BaseUrl>) -> Self {
        Self { metadata, role, token: None, token_refused: false }
    }
}

impl Flow for MetadataFlow {
    fn purpose(&self) -> Purpose {
        match (&self.token, &self.role) {
            (None, _) => Purpose::MetadataToken,
            (Some(_), None) => Purpose::MetadataRoles,
            (Some(_), Some(_)) => Purpose::MetadataCredentials,
        }
    }

    fn request(&mut self, _now: i64) -> Result<Request<Vec<u8>>, ExchangeProblem> {
        let base_url = official(self.metadata.as_ref(), METADATA)?;
        let mut request = Request::new(Vec::new());
        request.headers_mut().insert(HOST, host(&base_url)?);
        let Some(token) = &self.token else {
            *request.method_mut() = Method::PUT;
            *request.uri_mut() = join(&base_url, "/latest/api/token")?;
            let name = HeaderName::from_static("x-volc-ecs-metadata-token-ttl-seconds");
            request.headers_mut().insert(name, HeaderValue::from_static(TOKEN_TTL_SECONDS));
            return Ok(request);
        };
        let name = HeaderName::from_static("x-volc-ecs-metadata-token");
        request.headers_mut().insert(name, sensitive(token.expose())?);
        let path = match &self.role {
            None => format!("{CREDENTIALS}?type=user&format=json"),
            Some(role) => format!("{CREDENTIALS}/{}", encode_component(role)),
        };
        *request.uri_mut() = join(&base_url, &path)?;
        Ok(request)
    }

    fn read(&mut self, response: &Response<&[u8]>) -> Result<Progress, ExchangeProblem> {
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED && self.token.is_some() && !self.token_refused {
            self.token_refused = true;
            self.token = None;
            return Ok(Progress::More);
        }
        if !status.is_success() {
            return Err(ExchangeProblem::Status(status));
        }
        match (&self.token, &self.role) {
            (None, _) => self.token = Some(token(response.body())?),
            (Some(_), None) => self.role = Some(first_role(response.body())?),
            (Some(_), Some(_)) => return keys(response.body()).map(Progress::Done),
        }
        Ok(Progress::More)
    }

    /// The service is link-local: the official SDKs allow it a second.
    fn timeouts(&self) -> (Duration, Duration) {
        (Duration::from_secs(1), Duration::from_secs(1))
    }

    fn bypass_proxy(&self) -> bool {
        true
    }

    fn secrets(&self) -> Vec<&str> {
        self.token.iter().map(SessionToken::expose).collect()
    }
}

fn token(body: &[u8]) -> Result<SessionToken, ExchangeProblem> {
    std::str::from_utf8(body)
        .ok()
        .map(str::trim)
        .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(SessionToken::new)
        .ok_or(ExchangeProblem::Answer(ContentProblem::NotAToken))
}

/// Parses a JSON list or one name per line, as the Python SDK does.
fn first_role(body: &[u8]) -> Result<String, ExchangeProblem> {
    let problem = ExchangeProblem::Answer;
    let text = std::str::from_utf8(body).map_err(|_| problem(ContentProblem::NotUtf8))?.trim();
    let roles = if text.starts_with('[') {
        serde_json::from_str(text).map_err(|_| problem(ContentProblem::NotRoles))?
    } else {
        text.lines().map(str::to_owned).collect::<Vec<String>>()
    };
    let first = roles.into_iter().map(|role| role.trim().to_owned()).find(|role| !role.is_empty());
    match first {
        None => Err(problem(ContentProblem::NoRole)),
        Some(role) if is_role_name(&role) => Ok(role),
        Some(_) => Err(problem(ContentProblem::NotRoles)),
    }
}

/// The characters that IAM allows. Anything else is some page that a proxy or portal sent instead.
fn is_role_name(text: &str) -> bool {
    text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
}

fn keys(body: &[u8]) -> Result<Temporary, ExchangeProblem> {
    let fields: KeyFields = serde_json::from_slice(body)
        .map_err(|_| ExchangeProblem::Answer(temporary::diagnose(body)))?;
    Temporary::try_from(fields).map_err(ExchangeProblem::Answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_json_or_lines() {
        for (body, expected) in [
            (r#"["reader", "writer"]"#, Some("reader")),
            ("reader\nwriter\n", Some("reader")),
            ("\n  reader", Some("reader")),
            ("", None),
            ("[]", None),
            ("[1]", None),
            (r#"{"error": "x"}"#, None),
            ("<html>", None),
            ("two words", None),
        ] {
            assert_eq!(first_role(body.as_bytes()).ok().as_deref(), expected, "{body}");
        }
        assert!(first_role(b"\xff").is_err());
    }

    #[test]
    fn tokens_are_one_printable_word() {
        assert_eq!(token(b"abc=\n").unwrap().expose(), "abc=");
        for body in [&b""[..], b" \n", b"a b", b"a\nb", b"\xff"] {
            assert!(token(body).is_err());
        }
    }
}
