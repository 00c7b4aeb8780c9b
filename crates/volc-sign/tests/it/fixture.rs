//! A key, a clock and a request that the tests share.

use http::Request;
use volc_sign::{Credentials, Signer, SigningTime};

pub(crate) const ID: &str = "AKLTEXAMPLE0000000000000000000001";
pub(crate) const SECRET: &str = "fake-secret-for-tests-only-0001";
pub(crate) const TOKEN: &str = "STSEXAMPLE.not-a-real-token/with+chars==";
pub(crate) const URL: &str = "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01";
pub(crate) const BODY: &str = r#"{"StartTime":1731945600,"EndTime":1732031999,"Interval":86400}"#;

pub(crate) fn credentials() -> Credentials {
    Credentials::new(ID, SECRET)
}

pub(crate) fn signer() -> Signer {
    Signer::new(credentials(), "cn-beijing", "ark")
}

pub(crate) fn signer_with_token() -> Signer {
    Signer::new(credentials().with_session_token(TOKEN), "cn-beijing", "ark")
}

pub(crate) fn now() -> SigningTime {
    time("20241119T021530Z")
}

pub(crate) fn time(x_date: &str) -> SigningTime {
    x_date.parse().unwrap()
}

pub(crate) fn request() -> Request<String> {
    Request::post(URL)
        .header("content-type", "application/json; charset=UTF-8")
        .body(BODY.to_owned())
        .unwrap()
}

pub(crate) fn signed_request() -> Request<String> {
    let mut request = request();
    signer().sign_request(&mut request, now()).unwrap();
    request
}
