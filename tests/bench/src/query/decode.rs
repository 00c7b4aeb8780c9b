//! Reading a month of both actions, beside `serde_json::from_slice` into the structs anybody would write.

use std::time::Duration;

use ark_usage_emulator::{CatalogueSize, Emulator, EmulatorOptions};
use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{
    AccountId, DimensionFilter, ExchangeId, Interval, Now, Progress, QueryOptions, Step, Tags,
    Target, UsageAction, UsageQuery, Window,
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

/// Days of a table, which one call brings.
const TABLE_DAYS: i64 = 30;
/// Enough that there are 200 pairs of a model and an API key.
const TABLE_ENDPOINTS: usize = 120;
const TABLE_ROUNDS: usize = 101;

pub fn measure() -> Vec<Figure> {
    let month = answered(&GetUsageAction, &Target::new(AccountId(0)), DAYS, ENDPOINTS);
    let names =
        ["a month, to naive serde_json", "a month, bytes", "a month, machine", "a month, naive"];
    let figures = beside::<naive::Envelope>(names, &month, ROUNDS, 1.15);
    let group = |key: &str| DimensionFilter { key: key.to_owned(), values: Vec::new() };
    let target = Target {
        filters: vec![group(Tags::MODEL_NAME), group(Tags::API_KEY_ID)],
        ..Target::new(AccountId(0))
    };
    let table = answered(&GetInferenceUsageAction, &target, TABLE_DAYS, TABLE_ENDPOINTS);
    let names = [
        "a month by model and key, to naive serde_json",
        "a month by model and key, bytes",
        "a month by model and key, machine",
        "a month by model and key, naive",
    ];
    let tables = beside::<naive::TableEnvelope>(names, &table, TABLE_ROUNDS, 1.15);
    figures.into_iter().chain(tables).collect()
}

/// A query that waits for one answer, and the answer.
type Answered = (UsageQuery, ExchangeId, http::Response<Vec<u8>>);

/// Reading an answer by the machine and into `T`.
fn beside<T: serde::de::DeserializeOwned + 'static>(
    [ratio, size, machine, naive]: [&'static str; 4],
    (query, id, response): &Answered,
    rounds: usize,
    goal: f64,
) -> Vec<Figure> {
    let (query, id, response) = (query.clone(), *id, response.clone());
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
            move |read: &mut Option<T>| {
                *read = Some(serde_json::from_slice(&body).expect("an answer"));
            },
        ),
    ];
    let times = medians(&mut cases, rounds);
    vec![
        Figure::at_least(ratio, times[1] / times[0], "x as fast", goal),
        Figure::noted(size, bytes as f64, "bytes"),
        Figure::noted(machine, times[0] / 1e3, "us"),
        Figure::noted(naive, times[1] / 1e3, "us"),
    ]
}

fn answered(
    action: &'static dyn UsageAction,
    target: &Target,
    days: i64,
    endpoints: usize,
) -> Answered {
    let accounts = accounts(1);
    let emulator = Emulator::new(EmulatorOptions {
        accounts: accounts.clone(),
        behaviors: "tags=always".parse().expect("a switch"),
        size: CatalogueSize { projects: 1, endpoints },
        ..EmulatorOptions::default()
    });
    let window =
        Window::new(Interval::Day, NEW_YEAR, NEW_YEAR + (days - 1) * DAY).expect("aligned");
    let base_url = "http://127.0.0.1/".parse().expect("a base URL");
    let targets = vec![target.clone()];
    let options = QueryOptions::default();
    let mut query =
        UsageQuery::with_action(action, targets, window, base_url, options).expect("a query");
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
    pub struct TableEnvelope {
        response_metadata: Metadata,
        result: Table,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Table {
        data_count: u64,
        fields: Vec<Field>,
        data: Vec<Vec<Option<String>>>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read and thrown away")]
    struct Field {
        name: String,
        r#type: String,
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
