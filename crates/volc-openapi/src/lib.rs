//! What every Volcengine OpenAPI action shares.
