//! Output formats for the token usage of Volcengine Ark.
//!
//! Every format is a function from the values of [`ark_usage_report`] to bytes or text.
