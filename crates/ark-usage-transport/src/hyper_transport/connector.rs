//! From a target to a connection: name, TCP, a proxy's tunnel, TLS.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use rustls::ClientConfig;
use tower_service::Service;

use super::proxy::{Proxy, ProxySettings};
use super::stream::Stream;
use super::tls::LazyTls;
use super::tunnel::{ProxyUnreached, Tunnel};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;
pub(super) type Boxed<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;
pub(super) type Tcp = HttpConnector<Resolver>;

/// Makes connections, each within the time that connecting may take.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: Tcp,
    tls: Arc<LazyTls>,
    proxy: ProxySettings,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tls: Arc<LazyTls>, proxy: ProxySettings, timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        // It also opens the connections that TLS is spoken over.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared among a name's addresses, so that a dead first one leaves time for the next.
        tcp.set_connect_timeout(Some(timeout));
        Self { tcp, tls, proxy, timeout }
    }

    async fn connect(self, target: Uri) -> Result<Stream, BoxError> {
        let proxy = self.proxy.for_target(&target);
        if target.scheme() == Some(&Scheme::HTTPS) {
            secure(self.tls.config()?, self.tcp, target, proxy).await
        } else if let Some(proxy) = proxy {
            let socket = call(self.tcp, proxy.uri().clone()).await;
            let socket = socket.map_err(|error| ProxyUnreached::new(&proxy.shown(), error))?;
            Ok(Stream::to_proxy(socket))
        } else {
            Ok(Stream::direct(call(self.tcp, target).await?))
        }
    }
}

async fn secure(
    config: Arc<ClientConfig>,
    tcp: Tcp,
    target: Uri,
    proxy: Option<&Proxy>,
) -> Result<Stream, BoxError> {
    Ok(Stream::direct(match proxy {
        None => call(HttpsConnector::from((tcp, config)), target).await?,
        Some(proxy) => {
            call(HttpsConnector::from((Tunnel::new(proxy, tcp), config)), target).await?
        }
    }))
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Boxed<Stream, BoxError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let limit = this.timeout;
            match tokio::time::timeout(limit, this.connect(target)).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectTimedOut(limit).into()),
            }
        })
    }
}

/// Connecting took too long.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
pub(super) struct ConnectTimedOut(pub(super) Duration);

/// A name could not be turned into addresses.
#[derive(Debug, thiserror::Error)]
#[error("no address found for {host}")]
pub(super) struct LookupFailed {
    pub(super) host: String,
    source: io::Error,
}

/// The operating system's resolver, whose failures can be told from others.
#[derive(Clone)]
pub(super) struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = LookupFailed;
    type Future = Boxed<GaiAddrs, LookupFailed>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), LookupFailed>> {
        let failed = |source| LookupFailed { host: String::new(), source };
        self.0.poll_ready(context).map_err(failed)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let host = name.as_str().to_owned();
        let answer = self.0.call(name);
        Box::pin(async move { answer.await.map_err(|source| LookupFailed { host, source }) })
    }
}

/// Asks a connector as its contract wants: when it is ready.
pub(super) async fn call<C>(mut connector: C, target: Uri) -> Result<C::Response, BoxError>
where
    C: Service<Uri>,
    C::Error: Into<BoxError>,
{
    poll_fn(|context| connector.poll_ready(context)).await.map_err(Into::into)?;
    connector.call(target).await.map_err(Into::into)
}
