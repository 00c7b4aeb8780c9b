//! The same GetUsage request for everybody.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use reqsign_core::SignRequest;
use sha2::{Digest, Sha256};
use volc_sign::{Credentials, Presented, Signer, SigningTime, VerifyPolicy};

use crate::measure::Case;

const ACCESS_KEY_ID: &str = "AKLTEXAMPLE0000000000000000000001";
const SECRET: &str = "fake-secret-for-tests-only-0001";
const URL: &str = "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01";
const HOST: &str = "open.volcengineapi.com";
const BODY: &str = r#"{"StartTime":1731945600,"EndTime":1732031999,"Interval":86400}"#;
const X_DATE: &str = "20241119T021530Z";
const UNIX: u64 = 1_731_982_530;

pub fn all() -> Vec<Case> {
    vec![bare(), warm(), cold(), verify(), aws_sigv4(), reqsign_aws_v4(), reqsign_tos()]
}

/// The hash of a body and a signature over it, beside the hash alone.
pub fn large_body() -> Vec<Case> {
    let body: Arc<[u8]> = vec![b'x'; 64 << 20].into();
    let hashed = Arc::clone(&body);
    let signer = signer();
    vec![
        Case::new("hash", move || Arc::clone(&hashed), |body| Sha256::digest(&body)),
        Case::new(
            "sign",
            move || request().map(|()| Arc::clone(&body)),
            move |mut request| {
                signer.sign_request(&mut request, time(UNIX)).expect("signable");
                request
            },
        ),
    ]
}

/// The calls of sha2 and hmac a signature with a known key consists of: body, canonical request,
/// string to sign. Twelve compressions.
fn bare() -> Case {
    let canonical = format!(
        "POST\n/\nAction=GetUsage&Version=2024-01-01\nhost:{HOST}\nx-content-sha256:{0}\nx-date:{X_DATE}\n\nhost;x-content-sha256;x-date\n{0}",
        "0".repeat(64)
    );
    let to_sign = format!("HMAC-SHA256\n{X_DATE}\n20241119/cn-beijing/ark/request\n{}", "0".repeat(64));
    Case::new(
        "bare",
        || (),
        move |()| {
            let body = Sha256::digest(black_box(BODY.as_bytes()));
            let canonical = Sha256::digest(black_box(canonical.as_bytes()));
            let mut mac = Hmac::<Sha256>::new_from_slice(black_box(&[7; 32])).expect("any length");
            mac.update(black_box(to_sign.as_bytes()));
            (body, canonical, mac.finalize())
        },
    )
}

fn warm() -> Case {
    let signer = signer();
    Case::new("volc-sign warm", owned_request, move |mut request| {
        signer.sign_request(&mut request, time(UNIX)).expect("signable");
        request
    })
}

/// Every call falls on another day, so that no kept key serves.
fn cold() -> Case {
    let signer = signer();
    let day = AtomicU64::new(0);
    Case::new("volc-sign cold", owned_request, move |mut request| {
        let unix = UNIX + 86_400 * day.fetch_add(1, Ordering::Relaxed);
        signer.sign_request(&mut request, time(unix)).expect("signable");
        request
    })
}

fn verify() -> Case {
    let mut signed = owned_request();
    let signer = signer();
    signer.sign_request(&mut signed, time(UNIX)).expect("signable");
    let signed = Arc::new(signed);
    let policy = VerifyPolicy::strict();
    Case::new(
        "volc-sign verify",
        move || Arc::clone(&signed),
        move |request| {
            let presented = Presented::from_request(&request).expect("claims");
            presented.verify(signer.credentials().secret(), request.body(), time(UNIX), &policy).expect("valid")
        },
    )
}

fn aws_sigv4() -> Case {
    let identity = aws_credential_types::Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "bench").into();
    Case::new("aws-sigv4", owned_request, move |mut request| {
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("cn-beijing")
            .name("ark")
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(UNIX))
            .settings(settings)
            .build()
            .expect("complete")
            .into();
        let signable = SignableRequest::new(
            "POST",
            URL,
            std::iter::once(("host", HOST)),
            SignableBody::Bytes(BODY.as_bytes()),
        )
        .expect("signable");
        let (instructions, signature) = sign(signable, &parameters).expect("signable").into_parts();
        instructions.apply_to_request_http1x(&mut request);
        (request, signature)
    })
}

fn reqsign_aws_v4() -> Case {
    let credential = reqsign_aws_v4::Credential {
        access_key_id: ACCESS_KEY_ID.into(),
        secret_access_key: SECRET.into(),
        session_token: None,
        expires_in: None,
    };
    let signer = reqsign_aws_v4::RequestSigner::new("ark", "cn-beijing");
    let context = reqsign_core::Context::new();
    Case::new("reqsign aws-v4", owned_request, move |request| {
        let (mut parts, body) = request.into_parts();
        let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        parts.headers.insert("x-amz-content-sha256", hash.parse().expect("hexadecimal"));
        ready(signer.sign_request(&context, &mut parts, Some(&credential), None)).expect("signable");
        parts
    })
}

/// Hashes no body: TOS signs the empty payload's hash.
fn reqsign_tos() -> Case {
    let credential = reqsign_volcengine_tos::Credential::new(ACCESS_KEY_ID, SECRET);
    let signer = reqsign_volcengine_tos::RequestSigner::new("cn-beijing");
    let context = reqsign_core::Context::new();
    Case::new("reqsign volcengine-tos", owned_request, move |request| {
        let (mut parts, _) = request.into_parts();
        ready(signer.sign_request(&context, &mut parts, Some(&credential), None)).expect("signable");
        parts
    })
}

fn signer() -> Signer {
    Signer::new(Credentials::new(ACCESS_KEY_ID, SECRET), "cn-beijing", "ark")
}

fn time(unix: u64) -> SigningTime {
    SigningTime::from_unix(unix).expect("in range")
}

fn request() -> Request<()> {
    Request::post(URL).header("host", HOST).body(()).expect("a request")
}

fn owned_request() -> Request<Vec<u8>> {
    request().map(|()| BODY.as_bytes().to_vec())
}

/// The peers' futures have nothing to wait for.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("signing waited for something"),
    }
}
