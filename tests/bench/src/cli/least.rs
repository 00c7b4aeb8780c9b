//! The least that a client can be: hyper, one connection, one unsigned request, its answer read.

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;

fn main() {
    let url: http::Uri = std::env::args().nth(1).expect("a URL").parse().expect("a URL");
    let authority = url.authority().expect("a host").as_str().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async move {
        let stream = tokio::net::TcpStream::connect(&authority).await.expect("a server");
        let (mut send, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        tokio::spawn(connection);
        let request = Request::get("/").header("host", authority).body(Empty::<Bytes>::new());
        let answer = send.send_request(request.expect("a request")).await.expect("an answer");
        answer.into_body().collect().await.expect("a body");
    });
}
