//! A request as it is sent, for `--dry-run`.

use std::fmt::Write as _;

use http::{HeaderName, HeaderValue, Request};

/// Returns request line, headers in their order, a blank line and the body.
///
/// A session token is masked, as it is a secret. The signature is not: it covers this request only,
/// for some minutes.
pub(crate) fn http_text(request: &Request<Vec<u8>>) -> String {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut text = format!("{} {target} HTTP/1.1\n", request.method());
    for (name, value) in request.headers() {
        let _ = writeln!(text, "{}: {}", title_case(name), shown(name, value));
    }
    let _ = writeln!(text, "\n{}", String::from_utf8_lossy(request.body()));
    text
}

fn shown(name: &HeaderName, value: &HeaderValue) -> String {
    if name == "x-security-token" {
        return "(masked)".to_owned();
    }
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// Writes `x-content-sha256` as the vendor does: `X-Content-Sha256`.
fn title_case(name: &HeaderName) -> String {
    let mut at_start = true;
    let raise = |letter: char| {
        let raised = if at_start { letter.to_ascii_uppercase() } else { letter };
        at_start = letter == '-';
        raised
    };
    name.as_str().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_vendors_and_the_token_is_masked() {
        let request = Request::post("https://open.volcengineapi.com/?Action=GetUsage")
            .header("Host", "open.volcengineapi.com")
            .header("X-Content-Sha256", "00")
            .header("X-Security-Token", "fake-token-for-tests-only")
            .body(b"{}".to_vec())
            .unwrap();
        assert_eq!(
            http_text(&request),
            "POST /?Action=GetUsage HTTP/1.1\n\
             Host: open.volcengineapi.com\n\
             X-Content-Sha256: 00\n\
             X-Security-Token: (masked)\n\
             \n\
             {}\n"
        );
    }
}
