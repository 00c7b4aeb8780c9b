//! The options of the hyper transport.

use std::time::Duration;

use http::HeaderValue;

use super::{ProxySettings, TlsRoots};

/// The options of a [`HyperTransport`](super::HyperTransport); start from the default and change
/// what must differ.
///
/// ```
/// use std::time::Duration;
///
/// use ark_usage_transport::{HyperOptions, HyperTransport};
///
/// let mut options = HyperOptions::default();
/// options.read_timeout = Duration::from_secs(5);
/// let transport = HyperTransport::new(options);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HyperOptions {
    /// The time-out for connecting: name, TCP, a proxy's tunnel and TLS together.
    /// 10 seconds.
    pub connect_timeout: Duration,
    /// The time-out for silence: before the response begins, and between two pieces of it.
    /// 30 seconds.
    pub read_timeout: Duration,
    /// The time-out for one attempt as a whole, so that a response that trickles ends too.
    /// 300 seconds.
    pub total_timeout: Duration,
    /// The most bytes that the bodies of all responses read at once may take together, after
    /// decompression; a body waits for others to end, and is refused when it alone is larger. 256 MiB.
    pub body_limit: usize,
    /// The `User-Agent` header, unsigned: `ark-usage/VERSION`. A request that has its own keeps it.
    pub user_agent: HeaderValue,
    /// Accept compressed responses, and decompress them. Yes.
    pub gzip: bool,
    /// Offer HTTP/2 to TLS servers. No.
    #[cfg(feature = "http2")]
    pub http2: bool,
    /// Masks more values in headers and bodies of responses, such as secrets that the program knows
    /// and did not send; see [`mask_values`](crate::mask_values). None.
    pub mask: Option<fn(Vec<u8>) -> Vec<u8>>,
    /// Proxies. None.
    pub proxy: ProxySettings,
    /// The trusted certificate authorities. The operating system's.
    pub roots: TlsRoots,
}

impl HyperOptions {
    /// The protocols offered in TLS, best first; none is HTTP/1.1 alone.
    #[cfg_attr(
        not(feature = "http2"),
        expect(clippy::unused_self, reason = "there is no choice without the feature")
    )]
    pub(super) fn protocols(&self) -> Vec<Vec<u8>> {
        #[cfg(feature = "http2")]
        if self.http2 {
            return vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Vec::new()
    }
}

impl Default for HyperOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_mins(5),
            body_limit: 256 << 20,
            user_agent: HeaderValue::from_static(concat!("ark-usage/", env!("CARGO_PKG_VERSION"))),
            gzip: true,
            #[cfg(feature = "http2")]
            http2: false,
            mask: None,
            proxy: ProxySettings::none(),
            roots: TlsRoots::system(),
        }
    }
}
