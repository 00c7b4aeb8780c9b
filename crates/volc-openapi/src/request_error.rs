//! The error of a request that cannot be written.

/// A request that cannot be written. A defect of the caller's values, not of the network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The parameters do not serialise to JSON.
    #[error("the parameters of {action} cannot be written as JSON")]
    Body {
        /// The action's name.
        action: &'static str,
        /// The serialiser's error.
        source: serde_json::Error,
    },
    /// The query does not make a URI.
    #[error("not a URI: {uri}")]
    Uri {
        /// The text.
        uri: String,
        /// The parser's error.
        source: http::uri::InvalidUri,
    },
    /// `http` refuses a part of the request.
    #[error("the request of {action} cannot be built")]
    Http {
        /// The action's name.
        action: &'static str,
        /// The error of `http`.
        source: http::Error,
    },
}
