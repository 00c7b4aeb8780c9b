//! A closure around reqwest as transport.

use ark_usage_transport::{Transport, TransportError};
use http::{Request, Response};
use volc_openapi::TransportFailure;

/// Any HTTP client will do: request in, response out, failures by their kind.
pub fn over_reqwest(client: reqwest::Client) -> impl Transport {
    move |request: Request<Vec<u8>>| {
        let client = client.clone();
        async move {
            let request = request.try_into().map_err(TransportError::other)?;
            let answer = client.execute(request).await.map_err(failed)?;
            let mut response = Response::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await.map_err(failed)?.to_vec();
            Ok::<_, TransportError>(response)
        }
    }
}

/// The kind decides whether it is worth another try.
fn failed(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() {
        TransportFailure::ReadTimeout
    } else if error.is_connect() {
        TransportFailure::Connect
    } else if error.is_body() {
        TransportFailure::Truncated
    } else {
        TransportFailure::Other
    };
    TransportError::new(kind).with_source(error)
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
    use ark_usage_transport::Client;
    use loopback::{Loopback, VENDOR_DAY_START, demo_keys};
    use volc_sign::Signer;

    use super::*;

    #[tokio::test]
    async fn a_query_comes_to_its_report() {
        let server = Loopback::start();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let transport = over_reqwest(client.build().unwrap());
        let client = Client::new(transport, Signer::new(demo_keys(), "cn-beijing", "ark"));

        let window = Window::new(Interval::Day, VENDOR_DAY_START, VENDOR_DAY_START).unwrap();
        let base_url = server.base_url().parse().unwrap();
        let targets = vec![Target::new(AccountId(0))];
        let query = UsageQuery::new(targets, window, base_url, QueryOptions::default()).unwrap();
        let report = client.run(query, &mut ()).await;
        assert!(report.coverage.complete, "{:?}", report.coverage);
    }

    #[tokio::test]
    async fn failures_keep_their_kind() {
        let transport = over_reqwest(reqwest::Client::new());
        let request = Request::get("http://127.0.0.1:9/").body(Vec::new()).unwrap();
        let error = transport.send(request).await.unwrap_err();
        assert_eq!(error.kind(), TransportFailure::Connect);
    }
}
