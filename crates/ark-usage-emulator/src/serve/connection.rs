//! One connection: requests through hyper until it closes or a fault takes it over.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::closing::close;
use super::compression::{accepts_gzip, packed};
use super::limits::Limits;
use super::misbehave::{self, misbehaviour};
use super::occupation::Occupation;
use super::patient_stream::PatientStream;

/// The function that answers.
pub(super) type Handler = dyn Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync;

/// The state all connections share.
pub(super) struct Context {
    pub(super) handler: Box<Handler>,
    pub(super) limits: Limits,
    /// A connection waits for a place.
    pub(super) crowded: watch::Sender<bool>,
}

/// The answer a fault wants to send itself, left by the service for the connection's task.
type TakenOver = Arc<Mutex<Option<Response<Vec<u8>>>>>;

/// Ends hyper's part: the rest is said on the raw socket.
#[derive(Debug)]
struct Hijack;

impl fmt::Display for Hijack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scripted fault takes the connection over")
    }
}

impl std::error::Error for Hijack {}

/// Serves `stream` until it closes.
pub(super) async fn run(stream: TcpStream, context: &Arc<Context>) {
    let limits = context.limits;
    let (taken_over, occupation) = (TakenOver::default(), Occupation::new());
    let service = service_fn(|request: Request<Incoming>| {
        let (context, taken_over) = (Arc::clone(context), Arc::clone(&taken_over));
        let occupation = occupation.clone();
        // Boxed: hyper polls a connection without shutting it down only if its service is `Unpin`.
        Box::pin(async move {
            let request = match read_whole(request, &context.limits).await {
                Ok(request) => request,
                Err(status) => return Ok(refusal(status)),
            };
            occupation.set_answering(true);
            let response = respond(&request, &context, &taken_over).await;
            occupation.set_answering(false);
            response
        })
    });
    let io = PatientStream::new(stream, limits.write_timeout, occupation.clone());
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        // A client may say that no more comes and still want its answer.
        .half_close(true)
        .max_headers(limits.max_headers)
        .max_buf_size(limits.max_header_bytes.max(8192))
        .serve_connection(TokioIo::new(io), service);
    // Broken requests are answered by hyper itself; a hijack and a lost client end up here too.
    tokio::select! {
        _ = poll_fn(|task| connection.poll_without_shutdown(task)) => {}
        () = occupation.outstays(context.crowded.subscribe(), limits.crowded_timeout) => return,
    }
    let stream = connection.into_parts().io.into_inner().into_inner();
    let taken_over = taken_over.lock().unwrap_or_else(PoisonError::into_inner).take();
    match taken_over {
        Some(response) => misbehave::send(stream, response, limits.write_timeout).await,
        None => close(stream).await,
    }
}

async fn respond(
    request: &Request<Vec<u8>>,
    context: &Context,
    taken_over: &TakenOver,
) -> Result<Response<Full<Bytes>>, Hijack> {
    let limits = context.limits;
    // What answering takes is part of the latency, as it is in what a client sees of any server.
    let latency = sleep(limits.latency);
    let response = (context.handler)(request);
    if !limits.latency.is_zero() {
        latency.await;
    }
    if misbehaviour(&response).is_some() {
        *taken_over.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        return Err(Hijack);
    }
    let pack = limits.gzip && accepts_gzip(request.headers());
    let response = if pack { packed(response) } else { response };
    Ok(response.map(|body| Full::new(Bytes::from(body))))
}

async fn read_whole(
    request: Request<Incoming>,
    limits: &Limits,
) -> Result<Request<Vec<u8>>, StatusCode> {
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > limits.max_body_bytes as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let reading = Limited::new(body, limits.max_body_bytes).collect();
    match timeout(limits.body_timeout, reading).await {
        Ok(Ok(body)) => Ok(Request::from_parts(parts, body.to_bytes().to_vec())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let text = status.canonical_reason().unwrap_or_default();
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
