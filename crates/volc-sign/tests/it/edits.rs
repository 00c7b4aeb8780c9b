//! One thing that was changed after signing is named first and alone.

use http::Request;
use volc_sign::explain::{Cause, Failure, explain};
use volc_sign::{SignableRequest, VerifyError};

use crate::fixture::{credentials, now, signed_request, time};

/// The signed request with the first `from` of a header replaced.
fn edited(header: &'static str, from: &str, to: &str) -> Request<String> {
    let mut request = signed_request();
    let value = request.headers()[header].to_str().unwrap();
    assert!(value.contains(from), "{value}");
    let value = value.replacen(from, to, 1).parse().unwrap();
    request.headers_mut().insert(header, value);
    request
}

#[test]
fn each_is_named_alone() {
    let name = || "content-type".to_owned();
    let skew = |text| VerifyError::ClockSkew { presented: time(text), now: now() };
    let at = |text| Cause::DateChanged { time: time(text) };
    for (header, from, to, verdict, cause) in [
        ("x-content-sha256", "29", "30", VerifyError::PayloadMismatch, Cause::HashChanged),
        ("x-content-sha256", "29", "ZZ", VerifyError::MalformedPayloadHash, Cause::HashChanged),
        ("x-date", "T02", "T10", skew("20241119T101530Z"), at("20241119T021530Z")),
        ("x-date", "15", "45", skew("20241119T024530Z"), at("20241119T021530Z")),
        ("x-date", "30Z", "07Z", VerifyError::SignatureMismatch, at("20241119T021530Z")),
        ("x-date", "1119", "1120", VerifyError::ScopeDateMismatch, at("20241119T021530Z")),
        ("x-date", "1119T0215", "1121T0721", VerifyError::ScopeDateMismatch, Cause::DateOrSecret),
        (
            "authorization",
            "/20241119/",
            "/20241118/",
            VerifyError::ScopeDateMismatch,
            Cause::ScopeDateChanged { date: "20241119".to_owned() },
        ),
        (
            "authorization",
            "Headers=",
            "Headers=content-type;",
            VerifyError::SignatureMismatch,
            Cause::NameAdded { name: name() },
        ),
        (
            "authorization",
            ";x-date",
            "",
            VerifyError::SignatureMismatch,
            Cause::NameRemoved { name: "x-date".to_owned() },
        ),
        (
            "authorization",
            "cn-beijing",
            "cn-shanghai",
            VerifyError::SignatureMismatch,
            Cause::RegionSigned {
                region: "cn-beijing".to_owned(),
                scope: "cn-shanghai".to_owned(),
            },
        ),
    ] {
        let request = edited(header, from, to);
        let failure =
            Failure::new(SignableRequest::from_request(&request), request.body().as_bytes(), now());
        let explanation = explain(&failure, &credentials());
        assert_eq!(explanation.verdict(), Err(&verdict), "{header} {to}: {explanation}");
        assert_eq!(explanation.causes(), [cause], "{header} {to}: {explanation}");
    }
}
