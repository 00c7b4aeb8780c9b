//! A signed request sent with ureq, which speaks `http` types by itself.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use ureq::Agent;
use volc_sign::{Signer, SigningTime};

/// Signs the request and sends it, byte for byte as it was signed.
pub fn call(
    agent: &Agent,
    signer: &Signer,
    url: &str,
    body: &str,
) -> Result<String, Box<dyn Error>> {
    let mut request = http::Request::post(url)
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(body.as_bytes().to_vec())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    signer.sign_request(&mut request, SigningTime::from_unix(now.as_secs())?)?;

    Ok(agent.run(request)?.body_mut().read_to_string()?)
}

#[cfg(test)]
mod tests {
    use loopback::{BODY, Loopback, demo_keys};

    use super::*;

    #[test]
    fn the_server_accepts_it() {
        let server = Loopback::start();
        let url = format!("{}/?Action=GetUsage&Version=2024-01-01", server.base_url());
        let signer = Signer::new(demo_keys(), "cn-beijing", "ark");
        let answer = call(&Agent::new_with_defaults(), &signer, &url, BODY).unwrap();
        assert!(answer.contains("UsageResults"), "{answer}");
    }
}
