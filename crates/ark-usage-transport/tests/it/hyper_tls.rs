//! TLS on loopback, with certificates made on the spot.

use std::sync::Arc;

use ark_usage_transport::{
    HyperOptions, HyperTransport, ProxySettings, TlsRoots, Transport, TransportError,
};
use http::Request;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use volc_openapi::TransportFailure;

use crate::support::read_request;
use crate::world::chain;

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The parts a server needs to speak TLS as `name`.
pub(crate) fn acceptor(authority: &Authority, name: &str, protocols: &[&str]) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    acceptor_of(certificate.der().clone(), &key, protocols)
}

fn acceptor_of(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    protocols: &[&str],
) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// A server that speaks TLS as `name` and answers everything with `{}`.
async fn secure_server(authority: &Authority, name: &str) -> u16 {
    secure_server_with(acceptor(authority, name, &[])).await
}

async fn secure_server_with(acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // A client that does not trust us hangs up.
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut bytes = [0; 4096];
            let read = socket.read(&mut bytes).await.unwrap();
            assert!(bytes.get(..read).unwrap().starts_with(b"GET /x HTTP/1.1\r\nHost: h\r\n"));
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            socket.write_all(answer).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    port
}

/// A proxy for one tunnel to `port`, whatever host is asked for; gives back what was asked.
async fn tunnel_to(port: u16) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own_port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let asked = read_request(&mut client).await;
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        copy_bidirectional(&mut client, &mut server).await.unwrap();
        asked
    });
    (own_port, asked)
}

pub(crate) fn trusting(authority: &Authority) -> HyperOptions {
    let mut options = HyperOptions::default();
    let roots = TlsRoots::system().without_system();
    options.roots = roots.with_bundle(authority.pem().as_bytes()).unwrap();
    options
}

pub(crate) fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(url).header("Host", "h").body(Vec::new()).unwrap()
}

#[tokio::test]
async fn a_bundle_of_ones_own_is_trusted() {
    let authority = authority();
    let port = secure_server(&authority, "localhost").await;
    let transport = HyperTransport::new(trusting(&authority));
    let answer = transport.send(get(&format!("https://localhost:{port}/x"))).await.unwrap();
    assert_eq!(answer.body(), b"{}");
}

#[tokio::test]
async fn others_are_not_trusted() {
    let port = secure_server(&authority(), "localhost").await;
    let transport = HyperTransport::new(trusting(&authority()));
    let error = transport.send(get(&format!("https://localhost:{port}/x"))).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::CertificateUntrusted);
}

/// The error of a server that shows this certificate, which the client trusts.
async fn shown(params: CertificateParams, authority: &Authority) -> TransportError {
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let port = secure_server_with(acceptor_of(certificate.der().clone(), &key, &[])).await;
    let transport = HyperTransport::new(trusting(authority));
    transport.send(get(&format!("https://localhost:{port}/x"))).await.unwrap_err()
}

#[tokio::test]
async fn the_fault_of_a_certificate_is_told() {
    let authority = authority();
    let params = || CertificateParams::new(["localhost".to_owned()]).unwrap();
    let mut old = params();
    old.not_after = rcgen::date_time_ymd(2001, 2, 3);
    let mut new = params();
    new.not_before = rcgen::date_time_ymd(2199, 2, 3);
    let mut own = params();
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (params, kind, detail) in [
        (old, TransportFailure::CertificateExpired, "2001"),
        (new, TransportFailure::CertificateNotYetValid, "2199"),
        (own, TransportFailure::CertificateIsAuthority, ""),
    ] {
        let error = shown(params, &authority).await;
        let told = chain(&error);
        assert_eq!(error.kind(), kind, "{told}");
        assert!(told.contains(detail) && !told.contains("Error("), "{told}");
    }
}

#[tokio::test]
async fn a_server_of_another_protocol_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/x", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await;
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let transport = HyperTransport::new(trusting(&authority()));
    let error = transport.send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::NotTls, "{}", chain(&error));
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_accepted() {
    let authority = authority();
    let port = secure_server(&authority, "elsewhere.example").await;
    let transport = HyperTransport::new(trusting(&authority));
    let error = transport.send(get(&format!("https://localhost:{port}/x"))).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::CertificateName);
    assert!(chain(&error).ends_with(": elsewhere.example"), "{}", chain(&error));
}

#[tokio::test]
async fn a_server_that_speaks_no_tls() {
    let server = crate::support::Scripted::start(vec![]).await;
    let transport = HyperTransport::new(trusting(&authority()));
    let url = format!("https://127.0.0.1:{}/x", server.port);
    let error = transport.send(get(&url)).await.unwrap_err();
    assert!(
        matches!(error.kind(), TransportFailure::Reset | TransportFailure::Connect),
        "{error:?}"
    );
}

#[tokio::test]
async fn through_a_tunnel_the_proxy_sees_only_the_name() {
    let authority = authority();
    let port = secure_server(&authority, "ark.example").await;
    let (proxy, asked) = tunnel_to(port).await;
    let mut options = trusting(&authority);
    let proxy = format!("http://127.0.0.1:{proxy}");
    options.proxy = ProxySettings::new(None, Some(&proxy), None).unwrap();
    let answer = HyperTransport::new(options).send(get("https://ark.example/x")).await.unwrap();
    assert_eq!(answer.body(), b"{}");
    let asked = asked.await.unwrap();
    assert_eq!(asked, "CONNECT ark.example:443 HTTP/1.1\r\nHost: ark.example:443\r\n\r\n");
}
