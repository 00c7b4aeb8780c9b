//! Drives a query over a transport.

mod block_on;
pub mod blocking;
mod client;
mod clock;
mod error;
#[cfg(feature = "hyper")]
mod hyper_transport;
mod observer;
mod sign;
mod transport;

pub use client::{CallError, Client, ExchangeError, Finished};
pub use clock::{Clock, FrozenClock, SystemClock, random_seed};
pub use error::TransportError;
#[cfg(feature = "hyper")]
pub use hyper_transport::{
    CaBundleError, HyperOptions, HyperTransport, ProxyError, ProxySettings, TlsRoots,
};
pub use observer::{Event, Observer};
pub use sign::{ProvidedKeys, Sign, SignFailure, Unsigned};
pub use transport::{BlockingTransport, Transport};
