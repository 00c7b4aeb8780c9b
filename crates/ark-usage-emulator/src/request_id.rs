//! Request ids: 14 digits of Beijing time and 18 of `[0-9A-F]`, the same for the same request.

use crate::calendar::digits;
use crate::data::{fold_text, mix};

/// The id of `request`, answered at `now`.
pub(crate) fn request_id<B: AsRef<[u8]>>(
    seed: u64,
    request: &http::Request<B>,
    now: i64,
) -> String {
    let mut hash = fold_text(seed, request.method().as_str());
    hash = fold_text(hash, request.uri().to_string());
    for (name, value) in request.headers() {
        hash = fold_text(fold_text(hash, name.as_str()), value.as_bytes());
    }
    hash = fold_text(hash, request.body().as_ref());
    format!("{}{:016X}{:02X}", digits(now), hash, mix(hash, 1) & 0xFF)
}
