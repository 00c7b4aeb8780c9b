//! STS `AssumeRole`: a role for a pair of keys.

use std::fmt;

use http::{Method, Request, Response};
use volc_openapi::BaseUrl;
use volc_sign::{Credentials, Signer, SigningTime};

use super::{
    ExchangeProblem, Flow, Progress, Purpose, RequestProblem, action_uri, answer, encode_pairs,
    official,
};

/// The official address of STS.
pub(super) const STS: &str = "https://sts.volcengineapi.com";
/// The API version of both STS actions.
pub(super) const VERSION: &str = "2018-01-01";
/// The lifetime that the official SDKs request, in seconds.
pub(super) const DURATION: u32 = 3600;
/// The default name of the session in the audit log.
pub(super) const SESSION_NAME: &str = "volc-credentials";

/// A role to take on with a pair of keys (STS `AssumeRole`, version 2018-01-01).
#[derive(Clone)]
pub struct AssumeRole {
    base: Credentials,
    role_trn: String,
    session_name: String,
    policy: Option<String>,
    duration: u32,
}

impl AssumeRole {
    /// Takes on `role_trn`, such as `trn:iam::2100000000:role/reader`, with the keys `base`, for an
    /// hour.
    pub fn new(base: Credentials, role_trn: impl Into<String>) -> Self {
        Self {
            base,
            role_trn: role_trn.into(),
            session_name: SESSION_NAME.to_owned(),
            policy: None,
            duration: DURATION,
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

    /// Sets the lifetime of the credentials, in seconds; less than 900 becomes 900, because STS refuses
    /// less.
    #[must_use]
    pub fn with_duration(self, seconds: u32) -> Self {
        Self { duration: seconds.max(900), ..self }
    }

    pub(crate) fn into_flow(self, sts: Option<BaseUrl>) -> impl Flow + 'static {
        AssumeRoleFlow { role: self, sts }
    }
}

impl fmt::Debug for AssumeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumeRole")
            .field("base", &self.base)
            .field("role_trn", &self.role_trn)
            .field("session_name", &self.session_name)
            .field("duration", &self.duration)
            .finish_non_exhaustive()
    }
}

struct AssumeRoleFlow {
    role: AssumeRole,
    sts: Option<BaseUrl>,
}

impl Flow for AssumeRoleFlow {
    fn purpose(&self) -> Purpose {
        Purpose::AssumeRole
    }

    /// Signed here, so that the sender needs no keys.
    fn request(&mut self, now: i64) -> Result<Request<Vec<u8>>, ExchangeProblem> {
        let role = &self.role;
        let base_url = official(self.sts.as_ref(), STS)?;
        let query = encode_pairs([
            ("Action", Some("AssumeRole")),
            ("Version", Some(VERSION)),
            ("DurationSeconds", Some(role.duration.to_string().as_str())),
            ("RoleSessionName", Some(&role.session_name)),
            ("RoleTrn", Some(&role.role_trn)),
            ("Policy", role.policy.as_deref()),
        ]);
        let mut request = Request::new(Vec::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = action_uri(&base_url, &query)?;

        let time = u64::try_from(now).ok().and_then(|now| SigningTime::from_unix(now).ok());
        let time = time.ok_or(ExchangeProblem::Request(RequestProblem::Clock))?;
        Signer::new(role.base.clone(), "cn-beijing", "sts")
            .sign_request(&mut request, time)
            .map_err(|error| ExchangeProblem::Request(RequestProblem::Unsignable(error)))?;
        Ok(request)
    }

    fn read(&mut self, response: &Response<&[u8]>) -> Result<Progress, ExchangeProblem> {
        answer::keys(response).map(Progress::Done)
    }

    fn secrets(&self) -> Vec<&str> {
        let base = &self.role.base;
        let token = base.session_token().map(volc_sign::SessionToken::expose);
        std::iter::once(base.secret().expose()).chain(token).collect()
    }
}
