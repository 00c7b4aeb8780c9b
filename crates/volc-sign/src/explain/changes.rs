//! All the ways a signature is known to be made differently.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::CauseKind;
use super::parts::Parts;
use super::{json, queries};
use crate::signable::Headers;
use crate::{PayloadHash, Presented, SecretKey, SignableRequest, SigningTime};

/// One way to make one part of a signature differently.
pub(super) struct Change {
    pub(super) kind: CauseKind,
    pub(super) detail: String,
    pub(super) to: To,
}

/// What a part becomes.
pub(super) enum To {
    Method(String),
    Path(String),
    Query(String),
    Header(&'static str, String),
    Headers(Vec<(String, String)>),
    List(Vec<(String, String)>, String),
    Payload(String),
    XDate(String),
    Date(String),
    Region(String),
    Service(String),
    Swapped,
    Secret(SecretKey),
}

impl Change {
    fn new(kind: CauseKind, detail: impl Into<String>, to: To) -> Self {
        Self { kind, detail: detail.into(), to }
    }

    /// Makes the part of the signature that way; says whether that changed anything.
    pub(super) fn apply(&self, parts: &mut Parts) -> bool {
        match &self.to {
            To::Method(method) => replace(&mut parts.method, method),
            To::Path(path) => replace(&mut parts.path, path),
            To::Query(query) => replace(&mut parts.query, query),
            To::Payload(payload) => replace(&mut parts.payload, payload),
            To::XDate(x_date) => replace(&mut parts.x_date, x_date),
            To::Headers(headers) => replace(&mut parts.headers, headers),
            To::Header(name, value) => {
                let line = parts.headers.iter_mut().find(|(given, _)| given == name);
                line.is_some_and(|(_, given)| replace(given, value))
            }
            To::List(headers, list) => {
                parts.headers.clone_from(headers);
                replace(&mut parts.list, list)
            }
            To::Date(date) => replace(&mut parts.key_scope[0], date),
            To::Region(region) => {
                parts.scope[1].clone_from(region);
                replace(&mut parts.key_scope[1], region)
            }
            To::Service(service) => {
                parts.scope[2].clone_from(service);
                replace(&mut parts.key_scope[2], service)
            }
            To::Swapped => {
                parts.key_scope.swap(1, 2);
                parts.key_scope[1] != parts.key_scope[2]
            }
            To::Secret(secret) => {
                let changed = parts.secret.expose() != secret.expose();
                parts.secret = secret.clone();
                changed
            }
        }
    }
}

fn replace<T: Clone + PartialEq>(place: &mut T, value: &T) -> bool {
    let changed = place != value;
    place.clone_from(value);
    changed
}

/// What is known about a failed request.
pub(super) struct Known<'a> {
    pub(super) request: SignableRequest<'a>,
    pub(super) presented: &'a Presented,
    pub(super) body: &'a [u8],
    pub(super) access_key_id: &'a str,
    pub(super) secret: &'a SecretKey,
    pub(super) region: Option<&'a str>,
    pub(super) service: Option<&'a str>,
}

impl Known<'_> {
    /// Every change worth trying on these parts, the more usual mistakes first.
    pub(super) fn changes(&self, parts: &Parts) -> Vec<Change> {
        let mut changes = self.payloads();
        changes.extend(self.hosts());
        changes.extend(content_types());
        let variants = queries::queries(self.request.query, self.presented.claims.pick());
        changes.extend(
            variants
                .into_iter()
                .map(|(kind, detail, query)| Change::new(kind, detail, To::Query(query))),
        );
        let variants = queries::paths(self.request.path);
        changes.extend(
            variants
                .into_iter()
                .map(|(kind, detail, path)| Change::new(kind, detail, To::Path(path))),
        );
        changes.extend(self.secrets());
        changes.extend(self.scopes(parts));
        changes.extend(self.values(parts));
        changes.extend(lists(parts));
        changes.extend(methods(parts));
        changes.retain(|change| change.apply(&mut parts.clone()));
        changes
    }

    fn payloads(&self) -> Vec<Change> {
        let hash = |detail: &str, body: &[u8]| {
            Change::new(CauseKind::Body, detail, To::Payload(PayloadHash::of(body).to_string()))
        };
        let mut changes = Vec::new();
        if let Some(Ok(claimed)) = self.presented.payload {
            let detail = "X-Content-Sha256 was signed, but the body is another one";
            changes.push(Change::new(CauseKind::Body, detail, To::Payload(claimed.to_string())));
        }
        changes.push(hash("the body was signed, which X-NotSignBody denies", self.body));
        changes.push(hash("an empty body was signed", b""));
        let unsigned = "UNSIGNED-PAYLOAD".to_owned();
        changes.push(Change::new(
            CauseKind::Body,
            "the body was not hashed",
            To::Payload(unsigned),
        ));
        if let Ok(text) = core::str::from_utf8(self.body) {
            changes.extend([
                hash("a body without the last line's end was signed", text.trim_end().as_bytes()),
                hash("a body with a line's end was signed", [text, "\n"].concat().as_bytes()),
                hash(
                    "a body with other line ends was signed",
                    text.replace("\r\n", "\n").as_bytes(),
                ),
                hash(
                    "a body with other line ends was signed",
                    text.replace('\n', "\r\n").as_bytes(),
                ),
                hash("a body with other white space was signed", json::compact(text).as_bytes()),
                hash("a body with other white space was signed", json::spaced(text).as_bytes()),
            ]);
        }
        changes
    }

    fn hosts(&self) -> Vec<Change> {
        let given = self.raw_header("host").pop();
        let mut names: Vec<String> =
            given.into_iter().chain(self.request.authority.map(ToOwned::to_owned)).collect();
        for name in names.clone() {
            let bare = name.rsplit_once(':').map_or(name.as_str(), |(host, _)| host).to_owned();
            names.extend([
                format!("{bare}:443"),
                format!("{bare}:80"),
                format!("{name}:443"),
                format!("{name}:80"),
                bare.clone(),
                bare.to_ascii_lowercase(),
                name.to_ascii_lowercase(),
            ]);
        }
        let change = |name: String| {
            Change::new(CauseKind::Host, format!("{name} was signed"), To::Header("host", name))
        };
        names.into_iter().map(change).collect()
    }

    fn secrets(&self) -> Vec<Change> {
        let secret = self.secret.expose();
        let change = |detail: &str, secret: String| {
            Change::new(CauseKind::Secret, detail, To::Secret(SecretKey::new(secret)))
        };
        let mut changes = Vec::from([
            change(
                "white space around the secret was taken for a part of it",
                secret.trim().to_owned(),
            ),
            change(
                "the secret was used without its last ='s",
                secret.trim_end_matches('=').to_owned(),
            ),
            change("the secret was used with AWS4 before it", ["AWS4", secret].concat()),
            change("the access key id was used for the secret", self.access_key_id.to_owned()),
            change("an empty secret was used", String::new()),
        ]);
        for end in ["\n", "\r\n", " ", "\r", "\t"] {
            changes.push(change(
                "the secret was used with white space after it",
                [secret, end].concat(),
            ));
        }
        changes
            .push(change("the secret was used with white space before it", [" ", secret].concat()));
        changes.push(change("the secret was used in quotes", ["\"", secret, "\""].concat()));
        changes.extend(
            from_base64(secret).map(|decoded| change("the secret was base64-decoded", decoded)),
        );
        changes
    }

    fn scopes(&self, parts: &Parts) -> Vec<Change> {
        let mut changes = Vec::from([Change::new(
            CauseKind::Region,
            "region and service were exchanged for the key",
            To::Swapped,
        )]);
        let usual =
            ["cn-beijing", "cn-north-1", "cn-shanghai", "cn-guangzhou", "ap-southeast-1", ""];
        for region in self.region.into_iter().chain(usual) {
            changes.push(Change::new(
                CauseKind::Region,
                format!("region {region:?} was signed"),
                To::Region(region.into()),
            ));
        }
        let from_host = self.request.authority.and_then(|host| host.split('.').next());
        for service in self
            .service
            .into_iter()
            .chain(from_host)
            .chain(["ark", "iam", "billing", "sts", "open", ""])
        {
            let detail = format!("service {service:?} was signed");
            changes.push(Change::new(CauseKind::Service, detail, To::Service(service.into())));
        }
        changes.extend(dates(self.presented.time(), parts));
        changes
    }

    fn values(&self, parts: &Parts) -> Vec<Change> {
        let lines = |make: &dyn Fn(Vec<String>) -> String| {
            let line = |(name, value): &(String, String)| {
                let raw = self.raw_header(name);
                (
                    name.clone(),
                    if raw.is_empty() || name == "host" { value.clone() } else { make(raw) },
                )
            };
            parts.headers.iter().map(line).collect::<Vec<_>>()
        };
        let change = |detail: &str, headers| {
            Change::new(CauseKind::HeaderValue, detail, To::Headers(headers))
        };
        let collapse = |value: String| value.split_whitespace().collect::<Vec<_>>().join(" ");
        Vec::from([
            change(
                "runs of white space were signed as one space",
                lines(&|raw| collapse(raw.join(","))),
            ),
            change("values were not trimmed", lines(&|raw| raw.join(","))),
            change(
                "only the first of repeated headers was signed",
                lines(&|raw| raw.first().map_or("", |first| first.trim()).into()),
            ),
            change(
                "only the last of repeated headers was signed",
                lines(&|raw| raw.last().map_or("", |last| last.trim()).into()),
            ),
            change("repeated headers were joined", lines(&|raw| trimmed(raw).join(","))),
            change("repeated headers were joined", lines(&|raw| trimmed(raw).join(", "))),
            change(
                "repeated headers were sorted and joined",
                lines(&|raw| {
                    let mut raw = trimmed(raw);
                    raw.sort();
                    raw.join(",")
                }),
            ),
        ])
    }

    /// The values of a header as they were sent.
    fn raw_header(&self, name: &str) -> Vec<String> {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        match self.request.headers {
            Headers::Map(map) => {
                map.get_all(name).iter().map(|value| text(value.as_bytes())).collect()
            }
            Headers::Pairs(pairs) => pairs
                .iter()
                .filter(|(given, _)| given.eq_ignore_ascii_case(name))
                .map(|(_, value)| text(value.as_bytes()))
                .collect(),
        }
    }
}

fn trimmed(values: Vec<String>) -> Vec<String> {
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}

fn content_types() -> Vec<Change> {
    let usual = [
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=UTF-8",
        "application/json;charset=utf-8",
        "application/json;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "text/plain",
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "",
    ];
    let change = |value: &str| {
        let detail = format!("{value:?} was signed");
        Change::new(CauseKind::ContentType, detail, To::Header("content-type", value.to_owned()))
    };
    usual.into_iter().map(change).collect()
}

/// Another day for the key, or another second in the string to sign: clocks read twice, or in local
/// time.
fn dates(time: SigningTime, parts: &Parts) -> Vec<Change> {
    let shifted = |seconds: i64| {
        let seconds = time.unix_seconds().checked_add_signed(seconds)?;
        SigningTime::from_unix(seconds).ok()
    };
    let mut changes = Vec::new();
    for day in [0, -86_400, 86_400].into_iter().filter_map(shifted) {
        let date = day.to_ascii().date().to_owned();
        if date != parts.key_scope[0] {
            changes.push(Change::new(
                CauseKind::Date,
                format!("the key was derived for {date}"),
                To::Date(date),
            ));
        }
    }
    for second in [-1, 1, -2, 2].into_iter().filter_map(shifted) {
        let detail = format!("the string to sign was made for {second}");
        changes.push(Change::new(CauseKind::Date, detail, To::XDate(second.to_string())));
    }
    changes
}

fn lists(parts: &Parts) -> Vec<Change> {
    let mut lines = parts.headers.clone();
    lines.sort();
    let sorted_list = lines.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let change = |detail: &str, to| Change::new(CauseKind::SignedHeaders, detail, to);
    Vec::from([
        change("the header lines were sorted, the list was not", To::Headers(lines.clone())),
        change(
            "the list that was signed was sorted, the one sent was not",
            To::List(lines, sorted_list),
        ),
    ])
}

fn methods(parts: &Parts) -> Vec<Change> {
    let change = |method: String| {
        let detail = format!("{method} was signed");
        Change::new(CauseKind::Method, detail, To::Method(method))
    };
    let mut changes = Vec::from([
        change(parts.method.to_ascii_uppercase()),
        change(parts.method.to_ascii_lowercase()),
    ]);
    changes.extend(["GET", "POST", "HEAD"].map(|method| change(method.to_owned())));
    changes
}

/// The text that base64 text stands for, if there is one.
fn from_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}
