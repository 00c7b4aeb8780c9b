//! Limits on a client's cost, and the pace of answers.

use std::time::Duration;

/// Bounds that keep broken, slow and greedy clients from taking the emulator down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; more wait until one closes.
    pub max_connections: usize,
    /// The time a request's head may take, and a kept-alive connection may stay idle.
    pub header_timeout: Duration,
    /// The time a connection may do nothing while others wait for a place.
    pub crowded_timeout: Duration,
    /// The time a request's body may take; then 408.
    pub body_timeout: Duration,
    /// The time a client may leave an answer unread before the connection is dropped.
    pub write_timeout: Duration,
    /// Header fields of a request; more are answered with 431.
    pub max_headers: usize,
    /// Bytes of a request's head, at least 8192; more are answered with 431.
    pub max_header_bytes: usize,
    /// Bytes of a request's body; more are answered with 413.
    pub max_body_bytes: usize,
    /// No answer comes sooner than this after its request: what a distant server costs.
    pub latency: Duration,
    /// Larger answers are compressed with gzip for clients that accept it.
    pub gzip: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 1024,
            header_timeout: Duration::from_secs(30),
            crowded_timeout: Duration::from_secs(2),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_mins(1),
            max_headers: 100,
            max_header_bytes: 64 * 1024,
            max_body_bytes: 1024 * 1024,
            latency: Duration::ZERO,
            gzip: true,
        }
    }
}
