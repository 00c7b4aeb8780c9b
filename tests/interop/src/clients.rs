//! Part one: the vendor's clients, unmodified, ask our emulator over sockets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::keys::{DEMO, Pair, TOKEN};
use crate::programs::{Outcome, Programs, Server, batch, output};

/// The clients, and whether they try again by themselves (three times, those that do).
const CLIENTS: [Client; 5] = [
    Client { name: "python-sdk", script: "clients/python_sdk.py", retries: true },
    Client { name: "python-byteplus", script: "clients/python_byteplus.py", retries: true },
    Client { name: "python-old", script: "clients/python_old.py", retries: false },
    Client { name: "node-openapi", script: "clients/node_openapi.js", retries: false },
    Client { name: "node-sdk-core", script: "clients/node_sdk_core.js", retries: true },
];

struct Client {
    name: &'static str,
    script: &'static str,
    retries: bool,
}

/// Steps against one emulator.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    about: String,
    faults: Option<String>,
    /// The site that the emulator answers like.
    site: Option<String>,
    clients: Option<Vec<String>>,
    steps: Vec<Step>,
}

/// One call, and what has to come of it. What is not said is as in a call of `GetUsage`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Step {
    name: String,
    action: String,
    service: String,
    version: String,
    method: String,
    region: String,
    keys: Keys,
    assume_role: Option<Value>,
    parameters: Value,
    /// Arguments of `ark-usage get` that ask the same.
    get: Option<Vec<String>>,
    expect: Expected,
    /// For clients that try again, where that makes a difference.
    retrying: Option<Expected>,
}

/// The keys a call is signed with, right and wrong ones.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Keys {
    Demo,
    Token,
    NoToken,
    AnotherToken,
    WrongSecret,
    WrongSecretToken,
    Unknown,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            name: String::new(),
            action: "GetUsage".to_owned(),
            service: "ark".to_owned(),
            version: "2024-01-01".to_owned(),
            method: "POST".to_owned(),
            region: "cn-beijing".to_owned(),
            keys: Keys::Demo,
            assume_role: None,
            parameters: Value::Null,
            get: None,
            expect: Expected::default(),
            retrying: None,
        }
    }
}

/// Nothing said: the result our own client gets.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The error's code; empty where there is no answer to take it from.
    error: Option<String>,
    /// The account a `GetCallerIdentity` names.
    account: Option<u64>,
}

/// Everything, and how many calls were judged.
pub(crate) fn run(programs: &Programs) -> Outcome<String> {
    let text = fs::read_to_string(programs.scripts.join("scenarios.json"))
        .map_err(|error| format!("scenarios.json: {error}"))?;
    let scenarios: Vec<Scenario> =
        serde_json::from_str(&text).map_err(|error| format!("scenarios.json: {error}"))?;
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (mut calls, mut wrong) = (0, Vec::new());
    for scenario in &scenarios {
        let site = scenario.site.as_deref();
        let faultless = emulator(programs, home.path(), None, site)?;
        let ours = OurClient { programs, home: home.path(), base_url: faultless.base_url(), site };
        let ours = ours.of(scenario)?;
        for client in CLIENTS.iter().filter(|client| scenario.is_for(client)) {
            let faults = scenario.faults.as_deref();
            let server = emulator(programs, home.path(), faults, site)?;
            let steps: Vec<Value> =
                scenario.steps.iter().map(|step| step.call(server.base_url())).collect();
            let outcomes = batch(programs.script(client.script), &steps)?;
            for ((step, own), outcome) in scenario.steps.iter().zip(&ours).zip(&outcomes) {
                calls += 1;
                let complaint = step.judge(client, own, outcome);
                let told =
                    |why| format!("{}, {}, {}: {why}", client.name, scenario.about, step.name);
                wrong.extend(complaint.map(told));
            }
        }
    }
    if wrong.is_empty() {
        let clients = CLIENTS.map(|client| client.name).join(", ");
        return Ok(format!("{calls} calls of {clients}: as they should be"));
    }
    Err(wrong.join("\n"))
}

/// The emulator, which also knows the pair with the token.
fn emulator(
    programs: &Programs,
    home: &Path,
    faults: Option<&str>,
    site: Option<&str>,
) -> Outcome<Server> {
    let mut command = programs.ours(home);
    command.args(["emulate", "--listen", "127.0.0.1:0"]);
    command.envs(TOKEN.variables(site)).args(site_flag(site));
    if let Some(faults) = faults {
        let path = home.join("faults.toml");
        fs::write(&path, faults).map_err(|error| error.to_string())?;
        command.arg("--faults").arg(path);
    }
    Server::start(command)
}

/// `--site SITE` for commands of ours.
fn site_flag(site: Option<&str>) -> impl Iterator<Item = &str> {
    site.into_iter().flat_map(|site| ["--site", site])
}

impl Scenario {
    fn is_for(&self, client: &Client) -> bool {
        let named = |clients: &Vec<String>| clients.iter().any(|name| name == client.name);
        self.clients.as_ref().is_none_or(named)
    }
}

impl Step {
    /// The input of a client's script.
    fn call(&self, base_url: &str) -> Value {
        let Pair { access_key_id, secret_access_key, session_token } = self.keys();
        json!({
            "name": self.name, "base_url": base_url,
            "access_key_id": access_key_id, "secret_access_key": secret_access_key,
            "session_token": session_token, "assume_role": self.assume_role,
            "region": self.region, "service": self.service, "action": self.action,
            "version": self.version, "method": self.method, "parameters": self.parameters,
        })
    }

    fn keys(&self) -> Pair {
        const NOBODYS: &str = "fake-secret-nobody-has";
        match self.keys {
            Keys::Demo => DEMO,
            Keys::Token => TOKEN,
            Keys::NoToken => Pair { session_token: "", ..TOKEN },
            Keys::AnotherToken => Pair { session_token: "another-fake-token", ..TOKEN },
            Keys::WrongSecret => Pair { secret_access_key: NOBODYS, ..DEMO },
            Keys::WrongSecretToken => Pair { secret_access_key: NOBODYS, ..TOKEN },
            Keys::Unknown => Pair { access_key_id: "AKLTNOBODYKNOWSTHISONE", ..DEMO },
        }
    }

    /// The faults in the result of the call.
    fn judge(&self, client: &Client, ours: &OwnAnswer, outcome: &Value) -> Option<String> {
        let expected = self.retrying.as_ref().filter(|_| client.retries).unwrap_or(&self.expect);
        let wrong = |wanted: &dyn std::fmt::Display| Some(format!("not {wanted} but {outcome}"));
        if let Some(code) = &expected.error {
            let came =
                outcome.get("error").is_some_and(|came| came.as_str().unwrap_or_default() == code);
            return if came { None } else { wrong(&json!({ "error": code })) };
        }
        let Some(result) = outcome.get("result") else { return wrong(&"a result") };
        if let Some(region) = outcome.get("region").filter(|region| **region != *self.region) {
            return Some(format!("signed for {} and answered for {region}", self.region));
        }
        if let Some(account) = expected.account {
            let same = result.get("AccountId").and_then(Value::as_u64) == Some(account);
            return if same { None } else { wrong(&account) };
        }
        if *result != ours.result {
            return wrong(&ours.result);
        }
        let rows = ours.rows.as_ref().filter(|rows| **rows != rows_of_result(result));
        rows.and_then(|rows| wrong(&format!("{rows:?}")))
    }
}

/// The answers of our own client to the same requests.
struct OurClient<'a> {
    programs: &'a Programs,
    home: &'a Path,
    base_url: &'a str,
    site: Option<&'a str>,
}

/// Values by metric, endpoint and start of the bucket.
type Rows = BTreeMap<(String, Option<String>, i64), i64>;

/// Of a step that is refused: nothing.
#[derive(Default)]
struct OwnAnswer {
    result: Value,
    rows: Option<Rows>,
}

impl OurClient<'_> {
    fn of(&self, scenario: &Scenario) -> Outcome<Vec<OwnAnswer>> {
        scenario.steps.iter().map(|step| self.of_step(step)).collect()
    }

    fn of_step(&self, step: &Step) -> Outcome<OwnAnswer> {
        let may_succeed = |expected: &Expected| expected.error.is_none();
        let compared = may_succeed(&step.expect) || step.retrying.as_ref().is_some_and(may_succeed);
        if !compared || step.expect.account.is_some() {
            return Ok(OwnAnswer::default());
        }
        let mut called = self.call(step)?;
        let result = called.get_mut("Result").map(Value::take).unwrap_or_default();
        let rows = step.get.as_ref().map(|arguments| self.get(step, arguments)).transpose()?;
        Ok(OwnAnswer { result, rows })
    }

    /// `ark-usage call`: the whole answer.
    fn call(&self, step: &Step) -> Outcome<Value> {
        let mut command = self.programs.ours(self.home);
        command.args(["call", &step.action, "--service", &step.service, "--region", &step.region]);
        command.args(["--version", &step.version, "--base-url", self.base_url]);
        command.args(["--method", &step.method]).envs(step.keys().variables(self.site));
        command.args(site_flag(self.site));
        if step.method == "GET" {
            let parameters = step.parameters.as_object();
            for (name, value) in parameters.into_iter().flatten() {
                command
                    .args(["--query", &format!("{name}={}", value.as_str().unwrap_or_default())]);
            }
        } else {
            command.args(["-d", &step.parameters.to_string()]);
        }
        document(&output(command)?)
    }

    /// `ark-usage get`: rows.
    fn get(&self, step: &Step, arguments: &[String]) -> Outcome<Rows> {
        let mut command = self.programs.ours(self.home);
        command.args(["get", "-f", "json", "--base-url", self.base_url]).args(arguments);
        command.envs(step.keys().variables(self.site)).args(site_flag(self.site));
        let report = document(&output(command)?)?;
        let rows = report.get("rows").and_then(Value::as_array);
        let row = |row: &Value| {
            let text = |key| row.get(key).and_then(Value::as_str).map(str::to_owned);
            let number = |key| row.get(key).and_then(Value::as_i64);
            Some(((text("metric")?, text("endpoint_id"), number("start_unix")?), number("value")?))
        };
        let rows: Option<Rows> = rows.into_iter().flatten().map(row).collect();
        rows.filter(|rows| !rows.is_empty())
            .ok_or_else(|| format!("{}: no rows of ours", step.name))
    }
}

/// The values in a `Result` of `GetUsage`, keyed as ours are.
fn rows_of_result(result: &Value) -> Rows {
    let list = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let mut rows = Rows::new();
    for metric in list(result, "UsageResults") {
        let name = metric.get("Name").and_then(Value::as_str).unwrap_or_default();
        for item in list(&metric, "MetricItems") {
            let tags = list(&item, "Tags");
            let endpoint = tags.iter().find(|tag| tag.get("Key") == Some(&json!("EndpointId")));
            let endpoint = endpoint.and_then(|tag| tag.get("Value")?.as_str()).map(str::to_owned);
            for point in list(&item, "Values") {
                let number = |key| point.get(key).and_then(Value::as_i64).unwrap_or_default();
                let key = (name.to_owned(), endpoint.clone(), number("Timestamp"));
                rows.insert(key, number("Value"));
            }
        }
    }
    rows
}

fn document(text: &str) -> Outcome<Value> {
    serde_json::from_str(text).map_err(|error| format!("not JSON ({error}): {text}"))
}
