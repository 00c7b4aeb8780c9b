//! The requirements of a server.

use alloc::string::String;

use crate::signing_time::DEFAULT_MAX_SKEW;

/// The requirements of a server beyond a signature that matches.
///
/// | | [`strict`](Self::strict) | [`official_clients`](Self::official_clients) |
/// |---|---|---|
/// | `host`, `x-date`, `x-content-sha256` signed (header form) | yes | no |
/// | X-Content-Sha256 sent (header form) | yes | no: the server hashes the body itself |
/// | session token signed (header form) | yes | no |
/// | list of signed headers sorted | yes | no |
/// | shapes official signers read differently | refused | [read as sent](crate::Ambiguity::AsSent) |
/// | `host` signed (presigned form) | yes | no |
/// | unsigned parameters (presigned form) | the token only | any that `X-SignedQueries` leaves out |
///
/// Both take the order of signed headers as given, hash the body, compare X-Content-Sha256 with it
/// if it is there, hold X-Date against the clock, and want X-Expires and X-NotSignBody signed.
///
/// ```
/// use volc_sign::VerifyPolicy;
///
/// let policy = VerifyPolicy::strict().with_max_skew(300).for_region("cn-beijing").for_service("ark");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyPolicy {
    pub(crate) is_strict: bool,
    pub(crate) max_skew: u64,
    pub(crate) region: Option<String>,
    pub(crate) service: Option<String>,
}

impl VerifyPolicy {
    /// Accepts requests that follow the rules, as this crate signs them by default.
    pub const fn strict() -> Self {
        Self::new(true)
    }

    /// Accepts everything that the official SDKs and demos send, as the vendor's servers must.
    pub const fn official_clients() -> Self {
        Self::new(false)
    }

    const fn new(is_strict: bool) -> Self {
        Self { is_strict, max_skew: DEFAULT_MAX_SKEW, region: None, service: None }
    }

    /// Seconds X-Date may be ahead of the server's clock or, without X-Expires, behind it. 900
    /// unless set.
    #[must_use]
    pub const fn with_max_skew(mut self, seconds: u64) -> Self {
        self.max_skew = seconds;
        self
    }

    /// Refuses scopes of another region. By default any is accepted.
    #[must_use]
    pub fn for_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Refuses scopes of another service. By default any is accepted.
    #[must_use]
    pub fn for_service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }
}
