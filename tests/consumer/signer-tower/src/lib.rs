//! The signer as a tower layer: whatever service lies below gets signed requests.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use tower_layer::Layer;
use tower_service::Service;
use volc_sign::{Signer, SigningTime};

type BoxError = Box<dyn Error + Send + Sync>;

/// Signs each request with the time that the clock shows.
#[derive(Clone)]
pub struct SignLayer<C> {
    pub signer: Arc<Signer>,
    pub clock: C,
}

impl<S, C: Clone> Layer<S> for SignLayer<C> {
    type Service = SignService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        SignService { inner, layer: self.clone() }
    }
}

/// The service that [`SignLayer`] makes.
#[derive(Clone)]
pub struct SignService<S, C> {
    inner: S,
    layer: SignLayer<C>,
}

impl<S, C, B> Service<Request<B>> for SignService<S, C>
where
    S: Service<Request<B>, Error: Into<BoxError>, Future: Send + 'static>,
    C: Fn() -> SigningTime,
    B: AsRef<[u8]>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match self.layer.signer.sign_request(&mut request, (self.layer.clock)()) {
            Ok(()) => {
                let answer = self.inner.call(request);
                Box::pin(async { answer.await.map_err(Into::into) })
            }
            Err(error) => Box::pin(async { Err(error.into()) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use http_body_util::{BodyExt, Full};
    use hyper_util::client::legacy::Client;
    use hyper_util::client::legacy::connect::HttpConnector;
    use hyper_util::rt::TokioExecutor;
    use loopback::{BODY, Loopback, demo_keys};

    use super::*;

    type Hyper = Client<HttpConnector, Full<Bytes>>;
    type Bytes = std::io::Cursor<Vec<u8>>;

    /// Below the signer: bytes become one of hyper's bodies.
    #[derive(Clone)]
    struct WithBody(Hyper);

    impl Service<Request<Vec<u8>>> for WithBody {
        type Response = <Hyper as Service<Request<Full<Bytes>>>>::Response;
        type Error = <Hyper as Service<Request<Full<Bytes>>>>::Error;
        type Future = <Hyper as Service<Request<Full<Bytes>>>>::Future;

        fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.0.poll_ready(context)
        }

        fn call(&mut self, request: Request<Vec<u8>>) -> Self::Future {
            self.0.call(request.map(|body| Full::new(std::io::Cursor::new(body))))
        }
    }

    fn now() -> SigningTime {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        SigningTime::from_unix(now.as_secs()).unwrap()
    }

    #[tokio::test]
    async fn the_server_accepts_it() {
        let server = Loopback::start();
        let url = format!("{}/?Action=GetUsage&Version=2024-01-01", server.base_url());
        let signer = Arc::new(Signer::new(demo_keys(), "cn-beijing", "ark"));
        let hyper = Client::builder(TokioExecutor::new()).build_http();
        let mut service = SignLayer { signer, clock: now }.layer(WithBody(hyper));

        std::future::poll_fn(|context| service.poll_ready(context)).await.unwrap();
        let request = Request::post(url).body(BODY.as_bytes().to_vec()).unwrap();
        let answer = service.call(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains("UsageResults"));
    }
}
