//! Which made-up requests an official signer reads otherwise than the rest, and why: the table of
//! docs/conformance.md, as code.

use super::request::{Request, encoded};

/// The official signers and what they make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Official {
    PythonSdk,
    PythonOld,
    NodeOpenapi,
    NodeSdkCore,
}

impl Official {
    pub(crate) const ALL: [Self; 4] =
        [Self::PythonSdk, Self::PythonOld, Self::NodeOpenapi, Self::NodeSdkCore];

    /// As the scripts call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PythonSdk => "python-sdk",
            Self::PythonOld => "python-old",
            Self::NodeOpenapi => "node-openapi",
            Self::NodeSdkCore => "node-sdk-core",
        }
    }

    fn is_node(self) -> bool {
        matches!(self, Self::NodeOpenapi | Self::NodeSdkCore)
    }

    /// The rule by which a request signed in headers is not compared.
    pub(crate) fn excludes(self, request: &Request) -> Option<&'static str> {
        let values = || request.headers.iter().map(|(_, value)| value.as_str());
        if values().any(has_run) {
            return Some("runs of white space in a header: refused by design");
        }
        if !self.is_node() && values().any(|value| value.trim() != value) {
            return Some("Python signs the spaces around a header's value");
        }
        if self == Self::NodeSdkCore && has_default_port(request) {
            return Some("node-sdk-core keeps :80 and :443");
        }
        self.excludes_query(request, &[])
    }

    /// The rule by which a presigned request is not compared.
    pub(crate) fn excludes_presigned(self, request: &Request) -> Option<&'static str> {
        let repeated = is_repeated(request);
        match self {
            Self::PythonSdk if has_default_port(request) => {
                Some("python-sdk presigns :80 and :443 as they stand")
            }
            Self::PythonOld if !request.session_token.is_empty() => {
                Some("python-old presigns the token and does not list it")
            }
            Self::PythonOld if repeated => {
                Some("python-old presigns a repeated parameter as a list")
            }
            _ if request.query.iter().any(|(name, _)| name.contains(';')) => {
                Some("a semicolon in a name cannot be listed in X-SignedQueries")
            }
            _ => self.excludes_query(request, &PRESIGNED),
        }
    }

    /// `more` are parameters that signing adds.
    fn excludes_query(self, request: &Request, more: &[&str]) -> Option<&'static str> {
        let own = request.query.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = own.chain(more.iter().copied()).collect();
        if self == Self::PythonSdk && order(&names, encoded) != order(&names, bytes) {
            return Some("python-sdk sorts names after encoding them");
        }
        if !self.is_node() {
            return None;
        }
        if names.contains(&"") {
            return Some("Node drops a parameter without a name");
        }
        if order(&names, |name| name.encode_utf16().collect::<Vec<u16>>()) != order(&names, bytes) {
            return Some("Node sorts names by UTF-16 units");
        }
        if has_unsorted_repetition(request) {
            return Some("Node sorts the values of a repeated parameter");
        }
        if self == Self::NodeOpenapi && order(&names, index_first) != order(&names, bytes) {
            return Some("node-openapi puts names that are whole numbers first");
        }
        None
    }
}

/// The signed parameters of a presigned request.
const PRESIGNED: [&str; 6] = [
    "X-Date",
    "X-NotSignBody",
    "X-Credential",
    "X-Algorithm",
    "X-SignedHeaders",
    "X-SignedQueries",
];

fn bytes(name: &str) -> Vec<u8> {
    name.as_bytes().to_vec()
}

/// The order of objects of JavaScript: indices by their number, then the rest.
fn index_first(name: &str) -> (bool, u32, Vec<u16>) {
    let index = name.parse::<u32>().ok().filter(|index| index.to_string() == name);
    (index.is_none(), index.unwrap_or(0), name.encode_utf16().collect())
}

/// The names in the order of `key`, equal ones as they come.
fn order<'a, K: Ord>(names: &[&'a str], key: impl Fn(&str) -> K) -> Vec<&'a str> {
    let mut sorted = names.to_vec();
    sorted.sort_by_key(|name| key(name));
    sorted
}

fn has_run(value: &str) -> bool {
    let value = value.trim();
    value.contains('\t') || value.contains("  ")
}

fn has_default_port(request: &Request) -> bool {
    request.host.ends_with(":80") || request.host.ends_with(":443")
}

fn is_repeated(request: &Request) -> bool {
    let names: Vec<&str> = request.query.iter().map(|(name, _)| name.as_str()).collect();
    names.iter().enumerate().any(|(at, name)| names.iter().take(at).any(|before| before == name))
}

fn has_unsorted_repetition(request: &Request) -> bool {
    let mut sorted = request.query.clone();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted.windows(2).any(|pair| match pair {
        [(one, first), (other, second)] => one == other && encoded(first) > encoded(second),
        _ => false,
    })
}
