//! A transport that signs by itself: an SDK of one's own, a sidecar, a gateway.

use ark_usage_transport::{BlockingTransport, Clock, SystemClock, TransportError};
use http::{Request, Response};
use ureq::Agent;
use volc_sign::{Signer, SigningTime};

/// Takes unsigned requests; goes with [`ark_usage_transport::Unsigned`].
pub struct SelfSigning {
    agent: Agent,
    signer: Signer,
    clock: SystemClock,
}

impl SelfSigning {
    pub fn new(signer: Signer) -> Self {
        // A refusal is an answer, and a redirect too.
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self { agent: config.build().into(), signer, clock: SystemClock::new() }
    }
}

impl BlockingTransport for SelfSigning {
    fn send(&self, mut request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let now =
            SigningTime::from_unix(self.clock.unix_seconds()).map_err(TransportError::other)?;
        self.signer.sign_request(&mut request, now).map_err(TransportError::other)?;
        let answer = self.agent.run(request).map_err(TransportError::other)?;
        let (head, mut body) = answer.into_parts();
        let body = body.read_to_vec().map_err(TransportError::other)?;
        Ok(Response::from_parts(head, body))
    }
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
    use ark_usage_transport::BlockingClient;
    use ark_usage_transport::Unsigned;
    use loopback::{Loopback, VENDOR_DAY_START, demo_keys};

    use super::*;

    #[test]
    fn a_query_comes_to_its_report() {
        let server = Loopback::start();
        let transport = SelfSigning::new(Signer::new(demo_keys(), "cn-beijing", "ark"));
        let client = BlockingClient::new(transport, Unsigned);

        let window = Window::new(Interval::Day, VENDOR_DAY_START, VENDOR_DAY_START).unwrap();
        let base_url = server.base_url().parse().unwrap();
        let targets = vec![Target::new(AccountId(0))];
        let query = UsageQuery::new(targets, window, base_url, QueryOptions::default()).unwrap();
        let report = client.run(query, &mut ());
        assert!(report.coverage.complete, "{:?}", report.coverage);
    }
}
