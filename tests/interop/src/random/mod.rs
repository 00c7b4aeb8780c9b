//! Part three: thousands of made-up requests, signed by us and by four official signers.

mod request;
mod rules;

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::Value;
use volc_sign::{
    Credentials, PayloadHash, Presented, SignableRequest, SignedHeaders, Signer, SigningTime,
    VerifyPolicy,
};

use self::request::Request;
use self::rules::Official;
use crate::programs::{Outcome, Programs, batch};

/// The number of times a rule is used in vain before it counts as too wide.
const ENOUGH: u32 = 40;

/// Everything, and how many signatures were compared.
pub(crate) fn run(programs: &Programs, seed: u64, requests: usize) -> Outcome<String> {
    let mut rng = Rng::with_seed(seed);
    let made: Vec<Request> = (0..requests).map(|_| Request::make(&mut rng)).collect();
    let asked: Vec<Value> = made.iter().filter_map(|it| serde_json::to_value(it).ok()).collect();
    let python = batch(programs.script("signers/python.py"), &asked)?;
    let node = batch(programs.script("signers/node.js"), &asked)?;
    let mut tally = Tally::default();
    for ((request, python), node) in made.iter().zip(&python).zip(&node) {
        for official in Official::ALL {
            let work = python.get(official.name()).or_else(|| node.get(official.name()));
            let work = work.ok_or_else(|| format!("{} said nothing", official.name()))?;
            // Null: what the signer has no way to say.
            if work.is_null() {
                tally.unsayable += 1;
                continue;
            }
            let signed = in_headers(request, work);
            tally.count(request, official, official.excludes(request), signed);
            if work.get("presigned").is_some() {
                let presigned = presigned(request, official, work);
                tally.count(request, official, official.excludes_presigned(request), presigned);
            }
        }
    }
    let again = format!("to see it again: cargo xtask interop --seed {seed} --requests {requests}");
    tally.summary().map_err(|why| format!("{why}\n{again}")).map(|said| format!("{said}; {again}"))
}

/// Our signature over the headers this official signer chose, against its own.
fn in_headers(request: &Request, work: &Value) -> Outcome<()> {
    let headers = work.get("headers").and_then(Value::as_object);
    let header =
        |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    let all: Vec<(String, String)> = headers.into_iter().flatten().filter_map(header).collect();
    let named = |(name, value): &(String, String), wanted: &str| {
        name.eq_ignore_ascii_case(wanted).then(|| value.clone())
    };
    let official = all.iter().find_map(|header| named(header, "authorization"));
    let official = official.ok_or("no Authorization")?;
    let list = official.split("SignedHeaders=").nth(1).and_then(|rest| rest.split(',').next());
    let list: SignedHeaders =
        list.unwrap_or_default().parse().map_err(|error| format!("{official}: {error}"))?;

    let made = ["authorization", "x-date", "x-content-sha256", "x-security-token"];
    let given: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !made.iter().any(|made| made.eq_ignore_ascii_case(name)))
        .collect();
    let asked = SignableRequest::from_text(request.method, &request.url, &given);
    let payload = PayloadHash::of(&request.body);
    let signed = signer(request).with_signed_headers(list).sign(&asked, &payload, time(request)?);
    let signed = signed.map_err(|error| format!("we refuse: {error}"))?;
    if signed.authorization() != official {
        let canonical = signed.canonical_request();
        return Err(format!(
            "ours:     {}\n  official: {official}\n{canonical}",
            signed.authorization()
        ));
    }
    let sent: Vec<(&str, &str)> =
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    accepted(request, &SignableRequest::from_text(request.method, &request.url, &sent))
}

/// Our presigned URL against the official one where the form is the same, and our verifier's word.
fn presigned(request: &Request, official: Official, work: &Value) -> Outcome<()> {
    let query = work.get("presigned").and_then(Value::as_str).unwrap_or_default();
    let asked = SignableRequest::from_text(request.method, &request.url, &[]);
    let signer = match official {
        Official::PythonSdk => Some(signer(request)),
        Official::PythonOld => Some(signer(request).with_signed_headers(SignedHeaders::NONE)),
        // It does not list X-SignedQueries in itself.
        Official::NodeOpenapi | Official::NodeSdkCore => None,
    };
    if let Some(signer) = signer {
        let ours = signer.presign(&asked, None, time(request)?);
        let ours = ours.map_err(|error| format!("we refuse: {error}"))?;
        let signature = ours.signature().to_string();
        if !query.split('&').any(|pair| pair.strip_prefix("X-Signature=") == Some(&signature)) {
            let canonical = ours.canonical_request();
            return Err(format!("ours:     {}\n  official: {query}\n{canonical}", ours.url()));
        }
    }
    let url = format!("https://{}{}?{query}", request.host, request.path_encoded);
    accepted(request, &SignableRequest::from_text(request.method, &url, &[("Host", request.host)]))
}

fn accepted(request: &Request, sent: &SignableRequest<'_>) -> Outcome<()> {
    let policy = VerifyPolicy::official_clients();
    let presented = Presented::from_signable(sent).map_err(|error| format!("claims: {error}"))?;
    let secret = Credentials::new(&*request.access_key_id, &*request.secret_access_key);
    let verified =
        presented.verify(secret.secret(), request.body.as_bytes(), time(request)?, &policy);
    verified.map(drop).map_err(|error| format!("our verifier: {error}"))
}

fn signer(request: &Request) -> Signer {
    let keys = Credentials::new(&*request.access_key_id, &*request.secret_access_key)
        .with_session_token(&*request.session_token);
    Signer::new(keys, &*request.region, &*request.service)
}

fn time(request: &Request) -> Outcome<SigningTime> {
    request.x_date.parse().map_err(|error| format!("{}: {error}", request.x_date))
}

/// The result.
#[derive(Default)]
struct Tally {
    agreed: u32,
    unsayable: u32,
    /// By rule: how many were left out, and how many of those do differ.
    excluded: BTreeMap<&'static str, (u32, u32)>,
    wrong: Vec<String>,
}

impl Tally {
    /// Excluded requests are compared all the same: a rule that nothing needs is too wide.
    fn count(
        &mut self,
        request: &Request,
        official: Official,
        rule: Option<&'static str>,
        outcome: Outcome<()>,
    ) {
        match (rule, outcome) {
            (Some(rule), outcome) => {
                let (used, needed) = self.excluded.entry(rule).or_default();
                *used += 1;
                *needed += u32::from(outcome.is_err());
            }
            (None, Ok(())) => self.agreed += 1,
            (None, Err(why)) => {
                let request = serde_json::to_string(request).unwrap_or_default();
                self.wrong.push(format!("{}: {why}\n  {request}", official.name()));
            }
        }
    }

    fn summary(self) -> Outcome<String> {
        if !self.wrong.is_empty() {
            let (count, shown) = (self.wrong.len(), self.wrong.iter().take(5));
            let shown: Vec<&str> = shown.map(String::as_str).collect();
            return Err(format!("{count} differ, such as\n{}", shown.join("\n")));
        }
        let in_vain =
            self.excluded.iter().find(|(_, (used, needed))| *used >= ENOUGH && *needed == 0);
        if let Some((rule, (used, _))) = in_vain {
            return Err(format!("left out {used} times and never needed: {rule}"));
        }
        let rules: Vec<String> = self
            .excluded
            .iter()
            .map(|(rule, (used, needed))| {
                format!("\n  left out {used}, of which {needed} differ: {rule}")
            })
            .collect();
        Ok(format!(
            "{} signatures agree; {} requests a signer has no way to say{}",
            self.agreed,
            self.unsayable,
            rules.concat()
        ))
    }
}
