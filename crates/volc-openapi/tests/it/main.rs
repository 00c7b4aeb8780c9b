//! The envelope and the retry policy from outside.

mod envelope;
mod redact;
mod retry;
