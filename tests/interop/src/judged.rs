//! Part two: an official signer judges what our command line and library send.

use std::fs;
use std::path::Path;

use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
use ark_usage_transport::BlockingClient;
use serde::Deserialize;
use serde_json::Value;
use volc_sign::{Credentials, Signer};

use crate::keys::{DEMO, Pair, TOKEN};
use crate::programs::{Outcome, Programs, Server, output};
use crate::wire::{exchange, transport};

/// The instant at which everything is signed.
const NOW: &str = "2024-11-20T04:00:00Z";

/// The programs to run.
#[derive(Deserialize)]
struct Script {
    /// Commands of `ark-usage` that send by themselves.
    commands: Vec<Run>,
    /// Arguments of `ark-usage sign`; the second is the path and query.
    signed: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    about: String,
    #[serde(default)]
    keys: String,
    args: Vec<String>,
}

/// Everything, and how many signatures were judged.
pub(crate) fn run(programs: &Programs) -> Outcome<String> {
    let text = fs::read_to_string(programs.scripts.join("judged.json"))
        .map_err(|error| format!("judged.json: {error}"))?;
    let script: Script =
        serde_json::from_str(&text).map_err(|error| format!("judged.json: {error}"))?;
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let judge = Server::start(programs.script("judge.py"))?;
    let ours = OurProgram { programs, home: home.path(), base_url: judge.base_url() };
    ours.write_profile()?;

    for run in &script.commands {
        ours.command(run).map_err(|why| format!("{}: {why}", run.about))?;
    }
    for run in &script.signed {
        let signed = ours.sign(run).map_err(|why| format!("{}: {why}", run.about))?;
        signed.is_accepted().map_err(|why| format!("{}: {why}", run.about))?;
    }
    query_of_the_library(judge.base_url())?;
    let judged = no_objection(judge.base_url())?;
    let refused = what_was_changed_is_refused(&ours, &script)?;
    Ok(format!(
        "{} signatures in headers and {} in queries are what the official signer makes; {refused} \
         requests changed on the way were refused",
        judged.0, judged.1
    ))
}

/// The number of signatures of each form that were judged, if all were right.
fn no_objection(base_url: &str) -> Outcome<(usize, usize)> {
    let (_, text) = exchange("GET", &format!("{base_url}/verdicts"), &[], &[])?;
    let verdicts: Vec<Value> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let field =
        |verdict: &Value, name: &str| verdict.get(name).and_then(Value::as_str).map(str::to_owned);
    let wrong = verdicts.iter().filter_map(|verdict| {
        Some(format!("{}: {}", field(verdict, "what")?, field(verdict, "wrong")?))
    });
    let wrong: Vec<String> = wrong.collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let of_form = |form: &str| {
        verdicts.iter().filter(|it| field(it, "form").as_deref() == Some(form)).count()
    };
    Ok((of_form("headers"), of_form("query")))
}

/// The judge is one only if it objects: each change to a signed request has to be found.
fn what_was_changed_is_refused(ours: &OurProgram<'_>, script: &Script) -> Outcome<usize> {
    let mut refused = 0;
    for run in &script.signed {
        let signed = ours.sign(run)?;
        for (how, changed) in signed.changes() {
            let (status, text) = changed.send()?;
            if status != 401 || !text.contains("official:") {
                return Err(format!("{}, {how}: the judge said {status}: {text}", run.about));
            }
            refused += 1;
        }
    }
    Ok(refused)
}

/// A query in three windows by the library, over a transport of its own.
fn query_of_the_library(base_url: &str) -> Outcome<()> {
    let text = |error: &dyn std::fmt::Display| format!("the library: {error}");
    let window = Window::new(Interval::Day, 1_731_513_600, 1_731_945_600);
    let window = window.map_err(|error| text(&error))?;
    let options = QueryOptions { max_window_days: 2, ..QueryOptions::default() };
    let targets = vec![Target::new(AccountId(0))];
    let base_url = base_url.parse().map_err(|_| "the judge's address".to_owned())?;
    let query = UsageQuery::new(targets, window, base_url, options).map_err(|e| text(&e))?;
    let keys = Credentials::new(TOKEN.access_key_id, TOKEN.secret_access_key)
        .with_session_token(TOKEN.session_token);
    let report =
        BlockingClient::new(transport, Signer::new(keys, "cn-beijing", "ark")).run(query, &mut ());
    if report.coverage.complete && report.calls.len() == 3 {
        return Ok(());
    }
    Err(format!("the library: {:?}", report.coverage))
}

/// Our command line, whose server is the judge.
struct OurProgram<'a> {
    programs: &'a Programs,
    home: &'a Path,
    base_url: &'a str,
}

impl OurProgram<'_> {
    /// A profile that asks STS for a role, and where STS is.
    fn write_profile(&self) -> Outcome<()> {
        let Pair { access_key_id, secret_access_key, .. } = DEMO;
        let profile = serde_json::json!({"current": "work", "profiles": {"work": {
            "mode": "ramrolearn", "access-key": access_key_id, "secret-key": secret_access_key,
            "role-name": "reader", "account-id": "2100000002"}}});
        let services = format!("[services]\nsts_url = \"{}\"\n", self.base_url);
        for (name, text) in [
            (".volcengine/config.json", profile.to_string()),
            (".config/ark-usage/config.toml", services),
        ] {
            let path = self.home.join(name);
            let folder = path.parent().unwrap_or(self.home);
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
            written.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    fn program(&self, run: &Run) -> std::process::Command {
        let mut command = self.programs.ours(self.home);
        match run.keys.as_str() {
            "role" => {}
            "token" => drop(command.envs(TOKEN.variables(None))),
            _ => drop(command.envs(DEMO.variables(None))),
        }
        command
    }

    fn command(&self, run: &Run) -> Outcome<()> {
        let mut command = self.program(run);
        command.args(&run.args).args(["--base-url", self.base_url]);
        if !run.args.iter().any(|argument| argument == "--now") {
            command.args(["--now", NOW]);
        }
        output(command).map(drop)
    }

    /// `ark-usage sign`, ready to be sent.
    fn sign(&self, run: &Run) -> Outcome<Signed> {
        let [method, target, rest @ ..] = run.args.as_slice() else {
            return Err("a method and a target are needed".to_owned());
        };
        let mut command = self.program(run);
        command.args(["sign", "-f", "json", "--now", NOW, method]);
        command.arg(format!("{}{target}", self.base_url)).args(rest);
        let text = output(command)?;
        let document: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let text = |name| document.get(name).and_then(Value::as_str).map(str::to_owned);
        let headers = document.get("headers").and_then(Value::as_object);
        let header = |(name, value): (&String, &Value)| {
            (name.clone(), value.as_str().unwrap_or_default().to_owned())
        };
        let body = rest.iter().skip_while(|argument| *argument != "-d").nth(1);
        Ok(Signed {
            method: method.clone(),
            url: text("presigned_url").or_else(|| text("url")).unwrap_or_default(),
            headers: headers.into_iter().flatten().map(header).collect(),
            body: body.cloned().unwrap_or_default(),
        })
    }
}

/// A signed request.
#[derive(Clone)]
struct Signed {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Signed {
    fn send(&self) -> Outcome<(u16, String)> {
        exchange(&self.method, &self.url, &self.headers, self.body.as_bytes())
    }

    fn is_accepted(&self) -> Outcome<()> {
        let (status, text) = self.send()?;
        if status == 200 { Ok(()) } else { Err(format!("the judge said {status}: {text}")) }
    }

    /// The request with one thing changed, for each thing that the signature covers.
    fn changes(&self) -> Vec<(&'static str, Self)> {
        let mut changes = Vec::new();
        let mut change = |how, by: &dyn Fn(&mut Self)| {
            let mut changed = self.clone();
            by(&mut changed);
            changes.push((how, changed));
        };
        change("another method", &|it| "PATCH".clone_into(&mut it.method));
        let separator = if self.url.contains('?') { '&' } else { '?' };
        change("one more parameter", &|it| it.url = format!("{}{separator}zz=1", it.url));
        if self.url.contains("X-Signature=") {
            change("another signature", &|it| {
                it.url = it.url.replace("X-Signature=", "X-Signature=0");
            });
            return changes;
        }
        change("another body", &|it| it.body.push('!'));
        for (name, _) in &self.headers {
            if *name != "Host" && *name != "Content-Type" {
                change("another header", &|it| it.alter(name));
            }
        }
        changes
    }

    /// Another value of the same shape for a header.
    fn alter(&mut self, name: &str) {
        for (_, value) in self.headers.iter_mut().filter(|(found, _)| found == name) {
            let last = value.pop();
            // A date stays one, and a hash too.
            let other = match last {
                Some('Z') if name == "X-Date" => {
                    value.pop();
                    "1Z"
                }
                Some('0') => "1",
                _ => "0",
            };
            value.push_str(other);
        }
    }
}
