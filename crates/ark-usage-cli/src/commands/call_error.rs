//! Failed calls as errors of the program: the only place where one becomes the other.

use ark_usage_model::CallFailure;
use ark_usage_report::text;
use ark_usage_transport::{CallError, ExchangeError};
use volc_openapi::{
    ApiError, BaseUrl, Excerpt, FailedBody, GatewayError, ProtocolError, ResponseError,
    TransportFailure,
};

use crate::error::CliError;
use crate::hints;
use crate::lang::{InChinese, Text, TextOf as _};

/// Returns the error for a call of an action that failed within a query; `cause` is the last exchange without a
/// response.
pub(crate) fn from_failure(
    failure: &CallFailure,
    action: &str,
    cause: Option<&ExchangeError>,
    base_url: &BaseUrl,
) -> CliError {
    match failure {
        CallFailure::Api(error) => refused(error, action),
        CallFailure::Stopped(why) => from_failure(why, action, cause, base_url),
        CallFailure::Transport(kind) => no_response(cause, base_url, usage_hint(*kind)),
        CallFailure::Gateway(error) => gateway(error, base_url),
        CallFailure::Protocol(error) => not_understood(error, base_url),
        CallFailure::Deadline => unusable(base_url, failure, None).with_hint(text!(
            "raise --timeout or shorten the range",
            "请用 --timeout 延长时限，或缩短查询范围"
        )),
        other => unusable(base_url, other, None),
    }
}

/// Returns the error for a single call of an action that failed.
pub(crate) fn from_call(error: CallError, action: &str, base_url: &BaseUrl) -> CliError {
    match error {
        CallError::Response(error) => from_response(&error, action, base_url),
        CallError::Exchange(error) => from_exchange(&error, base_url),
        other => CliError::transport(text!("the request could not be built", "无法构造请求"))
            .with_source(other),
    }
}

/// Returns the error for a response that is a refusal or cannot be used.
pub(crate) fn from_response(error: &ResponseError, action: &str, base_url: &BaseUrl) -> CliError {
    match error {
        ResponseError::Api(error) => refused(error, action),
        ResponseError::Gateway(error) => gateway(error, base_url),
        ResponseError::Protocol(error) => not_understood(error, base_url),
        other => unusable(base_url, other, None),
    }
}

/// Returns the error for an exchange without a response.
pub(crate) fn from_exchange(error: &ExchangeError, base_url: &BaseUrl) -> CliError {
    no_response(Some(error), base_url, hints::explain_failure(error.kind()))
}

/// Returns the error for a request that could not be signed.
pub(crate) fn unsigned() -> CliError {
    CliError::configuration(text!(
        "the request could not be signed and was not sent",
        "请求无法签名，因此没有发送"
    ))
}

fn refused(error: &ApiError, action: &str) -> CliError {
    let refused = CliError::refused(text!(
        "the API refused the request: {error}{id}",
        "API 拒绝了请求：{error}{id}";
        id = request_id_text(error.request_id.as_deref())
    ));
    match hints::advice(error, action) {
        Some(advice) => refused.with_hint(advice),
        None => refused,
    }
}

/// Something in front of the service answered, or redirected the request.
fn gateway(error: &GatewayError, base_url: &BaseUrl) -> CliError {
    let unusable = unusable(base_url, error, error.request_id.as_deref());
    if error.status.is_redirection() {
        return unusable.with_hint(text!(
            "the server redirected the request; signatures are only valid for the original host: \
             check --base-url",
            "服务端要求重定向；签名只对原主机有效：请检查 --base-url"
        ));
    }
    if error.is_empty_404() {
        return unusable.with_hint(text!(
            "{base_url} serves no such action or service: check --base-url, --site and --api",
            "{base_url} 不提供该接口或服务：请检查 --base-url、--site 和 --api"
        ));
    }
    unusable
}

/// A success status with a body of another kind, whose first bytes say most about it.
fn not_understood(error: &ProtocolError, base_url: &BaseUrl) -> CliError {
    let beginning = match &error.body {
        body @ FailedBody::Raw(bytes) if !bytes.is_empty() => {
            text!("; the body begins with {body}", "；应答开头是 {body}")
        }
        _ => Text::same(""),
    };
    let id = request_id_text(error.request_id.as_deref());
    CliError::transport(text!(
        "no usable response from {base_url}: {error}{id}{beginning}",
        "{base_url} 没有返回可用的应答：{error}{id}{beginning}";
        error = Text::of(error),
        id = id,
        beginning = beginning
    ))
}

fn unusable(base_url: &BaseUrl, error: &impl InChinese, request_id: Option<&str>) -> CliError {
    CliError::transport(text!(
        "no usable response from {base_url}: {error}{id}",
        "{base_url} 没有返回可用的应答：{error}{id}";
        error = Text::of(error),
        id = request_id_text(request_id)
    ))
}

fn no_response(cause: Option<&ExchangeError>, base_url: &BaseUrl, hint: Text) -> CliError {
    match cause {
        Some(error @ ExchangeError::Sign(_)) => unsigned().with_causes_of(error),
        Some(error) => CliError::transport(text!(
            "no response from {base_url}: {why}",
            "{base_url} 没有应答：{why}";
            why = in_one_line(error)
        ))
        .with_hint(hint),
        None => CliError::transport(text!("no response from {base_url}", "{base_url} 没有应答"))
            .with_hint(hint),
    }
}

/// Returns an error with its causes on one line: together they are one fact.
fn in_one_line(error: &(dyn std::error::Error + 'static)) -> Text {
    let chain = std::iter::successors(error.source(), |cause| cause.source());
    chain.fold(Text::of_error(error), |all, cause| {
        text!("{all}: {cause}", "{all}：{cause}"; all = all, cause = Text::of_error(cause))
    })
}

/// The hint for queries, which can be split.
fn usage_hint(kind: TransportFailure) -> Text {
    match kind {
        TransportFailure::BodyTooLarge => text!(
            "request less at once with --max-window or --max-ids, or raise --body-limit",
            "请用 --max-window 或 --max-ids 减少单次查询量，或用 --body-limit 放宽上限"
        ),
        TransportFailure::ReadTimeout => text!(
            "request less at once with --max-window or --max-ids, or raise --read-timeout and \
             --call-timeout",
            "请用 --max-window 或 --max-ids 减少单次查询量，或用 --read-timeout 和 --call-timeout \
             延长等待"
        ),
        kind => hints::explain_failure(kind),
    }
}

fn request_id_text(request_id: Option<&str>) -> Text {
    match request_id.map(|id| Excerpt::new(id, Excerpt::NAME)) {
        Some(id) => text!(", request id {id}", "，请求 ID {id}"; id = Text::of(&id)),
        None => Text::same(""),
    }
}
