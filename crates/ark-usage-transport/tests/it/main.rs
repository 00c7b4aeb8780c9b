//! The crate's public face, from closures to real sockets. One binary: linking takes longer than
//! running.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod driver;
#[cfg(feature = "hyper")]
mod hyper_faults;
#[cfg(feature = "hyper")]
mod hyper_wire;
#[cfg(feature = "hyper")]
mod support;
mod world;
