//! End to end: signed here, carried by hyper, verified and answered by the emulator.

use std::sync::Arc;

use ark_usage_emulator::{
    DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Emulator, EmulatorOptions, Server, serve,
};
use ark_usage_model::{AccountId, GetUsage, Interval, Target};
use ark_usage_transport::{CallError, Client, FrozenClock, HyperTransport};
use volc_openapi::{BaseUrl, ResponseError};
use volc_sign::{Credentials, Signer, SigningTime};

use crate::support::Relay;
use crate::world::{FIRST, NOW, query};

async fn emulator() -> Server {
    let emulator = Arc::new(Emulator::new(EmulatorOptions::default()));
    serve("127.0.0.1:0", emulator, || SigningTime::from_unix(NOW).unwrap()).await.unwrap()
}

fn demo(secret: &str) -> Signer {
    Signer::new(Credentials::new(DEMO_ACCESS_KEY_ID, secret), "cn-beijing", "ark")
}

fn client(signer: Signer, now: u64) -> Client<HyperTransport, Signer, FrozenClock> {
    Client::new(HyperTransport::default(), signer).with_clock(FrozenClock::new(now))
}

#[tokio::test]
async fn a_query_with_many_calls() {
    let server = emulator().await;
    let targets = vec![Target::new(AccountId(0))];
    let query = query(targets, 60, &server.base_url(), 8);
    let client = client(demo(DEMO_SECRET_ACCESS_KEY), NOW);
    // On a task of its own, as a service would.
    let report = tokio::spawn(async move { client.run(query, &mut ()).await }).await.unwrap();
    assert!(report.coverage.complete, "{:?}", report.coverage);
    assert_eq!(report.calls.len(), 60);
    assert!(report.calls.iter().all(|call| call.request_id.is_some()));
    server.shutdown().await;
}

async fn refusal(signer: Signer, now: u64) -> String {
    let server = emulator().await;
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let action = GetUsage::new(Interval::Day, FIRST, FIRST);
    let error = client(signer, now).call(&base_url, AccountId(0), &action).await.unwrap_err();
    match error {
        CallError::Response(ResponseError::Api(error)) => error.code,
        error => error.to_string(),
    }
}

#[tokio::test]
async fn a_wrong_secret_is_found_out() {
    assert_eq!(refusal(demo("not-the-secret"), NOW).await, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn an_unknown_key_is_found_out() {
    let stranger = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret");
    let code = refusal(Signer::new(stranger, "cn-beijing", "ark"), NOW).await;
    assert_eq!(code, "InvalidAccessKey");
}

#[tokio::test]
async fn a_clock_that_is_off_is_corrected_by_the_servers_date() {
    let server = emulator().await;
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let action = GetUsage::new(Interval::Day, FIRST, FIRST);
    let slow = client(demo(DEMO_SECRET_ACCESS_KEY), NOW - 3600);
    slow.call(&base_url, AccountId(0), &action).await.unwrap();
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = emulator().await;
    let relay = Relay::to(server.local_addr()).await;
    let base_url: BaseUrl = relay.base_url().parse().unwrap();
    let client = client(demo(DEMO_SECRET_ACCESS_KEY), NOW);
    let action = GetUsage::new(Interval::Day, FIRST, FIRST);
    for _ in 0..50 {
        client.call(&base_url, AccountId(0), &action).await.unwrap();
    }
    assert_eq!(relay.accepted(), 1, "calls one after another share a connection");
}

#[tokio::test]
async fn a_query_opens_no_more_connections_than_it_has_calls_at_once() {
    let server = emulator().await;
    let relay = Relay::to(server.local_addr()).await;
    let query = query(vec![Target::new(AccountId(0))], 60, &relay.base_url(), 4);
    let report = client(demo(DEMO_SECRET_ACCESS_KEY), NOW).run(query, &mut ()).await;
    assert_eq!(report.calls.len(), 60);
    assert!((1..=4).contains(&relay.accepted()), "{} connections", relay.accepted());
}
