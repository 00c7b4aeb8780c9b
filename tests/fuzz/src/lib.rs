//! Shared by the targets: a made-up key and a way to write a request as one text.

pub mod keys;

use volc_sign::{Credentials, Signer, SigningTime};

pub const ACCESS_KEY_ID: &str = "AKLTEXAMPLE0000000000000000000001";
pub const SECRET: &str = "fake-secret-for-tests-only-0001";

/// 2024-11-19T02:15:30Z, when most vectors were signed.
pub const NOW: u64 = 1_731_982_530;

pub fn now() -> SigningTime {
    SigningTime::from_unix(NOW).expect("in range")
}

pub fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET)
}

pub fn signer() -> Signer {
    Signer::new(credentials(), "cn-beijing", "ark")
}

/// A request as text: method and URL on the first line, then a header a line.
pub struct TextRequest<'a> {
    pub method: &'a str,
    pub url: &'a str,
    pub headers: Vec<(&'a str, &'a str)>,
}

impl<'a> TextRequest<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.lines();
        let (method, url) = lines.next()?.split_once(' ')?;
        let headers = lines.filter_map(|line| line.split_once(':')).collect();
        Some(Self { method, url, headers })
    }
}
