//! The hosts that are reached without a proxy, as `NO_PROXY` lists them.

use std::net::IpAddr;

/// A list of hosts as `NO_PROXY` has it, in the spellings of all common tools.
///
/// Entries are separated by commas, semicolons or blanks. Each is one of these, with `:port` where
/// only that port is meant:
///
/// | entry | matches |
/// |---|---|
/// | `*` | everything |
/// | `corp.example`, `.corp.example`, `*.corp.example` | that host and all below it |
/// | `10.9.8.7`, `fd00::1`, `[fd00::1]` | that address |
/// | `10.9.0.0/16`, `10.9.0.0/255.255.0.0`, `fd00::/8` | the addresses of that network |
/// | `10.9.`, `10.9.*` | the addresses that begin so |
/// | `<local>` | names without a dot |
///
/// ```
/// use ark_usage_transport::NoProxy;
///
/// let list = NoProxy::new("*.corp.example; 10.9. internal:8443 10.0.0.1-10.0.0.9");
/// assert!(list.contains("usage.corp.example", 443) && list.contains("10.9.8.7", 80));
/// assert!(list.contains("internal", 8443) && !list.contains("internal", 443));
/// assert_eq!(list.unusable().collect::<Vec<_>>(), ["10.0.0.1-10.0.0.9"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxy {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// As it was written.
    text: String,
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// A name in lower case without a dot at its ends, and all names below it.
    Domain(String),
    /// The addresses that share so many leading bits.
    Network(IpAddr, u32),
    /// Names without a dot.
    Local,
    /// Not a host, so that nothing matches.
    Unusable,
}

impl NoProxy {
    /// Reads a list. Any text is one; [`unusable`](Self::unusable) names the entries that match nothing.
    pub fn new(list: &str) -> Self {
        let is_between = |sign: char| sign.is_whitespace() || ",;|，；、".contains(sign);
        let entries = list.split(is_between).filter(|text| !text.is_empty());
        Self { entries: entries.map(Entry::new).collect() }
    }

    /// True when a host (a name, an address, an IPv6 address in brackets) is reached without a proxy.
    pub fn contains(&self, host: &str, port: u16) -> bool {
        self.entries.iter().any(|entry| entry.matches(host, port))
    }

    /// The entries that can never match, as they were written.
    pub fn unusable(&self) -> impl Iterator<Item = &str> {
        let unusable = self.entries.iter().filter(|entry| entry.hosts == Hosts::Unusable);
        unusable.map(|entry| entry.text.as_str())
    }
}

impl Entry {
    fn new(text: &str) -> Self {
        let read = read(text);
        let (hosts, port) = read.unwrap_or((Hosts::Unusable, None));
        Self { text: text.to_owned(), hosts, port }
    }

    fn matches(&self, host: &str, port: u16) -> bool {
        if self.port.is_some_and(|own| own != port) {
            return false;
        }
        let address = address(host);
        match (&self.hosts, address) {
            (Hosts::All, _) => true,
            (Hosts::Network(network, bits), Some(address)) => shares(*network, address, *bits),
            (Hosts::Domain(domain), None) => is_below(host, domain),
            (Hosts::Local, None) => !host.trim_end_matches('.').contains('.'),
            _ => false,
        }
    }
}

/// Reads an entry; `None` for one that is no host.
fn read(text: &str) -> Option<(Hosts, Option<u16>)> {
    let text = text.trim_matches(['"', '\'']).to_ascii_lowercase();
    // People write URLs, too.
    let text =
        text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(&text);
    if let Some(hosts) = hosts(text) {
        return Some((hosts, None));
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    if let Some(hosts) = hosts(text) {
        return Some((hosts, None));
    }
    let (host, port) = text.rsplit_once(':')?;
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|port| *port != 0 && is_number)?;
    // Without brackets the port of an IPv6 address would be a part of it.
    let is_open = host.contains(':') && !host.ends_with(']');
    if is_open { None } else { hosts(host).map(|hosts| (hosts, Some(port))) }
}

fn hosts(text: &str) -> Option<Hosts> {
    if text == "*" {
        return Some(Hosts::All);
    }
    if text == "<local>" {
        return Some(Hosts::Local);
    }
    if let Some(address) = address(text) {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        return Some(Hosts::Network(address, bits));
    }
    if let Some((network, size)) = text.split_once('/') {
        let network = address(network)?;
        return Some(Hosts::Network(network, size_of(network, size)?));
    }
    beginning(text).or_else(|| domain(text))
}

/// The number of leading bits, as a number or as a mask.
fn size_of(network: IpAddr, size: &str) -> Option<u32> {
    let most = if network.is_ipv4() { 32 } else { 128 };
    if let Some(IpAddr::V4(mask)) = address(size).filter(IpAddr::is_ipv4) {
        let mask = u32::from(mask);
        let is_mask = network.is_ipv4() && mask.leading_ones() == mask.count_ones();
        return is_mask.then(|| mask.leading_ones());
    }
    if !size.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    size.parse().ok().filter(|bits| *bits <= most)
}

/// The network of `10.9.` and `10.9.*`.
fn beginning(text: &str) -> Option<Hosts> {
    let stars = text.strip_suffix('*').unwrap_or(text);
    let mut parts: Vec<&str> = stars.strip_suffix('.')?.split('.').collect();
    while parts.len() > 1 && parts.last() == Some(&"*") {
        parts.pop();
    }
    let bits = u32::try_from(8 * parts.len()).ok().filter(|bits| *bits < 32)?;
    let padded = [parts.join("."), ".0".repeat(4 - parts.len())].concat();
    Some(Hosts::Network(address(&padded)?, bits))
}

fn domain(text: &str) -> Option<Hosts> {
    let name = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.bytes().all(is_sign)
    };
    // The last part of a name is no number: `10.9` is half an address.
    let last = name.rsplit('.').next()?;
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    (!is_number && name.split('.').all(is_label)).then(|| Hosts::Domain(name.to_owned()))
}

/// The address, if the host is one; an IPv4 address in IPv6 as itself.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn shares(network: IpAddr, address: IpAddr, bits: u32) -> bool {
    let differ = match (network, address) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u32::from(one) ^ u32::from(other)).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            (u128::from(one) ^ u128::from(other)).leading_zeros()
        }
        _ => return false,
    };
    differ >= bits
}

fn is_below(host: &str, domain: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_matches() {
        for (entry, hosts) in [
            ("*", &["a", "10.9.8.7", "[::1]", "a.example"][..]),
            ("corp.example", &["corp.example", "a.Corp.Example", "a.corp.example."]),
            (".corp.example", &["corp.example", "a.corp.example"]),
            ("*.CORP.example", &["a.b.corp.example"]),
            ("corp.example.", &["a.corp.example"]),
            ("10.9.8.7", &["10.9.8.7", "[::ffff:10.9.8.7]"]),
            ("10.9.8.7/16", &["10.9.0.1"]),
            ("10.9.0.0/255.255.0.0", &["10.9.1.1"]),
            ("0.0.0.0/0", &["1.2.3.4"]),
            ("10.", &["10.1.2.3"]),
            ("10.9.", &["10.9.8.7"]),
            ("10.9.*", &["10.9.8.7"]),
            ("10.*.*.*", &["10.9.8.7"]),
            ("fd00::1", &["[fd00::1]", "fd00::1"]),
            ("[fd00::]/8", &["[fd12::3]"]),
            ("<local>", &["intranet"]),
            ("https://corp.example/", &["corp.example"]),
            ("\"corp.example\"", &["corp.example"]),
            ("corp.example:80", &["corp.example"]),
            ("*.corp.example:80", &["a.corp.example"]),
            ("10.9.0.0/16:80", &["10.9.8.7"]),
            ("[fd00::1]:80", &["[fd00::1]"]),
            ("*:80", &["a"]),
        ] {
            let list = NoProxy::new(entry);
            assert_eq!(list.unusable().count(), 0, "{entry}");
            for host in hosts {
                assert!(list.contains(host, 80), "{entry} {host}");
            }
            assert_eq!(list.contains(hosts[0], 443), !entry.ends_with(":80"), "{entry}");
        }
    }

    #[test]
    fn nothing_else_matches() {
        for (entry, host) in [
            ("corp.example", "notcorp.example"),
            ("corp.example", "corp.example.net"),
            ("10.9.8.7", "10.9.8.77"),
            ("10.9.", "10.90.1.1"),
            ("10.9.0.0/16", "10.10.0.1"),
            ("10.0.0.0/8", "10.example"),
            ("<local>", "10.9.8.7"),
            ("<local>", "a.example"),
            ("fd00::/8", "10.9.8.7"),
            ("", "a"),
        ] {
            assert!(!NoProxy::new(entry).contains(host, 80), "{entry} {host}");
        }
    }

    #[test]
    fn every_separator_ends_an_entry() {
        for list in [
            "a.example,b.example",
            "a.example; b.example",
            " a.example\tb.example ",
            "a.example，b.example",
            "a.example|b.example",
            ",,a.example,,b.example,",
        ] {
            let list = NoProxy::new(list);
            assert_eq!(list.entries.len(), 2);
            assert!(list.contains("a.example", 1) && list.contains("b.example", 1));
        }
    }

    #[test]
    fn entries_that_can_never_match_are_named() {
        for entry in [
            "10.9",
            "10",
            "1.2.3.4.5",
            "10.0.0.0/33",
            "fd00::/129",
            "10.0.0.0/255.0.255.0",
            "10.0.0.1-9",
            "corp.example:0",
            "corp.example:99999",
            "corp.example:+80",
            "fd00::1:x",
            "a..b",
            "..",
            ".",
            "企业.example",
            "corp*.example",
            "http://",
            "user@corp.example",
            "corp.example/path",
            "~",
            "999.9.",
        ] {
            let list = NoProxy::new(entry);
            assert_eq!(list.unusable().collect::<Vec<_>>(), [entry]);
            assert!(!list.contains("corp.example", 80));
        }
    }

    #[test]
    fn any_text_is_a_list() {
        const SIGNS: &[u8] = b".*:/[]<>-1a,";
        let mut texts = vec![String::new()];
        for length in 0..4 {
            for text in texts.clone().iter().filter(|text| text.len() == length) {
                texts.extend(SIGNS.iter().map(|sign| format!("{text}{}", char::from(*sign))));
            }
        }
        for text in texts {
            let list = NoProxy::new(&text);
            assert!(list.unusable().count() <= list.entries.len());
            let _ = (list.contains("a.1", 80), list.contains("[::1]", 1), list.contains(&text, 1));
        }
    }
}
