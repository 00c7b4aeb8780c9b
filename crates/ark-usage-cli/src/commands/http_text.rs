//! A request as it goes over the wire, for `--dry-run`.

use std::fmt::Write as _;

use http::{HeaderName, HeaderValue, Request};

/// The request line, the headers in the order they are sent, a blank line, the body.
///
/// A session token is masked: whoever reads the text could use it. The signature is not a
/// secret; it covers this request only, for some minutes.
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

/// `x-content-sha256` as the vendor writes it: `X-Content-Sha256`.
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
    fn reads_like_the_vendors_page_and_keeps_the_token_to_itself() {
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
