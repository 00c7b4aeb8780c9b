//! Volcengine request signing.
