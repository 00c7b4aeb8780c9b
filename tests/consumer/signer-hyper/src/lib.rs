//! A signed request over one connection of bare hyper.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use volc_sign::{Signer, SigningTime};

/// Signs the request and sends it, byte for byte as it was signed.
pub async fn call(signer: &Signer, url: &str, body: &str) -> Result<String, Box<dyn Error>> {
    let mut request = http::Request::post(url)
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(Bytes::copy_from_slice(body.as_bytes()))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    signer.sign_request(&mut request, SigningTime::from_unix(now.as_secs())?)?;

    let authority = request.uri().authority().ok_or("a URL with a host")?.to_string();
    let stream = TokioIo::new(TcpStream::connect(authority).await?);
    let (mut sender, connection) = http1::handshake(stream).await?;
    tokio::spawn(connection);
    // Bare hyper writes the target as it stands; the host is in its header since the signing.
    let target = request.uri().path_and_query().ok_or("a URL with a path")?.as_str().parse()?;
    *request.uri_mut() = target;
    let answer = sender.send_request(request.map(Full::new)).await?;
    Ok(String::from_utf8(answer.into_body().collect().await?.to_bytes().to_vec())?)
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
        let answer = call(&signer, &url, BODY).await.unwrap();
        assert!(answer.contains("UsageResults"), "{answer}");
    }
}
