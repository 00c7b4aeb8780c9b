//! Reading the claims of a request that nobody knows yet, in a process of its own.

use std::process::ExitCode;

use volc_sign::{Presented, SignableRequest};

/// Requests of each process, so that its start does not count.
const REQUESTS: usize = 20;

/// Reads requests whose lists name `count` headers, all of them there; then as many that are not.
pub fn run(count: &str) -> ExitCode {
    let Ok(count) = count.parse::<usize>() else { return ExitCode::from(2) };
    let names: Vec<String> = (0..count).map(|place| format!("x-{place}")).collect();
    let authorization = format!(
        "HMAC-SHA256 Credential=AK/20241119/cn-beijing/ark/request, SignedHeaders={}, Signature={:064}",
        names.join(";"),
        0
    );
    let own = [("x-date", "20241119T021530Z"), ("authorization", authorization.as_str())];
    let listed: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let whole: Vec<(&str, &str)> = listed.into_iter().chain(own).collect();
    for _ in 0..REQUESTS {
        let carried = SignableRequest::from_text("GET", "/", &whole);
        assert!(Presented::from_signable(&carried).is_ok(), "all of them are there");
        let bare = SignableRequest::from_text("GET", "/", &own);
        assert!(Presented::from_signable(&bare).is_err(), "none of them is there");
    }
    ExitCode::SUCCESS
}
