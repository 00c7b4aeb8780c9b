//! Requests answered without a signature: the services that hand out temporary keys for something
//! else than keys.

mod metadata;
mod oidc;
mod portal;

use http::{HeaderMap, Method, Request, Response};

use crate::envelope::About;
use crate::errors::Refusal;

/// One exchange that needs no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnsignedEndpoint {
    /// STS `AssumeRoleWithOIDC`.
    Oidc,
    /// Instance metadata: the token.
    MetadataToken,
    /// Instance metadata: the names of the roles.
    MetadataRoles,
    /// Instance metadata: the keys of a role.
    MetadataCredentials,
    /// The sign-on portal: the keys of a role.
    Portal,
}

/// The request, as these look at it.
#[derive(Debug)]
pub(crate) struct UnsignedRequest<'a> {
    pub(crate) about: &'a About,
    pub(crate) seed: u64,
    pub(crate) now: i64,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

impl UnsignedRequest<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// An answer without an envelope, as instance metadata gives.
    fn plain(&self, body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
        self.about.json(http::StatusCode::OK, body.into())
    }
}

impl UnsignedEndpoint {
    /// The one that the request is for, if it is.
    pub(crate) fn find<B>(request: &Request<B>, action: Option<&str>) -> Option<Self> {
        let (method, path) = (request.method(), request.uri().path());
        if action == Some(oidc::ACTION) {
            return Some(Self::Oidc);
        }
        match path {
            metadata::TOKEN_PATH => Some(Self::MetadataToken),
            metadata::CREDENTIALS_PATH => Some(Self::MetadataRoles),
            portal::PATH if method == Method::GET => Some(Self::Portal),
            path if metadata::role(path).is_some() => Some(Self::MetadataCredentials),
            _ => None,
        }
    }

    /// The name in fault scripts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Oidc => oidc::ACTION,
            Self::MetadataToken => "MetadataToken",
            Self::MetadataRoles => "MetadataRoles",
            Self::MetadataCredentials => "MetadataCredentials",
            Self::Portal => "PortalRoleCredentials",
        }
    }

    pub(crate) fn answer(
        self,
        request: &UnsignedRequest<'_>,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        match self {
            Self::Oidc => oidc::answer(request),
            Self::MetadataToken => Ok(metadata::token(request)),
            Self::MetadataRoles => Ok(metadata::roles(request)),
            Self::MetadataCredentials => Ok(metadata::credentials(request)),
            Self::Portal => portal::answer(request),
        }
    }
}
