//! The known ways to make a signature differently.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Cause;
use super::parts::{Layout, Parts};
use super::{json, queries};
use crate::signable::Headers;
use crate::{PayloadHash, Presented, SecretKey, SignableRequest, SigningTime};

/// One way to make one part of a signature differently.
pub(super) struct Change {
    pub(super) cause: Cause,
    pub(super) to: To,
}

/// The new value of a part.
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
    Layout(Layout),
}

impl Change {
    /// Applies the change, and returns whether it changed anything.
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
            To::Layout(layout) => {
                let changed = parts.layout != *layout;
                parts.layout = *layout;
                changed
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

/// The facts known about a failed request.
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
            variants.into_iter().map(|(cause, query)| Change { cause, to: To::Query(query) }),
        );
        let variants = queries::paths(self.request.path);
        changes
            .extend(variants.into_iter().map(|(cause, path)| Change { cause, to: To::Path(path) }));
        changes.extend(self.secrets());
        changes.extend(self.scopes(parts));
        changes.extend(self.values(parts));
        changes.extend(lists(parts));
        changes.extend(methods(parts));
        changes.extend(layouts());
        changes.extend(self.typed_names(parts));
        changes.retain(|change| change.apply(&mut parts.clone()));
        changes
    }

    fn payloads(&self) -> Vec<Change> {
        let change = |cause, payload| Change { cause, to: To::Payload(payload) };
        let hash = |cause, body: &[u8]| change(cause, PayloadHash::of(body).to_string());
        let mut changes = Vec::new();
        if let Some(Ok(claimed)) = self.presented.payload {
            changes.push(change(Cause::BodyChanged, claimed.to_string()));
        }
        changes.push(hash(Cause::BodySignedAnyway, self.body));
        changes.push(hash(Cause::EmptyBodySigned, b""));
        changes.push(change(Cause::BodyNotHashed, "UNSIGNED-PAYLOAD".to_owned()));
        if let Ok(text) = core::str::from_utf8(self.body) {
            changes.extend([
                hash(Cause::BodyTrimmed, text.trim_end().as_bytes()),
                hash(Cause::BodyWithNewline, [text, "\n"].concat().as_bytes()),
                hash(Cause::BodyLineEndings, text.replace("\r\n", "\n").as_bytes()),
                hash(Cause::BodyLineEndings, text.replace('\n', "\r\n").as_bytes()),
                hash(Cause::BodyWhitespace, json::compact(text).as_bytes()),
                hash(Cause::BodyWhitespace, json::spaced(text).as_bytes()),
            ]);
        }
        changes
    }

    fn hosts(&self) -> Vec<Change> {
        let given = self.raw_headers().remove("host").and_then(|mut values| values.pop());
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
            let to = To::Header("host", name.clone());
            Change { cause: Cause::HostSigned { host: name }, to }
        };
        names.into_iter().map(change).collect()
    }

    fn secrets(&self) -> Vec<Change> {
        let secret = self.secret.expose();
        let change =
            |cause, secret: String| Change { cause, to: To::Secret(SecretKey::new(secret)) };
        let mut changes = Vec::from([
            change(Cause::SecretTrimmed, secret.trim().to_owned()),
            change(Cause::SecretWithoutPadding, secret.trim_end_matches('=').to_owned()),
            change(Cause::SecretWithAws4, ["AWS4", secret].concat()),
            change(Cause::AccessKeyIdAsSecret, self.access_key_id.to_owned()),
            change(Cause::SecretEmpty, String::new()),
        ]);
        for end in ["\n", "\r\n", " ", "\r", "\t"] {
            changes.push(change(Cause::SecretWithTrailingWhitespace, [secret, end].concat()));
        }
        changes.push(change(Cause::SecretWithLeadingWhitespace, [" ", secret].concat()));
        changes.push(change(Cause::SecretQuoted, ["\"", secret, "\""].concat()));
        changes.extend(from_base64(secret).map(|decoded| change(Cause::SecretDecoded, decoded)));
        changes
    }

    fn scopes(&self, parts: &Parts) -> Vec<Change> {
        let mut changes =
            Vec::from([Change { cause: Cause::RegionAndServiceSwapped, to: To::Swapped }]);
        let usual =
            ["cn-beijing", "cn-north-1", "cn-shanghai", "cn-guangzhou", "ap-southeast-1", ""];
        for region in self.region.into_iter().chain(usual) {
            let scope = parts.scope[1].clone();
            let cause = Cause::RegionSigned { region: region.to_owned(), scope };
            changes.push(Change { cause, to: To::Region(region.to_owned()) });
        }
        let from_host = self.request.authority.and_then(|host| host.split('.').next());
        for service in self
            .service
            .into_iter()
            .chain(from_host)
            .chain(["ark", "iam", "billing", "sts", "open", ""])
        {
            let scope = parts.scope[2].clone();
            let cause = Cause::ServiceSigned { service: service.to_owned(), scope };
            changes.push(Change { cause, to: To::Service(service.to_owned()) });
        }
        changes.extend(dates(self.presented.time(), parts));
        changes
    }

    fn values(&self, parts: &Parts) -> Vec<Change> {
        let raw = self.raw_headers();
        let lines = |make: &dyn Fn(Vec<String>) -> String| {
            let line = |(name, value): &(String, String)| {
                let raw = raw.get(name.as_str()).filter(|_| name != "host");
                (name.clone(), raw.map_or_else(|| value.clone(), |raw| make(raw.clone())))
            };
            parts.headers.iter().map(line).collect::<Vec<_>>()
        };
        let change = |cause, headers| Change { cause, to: To::Headers(headers) };
        let collapse = |value: String| value.split_whitespace().collect::<Vec<_>>().join(" ");
        Vec::from([
            change(Cause::WhitespaceCollapsed, lines(&|raw| collapse(raw.join(",")))),
            change(Cause::ValuesNotTrimmed, lines(&|raw| raw.join(","))),
            change(
                Cause::OnlyFirstHeader,
                lines(&|raw| raw.first().map_or("", |first| first.trim()).into()),
            ),
            change(
                Cause::OnlyLastHeader,
                lines(&|raw| raw.last().map_or("", |last| last.trim()).into()),
            ),
            change(Cause::HeadersJoined, lines(&|raw| trimmed(raw).join(","))),
            change(Cause::HeadersJoined, lines(&|raw| trimmed(raw).join(", "))),
            change(
                Cause::HeadersSortedAndJoined,
                lines(&|raw| {
                    let mut raw = trimmed(raw);
                    raw.sort();
                    raw.join(",")
                }),
            ),
        ])
    }

    /// Header names in capitals, as they were typed or as they are usually typed.
    fn typed_names(&self, parts: &Parts) -> Vec<Change> {
        let names = self.request.header_names().map(|name| (name.to_ascii_lowercase(), name));
        let typed: BTreeMap<String, &str> = names.collect();
        let given = |name: &str| typed.get(name).copied().unwrap_or(name).to_owned();
        let change = |typed: &dyn Fn(&str) -> String| {
            let lines = parts.headers.iter().map(|(name, value)| (typed(name), value.clone()));
            Change { cause: Cause::HeaderNamesAsTyped, to: To::Headers(lines.collect()) }
        };
        Vec::from([change(&given), change(&capitalised)])
    }

    /// The values of all headers as sent, by lower-case name.
    pub(super) fn raw_headers(&self) -> BTreeMap<String, Vec<String>> {
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut add = |name: &str, value: &[u8]| {
            let value = String::from_utf8_lossy(value).into_owned();
            headers.entry(name.to_ascii_lowercase()).or_default().push(value);
        };
        match self.request.headers {
            Headers::Map(map) => {
                for (name, value) in map {
                    add(name.as_str(), value.as_bytes());
                }
            }
            Headers::Pairs(pairs) => {
                for (name, value) in pairs {
                    add(name, value.as_bytes());
                }
            }
        }
        headers
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
        let cause = Cause::ContentTypeSigned { value: value.to_owned() };
        Change { cause, to: To::Header("content-type", value.to_owned()) }
    };
    usual.into_iter().map(change).collect()
}

/// A different day for the key, or a different second in the string to sign: clocks that were read
/// twice, or in local time.
fn dates(time: SigningTime, parts: &Parts) -> Vec<Change> {
    let shifted = |seconds: i64| {
        let seconds = time.unix_seconds().checked_add_signed(seconds)?;
        SigningTime::from_unix(seconds).ok()
    };
    let mut changes = Vec::new();
    for day in [0, -86_400, 86_400].into_iter().filter_map(shifted) {
        let date = day.to_ascii().date().to_owned();
        if date != parts.key_scope[0] {
            let cause = Cause::KeyOfAnotherDay { date: date.clone() };
            changes.push(Change { cause, to: To::Date(date) });
        }
    }
    for second in [-1, 1, -2, 2].into_iter().filter_map(shifted) {
        let cause = Cause::AnotherTimeSigned { time: second };
        changes.push(Change { cause, to: To::XDate(second.to_string()) });
    }
    changes
}

fn lists(parts: &Parts) -> Vec<Change> {
    let mut lines = parts.headers.clone();
    lines.sort();
    let sorted_list = lines.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let change = |cause, to| Change { cause, to };
    Vec::from([
        change(Cause::HeaderLinesSorted, To::Headers(lines.clone())),
        change(Cause::ListSorted, To::List(lines, sorted_list)),
    ])
}

/// `X-Content-Sha256`
fn capitalised(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        [&first.to_ascii_uppercase(), rest].concat()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// The parts put together in another way: mistakes of signers that are written by hand.
fn layouts() -> Vec<Change> {
    let change = |(cause, layout)| Change { cause, to: To::Layout(layout) };
    let all = [
        (Cause::KeyThroughHex, Layout::HexBetweenSteps),
        (Cause::KeyWithoutRequest, Layout::NoRequestStep),
        (Cause::AwsTerminatorSigned, Layout::AwsTerminator),
        (Cause::CanonicalNotHashed, Layout::NotHashed),
        (Cause::HashInUpperCase, Layout::HashInUpperCase),
        (Cause::CanonicalWithNewline, Layout::CanonicalNewline),
        (Cause::StringWithNewline, Layout::StringNewline),
        (Cause::CarriageReturns, Layout::CarriageReturns(true, false)),
        (Cause::CarriageReturns, Layout::CarriageReturns(false, true)),
        (Cause::CarriageReturns, Layout::CarriageReturns(true, true)),
        (Cause::BlankLineMissing, Layout::NoBlankLine),
    ];
    all.map(change).into()
}

fn methods(parts: &Parts) -> Vec<Change> {
    let change = |method: String| {
        let cause = Cause::MethodSigned { method: method.clone() };
        Change { cause, to: To::Method(method) }
    };
    let mut changes = Vec::from([
        change(parts.method.to_ascii_uppercase()),
        change(parts.method.to_ascii_lowercase()),
    ]);
    changes.extend(["GET", "POST", "HEAD"].map(|method| change(method.to_owned())));
    changes
}

/// Decodes base64 to text, if it is any.
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
