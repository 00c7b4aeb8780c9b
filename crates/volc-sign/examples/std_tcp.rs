//! Signs a request and sends it over a plain socket: no HTTP client is needed.
//!
//! Speaks plain HTTP, so it is for a local server: an emulator, or a proxy that adds TLS.
//!
//! ```text
//! VOLC_ACCESSKEY=… VOLC_SECRETKEY=… cargo run -p volc-sign --example std_tcp -- 127.0.0.1:8080
//! ```

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use http::Request;
use volc_sign::{Credentials, Signer, SigningTime};

const BODY: &str = r#"{"StartTime":1731945600,"EndTime":1732031999,"Interval":86400}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let host = std::env::args().nth(1).ok_or("usage: std_tcp HOST:PORT")?;
    let signer = Signer::new(credentials()?, "cn-beijing", "ark");

    let mut request = Request::post(format!("http://{host}/?Action=GetUsage&Version=2024-01-01"))
        .header("content-type", "application/json; charset=UTF-8")
        .header("content-length", BODY.len())
        .header("connection", "close")
        .body(BODY)?;
    signer.sign_request(&mut request, now()?)?;

    let mut stream = TcpStream::connect(&host)?;
    stream.write_all(&wire(&request)?)?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    io::stdout().write_all(&response)?;
    Ok(())
}

/// The request as HTTP/1.1 has it.
fn wire(request: &Request<&str>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    write!(bytes, "{} {target} HTTP/1.1\r\n", request.method())?;
    for (name, value) in request.headers() {
        write!(bytes, "{name}: ")?;
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    write!(bytes, "\r\n{}", request.body())?;
    Ok(bytes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "an example is a program of its own: it has an environment"
)]
fn credentials() -> Result<Credentials, Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    Ok(Credentials::new(variable("VOLC_ACCESSKEY")?, variable("VOLC_SECRETKEY")?))
}

#[expect(clippy::disallowed_methods, reason = "an example is a program of its own: it has a clock")]
fn now() -> Result<SigningTime, Box<dyn Error>> {
    Ok(SigningTime::from_unix(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?)
}
