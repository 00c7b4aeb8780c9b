//! The query parameters of a presigned URL.

pub(crate) const ALGORITHM_NAME: &str = "X-Algorithm";
pub(crate) const CREDENTIAL: &str = "X-Credential";
pub(crate) const DATE: &str = "X-Date";
pub(crate) const EXPIRES: &str = "X-Expires";
pub(crate) const NOT_SIGN_BODY: &str = "X-NotSignBody";
pub(crate) const SECURITY_TOKEN: &str = "X-Security-Token";
pub(crate) const SIGNED_HEADERS: &str = "X-SignedHeaders";
pub(crate) const SIGNED_QUERIES: &str = "X-SignedQueries";
pub(crate) const SIGNATURE: &str = "X-Signature";

/// Parses the value of [`EXPIRES`]: a whole number of seconds.
pub(crate) fn seconds(value: &[u8]) -> Option<u64> {
    let digits = core::str::from_utf8(value).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}
