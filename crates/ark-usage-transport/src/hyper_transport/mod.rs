//! The transport over hyper: HTTP/1.1 with connections kept alive, TLS by rustls with ring.

mod body;
mod body_budget;
mod connector;
mod failure;
mod no_proxy;
mod options;
mod proxy;
mod stream;
mod tls;
mod tunnel;

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::ext::ReasonPhrase;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;
use volc_openapi::TransportFailure;

use self::body_budget::BodyBudget;
use self::connector::Connector;
pub use self::no_proxy::NoProxy;
pub use self::options::HyperOptions;
use self::proxy::Proxy;
pub use self::proxy::{ProxyError, ProxySettings};
use self::tls::LazyTls;
pub use self::tls::{CaBundleError, TlsRoots};
use self::tunnel::ProxyRefusal;
use crate::secrets::Secrets;
use crate::{Transport, TransportError};

/// The time an idle connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// Plain HTTP and HTTPS by hyper and rustls, inside a tokio runtime with I/O and time enabled.
///
/// - HTTP/1.1; connections are kept alive and used again. Header names go out in title case.
///   HTTP/2 with the feature of that name, when [`HyperOptions`] ask for it.
/// - TLS trusts the operating system's roots, loaded when `https` is first spoken, and a bundle of
///   one's own: [`TlsRoots`].
/// - Redirects are never followed: a 3xx is a response like any other.
/// - Responses may be compressed with gzip; the limit on bodies counts decompressed bytes, of all that
///   are read at once together.
/// - Sensitive values of the request (its key id, token and signature, a proxy's password) are masked
///   in headers and body of every response, because errors are shown and logged.
/// - Slow and silent servers time out: [`HyperOptions`].
/// - Proxies: [`ProxySettings`].
///
/// Cloning is cheap; clones share the connections.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Connector, Full<Bytes>>,
    options: Arc<HyperOptions>,
    /// The memory for all bodies in flight together.
    budget: Arc<BodyBudget>,
}

impl HyperTransport {
    /// A transport that behaves as `options` say. Nothing is opened or loaded yet.
    pub fn new(options: HyperOptions) -> Self {
        let tls = Arc::new(LazyTls::new(options.roots.clone(), options.protocols()));
        let connector = Connector::new(tls, options.proxy.clone(), options.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http1_title_case_headers(true)
            // `Host` is there already, as it was signed.
            .set_host(false)
            .build(connector);
        let budget = Arc::new(BodyBudget::new(options.body_limit));
        Self { client, options: Arc::new(options), budget }
    }

    /// The same transport, over the same connections, without [`HyperOptions::mask`]: for services that
    /// hand out secrets, perhaps those that are known already.
    #[must_use]
    pub fn unmasked(&self) -> Self {
        let options = HyperOptions { mask: None, ..(*self.options).clone() };
        Self {
            client: self.client.clone(),
            options: Arc::new(options),
            budget: Arc::clone(&self.budget),
        }
    }

    async fn attempt(
        &self,
        mut request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let target = request.uri().clone();
        self.complete(&target, request.headers_mut());
        let secrets = Secrets::of(request.headers(), &self.options.proxy.passwords());
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let answer = self.answer_to(request).await.map_err(|error| masked(error, &secrets))?;
        let (mut head, body) = answer.into_parts();
        let silence = self.options.read_timeout;
        let body = body::read(&mut head.headers, body, &self.budget, silence).await?;
        let mut body = secrets.response(&mut head.headers, body);
        if let Some(mask) = self.options.mask {
            // The body first: a mask may learn from it.
            body = mask(body);
            for value in head.headers.values_mut() {
                if let Ok(masked) = HeaderValue::from_bytes(&mask(value.as_bytes().to_vec())) {
                    *value = masked;
                }
            }
        }
        let response = Response::from_parts(head, body);
        match self.options.proxy.forwarding(&target) {
            Some(proxy) if is_refusal_by_proxy(&response) => {
                let reason = response.extensions().get::<ReasonPhrase>();
                let reason = reason.map(|reason| secrets.body(reason.as_bytes().to_vec()));
                let reason = String::from_utf8_lossy(&reason.unwrap_or_default()).into_owned();
                let (status, body) = (response.status(), response.body());
                let refusal = ProxyRefusal::new(&proxy.shown(), status, &reason, body);
                Err(TransportError::new(refusal.failure).with_detail(refusal.to_string()))
            }
            _ => Ok(response),
        }
    }

    /// Waits for the head of the answer: the connector limits the time until there is a connection,
    /// `read_timeout` the silence on it.
    async fn answer_to(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TransportError> {
        let mut connection = capture_connection(&mut request);
        let mut answer = pin!(self.client.request(request));
        let mut connected = pin!(connection.wait_for_connection_metadata());
        let early = poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => connected.as_mut().poll(context).map(|_| None),
        });
        let answer = match early.await {
            Some(answer) => answer,
            None => timeout(self.options.read_timeout, answer)
                .await
                .map_err(|_| TransportError::new(TransportFailure::ReadTimeout))?,
        };
        answer.map_err(|error| failure::of_request(&error))
    }

    /// Adds the unsigned headers.
    fn complete(&self, target: &Uri, headers: &mut HeaderMap) {
        headers.entry(USER_AGENT).or_insert_with(|| self.options.user_agent.clone());
        if self.options.gzip {
            headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
        }
        let proxy = self.options.proxy.forwarding(target);
        if let Some(authorization) = proxy.and_then(Proxy::authorization) {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
    }
}

/// True when a proxy that reads the request answered it: only proxies say 407, and the service never
/// says 403 without JSON.
fn is_refusal_by_proxy(response: &Response<Vec<u8>>) -> bool {
    let is_json = || response.body().trim_ascii_start().starts_with(b"{");
    match response.status() {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => true,
        StatusCode::FORBIDDEN => !is_json(),
        _ => false,
    }
}

/// A proxy repeats in its page what it was sent.
fn masked(error: TransportError, secrets: &Secrets) -> TransportError {
    match error.detail().map(|detail| secrets.text(detail).into_owned()) {
        Some(detail) => error.with_detail(detail),
        None => error,
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new(HyperOptions::default())
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Transport for HyperTransport {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let limit = self.options.total_timeout;
        timeout(limit, self.attempt(request)).await.unwrap_or_else(|_| {
            Err(TransportError::new(TransportFailure::ReadTimeout)
                .with_detail(format!("{limit:?}")))
        })
    }
}
