//! Answers that are none, in the words of the program.

use ark_usage_model::CallFailure;
use ark_usage_transport::ExchangeError;
use volc_openapi::{
    ApiError, BaseUrl, FailedBody, GatewayError, ProtocolError, TransportFailure, visible,
};

use crate::error::CliError;
use crate::hints;

/// A failed call; `last` is what the last exchange without an answer met.
pub(crate) fn of_call(
    failure: &CallFailure,
    last: Option<&ExchangeError>,
    base_url: &BaseUrl,
) -> CliError {
    match failure {
        CallFailure::Api(error) => refused(error),
        CallFailure::Stopped(why) => of_call(why, last, base_url),
        CallFailure::Transport(kind) => not_answered(*kind, last, base_url),
        CallFailure::Gateway(error) => gateway(error, base_url),
        CallFailure::Protocol(error) => not_understood(error, base_url),
        other => CliError::transport(format!("no usable answer from {base_url}: {other}")),
    }
}

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

fn not_answered(
    kind: TransportFailure,
    last: Option<&ExchangeError>,
    base_url: &BaseUrl,
) -> CliError {
    let error = match last {
        Some(ExchangeError::Sign(_)) => {
            CliError::configuration("the request could not be signed, and was not sent")
        }
        _ => {
            CliError::transport(format!("no answer from {base_url}")).with_hint(network_hint(kind))
        }
    };
    match last {
        Some(cause) => error.with_causes_of(cause),
        None => error,
    }
}

fn network_hint(kind: TransportFailure) -> &'static str {
    match kind {
        TransportFailure::BodyTooLarge => {
            "ask for less at once with --max-window or --max-ids, or accept more with --body-limit"
        }
        TransportFailure::ReadTimeout => {
            "ask for less at once with --max-window or --max-ids, or wait longer with \
             --read-timeout and --call-timeout"
        }
        _ => "check the address, the network and any proxy; --demo needs none of them",
    }
}

fn id_of(request_id: Option<&str>) -> String {
    request_id.map(|id| format!(", request id {}", visible(id))).unwrap_or_default()
}
