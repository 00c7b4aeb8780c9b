//! The envelope around every answer, key order as on the vendor's page.

use http::header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use volc_openapi::{ErrorBody, ResponseMetadata, format_http_date};

use crate::errors::Refusal;

/// The header that carries the request id beside the envelope.
pub(crate) const X_TT_LOGID: HeaderName = HeaderName::from_static("x-tt-logid");

/// The part of every answer that repeats the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Request id, and whatever of action, version and scope is known; no error.
    pub(crate) metadata: ResponseMetadata,
    /// The emulator's clock, in unix seconds.
    pub(crate) now: i64,
}

impl About {
    /// The action asked for; empty when none was.
    pub(crate) fn action(&self) -> &str {
        self.metadata.action.as_deref().unwrap_or_default()
    }

    /// The action as policies name it: `ark:GetUsage`.
    pub(crate) fn iam_action(&self) -> String {
        let service = self.metadata.service.as_deref().unwrap_or("ark");
        format!("{}:{}", service.trim_end_matches("_stg"), self.action())
    }

    /// `{"ResponseMetadata": …, "Result": …}` with status 200.
    pub(crate) fn success(&self, result: &impl Serialize) -> Response<Vec<u8>> {
        let envelope = Envelope { metadata: &self.metadata, result: Some(result) };
        // Plain structs of text and numbers do not fail; if they did, this is what it is.
        serde_json::to_vec(&envelope).map_or_else(
            |_| self.failure(&Refusal::internal_error()),
            |body| self.json(StatusCode::OK, body),
        )
    }

    /// `{"ResponseMetadata": …}` with status 200, as some actions say "nothing".
    pub(crate) fn without_result(&self) -> Response<Vec<u8>> {
        let envelope = Envelope::<()> { metadata: &self.metadata, result: None };
        self.json(StatusCode::OK, serde_json::to_vec(&envelope).unwrap_or_default())
    }

    /// The refusal in another place than `ResponseMetadata.Error`: as `{"Code", "Message"}`, or as
    /// `ResponseMetadata.ErrorMessage`.
    pub(crate) fn misplaced_failure(
        &self,
        failure: &Refusal,
        in_metadata: bool,
    ) -> Response<Vec<u8>> {
        let message = failure.message.clone();
        let body = if in_metadata {
            let error_message = Some(format!("{}: {message}", failure.code));
            let metadata = ResponseMetadata { error_message, ..self.metadata.clone() };
            serde_json::to_vec(&Envelope::<()> { metadata: &metadata, result: None })
        } else {
            serde_json::to_vec(&PlainFailure { code: &failure.code, message: &message })
        };
        self.json(failure.status, body.unwrap_or_default())
    }

    /// The refusal with its own HTTP status.
    pub(crate) fn failure(&self, failure: &Refusal) -> Response<Vec<u8>> {
        let error = ErrorBody {
            code_n: failure.code_n,
            code: Some(failure.code.clone()),
            message: Some(failure.message.clone()),
        };
        let metadata = ResponseMetadata { error: Some(error), ..self.metadata.clone() };
        let envelope = Envelope::<()> { metadata: &metadata, result: None };
        let body = serde_json::to_vec(&envelope).unwrap_or_default();
        let mut response = self.json(failure.status, body);
        if let Some(seconds) = failure.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// A status without a body.
    pub(crate) fn empty(&self, status: StatusCode) -> Response<Vec<u8>> {
        let mut response = self.json(status, Vec::new());
        response.headers_mut().remove(CONTENT_TYPE);
        response
    }

    /// Any body under the headers every answer has.
    pub(crate) fn json(&self, status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(date) = HeaderValue::try_from(format_http_date(self.now)) {
            headers.insert(DATE, date);
        }
        let request_id = self.metadata.request_id.as_deref().unwrap_or_default();
        if let Ok(request_id) = HeaderValue::try_from(request_id) {
            headers.insert(X_TT_LOGID, request_id);
        }
        response
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "ResponseMetadata")]
    metadata: &'a ResponseMetadata,
    #[serde(rename = "Result", skip_serializing_if = "Option::is_none")]
    result: Option<&'a T>,
}

/// A refusal without an envelope.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PlainFailure<'a> {
    code: &'a str,
    message: &'a str,
}
