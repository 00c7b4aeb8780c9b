//! A signed request sent with reqwest.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use volc_sign::{Signer, SigningTime};

/// Signs the request and sends it, byte for byte as it was signed.
pub async fn call(
    client: &reqwest::Client,
    signer: &Signer,
    url: &str,
    body: &str,
) -> Result<String, Box<dyn Error>> {
    let mut request = http::Request::post(url)
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(body.as_bytes().to_vec())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    signer.sign_request(&mut request, SigningTime::from_unix(now.as_secs())?)?;

    let response = client.execute(request.try_into()?).await?;
    Ok(response.error_for_status()?.text().await?)
}

#[cfg(test)]
mod tests {
    use loopback::{BODY, Loopback, demo_keys};

    use super::*;

    #[tokio::test]
    async fn the_server_accepts_it() {
        let server = Loopback::start();
        let url = format!("{}/?Action=GetUsage&Version=2024-01-01", server.base_url());
        let signer = Signer::new(demo_keys(), "cn-beijing", "ark");
        let answer = call(&reqwest::Client::new(), &signer, &url, BODY).await.unwrap();
        assert!(answer.contains("UsageResults"), "{answer}");
    }
}
