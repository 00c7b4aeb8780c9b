//! The crate's public face, from closures to real sockets. One binary: linking takes longer than
//! running.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "credentials")]
mod credentials;
mod driver;
#[cfg(feature = "hyper")]
mod emulator;
#[cfg(feature = "credentials")]
mod found_keys;
#[cfg(feature = "hyper")]
mod hyper_faults;
#[cfg(feature = "http2")]
mod hyper_http2;
#[cfg(feature = "hyper")]
mod hyper_tls;
#[cfg(feature = "hyper")]
mod hyper_wire;
#[cfg(all(feature = "hyper", feature = "credentials"))]
mod key_services;
#[cfg(feature = "recording")]
mod recording;
mod std_net;
#[cfg(feature = "hyper")]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod support;
mod world;
