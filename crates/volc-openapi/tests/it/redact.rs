//! The cost of masking a text of somebody else's.

use std::time::{Duration, Instant};

use volc_openapi::redact_access_keys;

/// The shortest of some runs: other programs take the processor away in between.
#[expect(clippy::disallowed_methods, reason = "how long it really takes is the question")]
fn time(text: &str) -> Duration {
    let runs = (0..3).map(|_| {
        let begun = Instant::now();
        assert!(!redact_access_keys(text).is_empty());
        begun.elapsed()
    });
    runs.min().unwrap_or_default()
}

#[test]
fn twice_the_text_takes_about_twice_the_time() {
    for piece in ["AKLT ", "AKTP ", "AKAK", "AKLT", "AKLT***", "AKLTaaaabbbbccccdddd "] {
        let half = piece.repeat((1 << 20) / piece.len());
        let whole = half.repeat(2);
        let mut ratios = (0..20).map(|_| time(&whole).as_secs_f64() / time(&half).as_secs_f64());
        assert!(ratios.any(|ratio| ratio < 2.5), "{piece:?}");
    }
}
