//! The sign-on portal: a role for the session that `ve sso login` opened.

use http::header::{ACCEPT, HOST};
use http::{HeaderValue, Request, Response};
use volc_openapi::BaseUrl;
use volc_sign::SessionToken;

use super::{
    ExchangeProblem, Flow, Progress, Purpose, answer, encode_pairs, host, join, official, sensitive,
};

/// The role to request and the session to request it with.
pub(crate) struct PortalFlow {
    pub(crate) access_token: SessionToken,
    pub(crate) account_id: String,
    pub(crate) role_name: String,
    pub(crate) region: String,
    pub(crate) portal: Option<BaseUrl>,
    /// The command to run when the portal rejects the session.
    pub(crate) login_command: String,
}

impl Flow for PortalFlow {
    fn purpose(&self) -> Purpose {
        Purpose::PortalRoleCredentials
    }

    fn request(&mut self, _now: i64) -> Result<Request<Vec<u8>>, ExchangeProblem> {
        let address = format!("https://cloudidentity-portal.{}.volces.com", self.region);
        let base_url = official(self.portal.as_ref(), &address)?;
        let query = encode_pairs([
            ("account_id", Some(self.account_id.as_str())),
            ("role_name", Some(&self.role_name)),
        ]);
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = join(&base_url, &format!("/federation/credentials?{query}"))?;
        let token = sensitive(self.access_token.expose())?;
        request.headers_mut().insert(HOST, host(&base_url)?);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.headers_mut().insert("x-bd-cloudidentity-bearer-token", token);
        Ok(request)
    }

    fn read(&mut self, response: &Response<&[u8]>) -> Result<Progress, ExchangeProblem> {
        answer::keys(response).map(Progress::Done)
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.access_token.expose()]
    }

    fn login_command(&self) -> Option<&str> {
        Some(&self.login_command)
    }
}
