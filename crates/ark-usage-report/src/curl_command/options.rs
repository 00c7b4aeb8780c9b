//! The options of curl that are read, and those that change nothing of a request.

/// The meaning of an option for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// None: it is about the connection or the output.
    Nothing,
    Method,
    Url,
    Header,
    UserAgent,
    Referer,
    Cookie,
    User,
    /// Data goes to the query.
    Query,
    Head,
    /// Braces of the URL are text.
    Literal,
    /// Dots of the path stay.
    KeepPath,
    /// Data; of a file, without line ends.
    Lines,
    /// Data that names no file.
    Raw,
    /// Data; of a file, as it is.
    Binary,
    Json,
    /// Data that is percent-encoded.
    Encoded,
}

/// The form of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stands alone.
    Flag,
    /// The next word is its value.
    Value,
}

/// Returns the meaning of an option by its name with dashes; `None` for an unknown one.
pub(super) fn option(name: &str) -> Option<(Meaning, Kind)> {
    let listed = |names: &str| names.split(' ').any(|known| known == name);
    let known = READ.iter().find(|(names, ..)| listed(names));
    if let Some((_, meaning, kind)) = known {
        return Some((*meaning, *kind));
    }
    if FLAGS.iter().any(|names| listed(names)) {
        return Some((Meaning::Nothing, Kind::Flag));
    }
    VALUES.iter().any(|names| listed(names)).then_some((Meaning::Nothing, Kind::Value))
}

const READ: [(&str, Meaning, Kind); 16] = [
    ("-X --request", Meaning::Method, Kind::Value),
    ("--url", Meaning::Url, Kind::Value),
    ("-H --header", Meaning::Header, Kind::Value),
    ("-A --user-agent", Meaning::UserAgent, Kind::Value),
    ("-e --referer", Meaning::Referer, Kind::Value),
    ("-b --cookie", Meaning::Cookie, Kind::Value),
    ("-u --user", Meaning::User, Kind::Value),
    ("-G --get", Meaning::Query, Kind::Flag),
    ("-I --head", Meaning::Head, Kind::Flag),
    ("-g --globoff", Meaning::Literal, Kind::Flag),
    ("--path-as-is", Meaning::KeepPath, Kind::Flag),
    ("-d --data --data-ascii", Meaning::Lines, Kind::Value),
    ("--data-raw", Meaning::Raw, Kind::Value),
    ("--data-binary", Meaning::Binary, Kind::Value),
    ("--json", Meaning::Json, Kind::Value),
    ("--data-urlencode", Meaning::Encoded, Kind::Value),
];

/// Options that stand alone and change nothing of the request.
const FLAGS: [&str; 6] = [
    "-s --silent -S --show-error -v --verbose -i --include -f --fail --fail-with-body --fail-early -# --progress-bar",
    "--no-progress-meter --compressed -k --insecure -L --location -N --no-buffer -q --disable -O --remote-name",
    "-J --remote-header-name -0 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 -4 --ipv4 -6 --ipv6",
    "-1 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ssl-no-revoke --proxy-insecure -a --append",
    "--raw --tcp-nodelay --tcp-fastopen --no-keepalive --no-sessionid --location-trusted --styled-output",
    "--create-dirs --remote-time -R --trace-time --retry-all-errors --retry-connrefused --no-alpn --http0.9",
];

/// Options with a value that change nothing of the request.
const VALUES: [&str; 6] = [
    "-o --output -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -w --write-out --stderr",
    "-x --proxy -U --proxy-user --noproxy --cacert --capath -E --cert --key --cert-type --key-type --pass",
    "--resolve --connect-to --interface --local-port --dns-servers --unix-socket --ciphers --tls13-ciphers",
    "-D --dump-header -c --cookie-jar --trace --trace-ascii --limit-rate -y --speed-time -Y --speed-limit",
    "--keepalive-time --max-filesize --max-redirs --tls-max --pinnedpubkey --output-dir --proxy-header",
    "--expect100-timeout --happy-eyeballs-timeout-ms --doh-url --crlfile --engine --netrc-file",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_with_and_without_a_value() {
        assert_eq!(option("--request"), Some((Meaning::Method, Kind::Value)));
        assert_eq!(option("-s"), Some((Meaning::Nothing, Kind::Flag)));
        assert_eq!(option("-o"), Some((Meaning::Nothing, Kind::Value)));
        for unknown in ["--reqest", "-T", "-F", "--form", "--aws-sigv4", "-K", "-", ""] {
            assert_eq!(option(unknown), None, "{unknown}");
        }
    }
}
