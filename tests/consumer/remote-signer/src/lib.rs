//! A signature made elsewhere: the program that asks never sees the secret.

use std::sync::mpsc;
use std::thread;

use ark_usage_model::AccountId;
use ark_usage_transport::{Sign, SignFailure};
use http::{HeaderMap, Request};
use volc_sign::{SignError, Signer, SigningTime};

/// The message to the vault: the request, unsigned, and where the answer is wanted.
struct Order {
    request: Request<Vec<u8>>,
    time: SigningTime,
    reply: mpsc::Sender<Result<HeaderMap, SignError>>,
}

/// A vault: here a thread that alone holds the keys, elsewhere a process or a machine.
#[derive(Clone)]
pub struct Vault {
    orders: mpsc::Sender<Order>,
}

impl Vault {
    pub fn open(signer: Signer) -> Self {
        let (orders, incoming) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for Order { mut request, time, reply } in incoming {
                let signed = signer.sign_request(&mut request, time);
                // Who asked may be gone.
                let _ = reply.send(signed.map(|()| request.headers().clone()));
            }
        });
        Self { orders }
    }

    fn sign(
        &self,
        request: &Request<Vec<u8>>,
        time: SigningTime,
    ) -> Result<HeaderMap, SignFailure> {
        let (reply, answer) = mpsc::channel();
        let order = Order { request: request.clone(), time, reply };
        self.orders.send(order).map_err(|_| SignFailure::other("the vault is closed"))?;
        Ok(answer.recv().map_err(SignFailure::other)??)
    }

    /// A closure is a signer.
    pub fn signer(self) -> impl Sign {
        move |_: AccountId, mut request: Request<Vec<u8>>, time: SigningTime, _refresh: bool| {
            let vault = self.clone();
            async move {
                *request.headers_mut() = vault.sign(&request, time)?;
                Ok::<_, SignFailure>(request)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{Interval, QueryOptions, Target, UsageQuery, Window};
    use ark_usage_transport::BlockingClient;
    use ark_usage_transport::TransportError;
    use http::Response;
    use loopback::{Loopback, VENDOR_DAY_START, demo_keys};
    use ureq::Agent;

    use super::*;

    #[test]
    fn a_query_comes_to_its_report() {
        let server = Loopback::start();
        let vault = Vault::open(Signer::new(demo_keys(), "cn-beijing", "ark"));
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let transport = |request: Request<Vec<u8>>| {
            let (head, mut body) = agent.run(request).map_err(TransportError::other)?.into_parts();
            let body = body.read_to_vec().map_err(TransportError::other)?;
            Ok::<_, TransportError>(Response::from_parts(head, body))
        };
        let client = BlockingClient::new(transport, vault.signer());

        let window = Window::new(Interval::Day, VENDOR_DAY_START, VENDOR_DAY_START).unwrap();
        let base_url = server.base_url().parse().unwrap();
        let targets = vec![Target::new(AccountId(0))];
        let query = UsageQuery::new(targets, window, base_url, QueryOptions::default()).unwrap();
        let report = client.run(query, &mut ());
        assert!(report.coverage.complete, "{:?}", report.coverage);
    }
}
