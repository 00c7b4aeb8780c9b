//! Made-up requests, and each of them on the wire in one of the many ways a client may write it.

use std::fmt::Write as _;

use fastrand::Rng;
use serde::Serialize;

/// A request as people mean it: names and values as they are, nothing encoded yet.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) host: &'static str,
    /// Not encoded.
    pub(crate) path: String,
    /// Encoded as the rule does it, for signers that take the path as it is.
    pub(crate) path_encoded: String,
    /// Not encoded.
    pub(crate) query: Vec<(String, String)>,
    /// Names as `X-Trace-Id`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    /// Empty: none.
    pub(crate) session_token: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) x_date: String,
    /// The URL that is signed and sent by us.
    pub(crate) url: String,
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];
const HOSTS: [&str; 7] = [
    "open.volcengineapi.com",
    "ark.cn-beijing.volces.com",
    "127.0.0.1:8080",
    "gateway.example.com:8443",
    "gateway.example.com:80",
    "gateway.example.com:443",
    "[::1]:8080",
];
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
/// Everything that has to be encoded somewhere, or looks as if it had to be.
const ODD: &str = " !\"#$%&'()*+,:;<=>?@[\\]^`{|}~密钥éß\u{e000}\u{ffe6}😀🀄";

impl Request {
    pub(crate) fn make(rng: &mut Rng) -> Self {
        let segments: Vec<String> = match rng.u8(..4) {
            0 | 1 => vec![String::new()],
            _ => (0..rng.usize(1..4)).map(|_| segment(rng)).collect(),
        };
        let path = format!("/{}", segments.join("/"));
        let encoded: Vec<String> = segments.iter().map(|segment| encoded(segment)).collect();
        let query = query(rng);
        let host = pick(rng, &HOSTS);
        let scheme = pick(rng, &["http", "https"]);
        let url = format!("{scheme}://{host}{}{}", wire_path(rng, &path), wire_query(rng, &query));
        Self {
            method: pick(rng, &METHODS),
            host,
            path,
            path_encoded: format!("/{}", encoded.join("/")),
            query,
            headers: headers(rng),
            body: if rng.u8(..4) == 0 { String::new() } else { body(rng) },
            access_key_id: format!("AKLTEXAMPLE{}", text(rng, "0123456789abcdefABCDEF", 4..20)),
            secret_access_key: format!(
                "fake-secret-{}{}",
                word(rng, 0..60),
                pick(rng, &["", "=="])
            ),
            session_token: match rng.u8(..3) {
                0 => format!("fake-token-{}", text(rng, &format!("{PLAIN}+/=|%"), 1..90)),
                _ => String::new(),
            },
            region: pick(rng, &["cn-beijing", "cn-shanghai", "ap-southeast-1", "Region_1"]).into(),
            service: pick(rng, &["ark", "iam", "sts", "vod", "Service-2"]).into(),
            x_date: x_date(rng),
            url,
        }
    }
}

/// Any second of a century.
fn x_date(rng: &mut Rng) -> String {
    let (year, month, day) = (rng.u16(2000..2100), rng.u8(1..13), rng.u8(1..29));
    let (hour, minute, second) = (rng.u8(..24), rng.u8(..60), rng.u8(..60));
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

fn segment(rng: &mut Rng) -> String {
    match rng.u8(..8) {
        0 => String::new(),
        1 => pick(rng, &[".", "..", "v1", "api"]).into(),
        // A slash inside a segment is what nobody agrees on.
        _ => word(rng, 1..9).replace('/', "-"),
    }
}

fn query(rng: &mut Rng) -> Vec<(String, String)> {
    let mut query: Vec<(String, String)> = Vec::new();
    for _ in 0..rng.usize(..7) {
        let name = match (rng.u8(..24), query.last()) {
            (0, _) => String::new(),
            (1, Some((name, _))) => name.clone(),
            (2..6, _) => rng.u16(..200).to_string(),
            (6..10, _) => word(rng, 1..6),
            _ => text(rng, PLAIN, 1..8),
        };
        let value = if rng.u8(..6) == 0 { String::new() } else { word(rng, 1..12) };
        query.push((name, value));
    }
    if rng.bool() {
        query.push(("Action".to_owned(), "GetUsage".to_owned()));
        query.push(("Version".to_owned(), "2024-01-01".to_owned()));
    }
    rng.shuffle(&mut query);
    query
}

fn headers(rng: &mut Rng) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for _ in 0..rng.usize(..4) {
        let name = format!("X-{}", text(rng, "abcdefgxyzABCXYZ019-", 1..8));
        let made = ["X-Date", "X-Content-Sha256", "X-Security-Token"];
        let taken = made.into_iter().chain(headers.iter().map(|(name, _)| name.as_str()));
        if taken.into_iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
            continue;
        }
        let mut value = text(rng, &format!("{PLAIN}!\"#$%&'()*+,/:;<=>?@[]^`{{|}}"), 0..20);
        match rng.u8(..24) {
            0 => value = format!(" {value}  "),
            1 => value = format!("a  {value}\tb"),
            2..10 => value = format!("a {value} b").replace("a  b", "ab"),
            _ => {}
        }
        headers.push((name, value));
    }
    if rng.u8(..3) == 0 {
        let value =
            pick(rng, &["application/json", "application/json; charset=UTF-8", "text/plain"]);
        headers.push(("Content-Type".to_owned(), value.to_owned()));
    }
    headers
}

fn body(rng: &mut Rng) -> String {
    format!(
        "{{\"{}\": \"{}\"}}",
        text(rng, PLAIN, 1..9),
        word(rng, 0..80).replace(['"', '\\'], " ")
    )
}

fn pick(rng: &mut Rng, choices: &[&'static str]) -> &'static str {
    choices.get(rng.usize(..choices.len())).copied().unwrap_or_default()
}

/// Plain text with something odd in it now and then.
fn word(rng: &mut Rng, length: std::ops::Range<usize>) -> String {
    let odd: Vec<char> = ODD.chars().collect();
    let plain = text(rng, PLAIN, length);
    let mut choose = |letter| {
        let odd = odd.get(rng.usize(..odd.len())).copied();
        odd.filter(|_| rng.u8(..4) == 0).unwrap_or(letter)
    };
    plain.chars().map(&mut choose).collect()
}

fn text(rng: &mut Rng, alphabet: &str, length: std::ops::Range<usize>) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..rng.usize(length)).filter_map(|_| alphabet.get(rng.usize(..alphabet.len()))).collect()
}

/// As the rule encodes: all but `A-Za-z0-9-_.~`, in capitals.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// The path as some client might write it.
fn wire_path(rng: &mut Rng, path: &str) -> String {
    path.split('/').map(|part| wire(rng, part, b"!$&'()*+,;=:@")).collect::<Vec<_>>().join("/")
}

/// The query as some client might write it.
fn wire_query(rng: &mut Rng, query: &[(String, String)]) -> String {
    if query.is_empty() {
        return String::new();
    }
    let raw = b"!$'()*,/:?@";
    let mut pairs = Vec::new();
    for (name, value) in query {
        let mut pair = wire(rng, name, raw);
        // Without both, nothing would be left of the pair.
        if !value.is_empty() || name.is_empty() || rng.bool() {
            pair.push('=');
        }
        pair.push_str(&wire(rng, value, raw));
        pairs.push(if rng.bool() { pair.replace("%20", "+") } else { pair });
    }
    format!("?{}", pairs.join("&"))
}

/// Encodes what has to be, and now and then what need not be, in small letters too.
fn wire(rng: &mut Rng, text: &str, raw: &[u8]) -> String {
    let mut wire = String::new();
    for byte in text.bytes() {
        let bare = (is_plain(byte) && rng.u8(..40) != 0) || (raw.contains(&byte) && rng.bool());
        // Writing to a string cannot fail.
        let _ = match (bare, rng.u8(..8)) {
            (true, _) => write!(wire, "{}", char::from(byte)),
            (false, 0) => write!(wire, "%{byte:02x}"),
            (false, _) => write!(wire, "%{byte:02X}"),
        };
    }
    wire
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything() {
        let make = |seed| {
            let mut rng = Rng::with_seed(seed);
            let made: Vec<String> =
                (0..50).map(|_| format!("{:?}", Request::make(&mut rng))).collect();
            made
        };
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
    }

    #[test]
    fn the_rule_encodes_all_but_the_unreserved() {
        assert_eq!(encoded("aZ09-_.~ +*/密"), "aZ09-_.~%20%2B%2A%2F%E5%AF%86");
    }
}
