//! The crate's public face, from closures to real sockets. One binary: linking takes longer than
//! running.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[cfg(feature = "hyper")]
mod hyper_faults;
#[cfg(feature = "hyper")]
mod hyper_wire;
#[cfg(feature = "hyper")]
mod support;
