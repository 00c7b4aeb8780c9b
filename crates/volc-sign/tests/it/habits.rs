//! Clients with habits: each signs something else than it sends, and the explanation finds out what, to
//! the letter.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use volc_sign::explain::{Cause, CauseKind, Explanation, Failure, explain};
use volc_sign::{PayloadHash, SignableRequest, Signed};

use crate::fixture::{BODY, SECRET, credentials, now, signer};

const HOST: &str = "https://open.volcengineapi.com";

#[test]
fn query_mistakes_are_found() {
    use CauseKind::{QueryEncoding, QueryOrder};
    for (sent, right, signed, kind) in [
        ("A=b%20c", "A=b%20c", "A=b+c", QueryEncoding),
        ("A=(!)", "A=%28%21%29", "A=(!)", QueryEncoding),
        ("A=~%20*", "A=~%20%2A", "A=%7E+*", QueryEncoding),
        ("A=~", "A=~", "A=%7E", QueryEncoding),
        ("A=~*", "A=~%2A", "A=%7E%2A", QueryEncoding),
        ("A=(b/c)", "A=%28b%2Fc%29", "A=(b%2Fc)", QueryEncoding),
        ("A=b/c:", "A=b%2Fc%3A", "A=b/c%3A", QueryEncoding),
        ("A=%7e", "A=~", "A=%7e", QueryEncoding),
        ("A=%2F", "A=%2F", "A=/", QueryEncoding),
        ("A=a%2Fb", "A=a%2Fb", "A=a%2fb", QueryEncoding),
        ("A=a%3Ab", "A=a%3Ab", "A=a:b", QueryEncoding),
        ("A=b+c", "A=b%20c", "A=b%2Bc", QueryEncoding),
        ("A=b+c%2F", "A=b%20c%2F", "A=b%2Bc%2F", QueryEncoding),
        ("A=%2F", "A=%2F", "A=%252F", QueryEncoding),
        ("A&B=1", "A=&B=1", "A&B=1", QueryEncoding),
        ("B=%28&A", "A=&B=%28", "A&B=%28", QueryEncoding),
        ("A=1&", "A=1", "=&A=1", QueryOrder),
        ("B=1&A=2", "A=2&B=1", "B=1&A=2", QueryOrder),
        ("A=2&A=1", "A=2&A=1", "A=1&A=2", QueryOrder),
        ("A=1&A=2", "A=1&A=2", "A=2", QueryOrder),
        ("=1&A=2", "=1&A=2", "A=2", QueryOrder),
        ("A=&B=2", "A=&B=2", "B=2", QueryOrder),
        ("a-b=1&a%3Db=2", "a-b=1&a%3Db=2", "a%3Db=2&a-b=1", QueryOrder),
        (
            "%EF%BC%A1=1&%F0%9F%98%80=2",
            "%EF%BC%A1=1&%F0%9F%98%80=2",
            "%F0%9F%98%80=2&%EF%BC%A1=1",
            QueryOrder,
        ),
    ] {
        let client = Client::of("POST", &format!("{HOST}/?{sent}"));
        let line = |query: &str| format!("POST\n/\n{query}\n");
        client.signs(&line(right), &line(signed), &[kind]);
    }
}

#[test]
fn path_mistakes_are_found() {
    for (sent, signed) in [
        ("/a%20b", "/a%2520b"),
        ("//a%20b", "/a%2520b"),
        ("/a!b", "/a!b"),
        ("/a/../b", "/b"),
        ("/a/./b/..", "/a"),
        ("/../a", "/a"),
        ("//a", "/a"),
        ("/a/", "/a"),
        ("/a", "/"),
        ("/a%3Ab", "/a:b"),
    ] {
        let client = Client::of("POST", &format!("{HOST}{sent}"));
        let canonical = client.signed.canonical_request().as_str();
        let right = canonical.split('\n').nth(1).unwrap();
        let line = |path: &str| format!("POST\n{path}\n\n");
        client.signs(&line(right), &line(signed), &[CauseKind::Path]);
    }
}

#[test]
fn method_mistakes_are_found() {
    for (sent, signed) in
        [("post", "POST"), ("POST", "post"), ("PUT", "GET"), ("PUT", "POST"), ("PUT", "HEAD")]
    {
        let client = Client::of(sent, HOST);
        client.signs(&format!("{sent}\n/\n"), &format!("{signed}\n/\n"), &[CauseKind::Method]);
    }
}

#[test]
fn body_mistakes_are_found() {
    let hash = |body: &str| PayloadHash::of(body).to_string();
    for signed in ["", "UNSIGNED-PAYLOAD"] {
        let client = Client::of("POST", HOST);
        // The header stays as it was; the last line of what is signed is another.
        let line = |hash: &str| format!("x-date\n{hash}");
        let signed = if signed.is_empty() { hash(signed) } else { signed.to_owned() };
        client.signs(&line(&hash(BODY)), &line(&signed), &[CauseKind::Body]);
    }
}

#[test]
fn clocks_read_twice_are_found() {
    for (other, found) in [
        ("20241119T021529Z", true),
        ("20241119T021531Z", true),
        ("20241119T021528Z", true),
        ("20241119T021532Z", true),
        ("20241119T021533Z", false),
    ] {
        let client = Client::of("POST", HOST);
        let to_sign = client.signed.string_to_sign().as_str();
        let explanation =
            client.explained("20241119", &to_sign.replacen("20241119T021530Z", other, 1));
        let kind = if found { CauseKind::Date } else { CauseKind::Unknown };
        assert_eq!(kinds(&explanation), [kind], "{other}: {explanation}");
    }
}

#[test]
fn keys_of_a_different_day_are_found() {
    for (day, kind) in [
        ("20241118", CauseKind::Date),
        ("20241120", CauseKind::Date),
        ("20241117", CauseKind::Unknown),
    ] {
        let client = Client::of("POST", HOST);
        let to_sign = client.signed.string_to_sign().as_str();
        let explanation = client.explained(day, to_sign);
        assert_eq!(kinds(&explanation), [kind], "{day}: {explanation}");
    }
}

#[test]
fn swapped_region_and_service_are_found() {
    let client = Client::of("POST", HOST);
    let to_sign = client.signed.string_to_sign().as_str();
    let explanation = client.explained_with(["20241119", "ark", "cn-beijing"], to_sign);
    assert_eq!(explanation.causes(), [Cause::RegionAndServiceSwapped], "{explanation}");
}

#[test]
fn lists_out_of_order_are_found() {
    const SENT: &str = "x-date;host;x-content-sha256";
    const SORTED: &str = "host;x-content-sha256;x-date";
    let client = Client::signing(SENT, &[]);
    let canonical = client.signed.canonical_request();
    let mut lines: Vec<_> =
        canonical.headers().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let sent = lines.concat();
    lines.sort();
    let sorted = lines.concat();
    for list in [SENT, SORTED] {
        let right = canonical.as_str();
        let signed = right.replacen(&sent, &sorted, 1).replacen(SENT, list, 1);
        assert_ne!(signed, right);
        let explanation = client.explained_canonical(&signed);
        assert_eq!(kinds(&explanation), [CauseKind::SignedHeaders], "{explanation}");
        assert_eq!(explanation.signer_canonical_request().unwrap().as_str(), signed);
    }
}

/// The port of Host is left out whatever else is done to values.
#[test]
fn untrimmed_values_are_found_beside_a_host_with_a_port() {
    let host = ("Host", "open.volcengineapi.com:443");
    let client = Client::signing("host;x-custom;x-date", &[host, ("X-Custom", "  a b ")]);
    let canonical = client.signed.canonical_request().as_str();
    assert!(canonical.contains("host:open.volcengineapi.com\n"), "{canonical}");
    client.signs("x-custom:a b\n", "x-custom:  a b \n", &[CauseKind::HeaderValue]);
}

/// An explanation displays the cause, the advice, and the differences.
#[test]
fn causes_are_displayed_with_advice() {
    let client = Client::of("PUT", HOST);
    let canonical = client.signed.canonical_request().as_str();
    let explanation = client.explained_canonical(&canonical.replacen("PUT", "GET", 1));
    let text = explanation.to_string();
    assert!(
        text.contains("cause: method: GET was signed; sign the method as it is sent\n"),
        "{text}"
    );
    assert!(text.contains("0 s ahead of the server's clock 20241119T021530Z"), "{text}");
    assert!(!text.contains("a default signer would have signed"), "{text}");
    assert!(explanation.verdict().is_err());
}

#[test]
fn every_line_a_server_reports_has_its_cause() {
    let client = Client::of("POST", &format!("{HOST}/a?B=c"));
    let canonical = client.signed.canonical_request().as_str();
    let headers: Vec<_> = client.signed.headers().collect();
    for (from, to, kind) in [
        ("POST", "GET", CauseKind::Method),
        ("\n/a\n", "\n/b\n", CauseKind::Path),
        ("B=c", "B=d", CauseKind::QueryEncoding),
        ("host:open", "host:internal", CauseKind::Host),
        ("x-date:2024", "x-date:2023", CauseKind::Date),
        ("x-content-sha256:", "x-content-sha256:0", CauseKind::Body),
        ("host;x-content-sha256;x-date", "host;x-date", CauseKind::SignedHeaders),
    ] {
        let reported = canonical.replacen(from, to, 1);
        assert_ne!(reported, canonical, "{from}");
        let request = SignableRequest::from_text("POST", &client.url, &headers);
        let failure =
            Failure::new(request, BODY.as_bytes(), now()).with_server_canonical_request(&reported);
        let explanation = explain(&failure, &credentials());
        assert!(kinds(&explanation).contains(&kind), "{from}: {explanation}");
    }
}

/// A request as it is sent, and what a right client signs for it.
struct Client {
    method: String,
    url: String,
    /// Headers that are there before it is signed.
    headers: Vec<(&'static str, &'static str)>,
    signed: Signed,
}

impl Client {
    fn of(method: &str, url: &str) -> Self {
        let request = SignableRequest::from_text(method, url, &[]);
        let signed = signer().sign(&request, &PayloadHash::of(BODY), now()).unwrap();
        Self { method: method.to_owned(), url: url.to_owned(), headers: Vec::new(), signed }
    }

    /// A client that signs these headers, some of which are given.
    fn signing(list: &str, headers: &[(&'static str, &'static str)]) -> Self {
        let request = SignableRequest::from_text("POST", HOST, headers);
        let signer = signer().with_signed_headers(list.parse().unwrap());
        let signed = signer.sign(&request, &PayloadHash::of(BODY), now()).unwrap();
        let headers = headers.to_vec();
        Self { method: "POST".to_owned(), url: HOST.to_owned(), headers, signed }
    }

    /// A client that signs `instead` where the canonical request has `right`, and sends the same.
    fn signs(&self, right: &str, instead: &str, expected: &[CauseKind]) {
        let canonical = self.signed.canonical_request().as_str();
        assert!(canonical.contains(right), "{right:?} is not in {canonical:?}");
        let altered = canonical.replacen(right, instead, 1);
        let explanation = self.explained_canonical(&altered);
        if altered == canonical {
            assert!(explanation.verdict().is_ok(), "{instead:?}: {explanation}");
            return;
        }
        assert_eq!(kinds(&explanation), expected, "{instead:?}: {explanation}");
        let found = explanation.signer_canonical_request().unwrap();
        assert_eq!(found.as_str(), altered);
        assert!(!explanation.differences().is_empty(), "{instead:?}");
    }

    fn explained_canonical(&self, canonical: &str) -> Explanation {
        let to_sign = self.signed.string_to_sign().as_str();
        let (head, _) = to_sign.rsplit_once('\n').unwrap();
        self.explained("20241119", &format!("{head}\n{}", hex(&Sha256::digest(canonical))))
    }

    /// Signs `to_sign` with a key of `day`.
    fn explained(&self, day: &str, to_sign: &str) -> Explanation {
        self.explained_with([day, "cn-beijing", "ark"], to_sign)
    }

    /// Signs `to_sign` with a key of this day, region and service.
    fn explained_with(&self, [day, region, service]: [&str; 3], to_sign: &str) -> Explanation {
        let parts = [day, region, service, "request", to_sign];
        let signature = parts.iter().fold(SECRET.as_bytes().to_vec(), |key, part| mac(&key, part));
        let right = self.signed.authorization();
        let (head, _) = right.rsplit_once('=').unwrap();
        let authorization = format!("{head}={}", hex(&signature));
        let added = self.signed.headers().map(|(name, value)| {
            (name, if name == "Authorization" { &authorization } else { value })
        });
        let headers: Vec<(&str, &str)> = self.headers.iter().copied().chain(added).collect();
        let request = SignableRequest::from_text(&self.method, &self.url, &headers);
        explain(&Failure::new(request, BODY.as_bytes(), now()), &credentials())
    }
}

fn kinds(explanation: &Explanation) -> Vec<CauseKind> {
    explanation.causes().iter().map(Cause::kind).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
