//! The value of Host (rule R6).

use alloc::borrow::Cow;

use crate::SignError;

/// Host as it is signed: as on the wire, minus `:80` or `:443`. An IPv6 literal keeps its brackets
/// and port.
pub(crate) fn canonical(host: &str) -> &str {
    if host.starts_with('[') {
        return host;
    }
    without_default_port(host)
}

/// The Host header to send for a URI's authority: canonical and lower case.
pub(crate) fn of_authority(authority: &str) -> Result<Cow<'_, str>, SignError> {
    if authority.bytes().any(|byte| byte == b'@') {
        return Err(SignError::UserInfo);
    }
    let host = canonical(authority);
    Ok(if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    })
}

/// Returns true if a Host header and a URI's authority name the same server: case and default
/// ports aside.
pub(crate) fn agree(host: &str, authority: &str) -> bool {
    host == authority
        || without_default_port(host).eq_ignore_ascii_case(without_default_port(authority))
}

/// Drops `:80` and `:443` for any scheme, as the official signers do.
fn without_default_port(host: &str) -> &str {
    host.strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"))
        // What is left must be a whole host: `[::1` or `fe80:` was not followed by a port.
        .filter(|rest| !rest.starts_with('[') || rest.ends_with(']'))
        .filter(|rest| rest.starts_with('[') || !rest.contains(':'))
        .unwrap_or(host)
}
