//! Drives a query over a transport.
