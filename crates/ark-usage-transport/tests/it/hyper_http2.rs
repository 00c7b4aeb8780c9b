//! HTTP/2, when both sides want it.

use std::convert::Infallible;

use ark_usage_transport::{HyperTransport, Transport};
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use crate::hyper_tls::{acceptor, authority, get, trusting};

/// Answers with what reached it: the version and the signed header.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let signed = request.headers().get("x-date").map_or("", |value| value.to_str().unwrap());
    let text = format!("{:?} {signed}", request.version());
    Ok(Response::new(Full::new(Bytes::from(text))))
}

#[tokio::test]
async fn http2_is_used_when_requested_and_offered() {
    let authority = authority();
    let acceptor = acceptor(&authority, "localhost", &["h2"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let socket = TokioIo::new(acceptor.accept(socket).await.unwrap());
        let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        server.serve_connection(socket, service_fn(answer)).await.unwrap();
    });
    let mut options = trusting(&authority);
    options.http2 = true;
    let transport = HyperTransport::new(options);
    // Two requests share the one connection that the server accepts.
    for _ in 0..2 {
        let mut request = get(&format!("https://localhost:{port}/x"));
        request.headers_mut().insert("x-date", "20241119T021530Z".parse().unwrap());
        let answer = transport.send(request).await.unwrap();
        assert_eq!(answer.version(), Version::HTTP_2);
        assert_eq!(answer.body(), b"HTTP/2.0 20241119T021530Z");
    }
}
