//! The meaning of error codes for a client.

/// An error code: its name and, when sent, its number.
///
/// ```
/// use volc_openapi::{CodeClass, ErrorCode};
///
/// let code = ErrorCode::new("InvalidParameter.StartTime", None);
/// assert_eq!((code.head(), code.rest()), ("InvalidParameter", Some("StartTime")));
/// assert_eq!(code.class(), CodeClass::BadParameter(Some("StartTime")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode<'a> {
    name: &'a str,
    number: Option<i64>,
}

impl<'a> ErrorCode<'a> {
    /// A code as it was sent; the name may be empty when there is a number.
    pub fn new(name: &'a str, number: Option<i64>) -> Self {
        Self { name: name.trim(), number }
    }

    /// The name before its first dot.
    pub fn head(self) -> &'a str {
        head_of(self.name)
    }

    /// The name after its first dot, for instance a parameter.
    pub fn rest(self) -> Option<&'a str> {
        self.name.split_once('.').map(|(_, rest)| rest).filter(|rest| !rest.is_empty())
    }

    /// Returns the meaning. The name decides; the number does only when the name is empty.
    pub fn class(self) -> CodeClass<'a> {
        if self.name.is_empty() {
            return self.number.map_or(CodeClass::Other, class_of_number);
        }
        class_of_head(self.head(), self.rest())
    }
}

/// Returns the part of a code before its first dot.
///
/// ```
/// assert_eq!(volc_openapi::head_of("NotFound.ProjectName"), "NotFound");
/// assert_eq!(volc_openapi::head_of("AccessDenied"), "AccessDenied");
/// ```
pub fn head_of(code: &str) -> &str {
    code.split_once('.').map_or(code, |(head, _)| head)
}

/// The meaning of a code for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeClass<'a> {
    /// Too many requests: wait longer, send fewer.
    Throttle,
    /// A temporary failure of the server: try again.
    Temporary,
    /// X-Date too old or in the future: correct the clock and sign again, once.
    ClockSkew,
    /// Unknown or expired key or session token: refresh temporary credentials, once.
    Credential,
    /// The key is valid but lacks permission: attach a policy such as `ArkReadOnlyAccess`.
    Permission,
    /// The key is valid but lacks permission for this project.
    ProjectPermission,
    /// The request is not signed, or not as the server expects: wrong secret, or a defect.
    Signature,
    /// A parameter's value is refused, or it is absent; its name when the code tells it.
    BadParameter(Option<&'a str>),
    /// Something named in the request does not exist; which, when the code tells it.
    NotFound(Option<&'a str>),
    /// No such service, action or version: check region, service and base URL.
    UnknownAction,
    /// The account cannot be served, for instance because it is in arrears.
    Account,
    /// Anything else.
    Other,
}

/// Parts of code heads that mean "too many requests", compared without regard to case.
const THROTTLE: [&str; 5] =
    ["flowlimit", "throttl", "requestlimitexceeded", "toomanyrequests", "ratelimit"];

fn class_of_head<'a>(head: &str, rest: Option<&'a str>) -> CodeClass<'a> {
    let lower = head.to_ascii_lowercase();
    if THROTTLE.iter().any(|part| lower.contains(part)) {
        return CodeClass::Throttle;
    }
    match head {
        "InternalError"
        | "InternalServiceError"
        | "InternalServiceTimeout"
        | "RequestTimeout"
        | "RequestTimeoutException"
        | "InternalFailure"
        | "ServiceTimeout" => CodeClass::Temporary,
        "InvalidTimestamp" => CodeClass::ClockSkew,
        "InvalidAccessKey"
        | "InvalidSecretToken"
        | "InvalidSecurityToken"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired" => CodeClass::Credential,
        "LackPolicy"
        | "AccessDenied"
        | "OperationDenied"
        | "Forbidden"
        | "UnauthorizedOperation"
        | "ServiceShouldCallSelfApi" => CodeClass::Permission,
        "LackProjectPolicy" => CodeClass::ProjectPermission,
        "SignatureDoesNotMatch"
        | "MissingAuthenticationToken"
        | "MissingSignature"
        | "MissingRequestInfo"
        | "InvalidAuthorization"
        | "InvalidCredential" => CodeClass::Signature,
        // Without a suffix the gateway means Action or Version by it.
        "MissingParameter" if rest.is_none() => CodeClass::UnknownAction,
        "MissingParameter" | "InvalidParameter" | "InvalidParameterValue" => {
            CodeClass::BadParameter(rest)
        }
        "NotFound" | "ResourceNotFound" => CodeClass::NotFound(rest),
        "ServiceNotFound" | "InvalidActionOrVersion" | "InvalidAction" | "InvalidVersion" => {
            CodeClass::UnknownAction
        }
        "AccountOverdueError" | "AccountOverdue" => CodeClass::Account,
        _ if head.starts_with("ServiceUnavailable") => CodeClass::Temporary,
        _ => CodeClass::Other,
    }
}

/// The gateway's numbers, for errors that carry no name.
fn class_of_number(number: i64) -> CodeClass<'static> {
    match number {
        100_002 | 100_007 | 100_008 => CodeClass::UnknownAction,
        100_003 | 100_004 | 100_005 | 100_010 => CodeClass::Signature,
        100_006 => CodeClass::ClockSkew,
        100_009 => CodeClass::Credential,
        100_012 | 100_013 => CodeClass::Permission,
        100_014 | 100_016 => CodeClass::Temporary,
        100_018 | 100_027 => CodeClass::Throttle,
        _ => CodeClass::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str) -> CodeClass<'_> {
        ErrorCode::new(name, None).class()
    }

    #[test]
    fn every_documented_code() {
        use CodeClass as C;
        for (name, number, expected) in [
            ("MissingParameter", 100_002, C::UnknownAction),
            ("MissingAuthenticationToken", 100_003, C::Signature),
            ("MissingRequestInfo", 100_004, C::Signature),
            ("MissingSignature", 100_005, C::Signature),
            ("InvalidTimestamp", 100_006, C::ClockSkew),
            ("ServiceNotFound", 100_007, C::UnknownAction),
            ("InvalidActionOrVersion", 100_008, C::UnknownAction),
            ("InvalidAccessKey", 100_009, C::Credential),
            ("SignatureDoesNotMatch", 100_010, C::Signature),
            ("LackPolicy", 100_012, C::Permission),
            ("AccessDenied", 100_013, C::Permission),
            ("InternalError", 100_014, C::Temporary),
            ("InternalServiceTimeout", 100_016, C::Temporary),
            ("FlowLimitExceeded", 100_018, C::Throttle),
            ("AccountFlowLimitExceeded", 100_027, C::Throttle),
        ] {
            assert_eq!(ErrorCode::new(name, None).class(), expected, "{name}");
            assert_eq!(ErrorCode::new("", Some(number)).class(), expected, "{number}");
        }
        for (name, expected) in [
            ("InternalServiceError", C::Temporary),
            ("InvalidAuthorization", C::Signature),
            ("InvalidCredential", C::Signature),
            ("InvalidSecretToken", C::Credential),
            ("ExpiredToken", C::Credential),
            ("LackProjectPolicy", C::ProjectPermission),
            ("ServiceUnavailableTemp", C::Temporary),
            ("ServiceShouldCallSelfApi", C::Permission),
            ("OperationDenied.ServiceOverdue", C::Permission),
            ("AccountOverdueError", C::Account),
            ("RateLimitExceeded.EndpointRPMExceeded", C::Throttle),
            ("Throttling.User", C::Throttle),
            ("RequestLimitExceeded", C::Throttle),
            ("TooManyRequestsException", C::Throttle),
            ("MissingParameter.StartTime", C::BadParameter(Some("StartTime"))),
            ("InvalidParameter", C::BadParameter(None)),
            ("InvalidParameter.EndpointIds.3", C::BadParameter(Some("EndpointIds.3"))),
            ("NotFound.ProjectName", C::NotFound(Some("ProjectName"))),
            ("ResourceNotFound.Plan", C::NotFound(Some("Plan"))),
            ("Teapot", C::Other),
        ] {
            assert_eq!(class(name), expected, "{name}");
        }
    }

    #[test]
    fn names_beat_numbers_and_nothing_is_other() {
        assert_eq!(ErrorCode::new("Teapot", Some(100_018)).class(), CodeClass::Other);
        assert_eq!(ErrorCode::new("", None).class(), CodeClass::Other);
        assert_eq!(
            ErrorCode::new("InvalidParameter.", None).class(),
            CodeClass::BadParameter(None)
        );
    }
}
