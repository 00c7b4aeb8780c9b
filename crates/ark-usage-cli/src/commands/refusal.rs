//! Answers that are none, in the words of the program.

use volc_openapi::{ApiError, BaseUrl, FailedBody, GatewayError, ProtocolError};

use crate::error::CliError;
use crate::hints;

/// What the service said, its request id, and what to do about it.
pub(crate) fn refused(error: &ApiError) -> CliError {
    let id = id_of(error.request_id.as_deref());
    let refused = CliError::refused(format!("the API refused: {error}{id}"));
    match hints::explain_error(error) {
        Some(known) => refused.with_hint(known.hint()),
        None => refused,
    }
}

/// Something in front of the service answered, or sent us elsewhere.
pub(crate) fn gateway(error: &GatewayError, base_url: &BaseUrl) -> CliError {
    let told = CliError::transport(format!(
        "no usable answer from {base_url}: {error}{}",
        id_of(error.request_id.as_deref())
    ));
    if error.status.is_redirection() {
        return told.with_hint(
            "the server redirects elsewhere, where a signature for this host is worth nothing: \
             check --base-url",
        );
    }
    told
}

/// A success that is none: its first bytes say most about it.
pub(crate) fn not_understood(error: &ProtocolError, base_url: &BaseUrl) -> CliError {
    let begins = match &error.body {
        body @ FailedBody::Raw(bytes) if !bytes.is_empty() => format!("; it begins with {body}"),
        _ => String::new(),
    };
    let id = id_of(error.request_id.as_deref());
    CliError::transport(format!("no usable answer from {base_url}: {error}{id}{begins}"))
}

fn id_of(request_id: Option<&str>) -> String {
    request_id.map(|id| format!(", request id {id}")).unwrap_or_default()
}
