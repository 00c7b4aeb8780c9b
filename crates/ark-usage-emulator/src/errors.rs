//! Refusals of the service: code, number, HTTP status and a message like its own.
//!
//! Gateway errors (1000xx) are those of the vendor's list of common error codes; the action's own
//! (`MissingParameter.StartTime` and its like) carry no number.

use http::StatusCode;

/// A refusal: an error code with an HTTP status and a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) code_n: Option<i64>,
    pub(crate) message: String,
    /// Seconds for the header `Retry-After`.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    /// Returns true if it says that the service or the action does not exist.
    pub(crate) fn is_of_unknown(&self) -> bool {
        matches!(self.code.as_str(), "ServiceNotFound" | "InvalidActionOrVersion")
    }

    /// `Action` or `Version` is not in the query.
    pub(crate) fn missing_query_parameter(name: &str) -> Self {
        let message = format!("The request is missing {name} parameter.");
        Self::gateway(StatusCode::BAD_REQUEST, "MissingParameter", 100_002, message)
    }

    pub(crate) fn missing_authentication_token() -> Self {
        let message = "Request is missing Authentication Token.";
        Self::gateway(StatusCode::UNAUTHORIZED, "MissingAuthenticationToken", 100_003, message)
    }

    pub(crate) fn missing_request_info(what: &str) -> Self {
        let message = format!("The request is missing {what} information.");
        Self::gateway(StatusCode::BAD_REQUEST, "MissingRequestInfo", 100_004, message)
    }

    pub(crate) fn missing_signature() -> Self {
        let message = "The request is missing signature.";
        Self::gateway(StatusCode::UNAUTHORIZED, "MissingSignature", 100_005, message)
    }

    pub(crate) fn invalid_timestamp() -> Self {
        let message = "The signature of the request is expired.";
        Self::gateway(StatusCode::BAD_REQUEST, "InvalidTimestamp", 100_006, message)
    }

    pub(crate) fn service_not_found(service: &str) -> Self {
        let message = format!("This service[{service}] not found.");
        Self::gateway(StatusCode::NOT_FOUND, "ServiceNotFound", 100_007, message)
    }

    pub(crate) fn invalid_action_or_version(action: &str, version: &str) -> Self {
        let message = format!("Could not find operation {action} for version {version}.");
        Self::gateway(StatusCode::NOT_FOUND, "InvalidActionOrVersion", 100_008, message)
    }

    pub(crate) fn invalid_access_key(access_key_id: &str) -> Self {
        let message =
            format!("The accesskey [{access_key_id}] included in the request is invalid.");
        Self::gateway(StatusCode::UNAUTHORIZED, "InvalidAccessKey", 100_009, message)
    }

    pub(crate) fn signature_does_not_match() -> Self {
        let message = "The request signature we calculated does not match the signature you \
                       provided. Check your Secret Access Key and signing method. Consult the \
                       service documentation for details.";
        Self::gateway(StatusCode::UNAUTHORIZED, "SignatureDoesNotMatch", 100_010, message)
    }

    pub(crate) fn access_denied(operation: &str, resource: &str) -> Self {
        let message =
            format!("User is not authorized to perform: {operation} on resource: {resource}.");
        Self::gateway(StatusCode::FORBIDDEN, "AccessDenied", 100_013, message)
    }

    pub(crate) fn internal_error() -> Self {
        let message = "The request has failed due to an unknown error.";
        Self::gateway(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", 100_014, message)
    }

    pub(crate) fn flow_limit_exceeded(action: &str) -> Self {
        let message = format!(
            "Request was rejected because the request speed of {action} is over the flow limit."
        );
        Self::gateway(StatusCode::TOO_MANY_REQUESTS, "FlowLimitExceeded", 100_018, message)
    }

    /// The account-wide limit, which two third-party test suites model as HTTP 200.
    pub(crate) fn account_flow_limit_exceeded(action: &str) -> Self {
        let message = format!("Request was rejected because {action} is over the account's limit.");
        Self::gateway(StatusCode::OK, "AccountFlowLimitExceeded", 100_027, message)
    }

    pub(crate) fn internal_service_timeout() -> Self {
        let message = "Internal service timed out.";
        Self::gateway(StatusCode::GATEWAY_TIMEOUT, "InternalServiceTimeout", 100_016, message)
    }

    /// The refusal of a gateway that has nothing but an HTTP status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => Self::internal_error(),
            StatusCode::GATEWAY_TIMEOUT => Self::internal_service_timeout(),
            _ => Self::plain(status, "ServiceUnavailable", "The service is not available."),
        }
    }

    /// A refusal of a fault script.
    pub(crate) fn scripted(
        status: StatusCode,
        code: &str,
        code_n: Option<i64>,
        message: &str,
    ) -> Self {
        Self { code_n, ..Self::plain(status, code, message) }
    }

    pub(crate) fn invalid_authorization() -> Self {
        let message = "The Authorization included in the request is invalid.";
        Self::plain(StatusCode::BAD_REQUEST, "InvalidAuthorization", message)
    }

    pub(crate) fn invalid_credential() -> Self {
        let message = "The Credential included in the request is invalid.";
        Self::plain(StatusCode::BAD_REQUEST, "InvalidCredential", message)
    }

    pub(crate) fn invalid_secret_token() -> Self {
        let message = "The security token included in the request is invalid or expired.";
        Self::plain(StatusCode::UNAUTHORIZED, "InvalidSecretToken", message)
    }

    /// The portal does not take the session's access token.
    pub(crate) fn invalid_access_token() -> Self {
        let message = "The access token included in the request is invalid or expired.";
        Self::plain(StatusCode::UNAUTHORIZED, "InvalidAccessToken", message)
    }

    /// A parameter of the action is absent.
    pub fn missing_parameter(name: &str) -> Self {
        let message = format!("The request is missing the required parameter {name}.");
        Self::plain(StatusCode::BAD_REQUEST, format!("MissingParameter.{name}"), message)
    }

    /// A parameter of the action has a value the action does not take.
    pub fn invalid_parameter(name: &str, why: &str) -> Self {
        let message = format!("The specified parameter {name} is not valid: {why}.");
        Self::plain(StatusCode::BAD_REQUEST, format!("InvalidParameter.{name}"), message)
    }

    /// The body is not what the action reads.
    pub(crate) fn invalid_body(why: &str) -> Self {
        let message = format!("The request body is not valid: {why}.");
        Self::plain(StatusCode::BAD_REQUEST, "InvalidParameter", message)
    }

    /// A parameter names something that does not exist.
    pub fn not_found(name: &str, value: &str) -> Self {
        let message = format!("The specified {name} {value} does not exist.");
        Self::plain(StatusCode::NOT_FOUND, format!("NotFound.{name}"), message)
    }

    /// Something the account has not bought.
    pub(crate) fn resource_not_found(kind: &str, name: &str) -> Self {
        let message = format!("The specified resource {kind} {name} is not found.");
        Self::plain(StatusCode::NOT_FOUND, format!("ResourceNotFound.{kind}"), message)
    }

    fn gateway(status: StatusCode, code: &str, code_n: i64, message: impl Into<String>) -> Self {
        Self { code_n: Some(code_n), ..Self::plain(status, code, message) }
    }

    fn plain(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { status, code, code_n: None, message, retry_after: None }
    }
}
