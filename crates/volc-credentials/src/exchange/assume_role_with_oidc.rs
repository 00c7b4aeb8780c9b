//! STS `AssumeRoleWithOIDC`: a role for a token of an identity provider. The request is not signed.

use std::path::{Path, PathBuf};

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request, Response};
use volc_openapi::BaseUrl;
use volc_sign::SessionToken;

use super::assume_role::{DURATION, SESSION_NAME, STS, VERSION};
use super::{
    ExchangeProblem, Flow, Progress, Purpose, action_uri, answer, encode_pairs, host, official,
};

/// A role to take on with a token that an identity provider leaves in a file (STS
/// `AssumeRoleWithOIDC`, version 2018-01-01).
///
/// The file is read anew each time: tokens are short-lived and get replaced.
#[derive(Clone, Debug)]
pub struct AssumeRoleWithOidc {
    role_trn: String,
    token_file: PathBuf,
    session_name: String,
    policy: Option<String>,
    sts: Option<BaseUrl>,
}

impl AssumeRoleWithOidc {
    /// Takes on `role_trn` with the token in `token_file`, for an hour.
    pub fn new(role_trn: impl Into<String>, token_file: impl Into<PathBuf>) -> Self {
        Self {
            role_trn: role_trn.into(),
            token_file: token_file.into(),
            session_name: SESSION_NAME.to_owned(),
            policy: None,
            sts: None,
        }
    }

    /// Sets the name of the session in the audit log.
    #[must_use]
    pub fn with_session_name(self, session_name: impl Into<String>) -> Self {
        Self { session_name: session_name.into(), ..self }
    }

    /// Sets a policy (JSON) that restricts the role; empty is none.
    #[must_use]
    pub fn with_policy(self, policy: impl Into<String>) -> Self {
        Self { policy: Some(policy.into()).filter(|policy| !policy.is_empty()), ..self }
    }

    /// Sets another STS than the official one or that of [`ServiceUrls`](crate::ServiceUrls).
    #[must_use]
    pub fn with_sts(self, base_url: BaseUrl) -> Self {
        Self { sts: Some(base_url), ..self }
    }

    pub(crate) fn token_file(&self) -> &Path {
        &self.token_file
    }
}

/// The exchange of a token that was read.
pub(crate) struct OidcFlow {
    pub(crate) role: AssumeRoleWithOidc,
    pub(crate) token: SessionToken,
    /// Used unless the role names another.
    pub(crate) sts: Option<BaseUrl>,
}

impl Flow for OidcFlow {
    fn purpose(&self) -> Purpose {
        Purpose::AssumeRoleWithOidc
    }

    /// The token is in the body, not in the URL, which proxies log.
    fn request(&mut self, _now: i64) -> Result<Request<Vec<u8>>, ExchangeProblem> {
        let role = &self.role;
        let base_url = official(role.sts.as_ref().or(self.sts.as_ref()), STS)?;
        let form = encode_pairs([
            ("DurationSeconds", Some(DURATION.to_string().as_str())),
            ("RoleSessionName", Some(&role.session_name)),
            ("RoleTrn", Some(&role.role_trn)),
            ("OIDCToken", Some(self.token.expose())),
            ("Policy", role.policy.as_deref()),
        ]);
        let query =
            encode_pairs([("Action", Some("AssumeRoleWithOIDC")), ("Version", Some(VERSION))]);
        let mut request = Request::new(form.into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = action_uri(&base_url, &query)?;
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(HOST, host(&base_url)?);
        request.headers_mut().insert(CONTENT_TYPE, form_type);
        Ok(request)
    }

    fn read(&mut self, response: &Response<&[u8]>) -> Result<Progress, ExchangeProblem> {
        answer::keys(response).map(Progress::Done)
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.token.expose()]
    }
}
