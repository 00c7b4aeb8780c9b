//! The API on loopback.
