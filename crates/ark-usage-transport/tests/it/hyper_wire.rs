//! The bytes the hyper transport writes, and the proxy it goes through.

use crate::support::{Act, Scripted, answer};
use crate::world::chain;
use ark_usage_transport::{
    HyperOptions, HyperTransport, ProxySettings, TlsRoots, Transport, TransportError,
};
use http::Request;
use volc_openapi::TransportFailure;

fn options() -> HyperOptions {
    HyperOptions::default()
}

fn ok() -> Vec<Act> {
    vec![answer("200 OK", "Connection: close\r\n", b"{}")]
}

fn post(url: &str, host: &str) -> Request<Vec<u8>> {
    Request::post(url)
        .header("Host", host)
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("X-Date", "20241119T104537Z")
        .header("X-Content-Sha256", "abc")
        .header("Authorization", "HMAC-SHA256 Credential=x")
        .body(br#"{"Interval":86400}"#.to_vec())
        .unwrap()
}

#[tokio::test]
async fn the_request_is_sent_unchanged() {
    let server = Scripted::start(vec![ok()]).await;
    let url = server.url("/?Action=GetUsage&Version=2024-01-01&odd=%2b%7e");
    // As signed, even where the URL says something else.
    let request = post(&url, "open.volcengineapi.com");
    HyperTransport::default().send(request).await.unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        "POST /?Action=GetUsage&Version=2024-01-01&odd=%2b%7e HTTP/1.1",
        "Host: open.volcengineapi.com",
        "Content-Type: application/json; charset=UTF-8",
        "X-Date: 20241119T104537Z",
        "X-Content-Sha256: abc",
        "Authorization: HMAC-SHA256 Credential=x",
        &format!("User-Agent: ark-usage/{version}"),
        "Accept-Encoding: gzip",
        "Content-Length: 18",
        "",
        r#"{"Interval":86400}"#,
    ];
    assert_eq!(server.requests().await, [expected.join("\r\n")]);
}

#[tokio::test]
async fn headers_that_are_there_are_kept() {
    let server = Scripted::start(vec![ok()]).await;
    let mut request = post(&server.url("/"), "h");
    request.headers_mut().insert("User-Agent", "mine/1".parse().unwrap());
    request.headers_mut().insert("Accept-Encoding", "identity".parse().unwrap());
    HyperTransport::default().send(request).await.unwrap();
    let sent = server.requests().await.remove(0);
    assert!(sent.contains("\r\nUser-Agent: mine/1\r\n"), "{sent}");
    assert!(sent.contains("\r\nAccept-Encoding: identity\r\n"), "{sent}");
}

#[tokio::test]
async fn no_gzip_when_none_is_wanted() {
    let server = Scripted::start(vec![ok()]).await;
    let mut options = options();
    options.gzip = false;
    HyperTransport::new(options).send(post(&server.url("/"), "h")).await.unwrap();
    assert!(!server.requests().await[0].contains("Accept-Encoding"));
}

#[tokio::test]
async fn a_plain_target_is_requested_through_its_proxy() {
    let proxy = Scripted::start(vec![ok()]).await;
    let mut options = options();
    let address = format!("http://user:fake-password@127.0.0.1:{}", proxy.port);
    options.proxy = ProxySettings::new(Some(&address), None, None).unwrap();
    let request = post("http://ark.example/?Action=GetUsage", "ark.example");
    HyperTransport::new(options).send(request).await.unwrap();
    let asked = proxy.requests().await.remove(0);
    assert!(asked.starts_with("POST http://ark.example/?Action=GetUsage HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("\r\nHost: ark.example\r\n"), "{asked}");
    assert!(asked.contains("\r\nProxy-Authorization: Basic dXNlcjpmYWtlLXBhc3N3b3Jk\r\n"));
}

#[tokio::test]
async fn loopback_never_goes_through_a_proxy() {
    let server = Scripted::start(vec![ok()]).await;
    let mut options = options();
    // Nothing listens there.
    options.proxy = ProxySettings::new(Some("http://127.0.0.1:9"), None, None).unwrap();
    HyperTransport::new(options).send(post(&server.url("/"), "h")).await.unwrap();
    assert!(server.requests().await[0].starts_with("POST / HTTP/1.1\r\n"));
}

/// The request through a proxy that answers so, and what the proxy was asked.
async fn refused_by(answer: &str, url: &str) -> (TransportError, String) {
    let proxy = Scripted::start(vec![vec![crate::support::write(answer)]]).await;
    let mut options = options();
    let address = format!("http://user:fake-p@ss/word@127.0.0.1:{}", proxy.port);
    let address = address.replace("ss/", "ss%2f");
    options.proxy = ProxySettings::new(Some(&address), Some(&address), None).unwrap();
    options.roots = TlsRoots::system().with_bundle(&some_certificate()).unwrap();
    let request = post(url, "ark.example");
    let error = HyperTransport::new(options).send(request).await.unwrap_err();
    let told = chain(&error);
    for spelling in ["fake-p@ss/word", "fake-p@ss%2fword", "dXNlcjpmYWtlLXBAc3Mvd29yZA=="] {
        assert!(!told.contains(spelling), "{told}");
    }
    (error, proxy.requests().await.remove(0))
}

#[tokio::test]
async fn a_secure_target_is_reached_by_a_tunnel() {
    let refused = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    let (error, asked) = refused_by(refused, "https://ark.example/?Action=GetUsage").await;
    assert_eq!(error.kind(), TransportFailure::ProxyAuthentication);
    assert!(chain(&error).contains("HTTP 407"), "{}", chain(&error));
    assert!(asked.starts_with("CONNECT ark.example:443 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("\r\nProxy-Authorization: Basic dXNlcjpmYWtlLXBAc3Mvd29yZA==\r\n"));
    assert!(!asked.contains("Authorization: HMAC"), "{asked}");
}

#[tokio::test]
async fn the_answer_of_a_proxy_is_shown_without_secrets() {
    const PAGE: &str =
        "<h1>Blocked by policy</h1> fake-p@ss/word fake-p@ss%2fword dXNlcjpmYWtlLXBAc3Mvd29yZA==";
    for (status, kind) in [
        ("403 Odd reason", TransportFailure::ProxyRefused),
        ("407 Odd reason", TransportFailure::ProxyAuthentication),
    ] {
        for url in ["https://ark.example/", "http://ark.example/"] {
            let length = format!("Content-Length: {}\r\n\r\n", PAGE.len());
            for end in ["Connection: close\r\n\r\n", &length] {
                let answer = format!("HTTP/1.1 {status}\r\n{end}{PAGE}");
                let (error, _) = refused_by(&answer, url).await;
                let told = chain(&error);
                assert_eq!(error.kind(), kind, "{told}");
                assert!(told.contains(&format!("HTTP {status}: <h1>Blocked by policy")), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_reach_the_server_is_named() {
    let url = "https://ark.example/";
    let (error, _) = refused_by("HTTP/1.1 502 Bad Gateway\r\n\r\n", url).await;
    assert_eq!(error.kind(), TransportFailure::ProxyConnect);
    for odd in ["hello\r\n\r\n", "HTTP/1.1 200"] {
        let (error, _) = refused_by(odd, url).await;
        assert_eq!(error.kind(), TransportFailure::Malformed, "{odd}");
    }
    let mut options = options();
    options.proxy = ProxySettings::new(Some("127.0.0.1:1"), Some("127.0.0.1:1"), None).unwrap();
    let transport = HyperTransport::new(options);
    for url in ["http://ark.example/", "https://ark.example/"] {
        let error = transport.send(post(url, "h")).await.unwrap_err();
        assert_eq!(error.kind(), TransportFailure::ProxyConnect);
        assert!(chain(&error).contains("127.0.0.1:1"), "{}", chain(&error));
    }
}

#[tokio::test]
async fn a_refusal_of_the_service_through_a_proxy_is_its_own() {
    let answer = answer("403 Forbidden", "Connection: close\r\n", b" {\"ResponseMetadata\": {}}");
    let proxy = Scripted::start(vec![vec![answer]]).await;
    let mut options = options();
    let address = format!("127.0.0.1:{}", proxy.port);
    options.proxy = ProxySettings::new(Some(&address), None, None).unwrap();
    let sent = HyperTransport::new(options).send(post("http://ark.example/", "h")).await;
    assert_eq!(sent.unwrap().status(), 403);
}

#[tokio::test]
async fn plain_http_loads_no_certificates() {
    let server = Scripted::start(vec![ok()]).await;
    let mut options = options();
    // With nobody to trust TLS cannot even be set up: who does not notice does not ask.
    options.roots = TlsRoots::system().without_system();
    let transport = HyperTransport::new(options);
    transport.send(post(&server.url("/"), "h")).await.unwrap();
    let error = transport.send(post("https://127.0.0.1:9/", "h")).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::NoTrustedRoots);
}

fn some_certificate() -> Vec<u8> {
    rcgen::generate_simple_self_signed(["x.example".to_owned()]).unwrap().cert.pem().into_bytes()
}

#[tokio::test]
async fn a_page_that_quotes_the_request_has_the_token_covered() {
    let page = b"<html>X-Security-Token: fake-token-for-tests-only; Host: h</html>";
    let answer = answer("502 Bad Gateway", "Connection: close\r\n", page);
    let server = Scripted::start(vec![vec![answer]]).await;
    let mut request = post(&server.url("/"), "h");
    let mut token = http::HeaderValue::from_static("fake-token-for-tests-only");
    token.set_sensitive(true);
    request.headers_mut().insert("X-Security-Token", token);
    let response = HyperTransport::default().send(request).await.unwrap();
    let shown = String::from_utf8(response.into_body()).unwrap();
    assert_eq!(shown, "<html>X-Security-Token: ***; Host: h</html>");
}
