//! Signing, verifying, and one signer for many threads: `volc-sign` and `http`, nothing else.

use std::time::{SystemTime, UNIX_EPOCH};

use http::Request;
use volc_sign::{Presented, SecretKey, SignError, Signer, SigningTime, VerifyError, VerifyPolicy};

/// A request to any service of the vendor, signed at this instant.
pub fn signed(
    signer: &Signer,
    url: &str,
    body: &str,
    time: SigningTime,
) -> Result<Request<Vec<u8>>, SignError> {
    let mut request = Request::post(url).body(body.as_bytes().to_vec()).expect("a proper URL");
    signer.sign_request(&mut request, time)?;
    Ok(request)
}

/// The server's side of it.
pub fn verified(
    request: &Request<Vec<u8>>,
    secret: &SecretKey,
    now: SigningTime,
) -> Result<(), VerifyError> {
    let presented = Presented::from_request(request)?;
    presented.verify(secret, request.body(), now, &VerifyPolicy::strict())?;
    Ok(())
}

/// The signer takes the time as an argument; where it comes from is the caller's choice.
pub fn now() -> SigningTime {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    SigningTime::from_unix(now.as_secs()).expect("before the year 10000")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use volc_sign::Credentials;

    use super::*;

    const URL: &str = "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01";

    fn signer() -> Signer {
        let id = "AKLTEXAMPLE0000000000000000000001";
        Signer::new(Credentials::new(id, "fake-secret-for-tests-only-0001"), "cn-beijing", "ark")
    }

    #[test]
    fn what_is_signed_is_verified() {
        let (signer, time) = (signer(), now());
        let mut request = signed(&signer, URL, "{}", time).unwrap();
        assert_eq!(request.headers()["host"], "open.volcengineapi.com");
        verified(&request, signer.credentials().secret(), time).unwrap();
        request.body_mut().push(b' ');
        verified(&request, signer.credentials().secret(), time).unwrap_err();
    }

    #[test]
    fn threads_share_a_signer() {
        let signer = Arc::new(signer());
        let time = now();
        let threads = (0..8).map(|index| {
            let signer = Arc::clone(&signer);
            thread::spawn(move || {
                for call in 0..50 {
                    let body = format!("{{\"n\":{index}{call}}}");
                    let request = signed(&signer, URL, &body, time).unwrap();
                    verified(&request, signer.credentials().secret(), time).unwrap();
                }
            })
        });
        for thread in threads.collect::<Vec<_>>() {
            thread.join().unwrap();
        }
    }
}
