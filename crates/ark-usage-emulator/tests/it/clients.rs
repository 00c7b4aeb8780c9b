//! All requests of official clients are accepted: signed headers in any order, no `Host` or no
//! `X-Content-Sha256` among them, unsigned tokens, presigned URLs.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use ark_usage_emulator::{Account, DEMO_ACCOUNT_ID, Emulator, EmulatorOptions};
use http::Request;
use serde::Deserialize;
use volc_sign::{Credentials, SigningTime};

#[derive(Deserialize)]
struct Sent {
    name: String,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    x_date: String,
}

#[test]
fn official_clients_are_accepted() {
    let lines = include_str!("../data/official-clients.jsonl").lines();
    let mut seen = 0;
    for line in lines {
        let sent: Sent = serde_json::from_str(line).unwrap();
        let key = Credentials::new(&*sent.access_key_id, &*sent.secret_access_key)
            .with_session_token(&*sent.session_token);
        let emulator = Emulator::new(EmulatorOptions {
            accounts: vec![Account::new(key, DEMO_ACCOUNT_ID)],
            behaviors: "unaligned=floored".parse().unwrap(),
            ..EmulatorOptions::default()
        });
        let now: SigningTime = sent.x_date.parse().unwrap();
        let response = emulator.handle(&sent.on_the_wire(), now);
        let (status, body) = crate::common::json(&response);
        if sent.body.is_empty() {
            assert_eq!(
                body["ResponseMetadata"]["Error"]["Code"], "MissingParameter.StartTime",
                "{}: {body}",
                sent.name
            );
        } else {
            assert_eq!(status, 200, "{}: {body}", sent.name);
        }
        seen += 1;
    }
    assert_eq!(seen, 34);
}

impl Sent {
    /// As a server meets it: origin form, and a `Host`, which every HTTP client adds.
    fn on_the_wire(&self) -> Request<Vec<u8>> {
        let url: http::Uri = self.url.parse().unwrap();
        let mut request = Request::builder()
            .method(&*self.method)
            .uri(url.path_and_query().unwrap().as_str())
            .header("Host", url.authority().unwrap().as_str());
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("host") {
                request = request.header(name, value);
            }
        }
        request.body(self.body.clone().into_bytes()).unwrap()
    }
}
