//! A request given on the command line: method, URL, headers and body exactly as they are sent.

mod body;
mod header;
mod pasted;

use ark_usage_report::text;
use http::Method;
use volc_sign::{PayloadHash, SignableRequest};

use crate::args::RequestArgs;
use crate::error::CliError;
use crate::lang::Text;

pub(crate) use body::{Body, BodySource};
pub(crate) use header::{Header, headers};

/// A request as given. Nothing in it is normalised: the signed bytes are the sent ones.
#[derive(Clone, Debug)]
pub(crate) struct GivenRequest {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Body,
}

impl GivenRequest {
    /// Reads the arguments, and the body from the argument, a file or standard input. `instead` is another way to
    /// name the request.
    pub(crate) fn read(args: &RequestArgs, instead: Option<&str>) -> Result<Self, CliError> {
        if let Some(command) = &args.curl {
            return pasted::request(command);
        }
        let (method, url) = match (&args.method, &args.url) {
            (Some(method), Some(url)) => (method, url),
            (Some(method), None) if !method.contains('/') => {
                return Err(missing(text!("URL: missing", "缺少 URL"), instead));
            }
            (Some(_), None) => {
                return Err(missing(
                    text!("METHOD: missing before the URL", "URL 之前缺少 METHOD"),
                    instead,
                ));
            }
            (None, _) => {
                return Err(missing(
                    text!("METHOD and URL: missing", "缺少 METHOD 和 URL"),
                    instead,
                ));
            }
        };
        check_method(method)?;
        check_url(url)?;
        Ok(Self {
            method: method.clone(),
            url: url.clone(),
            headers: headers(&args.headers)?,
            body: Body::read("-d", args.data.as_deref())?,
        })
    }

    /// Returns the headers in the form that `volc-sign` takes.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(Header::pair).collect()
    }

    /// Returns the request in the form that `volc-sign` takes, with these headers.
    pub(crate) fn signable<'a>(&'a self, pairs: &'a [(&'a str, &'a str)]) -> SignableRequest<'a> {
        SignableRequest::from_text(&self.method, &self.url, pairs)
    }

    /// Returns the hash of the body.
    pub(crate) fn payload_hash(&self) -> PayloadHash {
        PayloadHash::of(&self.body.bytes)
    }
}

/// Returns path and query in the form of a request line, for a URL that passed
/// [`GivenRequest::read`].
pub(crate) fn target(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let after_authority = match url.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or_default()
        }
        _ => url,
    };
    let slash = if after_authority.starts_with('/') { "" } else { "/" };
    format!("{slash}{after_authority}")
}

fn missing(what: Text, instead: Option<&str>) -> CliError {
    let others = instead.map(|instead| text!("{instead}, ", "{instead}，"));
    CliError::usage(what).with_hint(text!(
        "write METHOD and URL, as in GET 'https://HOST/?…', {others}or --curl @FILE with a curl command",
        "请写 METHOD 和 URL，例如 GET 'https://HOST/?…'，{others}或用 --curl @FILE 给出 curl 命令";
        others = Text::all(others)
    ))
}

fn check_method(method: &str) -> Result<(), CliError> {
    Method::from_bytes(method.as_bytes()).map(drop).map_err(|_| {
        CliError::usage(text!(
            "METHOD {method:?}: invalid HTTP method",
            "METHOD {method:?}：不是 HTTP 方法"
        ))
        .with_hint(text!(
            "write it as it is sent, for example GET or POST, followed by the URL",
            "请按实际发送的写法写，例如 GET 或 POST；URL 写在它后面"
        ))
    })
}

/// Refuses URLs that no client could send; the signer judges the rest. The value is not repeated in
/// full, because it may hold a password.
fn check_url(url: &str) -> Result<(), CliError> {
    if let Some(found) = url.chars().find(|c| c.is_control() || *c == ' ') {
        let escape = volc_openapi::encode_component(&found.to_string());
        return Err(CliError::usage(text!(
            "URL: {found:?} cannot be sent",
            "URL：含有无法发送的 {found:?}"
        ))
        .with_hint(text!(
            "write {escape} instead; the URL is used exactly as it is given",
            "请写成 {escape}；URL 会原样使用"
        )));
    }
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let scheme = scheme.filter(|scheme| !scheme.contains(['/', '?', '#']));
    match scheme {
        Some(scheme)
            if ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(scheme) => Err(CliError::usage(text!(
            "URL: scheme {scheme} is not http or https",
            "URL：协议 {scheme} 不是 http 或 https"
        ))),
        None if url.starts_with('/') => Ok(()),
        None => Err(CliError::usage(text!(
            "URL: must be an absolute URL or a path",
            "URL：既不是完整的 URL，也不是路径"
        ))
        .with_hint(text!(
            "write https://HOST/…, or /PATH?QUERY with -H 'Host: …'",
            "请写 https://HOST/…，或写 /PATH?QUERY 并给出 -H 'Host: …'"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_from_the_url_unchanged() {
        for (url, expected) in [
            ("https://h", "/"),
            ("https://h?", "/?"),
            ("https://h/?a=1&&b=http://x/y", "/?a=1&&b=http://x/y"),
            ("https://h?a=/", "/?a=/"),
            ("https://[::1]:443//a/../b/%2f#part", "//a/../b/%2f"),
            ("/only/a?path=://", "/only/a?path=://"),
            ("/a://b", "/a://b"),
        ] {
            assert_eq!(target(url), expected, "{url}");
            assert!(check_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn requests_that_cannot_be_sent_are_refused() {
        for url in
            ["https://h/a b", "https://h/\n", "open.volcengineapi.com/", "", "ftp://h/", "?a=1"]
        {
            assert!(check_url(url).is_err(), "{url}");
        }
        let error = check_url("https://h/\u{85}").unwrap_err().to_string();
        assert!(error.contains("%C2%85"), "{error}");
        for method in ["", "GET ", "G(T", "方法"] {
            assert!(check_method(method).is_err(), "{method}");
        }
        assert!(check_method("get").is_ok(), "any token will do");
    }
}
