//! Answers that are none, in the words of the program.

use ark_usage_model::CallFailure;
use ark_usage_transport::ExchangeError;
use volc_openapi::{
    ApiError, BaseUrl, FailedBody, GatewayError, ProtocolError, TransportFailure, strip_control,
};

use crate::error::CliError;
use crate::lang::{InChinese, Text, TextOf as _};
use crate::{hints, text};

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
        CallFailure::Deadline => unusable(base_url, failure, None).with_hint(text!(
            "wait longer with --timeout, or ask for a shorter range",
            "请用 --timeout 延长时限，或缩短查询范围"
        )),
        other => unusable(base_url, other, None),
    }
}

/// What the service said, its request id, and what to do about it.
pub(crate) fn refused(error: &ApiError) -> CliError {
    let refused = CliError::refused(text!(
        "the API refused: {error}{id}",
        "API 拒绝了请求：{error}{id}";
        id = id_of(error.request_id.as_deref())
    ));
    match hints::explain_error(error) {
        Some(known) => refused.with_hint(known.hint()),
        None => refused,
    }
}

/// Something in front of the service answered, or sent us elsewhere.
pub(crate) fn gateway(error: &GatewayError, base_url: &BaseUrl) -> CliError {
    let told = unusable(base_url, error, error.request_id.as_deref());
    if error.status.is_redirection() {
        return told.with_hint(text!(
            "the server redirects elsewhere, where a signature for this host is worth nothing: \
             check --base-url",
            "服务端要求重定向到别处，而针对此主机的签名在那里无效：请检查 --base-url"
        ));
    }
    told
}

/// A success that is none: its first bytes say most about it.
pub(crate) fn not_understood(error: &ProtocolError, base_url: &BaseUrl) -> CliError {
    let begins = match &error.body {
        body @ FailedBody::Raw(bytes) if !bytes.is_empty() => {
            text!("; it begins with {body}", "；开头是 {body}")
        }
        _ => Text::same(""),
    };
    let id = id_of(error.request_id.as_deref());
    CliError::transport(text!(
        "no usable answer from {base_url}: {error}{id}{begins}",
        "{base_url} 没有返回可用的应答：{error}{id}{begins}";
        error = Text::of(error), id = id, begins = begins
    ))
}

/// Something came, but not an answer of the service.
pub(crate) fn unusable(
    base_url: &BaseUrl,
    error: &impl InChinese,
    request_id: Option<&str>,
) -> CliError {
    CliError::transport(text!(
        "no usable answer from {base_url}: {error}{id}",
        "{base_url} 没有返回可用的应答：{error}{id}";
        error = Text::of(error),
        id = id_of(request_id)
    ))
}

/// Nothing came.
pub(crate) fn unanswered(base_url: &BaseUrl) -> CliError {
    CliError::transport(text!("no answer from {base_url}", "{base_url} 没有应答"))
}

/// Nothing was sent.
pub(crate) fn unsigned() -> CliError {
    CliError::configuration(text!(
        "the request could not be signed, and was not sent",
        "请求无法签名，因此没有发送"
    ))
}

fn not_answered(
    kind: TransportFailure,
    last: Option<&ExchangeError>,
    base_url: &BaseUrl,
) -> CliError {
    let error = match last {
        Some(ExchangeError::Sign(_)) => unsigned(),
        _ => unanswered(base_url).with_hint(network_hint(kind)),
    };
    match last {
        Some(cause) => error.with_causes_of(cause),
        None => error,
    }
}

/// What to do when no answer came.
pub(crate) fn network_hint(kind: TransportFailure) -> Text {
    match kind {
        TransportFailure::BodyTooLarge => text!(
            "ask for less at once with --max-window or --max-ids, or accept more with --body-limit",
            "请用 --max-window 或 --max-ids 减少单次查询量，或用 --body-limit 放宽上限"
        ),
        TransportFailure::ReadTimeout => text!(
            "ask for less at once with --max-window or --max-ids, or wait longer with \
             --read-timeout and --call-timeout",
            "请用 --max-window 或 --max-ids 减少单次查询量，或用 --read-timeout 和 --call-timeout \
             延长等待"
        ),
        _ => text!(
            "check the address, the network and any proxy; --demo needs none of them",
            "请检查地址、网络和代理；--demo 都不需要"
        ),
    }
}

fn id_of(request_id: Option<&str>) -> Text {
    match request_id.map(strip_control) {
        Some(id) => text!(", request id {id}", "，请求 ID {id}"),
        None => Text::same(""),
    }
}
