//! Drives a query over a transport.

mod block_on;
mod clock;
mod error;
#[cfg(feature = "hyper")]
mod hyper_transport;
mod transport;

pub use clock::{Clock, FrozenClock, SystemClock, random_seed};
pub use error::TransportError;
#[cfg(feature = "hyper")]
pub use hyper_transport::{
    CaBundleError, HyperOptions, HyperTransport, ProxyError, ProxySettings, TlsRoots,
};
pub use transport::Transport;
