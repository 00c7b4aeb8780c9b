//! The retry policy as a table.

#![allow(clippy::unwrap_used, clippy::panic, clippy::allow_attributes, reason = "tests")]

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use proptest::prelude::*;
use volc_openapi::{
    ApiError, Attempt, FailedBody, Failure, GatewayError, ProtocolError, ProtocolProblem,
    ResponseError, RetryPolicy, ServerHints, TransportFailure, Verdict,
};

fn api(status: u16, code: &str) -> ResponseError {
    ResponseError::Api(ApiError {
        status: StatusCode::from_u16(status).unwrap(),
        code: code.to_owned(),
        code_n: None,
        message: String::new(),
        request_id: None,
        retry_after: None,
    })
}

fn gateway(status: u16) -> ResponseError {
    let status = StatusCode::from_u16(status).unwrap();
    ResponseError::Gateway(GatewayError {
        status,
        request_id: None,
        retry_after: None,
        body: FailedBody::of(b""),
    })
}

fn decide(error: &ResponseError, attempt: Attempt) -> Verdict {
    RetryPolicy::default().decide(error.into(), attempt, ServerHints::default())
}

fn is_retried(error: &ResponseError) -> bool {
    matches!(decide(error, Attempt::default()), Verdict::Retry { .. })
}

#[test]
fn retried_failures() {
    for status in [429, 500, 502, 503, 504] {
        assert!(is_retried(&gateway(status)), "{status}");
        assert!(is_retried(&api(status, "Unheard")), "{status}");
    }
    for status in [301, 400, 401, 403, 404, 408, 413, 501, 505] {
        assert!(!is_retried(&gateway(status)), "{status}");
        assert!(!is_retried(&api(status, "Unheard")), "{status}");
    }
    for code in ["InternalError", "InternalServiceError", "InternalServiceTimeout"] {
        assert!(is_retried(&api(200, code)), "{code}");
    }
    for code in ["FlowLimitExceeded", "AccountFlowLimitExceeded", "RequestLimitExceeded.X"] {
        assert!(is_retried(&api(200, code)) && Failure::from(&api(200, code)).is_throttle());
    }
    for code in ["AccessDenied", "SignatureDoesNotMatch", "InvalidParameter.EndTime", "NotFound.X"]
    {
        // The code decides, not a strange status.
        assert!(!is_retried(&api(500, code)), "{code}");
    }
}

#[test]
fn transport_failures() {
    use TransportFailure as T;
    let verdict = |failure: TransportFailure| {
        RetryPolicy::default().decide(failure.into(), Attempt::default(), ServerHints::default())
    };
    for failure in [T::Dns, T::Connect, T::ConnectTimeout, T::ReadTimeout, T::Reset, T::Truncated] {
        assert!(matches!(verdict(failure), Verdict::Retry { throttled: false, .. }), "{failure}");
    }
    for failure in [T::Tls, T::BodyTooLarge, T::Redirect, T::Malformed, T::Signing, T::Other] {
        assert_eq!(verdict(failure), Verdict::GiveUp, "{failure}");
    }
}

/// Names are for programs and stay; texts are for people, one each.
#[test]
fn transport_failures_have_names_and_texts() {
    use TransportFailure as T;
    let mut names: Vec<_> = T::ALL.iter().map(|failure| failure.name()).collect();
    let mut texts: Vec<_> = T::ALL.iter().map(ToString::to_string).collect();
    names.sort_unstable();
    names.dedup();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!((names.len(), texts.len()), (T::ALL.len(), T::ALL.len()));
    let table = [
        (
            T::ProxyAuthentication,
            "proxy_authentication",
            "the proxy asks for a user and a password",
        ),
        (T::CertificateExpired, "certificate_expired", "the server's certificate has expired"),
        (T::Dns, "dns", "the host name does not resolve"),
        (T::Connect, "connect", "cannot connect"),
        (T::ConnectTimeout, "connect_timeout", "connecting timed out"),
        (T::ReadTimeout, "read_timeout", "no complete response in time"),
        (T::Reset, "reset", "the connection was closed"),
        (T::Truncated, "truncated", "the response is incomplete"),
        (T::Tls, "tls", "the TLS handshake failed"),
        (T::BodyTooLarge, "body_too_large", "the response is larger than allowed"),
        (T::Redirect, "redirect", "the server redirected the request"),
        (T::Malformed, "malformed", "the response is not valid HTTP"),
        (T::Signing, "signing", "the request cannot be signed"),
        (T::Other, "other", "the transport failed"),
    ];
    for (failure, name, text) in table {
        assert_eq!((failure.name(), failure.to_string().as_str()), (name, text));
    }
}

#[test]
fn timeouts_are_not_throttling() {
    let late = |error: &ResponseError| Failure::from(error).is_timeout();
    assert!(late(&gateway(504)) && !late(&gateway(502)));
    assert!(late(&api(504, "Odd")) && !late(&api(500, "Odd")));
    assert!(late(&api(500, "InternalServiceTimeout")) && late(&api(200, "RequestTimeout.X")));
    let numbered = |code_n| match api(500, "") {
        ResponseError::Api(error) => ResponseError::Api(ApiError { code_n, ..error }),
        other => other,
    };
    assert!(late(&numbered(Some(100_016))) && !late(&numbered(Some(100_015))));
    assert!(Failure::from(TransportFailure::ReadTimeout).is_timeout());
    assert!(!Failure::from(TransportFailure::ConnectTimeout).is_timeout());
}

#[test]
fn it_ends() {
    let policy = RetryPolicy::default();
    let after = |retries, asked| {
        let hints =
            ServerHints { retry_after: Some(Duration::from_secs(asked)), ..ServerHints::default() };
        match policy.decide(
            (&gateway(502)).into(),
            Attempt { retries, ..Attempt::default() },
            hints,
        ) {
            Verdict::Retry { after, .. } => Some(after.as_secs()),
            _ => None,
        }
    };
    assert_eq!(after(2, 0), Some(0));
    assert_eq!(after(3, 0), None, "three times is enough");
    assert_eq!(after(0, 120), Some(120));
    assert_eq!(after(0, 121), None, "nobody waits that long");
}

/// Half of all jitter is half of the way.
#[test]
fn delays_are_spread_over_the_whole() {
    let delay = |retries, jitter| {
        let attempt = Attempt { retries, jitter, ..Attempt::default() };
        match decide(&gateway(502), attempt) {
            Verdict::Retry { after, .. } => after.as_millis(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((delay(0, 0), delay(0, 1 << 63), delay(0, u64::MAX)), (0, 150, 299));
    assert_eq!(delay(2, 1 << 63), 600);
}

#[test]
fn garbled_answers_are_retried_and_odd_ones_are_not() {
    let protocol = |problem| {
        ResponseError::Protocol(ProtocolError {
            status: StatusCode::OK,
            request_id: None,
            problem,
            detail: String::new(),
            body: FailedBody::of(b""),
        })
    };
    assert!(is_retried(&protocol(ProtocolProblem::NotJson)));
    assert!(!is_retried(&protocol(ProtocolProblem::Shape)));
}

#[test]
fn clocks_and_credentials_have_one_chance_each() {
    let hints = ServerHints { clock_offset: Some(-7), ..ServerHints::default() };
    let policy = RetryPolicy::default();
    let stale = api(400, "InvalidTimestamp");
    let fresh = Attempt::default();
    assert_eq!(policy.decide((&stale).into(), fresh, hints), Verdict::CorrectClock { offset: -7 });
    assert_eq!(policy.decide((&stale).into(), fresh, ServerHints::default()), Verdict::GiveUp);
    let again = Attempt { clock_corrected: true, ..fresh };
    assert_eq!(policy.decide((&stale).into(), again, hints), Verdict::GiveUp);

    for code in ["InvalidAccessKey", "InvalidSecretToken", "ExpiredToken"] {
        assert_eq!(decide(&api(401, code), fresh), Verdict::RefreshCredentials);
        let again = Attempt { credentials_refreshed: true, ..fresh };
        assert_eq!(decide(&api(401, code), again), Verdict::GiveUp);
    }
}

#[test]
fn hints_from_headers() {
    let hints = |pairs: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        ServerHints::from_headers(&headers, 1_732_013_137)
    };
    let date = "Tue, 19 Nov 2024 10:45:37 GMT";
    let later = "Tue, 19 Nov 2024 10:45:47 GMT";
    assert_eq!(hints(&[]), ServerHints::default());
    assert_eq!(hints(&[("date", later)]).clock_offset, Some(10));
    assert_eq!(hints(&[("retry-after", " 5 ")]).retry_after, Some(Duration::from_secs(5)));
    assert_eq!(hints(&[("retry-after", later)]).retry_after, Some(Duration::from_secs(10)));
    // Both stamps are the server's: our own clock does not matter.
    let both = hints(&[("retry-after", later), ("date", "Tue, 19 Nov 2024 10:45:40 GMT")]);
    assert_eq!(both.retry_after, Some(Duration::from_secs(7)));
    // In the past means now; nonsense means nothing.
    assert_eq!(hints(&[("retry-after", date), ("date", later)]).retry_after, Some(Duration::ZERO));
    assert_eq!(hints(&[("retry-after", "-5"), ("date", "soon")]), ServerHints::default());
}

proptest! {
    #[test]
    fn delays_stay_in_their_bounds(retries in 0u32..40, jitter: u64, throttled: bool, asked in 0u64..100) {
        let policy = RetryPolicy { max_retries: 100, ..RetryPolicy::default() };
        let error = if throttled { api(429, "FlowLimitExceeded") } else { gateway(502) };
        let hints = ServerHints {
            retry_after: Some(Duration::from_secs(asked)), ..ServerHints::default()
        };
        let attempt = Attempt { retries, jitter, ..Attempt::default() };
        let Verdict::Retry { after, throttled: told } = policy.decide((&error).into(), attempt, hints) else {
            panic!("not retried");
        };
        prop_assert_eq!(told, throttled);
        let longest = if throttled { 1_000u64 } else { 300 } << retries.min(10);
        let longest = Duration::from_millis(longest).min(policy.cap);
        prop_assert!(after <= longest.max(Duration::from_secs(asked)));
        prop_assert!(after >= Duration::from_secs(asked));
        prop_assert!(!throttled || after >= longest / 2);
    }
}

#[test]
fn retry_after_in_fractions_is_rounded_up() {
    let asked = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("Retry-After", value.parse().unwrap());
        ServerHints::from_headers(&headers, 0).retry_after.map(|delay| delay.as_secs())
    };
    for (value, seconds) in [
        ("2.5", Some(3)),
        ("2.0", Some(2)),
        ("0.001", Some(1)),
        (" 600 ", Some(600)),
        ("99999999999999999999", Some(u64::MAX)),
        ("2.", None),
        (".5", None),
        ("-1", None),
        ("1e3", None),
        ("soon", None),
    ] {
        assert_eq!(asked(value), seconds, "{value}");
    }
}
