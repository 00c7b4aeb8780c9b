//! `sign` and `verify` against the signatures the vendor's own code made.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;
use workspace_tests::program::{Finished, Sandbox, run};
use workspace_tests::workspace::root;

/// The request as one official signer signed it.
struct Vector(Value);

impl Vector {
    fn all() -> Vec<Self> {
        let text = fs::read_to_string(folder().join("official-sdks.jsonl")).unwrap();
        text.lines().map(|line| Self(serde_json::from_str(line).unwrap())).collect()
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.text("name")
    }

    fn follows_rule(&self) -> bool {
        self.0["follows_rule"] == true
    }

    fn is_presigned(&self) -> bool {
        self.text("kind") == "presign"
    }

    fn body(&self) -> String {
        let repeat = &self.0["body_repeat"];
        match (repeat["unit"].as_str(), repeat["count"].as_u64()) {
            (Some(unit), Some(count)) => unit.repeat(usize::try_from(count).unwrap()),
            _ => self.text("body").to_owned(),
        }
    }

    /// `-H` for each header on the wire.
    fn headers(&self) -> Vec<String> {
        let Some(headers) = self.0["headers_sent"].as_object() else { return Vec::new() };
        let lines = headers.iter().flat_map(|(name, value)| match value {
            Value::Array(values) => {
                values.iter().map(|value| line(name, value)).collect::<Vec<_>>()
            }
            value => vec![line(name, value)],
        });
        lines.flat_map(|line| ["-H".to_owned(), line]).collect()
    }

    /// Runs the program with the vector's keys, clock, scope and body.
    fn run(&self, arguments: &[&str], headers: &[String]) -> Finished {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(arguments);
        command.args(["-f", "json", "-d", "@-", "--now", self.text("x_date")]);
        command.args(["--region", self.text("region"), "--service", self.text("service")]);
        command.args(headers);
        command.env("VOLCENGINE_ACCESS_KEY", self.text("access_key_id"));
        command.env("VOLCENGINE_SECRET_KEY", self.text("secret_access_key"));
        command.env("VOLCENGINE_SESSION_TOKEN", self.text("session_token"));
        run(command, &self.body())
    }

    fn sign(&self, url: &str, more: &[&str]) -> Finished {
        let list = self.text("signed_headers");
        let mut arguments = vec!["sign", self.text("method"), url, "--signed-headers", list];
        arguments.extend(more);
        self.run(&arguments, &self.headers())
    }

    fn verify(&self) -> Finished {
        let url = self.text(if self.is_presigned() { "presigned_url" } else { "url_sent" });
        let mut headers = self.headers();
        if !self.is_presigned() {
            headers.extend(["-H".to_owned(), line("Authorization", &self.0["authorization"])]);
        }
        let policy = ["verify", self.text("method"), url, "--policy", "official-clients"];
        self.run(&policy, &headers)
    }

    /// Holds the stages that the signer showed against those the program printed.
    fn compare(&self, finished: &Finished, stages: &[&str]) -> Value {
        assert_eq!(finished.status, Some(0), "{}: {finished:?}", self.name());
        let printed: Value = serde_json::from_str(&finished.stdout).unwrap();
        for stage in stages.iter().filter(|stage| !self.0[**stage].is_null()) {
            assert_eq!(printed[*stage], self.0[*stage], "{}: {stage}", self.name());
        }
        printed
    }
}

fn folder() -> std::path::PathBuf {
    root().join("crates/volc-sign/tests/vectors")
}

fn line(name: &str, value: &Value) -> String {
    format!("{name}: {}", value.as_str().unwrap())
}

fn refused_shapes() -> BTreeSet<String> {
    let text = fs::read_to_string(folder().join("refused.txt")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Checks every wanted vector, on a few threads: each is a process of its own.
fn each(wanted: impl Fn(&Vector) -> bool, check: impl Fn(&Vector) + Sync) {
    let vectors: Vec<Vector> = Vector::all().into_iter().filter(wanted).collect();
    assert!(!vectors.is_empty());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(vector) = vectors.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(vector);
                }
            });
        }
    });
}

#[test]
fn every_stage_of_official_signatures_is_printed() {
    let refused = refused_shapes();
    let wanted = |vector: &Vector| {
        vector.follows_rule() && !vector.is_presigned() && !refused.contains(vector.text("shape"))
    };
    each(wanted, |vector| {
        let finished = vector.sign(vector.text("url_sent"), &[]);
        let stages =
            ["canonical_request", "string_to_sign", "signed_headers", "signature", "authorization"];
        let printed = vector.compare(&finished, &stages);
        assert_eq!(printed["url"], vector.0["url_sent"], "{}", vector.name());
        assert_eq!(printed["presigned_url"], Value::Null, "{}", vector.name());
        for (name, value) in vector.0["headers_sent"].as_object().unwrap() {
            assert_eq!(&printed["headers"][name], value, "{}: {name}", vector.name());
        }
    });
}

/// Our presigned form is that of Go, Java and the newer Python SDK; with no header signed, that of
/// their elders, which treat the token in ways of their own.
#[test]
fn presigned_urls_are_the_official_ones() {
    let sources = ["go", "java", "python-v2", "go-v1", "python-v1"];
    let wanted = |vector: &Vector| {
        let elder = vector.text("source").ends_with("-v1");
        vector.is_presigned()
            && vector.follows_rule()
            && sources.contains(&vector.text("source"))
            && (!elder || vector.text("session_token").is_empty())
    };
    each(wanted, |vector| {
        let finished = vector.sign(vector.text("url"), &["--presign"]);
        let stages = ["canonical_request", "string_to_sign", "signed_headers", "signature"];
        let printed = vector.compare(&finished, &stages);
        assert_eq!(printed["authorization"], Value::Null, "{}", vector.name());
        let url = printed["presigned_url"].as_str().unwrap();
        assert_eq!(parameters(url), parameters(vector.text("presigned_url")), "{}", vector.name());
    });
}

/// The parameters of a URL in no order; what signers write in different ways is written in one.
fn parameters(url: &str) -> BTreeSet<String> {
    let query = url.split_once('?').unwrap().1;
    let uniform = |pair: &str| pair.replace('+', "%20").replace('*', "%2A").replace("%7E", "~");
    query.split('&').filter(|pair| !pair.is_empty()).map(uniform).collect()
}

#[test]
fn refused_shapes_are_refused_and_signed_as_go_does_when_asked_to() {
    let refused = refused_shapes();
    let wanted = |vector: &Vector| {
        refused.contains(vector.text("shape")) && vector.text("source").starts_with("go")
    };
    each(wanted, |vector| {
        let finished = vector.sign(vector.text("url"), &[]);
        assert_eq!(finished.status, Some(2), "{}: {finished:?}", vector.name());
        assert!(finished.stderr.contains("--permissive"), "{}: {finished:?}", vector.name());
        let finished = vector.sign(vector.text("url"), &["--permissive"]);
        vector.compare(&finished, &["canonical_request", "string_to_sign", "authorization"]);
    });
}

#[test]
fn official_signatures_are_valid() {
    let refused = refused_shapes();
    let wanted = |vector: &Vector| vector.follows_rule() && !refused.contains(vector.text("shape"));
    each(wanted, |vector| {
        let printed = vector.compare(&vector.verify(), &["canonical_request", "string_to_sign"]);
        assert_eq!(printed["valid"], true, "{}: {printed}", vector.name());
        assert_eq!(printed["reason"], Value::Null, "{}: {printed}", vector.name());
    });
}

#[test]
fn signatures_that_cover_something_else_are_not() {
    each(
        |vector| !vector.follows_rule(),
        |vector| {
            let finished = vector.verify();
            assert_eq!(finished.status, Some(7), "{}: {finished:?}", vector.name());
            let printed: Value = serde_json::from_str(&finished.stdout).unwrap();
            assert_eq!(printed["valid"], false, "{}", vector.name());
            assert_eq!(printed["reason"], "SignatureDoesNotMatch", "{}", vector.name());
        },
    );
}
