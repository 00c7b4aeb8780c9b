//! The same GetUsage request for everybody.
//!
//! Everybody signs a request that is not signed yet, made outside the clock with a Host header, in
//! place, so that it can be sent. `Content-Type` is left out: peers sign it, volc-sign does not.
//! What may be kept between requests is kept: signers, the peers' settings, HMAC keys where a peer
//! keeps them (none does).

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use hmac::{Hmac, KeyInit, Mac};
use http::request::Parts;
use http::{HeaderValue, Request};
use reqsign_core::SignRequest;
use reqsign_core::hash::hex_sha256;
use sha2::{Digest, Sha256};
use volc_sign::{
    Credentials, PayloadHash, Presented, Signer, SigningKey, SigningTime, VerifyPolicy,
};

use crate::measure::Case;

const ACCESS_KEY_ID: &str = "AKLTEXAMPLE0000000000000000000001";
const SECRET: &str = "fake-secret-for-tests-only-0001";
const URL: &str = "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01";
const HOST: &str = "open.volcengineapi.com";
const BODY: &str = r#"{"Interval":86400,"StartTime":1731945600,"EndTime":1732031999}"#;
const X_DATE: &str = "20241119T021530Z";
const UNIX: u64 = 1_731_982_530;

pub const BARE: &str = "bare calls";
pub const BARE_COLD: &str = "bare calls, cold key";
pub const WARM: &str = "volc-sign";
pub const COLD: &str = "volc-sign, cold key";
pub const NO_BODY: &str = "volc-sign, body hash given";
pub const VERIFY: &str = "volc-sign verify";
pub const VERIFY_COLD: &str = "volc-sign verify, cold key";
pub const AWS: &str = "aws-sigv4";
pub const REQSIGN_AWS: &str = "reqsign-aws-v4";
pub const REQSIGN_TOS: &str = "reqsign-volcengine-tos";
pub const REQSIGN_TOS_NO_BODY: &str = "reqsign-volcengine-tos, no body";

pub fn all() -> Vec<Case> {
    vec![
        bare(),
        warm(),
        verify(),
        bare_cold(),
        cold(),
        verify_cold(),
        aws_sigv4(),
        reqsign_aws_v4(),
        reqsign_tos(),
        no_body(),
        reqsign_tos_no_body(),
    ]
}

/// The hash of a body and a signature over it, beside the hash alone.
pub fn large_body() -> [Case; 2] {
    let body: Arc<[u8]> = vec![b'x'; 64 << 20].into();
    let hashed = Arc::clone(&body);
    let signer = signer();
    [
        Case::new("hash", move || Arc::clone(&hashed), |body| Sha256::digest(body)),
        Case::new(
            "sign",
            move || request().map(|()| Arc::clone(&body)),
            move |request| signer.sign_request(request, time(UNIX)).expect("signable"),
        ),
    ]
}

/// The calls of sha2 and hmac a signature with a known key consists of: body, canonical request,
/// string to sign.
fn bare() -> Case {
    let calls = BareCalls::new();
    Case::new(BARE, || (), move |()| calls.with_key(black_box(&[7; 32])))
}

/// The same, and the four that make the key.
fn bare_cold() -> Case {
    let calls = BareCalls::new();
    let derive = |key: &[u8], part: &str| -> [u8; 32] { mac(key, part.as_bytes()).into() };
    Case::new(
        BARE_COLD,
        || (),
        move |()| {
            let date = derive(black_box(SECRET.as_bytes()), black_box("20241119"));
            let region = derive(&date, black_box("cn-beijing"));
            let service = derive(&region, black_box("ark"));
            calls.with_key(&derive(&service, black_box("request")))
        },
    )
}

struct BareCalls {
    canonical_request: String,
    string_to_sign: String,
}

impl BareCalls {
    fn new() -> Self {
        let hash = "0".repeat(64);
        Self {
            canonical_request: format!(
                "POST\n/\nAction=GetUsage&Version=2024-01-01\nhost:{HOST}\nx-content-sha256:{hash}\n\
                 x-date:{X_DATE}\n\nhost;x-content-sha256;x-date\n{hash}"
            ),
            string_to_sign: format!(
                "HMAC-SHA256\n{X_DATE}\n20241119/cn-beijing/ark/request\n{hash}"
            ),
        }
    }

    fn with_key(&self, key: &[u8; 32]) -> [[u8; 32]; 3] {
        [
            Sha256::digest(black_box(BODY.as_bytes())).into(),
            Sha256::digest(black_box(self.canonical_request.as_bytes())).into(),
            mac(key, black_box(self.string_to_sign.as_bytes())).into(),
        ]
    }
}

fn mac(key: &[u8], message: &[u8]) -> hmac::digest::Output<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes()
}

/// A program that keeps the signing key of the day behind a lock, as the transport does.
fn warm() -> Case {
    let signer = signer();
    let kept = KeptKey::new(&signer);
    Case::new(WARM, whole_request, move |request| {
        let time = black_box(time(UNIX));
        let key = kept.get(&signer, time);
        signer.sign_request_with_key(&key, request, time).expect("signable");
    })
}

/// A program that keeps no signing key.
fn cold() -> Case {
    let signer = signer();
    Case::new(COLD, whole_request, move |request| {
        signer.sign_request(request, black_box(time(UNIX))).expect("signable");
    })
}

/// As the TOS signer below: no body is hashed.
fn no_body() -> Case {
    let signer = signer();
    let kept = KeptKey::new(&signer);
    Case::new(
        NO_BODY,
        || parts().0,
        move |parts| {
            let time = black_box(time(UNIX));
            let key = kept.get(&signer, time);
            let payload = black_box(&PayloadHash::EMPTY);
            signer.sign_parts_with_key(&key, parts, payload, time).expect("signable");
        },
    )
}

struct KeptKey(Mutex<Arc<SigningKey>>);

impl KeptKey {
    fn new(signer: &Signer) -> Self {
        Self(Mutex::new(Arc::new(signer.signing_key(time(UNIX)))))
    }

    fn get(&self, signer: &Signer, time: SigningTime) -> Arc<SigningKey> {
        let mut key = self.0.lock().expect("no panic");
        if !signer.accepts_key(&key, time) {
            *key = Arc::new(signer.signing_key(time));
        }
        Arc::clone(&key)
    }
}

/// A server that keeps the signing key of the day.
fn verify() -> Case {
    let request = Arc::new(signed());
    let claims = Presented::from_request(&request).expect("claims");
    let key = SigningKey::derive(signer().credentials().secret(), claims.scope());
    let policy = VerifyPolicy::strict();
    Case::new(
        VERIFY,
        move || Arc::clone(&request),
        move |request| {
            let presented = Presented::from_request(request).expect("claims");
            presented.verify_with_key(&key, request.body(), time(UNIX), &policy).expect("valid")
        },
    )
}

/// A server that derives the key each time.
fn verify_cold() -> Case {
    let request = Arc::new(signed());
    let signer = signer();
    let policy = VerifyPolicy::strict();
    Case::new(
        VERIFY_COLD,
        move || Arc::clone(&request),
        move |request| {
            let presented = Presented::from_request(request).expect("claims");
            let secret = signer.credentials().secret();
            presented.verify(secret, request.body(), time(UNIX), &policy).expect("valid")
        },
    )
}

/// No doubled encoding and no tidying of the path: this protocol does not have them either.
fn aws_sigv4() -> Case {
    let credentials =
        aws_credential_types::Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "bench");
    let identity = credentials.into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    Case::new(AWS, whole_request, move |request| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(black_box(UNIX));
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("cn-beijing")
            .name("ark")
            .time(time)
            .settings(settings.clone())
            .build()
            .expect("complete")
            .into();
        let url = request.uri().to_string();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
        let body = SignableBody::Bytes(request.body());
        let signable =
            SignableRequest::new(request.method().as_str(), url, headers, body).expect("signable");
        let (instructions, _) = sign(signable, &parameters).expect("signable").into_parts();
        instructions.apply_to_request_http1x(request);
    })
}

/// Leaves the body's hash to the caller.
fn reqsign_aws_v4() -> Case {
    let credential = reqsign_aws_v4::Credential {
        access_key_id: ACCESS_KEY_ID.into(),
        secret_access_key: SECRET.into(),
        session_token: None,
        expires_in: None,
    };
    let signer = reqsign_aws_v4::RequestSigner::new("ark", "cn-beijing");
    let context = reqsign_core::Context::new();
    Case::new(REQSIGN_AWS, parts, move |(parts, body)| {
        parts.headers.insert("x-amz-content-sha256", hash_value(body));
        ready(signer.sign_request(&context, parts, Some(&credential), None)).expect("signable");
    })
}

/// Leaves the body's hash to the caller, too, if it is wanted.
fn reqsign_tos() -> Case {
    let sign = tos_signer();
    Case::new(REQSIGN_TOS, parts, move |(parts, body)| {
        parts.headers.insert("x-tos-content-sha256", hash_value(body));
        sign(parts);
    })
}

fn reqsign_tos_no_body() -> Case {
    let sign = tos_signer();
    Case::new(REQSIGN_TOS_NO_BODY, || parts().0, sign)
}

fn tos_signer() -> impl Fn(&mut Parts) {
    let credential = reqsign_volcengine_tos::Credential::new(ACCESS_KEY_ID, SECRET);
    let signer = reqsign_volcengine_tos::RequestSigner::new("cn-beijing");
    let context = reqsign_core::Context::new();
    move |parts| {
        ready(signer.sign_request(&context, parts, Some(&credential), None)).expect("signable")
    }
}

fn hash_value(body: &[u8]) -> HeaderValue {
    HeaderValue::try_from(hex_sha256(body)).expect("hexadecimal")
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

fn whole_request() -> Request<Vec<u8>> {
    request().map(|()| BODY.as_bytes().to_vec())
}

fn parts() -> (Parts, Vec<u8>) {
    whole_request().into_parts()
}

fn signed() -> Request<Vec<u8>> {
    let mut request = whole_request();
    signer().sign_request(&mut request, time(UNIX)).expect("signable");
    request
}

/// The peers' futures have nothing to wait for.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("signing waited for something"),
    }
}
