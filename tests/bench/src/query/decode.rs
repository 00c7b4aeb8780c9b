//! Reading a month, beside `serde_json::from_slice` into the structs anybody would write.

use std::time::Duration;

use ark_usage_emulator::{CatalogueSize, Emulator, EmulatorOptions};
use ark_usage_model::{
    AccountId, ExchangeId, Interval, Now, Progress, QueryOptions, Step, Target, UsageQuery, Window,
};
use serde::Deserialize;
use volc_sign::{Signer, SigningTime};

use crate::figures::Figure;
use crate::measure::{Case, medians};
use crate::service::{DAY, NEW_YEAR, accounts};

const DAYS: i64 = 31;
const ENDPOINTS: usize = 8;
const ROUNDS: usize = 1_001;
/// Long after the month.
const UNIX: u64 = 1_760_000_000;

pub fn measure() -> Vec<Figure> {
    let (query, id, response) = answered();
    let body = response.body().clone();
    let bytes = body.len();
    let now = Now { elapsed: Duration::from_millis(50), unix: UNIX as i64 };
    let mut cases = [
        Case::new(
            "machine",
            move || query.clone(),
            move |query: &mut UsageQuery| {
                let progress = query.on_response(id, now, Ok(&response));
                assert!(matches!(progress, Progress::Accepted { points } if points > 0));
            },
        ),
        Case::new(
            "naive",
            || None,
            move |read: &mut Option<naive::Envelope>| {
                *read = Some(serde_json::from_slice(&body).expect("an answer"));
            },
        ),
    ];
    let times = medians(&mut cases, ROUNDS);
    vec![
        Figure::at_least("a month, to naive serde_json", times[1] / times[0], "x as fast", 1.15),
        Figure::noted("a month, bytes", bytes as f64, "bytes"),
        Figure::noted("a month, machine", times[0] / 1e3, "us"),
        Figure::noted("a month, naive", times[1] / 1e3, "us"),
    ]
}

/// A query that waits for one answer, and the answer.
fn answered() -> (UsageQuery, ExchangeId, http::Response<Vec<u8>>) {
    let accounts = accounts(1);
    let emulator = Emulator::new(EmulatorOptions {
        accounts: accounts.clone(),
        behaviors: "tags=always".parse().expect("a switch"),
        size: CatalogueSize { projects: 1, endpoints: ENDPOINTS },
        ..EmulatorOptions::default()
    });
    let window =
        Window::new(Interval::Day, NEW_YEAR, NEW_YEAR + (DAYS - 1) * DAY).expect("aligned");
    let base_url = "http://127.0.0.1/".parse().expect("a base URL");
    let targets = vec![Target::new(AccountId(0))];
    let mut query =
        UsageQuery::new(targets, window, base_url, QueryOptions::default()).expect("a query");
    let now = Now { elapsed: Duration::ZERO, unix: UNIX as i64 };
    let Step::Send(exchange) = query.poll(now) else { panic!("there is something to send") };
    let mut request = exchange.request;
    let time = SigningTime::from_unix(UNIX).expect("an instant");
    Signer::new(accounts[0].credentials.clone(), "cn-beijing", "ark")
        .sign_request(&mut request, time)
        .expect("it can be signed");
    (query, exchange.id, emulator.handle(&request, time))
}

/// The obvious way to decode.
mod naive {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    pub struct Envelope {
        response_metadata: Metadata,
        result: Usage,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Metadata {
        request_id: String,
        action: String,
        version: String,
        service: String,
        region: String,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Usage {
        usage_results: Vec<Metric>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Metric {
        name: String,
        metric_items: Vec<Item>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Item {
        #[serde(default)]
        tags: Vec<Tag>,
        values: Vec<Sample>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Tag {
        key: String,
        value: String,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Sample {
        timestamp: i64,
        value: i64,
    }
}
