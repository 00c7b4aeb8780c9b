//! Reading the envelope: `{"ResponseMetadata": {…, "Error"?}, "Result"?}`.
//!
//! The rules, in order:
//!
//! 1. an `Error` that is not null makes it an [`ApiError`], whatever the HTTP status, and whatever
//!    a second `ResponseMetadata` says;
//! 2. a status other than 200, 201 and 202 without one is a [`GatewayError`], unless the body has the
//!    simple form `{"errorcode", "message"}` or `{"Code", "Message"}`, which is an [`ApiError`] too. Any other 2xx says that the
//!    body is not all of the answer (206), that there is none (204), or that a proxy changed it (203);
//! 3. a success with neither `Error` nor `Result` is a [`ProtocolError`]. A `Result` that is
//!    null is a result: some actions mean "nothing" by it. Those that leave it out for the same reason are
//!    read by [`read_optional`];
//! 4. a success without `Result` is an [`ApiError`] as well if it has the simple form with a message, or a
//!    text in `ResponseMetadata.ErrorMessage`.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::StatusCode;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::value::RawValue;

use crate::json_excerpt::shortened;
use crate::metadata::text_of;
use crate::retry::retry_after;
use crate::{
    Answer, ApiError, ErrorBody, FailedBody, GatewayError, ProtocolError, ProtocolProblem,
    ResponseError, ResponseMetadata, redact_access_keys, utf8_text,
};

/// Reads a typed answer. A null `Result` is handed to `T`'s own `Deserialize`; an action whose
/// result may be null takes an `Option`.
///
/// # Errors
///
/// See [`ResponseError`].
///
/// ```
/// use volc_openapi::{ResponseError, read_answer};
///
/// // An error in HTTP 200 is an error.
/// let body = r#"{"ResponseMetadata":{"RequestId":"r1","Error":{"Code":"AccessDenied"}}}"#;
/// let error = read_answer::<(), _>(&http::Response::new(body)).unwrap_err();
/// assert!(matches!(error, ResponseError::Api(error) if error.code == "AccessDenied"));
/// ```
pub fn read_answer<T: DeserializeOwned, B: AsRef<[u8]>>(
    response: &http::Response<B>,
) -> Result<Answer<T>, ResponseError> {
    read_with(response, PhantomData::<T>)
}

/// Reads a typed answer whose `Result` may be null or absent; both are `None`. The metadata must be there.
///
/// # Errors
///
/// See [`ResponseError`].
///
/// ```
/// use volc_openapi::read_optional;
///
/// for body in [r#"{"ResponseMetadata":{}}"#, r#"{"ResponseMetadata":{},"Result":null}"#] {
///     assert_eq!(read_optional::<u8, _>(&http::Response::new(body))?.result, None);
/// }
/// assert!(read_optional::<u8, _>(&http::Response::new("{}")).is_err());
/// # Ok::<(), volc_openapi::ResponseError>(())
/// ```
pub fn read_optional<T: DeserializeOwned, B: AsRef<[u8]>>(
    response: &http::Response<B>,
) -> Result<Answer<Option<T>>, ResponseError> {
    let context = ResponseContext::of(response);
    match parse(context.body, PhantomData::<Option<T>>) {
        Ok(mut envelope) => {
            if envelope.metadata.is_some() {
                // Null and nothing are the same from here on.
                envelope.result = envelope.result.filter(Option::is_some);
                let metadata = refuse(&context, &mut envelope)?;
                return Ok(Answer { metadata, result: envelope.result.flatten() });
            }
            judge(context, envelope)
        }
        Err(problem) => Err(unreadable(context, problem)),
    }
}

/// Reads an answer whose `Result` is read by a seed, in one pass over the body: for results too
/// large to be built and then copied. What the seed has made is dropped when the answer turns out
/// to be an error.
///
/// # Errors
///
/// See [`ResponseError`].
pub fn read_with<'de, B: AsRef<[u8]>, S: DeserializeSeed<'de>>(
    response: &'de http::Response<B>,
    seed: S,
) -> Result<Answer<S::Value>, ResponseError> {
    let context = ResponseContext::of(response);
    match parse(context.body, seed) {
        Ok(envelope) => judge(context, envelope),
        Err(problem) => Err(unreadable(context, problem)),
    }
}

/// The parts of a response beside its envelope.
#[derive(Clone)]
struct ResponseContext<'a> {
    status: StatusCode,
    log_id: Option<String>,
    retry_after: Option<Duration>,
    body: &'a [u8],
}

/// Reads any action's answer as plain JSON.
///
/// # Errors
///
/// See [`ResponseError`].
pub fn read_envelope<B: AsRef<[u8]>>(
    response: &http::Response<B>,
) -> Result<Answer<serde_json::Value>, ResponseError> {
    read_answer(response)
}

/// The parts of a body.
struct Envelope<R> {
    metadata: Option<ResponseMetadata>,
    result: Option<R>,
    /// The simple form's fields.
    simple: ErrorBody,
}

fn judge<R>(
    context: ResponseContext<'_>,
    mut envelope: Envelope<R>,
) -> Result<Answer<R>, ResponseError> {
    let mut metadata = refuse(&context, &mut envelope)?;
    let Some(result) = envelope.result else {
        let detail = "it has neither Result nor Error".to_owned();
        let context = context.with_id(metadata.request_id.take());
        return Err(context.protocol(ProtocolProblem::Shape, detail).into());
    };
    Ok(Answer { metadata, result })
}

/// Takes the metadata out, unless the answer is a refusal.
fn refuse<R>(
    context: &ResponseContext<'_>,
    envelope: &mut Envelope<R>,
) -> Result<ResponseMetadata, ResponseError> {
    let mut metadata = envelope.metadata.take().unwrap_or_default();
    let context = || context.clone();
    if let Some(error) = metadata.error.take() {
        return Err(context().with_id(metadata.request_id).refused(error).into());
    }
    let is_failure = !is_success(context().status);
    let simple = std::mem::take(&mut envelope.simple);
    let has_code = simple.code.is_some() || simple.code_n.is_some();
    let is_refusal = is_failure || (envelope.result.is_none() && simple.message.is_some());
    if has_code && is_refusal {
        return Err(context().with_id(metadata.request_id).refused(simple).into());
    }
    let message = metadata.error_message.take().filter(|message| !message.is_empty());
    if let Some(message) = message.filter(|_| is_failure || envelope.result.is_none()) {
        let error = ErrorBody { message: Some(message), ..ErrorBody::default() };
        return Err(context().with_id(metadata.request_id).refused(error).into());
    }
    if is_failure {
        return Err(context().with_id(metadata.request_id).gateway().into());
    }
    Ok(metadata)
}

/// Returns true for the statuses of a whole answer.
fn is_success(status: StatusCode) -> bool {
    matches!(status, StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED)
}

/// A body the seed could not read: the error object may still be readable, and comes first.
fn unreadable(context: ResponseContext<'_>, detail: String) -> ResponseError {
    match parse(context.body, PhantomData::<IgnoredAny>) {
        Ok(envelope) => {
            let id = envelope.metadata.as_ref().and_then(|metadata| metadata.request_id.clone());
            match judge(context.clone(), envelope) {
                Ok(_) => context.with_id(id).protocol(ProtocolProblem::Shape, detail).into(),
                Err(error) => error,
            }
        }
        Err(_) if !is_success(context.status) => context.gateway().into(),
        Err(_) => {
            let problem = match FailedBody::of(context.body) {
                FailedBody::Json(_) => ProtocolProblem::Shape,
                FailedBody::Raw(_) => ProtocolProblem::NotJson,
            };
            context.protocol(problem, detail).into()
        }
    }
}

impl<'a> ResponseContext<'a> {
    fn of<B: AsRef<[u8]>>(response: &'a http::Response<B>) -> Self {
        Self {
            status: response.status(),
            log_id: log_id(response.headers()),
            retry_after: retry_after(response.headers(), None),
            body: response.body().as_ref(),
        }
    }

    /// The request id of the body, if it has one, instead of that of a header.
    fn with_id(mut self, id: Option<String>) -> Self {
        self.log_id = id.or(self.log_id);
        self
    }

    fn gateway(self) -> GatewayError {
        let Self { status, log_id, retry_after, body } = self;
        GatewayError { status, request_id: log_id, retry_after, body: FailedBody::of(body) }
    }

    fn protocol(self, problem: ProtocolProblem, detail: String) -> ProtocolError {
        let Self { status, log_id, body, .. } = self;
        ProtocolError { status, request_id: log_id, problem, detail, body: FailedBody::of(body) }
    }

    fn refused(self, error: ErrorBody) -> ApiError {
        let message = error.message.unwrap_or_default();
        ApiError {
            status: self.status,
            code: shortened(error.code.unwrap_or_default(), MOST_DETAIL),
            code_n: error.code_n,
            // Masked first: a cut inside a key would hide that it is one.
            message: shortened(redact_access_keys(&message).into_owned(), ApiError::MESSAGE_CAP),
            request_id: self.log_id,
            retry_after: self.retry_after,
        }
    }
}

fn log_id(headers: &http::HeaderMap) -> Option<String> {
    let value = headers.get("x-tt-logid")?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// One pass over the body. Its encoding is checked once, not string by string.
fn parse<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    seed: S,
) -> Result<Envelope<S::Value>, String> {
    let text = utf8_text(body).map_err(|error| error.to_string())?;
    let mut input = serde_json::Deserializer::from_str(text);
    let envelope = input.deserialize_map(EnvelopeVisitor { seed }).map_err(|e| redacted(&e))?;
    input.end().map_err(|error| redacted(&error))?;
    Ok(envelope)
}

fn redacted(error: &dyn fmt::Display) -> String {
    // The error may repeat a whole text of the body.
    shortened(redact_access_keys(&error.to_string()).into_owned(), MOST_DETAIL)
}

/// The most bytes of an error of the reader that are kept.
const MOST_DETAIL: usize = 1 << 10;

struct EnvelopeVisitor<S> {
    seed: S,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    ResponseMetadata,
    Result,
    #[serde(rename = "errorcode", alias = "ErrorCode", alias = "Code")]
    ErrorCode,
    #[serde(rename = "message", alias = "Message")]
    Message,
    #[serde(other)]
    Other,
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for EnvelopeVisitor<S> {
    type Value = Envelope<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with ResponseMetadata and Result")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut seed = Some(self.seed);
        let mut envelope = Envelope { metadata: None, result: None, simple: ErrorBody::default() };
        while let Some(key) = map.next_key()? {
            match key {
                Key::ResponseMetadata => {
                    let metadata: Option<ResponseMetadata> = map.next_value()?;
                    envelope.metadata.get_or_insert_default().merge(metadata.unwrap_or_default());
                }
                Key::Result => match seed.take() {
                    Some(seed) => envelope.result = Some(map.next_value_seed(seed)?),
                    None => return Err(serde::de::Error::duplicate_field("Result")),
                },
                Key::ErrorCode => {
                    let code: Box<RawValue> = map.next_value()?;
                    if code.get().starts_with('"') {
                        envelope.simple.code = text_of(&code);
                    } else {
                        envelope.simple.code_n = code.get().parse().ok();
                    }
                }
                Key::Message => {
                    let message: Box<RawValue> = map.next_value()?;
                    if message.get().starts_with('"') {
                        envelope.simple.message = text_of(&message);
                    }
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(envelope)
    }
}
