//! Drives a usage query over a network: signs each request just before it is sent, sends it, passes
//! the response to the query, and waits when the query says so.
//!
//! The query itself ([`ark_usage_model::UsageQuery`]) plans requests, decides about retries and
//! parses responses; it knows no clock, key or socket. This crate adds them:
//!
//! ```text
//!   UsageQuery ──poll──▶ exchange ──▶ Sign ──▶ Transport ──▶ server
//!       ▲                                                      │
//!       └──────────────── on_response ◀─ response or failure ◀─┘
//! ```
//!
//! # Over the network, with hyper
//!
//! ```no_run
//! # #[cfg(feature = "hyper")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
//! use ark_usage_transport::{Client, HyperTransport};
//! use volc_sign::{Credentials, Signer};
//!
//! let keys = Credentials::new("AKLT…", "…");
//! let client = Client::new(HyperTransport::default(), Signer::new(keys, "cn-beijing", "ark"));
//!
//! let week = Window::new(Interval::Day, 1_731_427_200, 1_731_945_600)?;
//! let base_url = "https://open.volcengineapi.com".parse()?;
//! let targets = vec![Target::new(AccountId(0))];
//! let query = UsageQuery::new(targets, week, base_url, QueryOptions::default())?;
//! let report = client.run(query, &mut ()).await;
//! println!("{} calls, complete: {}", report.calls.len(), report.coverage.complete);
//! # Ok(())
//! # }
//! ```
//!
//! # Recording and replaying
//!
//! A [`RecordingTransport`] around another transport writes each exchange as a line of JSON, without
//! keys and signatures. A [`ReplayTransport`] answers the same requests from that text, with the
//! recorded times and without a network: for bug reports, tests and demonstrations.
//!
//! ```
//! # #[cfg(feature = "recording")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
//! use ark_usage_transport::{
//!     Client, Recorder, RecordingTransport, ReplayTransport, SystemClock, TransportError, Unsigned,
//! };
//!
//! fn week() -> Result<UsageQuery, Box<dyn std::error::Error>> {
//!     let window = Window::new(Interval::Day, 1_731_427_200, 1_731_945_600)?;
//!     let base_url = "https://open.volcengineapi.com".parse()?;
//!     let targets = vec![Target::new(AccountId(0))];
//!     Ok(UsageQuery::new(targets, window, base_url, QueryOptions::default())?)
//! }
//!
//! // In place of the network.
//! let network = |_request: http::Request<Vec<u8>>| async {
//!     let body = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[
//!         {"Name":"PromptTokens","MetricItems":[{"Values":[{"Timestamp":1731945600,"Value":7}]}]}
//!     ]}}"#;
//!     Ok::<_, TransportError>(http::Response::new(body.as_bytes().to_vec()))
//! };
//!
//! let path = std::env::temp_dir().join(format!("recording-{}.ndjson", std::process::id()));
//! let recorder = Recorder::new(SystemClock::new());
//! recorder.start(std::fs::File::create(&path)?, &serde_json::json!({ "question": "last week" }))?;
//! let client = Client::new(RecordingTransport::new(network, recorder.clone()), Unsigned)
//!     .with_clock(recorder.clone());
//! let recorded = pollster::block_on(client.run(week()?, &mut ()));
//! recorder.finish()?;
//!
//! let replay = ReplayTransport::from_reader(std::fs::File::open(&path)?)?;
//! assert_eq!(replay.metadata()["question"], "last week");
//! let client = Client::new(replay.clone(), Unsigned).with_clock(replay.clone());
//! let replayed = pollster::block_on(replay.drive(client.run(week()?, &mut ())))?;
//! assert_eq!(replayed.series, recorded.series);
//! # std::fs::remove_file(&path)?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "recording"))]
//! # fn main() {}
//! ```
//!
//! # In scope
//!
//! - [`Transport`] and [`BlockingTransport`]: the interface to another HTTP library; a closure is
//!   enough. [`TransportError`]: the reason there is no response
//! - [`Sign`]: signs requests: a [`Signer`](volc_sign::Signer), one per account, [`ProvidedKeys`], a
//!   closure, or not at all ([`Unsigned`])
//! - [`Client`]: runs queries and single calls on any runtime; [`BlockingClient`]: on none
//! - [`Observer`]: receives an event for each exchange
//! - [`Clock`]: the time, which tests replace
//! - [`DatedTransport`]: learns the server's clock from the responses that pass
//! - feature `hyper` (default): `HyperTransport`, HTTP/1.1 and TLS on tokio, with time-outs,
//!   limits, gzip, proxies and a CA bundle
//! - feature `credentials` (default): `FoundKeys`, which finds keys with `volc-credentials` and
//!   keeps them fresh; `find_credentials`, a single search over a transport
//! - feature `recording` (default): `RecordingTransport` with its `Recorder`, `ReplayTransport`,
//!   `recorded_calls`
//!
//! # Out of scope
//!
//! Requests and their meaning (`ark-usage-model`), signatures (`volc-sign`), the environment and
//! files (the caller). Nothing here prints, reads a variable, or follows a redirect.

#[cfg(any(feature = "hyper", feature = "recording"))]
mod api_key_name;
#[cfg(any(feature = "hyper", feature = "recording"))]
mod api_keys;
mod blocking_client;
mod call_error;
mod client;
mod clock;
#[cfg(feature = "credentials")]
mod credentials;
mod dated_transport;
mod error;
#[cfg(feature = "credentials")]
mod found_keys;
#[cfg(feature = "hyper")]
mod hyper_transport;
mod observer;
#[cfg(feature = "recording")]
mod recording;
#[cfg(any(feature = "hyper", feature = "recording"))]
mod secrets;
mod sign;
mod transport;

#[cfg(any(feature = "hyper", feature = "recording"))]
pub use api_keys::{find_api_keys, mask_api_keys};
pub use blocking_client::BlockingClient;
pub use call_error::{CallError, ExchangeError};
pub use client::{Client, Finished};
pub use clock::{Clock, FrozenClock, SystemClock, random_seed};
#[cfg(feature = "credentials")]
pub use credentials::find_credentials;
pub use dated_transport::DatedTransport;
pub use error::TransportError;
#[cfg(feature = "credentials")]
pub use found_keys::FoundKeys;
#[cfg(feature = "hyper")]
pub use hyper_transport::{
    CaBundleError, HyperOptions, HyperTransport, NoProxy, ProxyError, ProxySettings, TlsRoots,
};
pub use observer::{Event, Observer};
#[cfg(feature = "recording")]
pub use recording::{
    NotRecorded, RecordedCall, Recorder, RecordingError, RecordingTransport, ReplayTransport,
    recorded_calls,
};
#[cfg(any(feature = "hyper", feature = "recording"))]
pub use secrets::{mask_values, masked_headers};
pub use sign::{Keys, ProvidedKeys, Sign, SignFailure, Unsigned};
pub use transport::{BlockingTransport, Transport};

/// The README's example is compiled with the others.
#[cfg(all(doctest, feature = "hyper"))]
#[doc = include_str!("../README.md")]
struct Readme;
