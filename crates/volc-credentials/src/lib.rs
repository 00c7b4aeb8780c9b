//! Where Volcengine keys come from.
