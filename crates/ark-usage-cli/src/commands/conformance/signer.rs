//! Tests a signer: runs a program that reads one request a line and answers each with a line.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ark_usage_report::text;
use serde::{Deserialize, Serialize};
use volc_credentials::ProcessCommand;

use super::report::{CaseOutcome, CaseResult, ConformanceReport, TestSubject};
use super::stages;
use crate::error::CliError;
use crate::lang::Text;

/// Requests signed by official SDKs, one a line: a selection of `volc-sign`'s vectors on which all
/// official signers agree.
const VECTORS: &str = include_str!("data/signer.jsonl");

/// The time limit for all answers.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);
/// The time a program may take to exit after its output, in tenths of a second.
const GRACE_TENTHS: u32 = 20;
const TENTH: Duration = Duration::from_millis(100);
/// The largest output, in bytes.
const OUTPUT_LIMIT: u64 = 16 << 20;

/// Sends all cases at once, so that the buffering of the program does not matter.
pub(super) fn test(command: &str) -> Result<ConformanceReport, CliError> {
    let cases = cases()?;
    let lines: String = cases.iter().map(|case| case.line() + "\n").collect();
    let output = run(command, lines)?;
    let mut answers = SignerAnswers::read(&output);
    let judged = cases.iter().map(|case| answers.judge(case));
    Ok(ConformanceReport { subject: TestSubject::Signer, cases: judged.collect() })
}

/// A request to sign.
#[derive(Debug)]
pub(super) struct SignerCase {
    /// The signature belongs in the URL.
    pub(super) presign: bool,
    pub(super) name: String,
    pub(super) method: String,
    pub(super) url: String,
    /// The headers without those that signing sets.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) x_date: String,
    pub(super) signed_headers: String,
}

/// A request line of the protocol.
#[derive(Serialize)]
struct CaseLine<'a> {
    protocol: u32,
    case: &'a str,
    kind: &'static str,
    method: &'a str,
    url: &'a str,
    headers: &'a BTreeMap<String, String>,
    body: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    region: &'a str,
    service: &'a str,
    x_date: &'a str,
    signed_headers: &'a str,
}

/// An answer line of the protocol. Everything but the name is optional, and unknown fields are ignored.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SignerAnswer {
    case: String,
    /// The reason to skip this case.
    skip: Option<String>,
    /// Headers added or replaced by the signer.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) canonical_request: Option<String>,
    pub(super) string_to_sign: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) authorization: Option<String>,
    pub(super) url: Option<String>,
}

impl SignerCase {
    fn line(&self) -> String {
        let line = CaseLine {
            protocol: 1,
            case: &self.name,
            kind: if self.presign { "presign" } else { "header" },
            method: &self.method,
            url: &self.url,
            headers: &self.headers,
            body: &self.body,
            access_key_id: &self.access_key_id,
            secret_access_key: &self.secret_access_key,
            session_token: &self.session_token,
            region: &self.region,
            service: &self.service,
            x_date: &self.x_date,
            signed_headers: &self.signed_headers,
        };
        // Text fields cannot fail to serialize.
        serde_json::to_string(&line).unwrap_or_default()
    }
}

/// The fields of a vector that are used.
#[derive(Deserialize)]
struct Vector {
    name: String,
    kind: String,
    method: String,
    url: String,
    /// The URL as sent; absent in presigned vectors.
    url_sent: Option<String>,
    #[serde(default)]
    headers_sent: BTreeMap<String, String>,
    body: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    region: String,
    service: String,
    x_date: String,
    signed_headers: String,
}

/// The headers that signing sets.
const SIGNING_HEADERS: [&str; 3] = ["x-date", "x-content-sha256", "x-security-token"];

fn cases() -> Result<Vec<SignerCase>, CliError> {
    VECTORS.lines().map(parse_case).collect()
}

fn parse_case(line: &str) -> Result<SignerCase, CliError> {
    let vector: Vector = serde_json::from_str(line).map_err(|error| {
        CliError::internal(text!("the built-in vectors cannot be read", "内置的签名样例无法读取"))
            .with_source(error)
    })?;
    let mut headers = vector.headers_sent;
    headers.retain(|name, _| !SIGNING_HEADERS.contains(&name.to_ascii_lowercase().as_str()));
    Ok(SignerCase {
        presign: vector.kind == "presign",
        name: vector.name,
        method: vector.method,
        url: vector.url_sent.unwrap_or(vector.url),
        headers,
        body: vector.body,
        access_key_id: vector.access_key_id,
        secret_access_key: vector.secret_access_key,
        session_token: vector.session_token,
        region: vector.region,
        service: vector.service,
        x_date: vector.x_date,
        signed_headers: vector.signed_headers,
    })
}

/// The answers of the program, by case.
struct SignerAnswers {
    by_case: BTreeMap<String, SignerAnswer>,
    /// The first line that cannot be parsed.
    invalid_line: Option<(usize, String)>,
}

impl SignerAnswers {
    fn read(output: &str) -> Self {
        let mut answers = Self { by_case: BTreeMap::new(), invalid_line: None };
        let lines = output.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        for (line, number) in lines {
            match serde_json::from_str::<SignerAnswer>(line) {
                Ok(answer) => drop(answers.by_case.insert(answer.case.clone(), answer)),
                Err(error) => {
                    answers.invalid_line.get_or_insert_with(|| (number, error.to_string()));
                }
            }
        }
        answers
    }

    fn judge(&mut self, case: &SignerCase) -> CaseResult {
        let name = case.name.clone();
        let (outcome, compared) = match self.by_case.remove(&case.name) {
            None => (CaseOutcome::Unanswered(self.missing_answer()), Vec::new()),
            Some(SignerAnswer { skip: Some(why), .. }) => (CaseOutcome::Skipped(why), Vec::new()),
            Some(answer) => stages::judge(case, &answer),
        };
        CaseResult { name, outcome, compared }
    }

    fn missing_answer(&self) -> Text {
        match &self.invalid_line {
            None => text!("no line for this case", "没有对应此例的行"),
            Some((number, error)) => text!(
                "no line for this case; line {number} cannot be parsed: {error}",
                "没有对应此例的行；第 {number} 行无法解析：{error}"
            ),
        }
    }
}

/// Runs the program to its end; its standard error is passed through.
fn run(command: &str, input: String) -> Result<String, CliError> {
    let (program, arguments) = ProcessCommand::new(command).split().map_err(|error| {
        let message = text!("--signer {command}: cannot be run", "--signer {command}：无法运行");
        CliError::usage(message).with_source(error)
    })?;
    let failed = |en: &str, zh: &str| {
        CliError::usage(text!("--signer {program}: {en}", "--signer {program}：{zh}"))
    };
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed("could not be started", "无法启动").with_source(error))?;
    let output = converse(&mut child, input);
    let status = ended(&mut child).map_err(|error| {
        failed("is running, but its exit cannot be awaited", "无法等待其结束").with_source(error)
    })?;
    let output = output
        .ok_or_else(|| failed("did not answer within a minute", "一分钟内没有给出完整的回答"))?;
    if output.is_empty() && !status.success() {
        let (en, zh) =
            (format!("exited with {status} and no output"), format!("以 {status} 结束，没有输出"));
        return Err(failed(&en, &zh));
    }
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Waits for the program to exit, and kills it after a while.
fn ended(child: &mut Child) -> io::Result<ExitStatus> {
    // Nothing is ever sent: the channel only measures time.
    let (_open, never) = mpsc::channel::<()>();
    for _ in 0..GRACE_TENTHS {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let _ = never.recv_timeout(TENTH);
    }
    // It may have exited in the meantime.
    let _ = child.kill();
    child.wait()
}

/// Writes and reads at the same time: neither side may block on a full pipe.
fn converse(child: &mut Child, input: String) -> Option<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // A program that reads no further is no error; its answers show it.
    thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(input.as_bytes())));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.map(|pipe| pipe.take(OUTPUT_LIMIT).read_to_end(&mut output));
        // The receiver is gone after the timeout; the output is not needed then.
        let _ = sender.send(read.and_then(Result::ok).map(|_| output));
    });
    receiver.recv_timeout(ANSWER_TIMEOUT).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_are_lines_of_the_signers_vectors() {
        let all = include_str!("../../../../volc-sign/tests/vectors/official-sdks.jsonl");
        let all: Vec<&str> = all.lines().collect();
        assert!(VECTORS.lines().all(|line| all.contains(&line)));
        // The documents say so.
        assert_eq!(VECTORS.lines().count(), 52);
    }

    /// Every vector conforms when it is told in the protocol.
    #[test]
    fn official_signers_conform() {
        for (line, case) in VECTORS.lines().zip(cases().unwrap()) {
            let vector: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| vector[field].as_str().map(str::to_owned);
            let mut answer = serde_json::json!({
                "case": case.name, "signature": text("signature"),
                "canonical_request": text("canonical_request"), "string_to_sign": text("string_to_sign"),
            });
            if case.presign {
                answer["url"] = text("presigned_url").into();
            } else {
                answer["authorization"] = text("authorization").into();
            }
            let mut answers = SignerAnswers::read(&answer.to_string());
            let result = answers.judge(&case);
            assert!(matches!(result.outcome, CaseOutcome::Agrees), "{result:?}");
            assert_eq!(result.compared.len(), 4, "{result:?}");
        }
    }

    fn departs(change: impl Fn(&mut serde_json::Value)) -> (&'static str, Vec<String>) {
        let line = VECTORS.lines().next().unwrap();
        let case = parse_case(line).unwrap();
        let mut answer: serde_json::Value = serde_json::from_str(line).unwrap();
        answer["case"] = case.name.clone().into();
        // The URL of the vector is input, not output.
        answer.as_object_mut().unwrap().remove("url");
        change(&mut answer);
        let judged = SignerAnswers::read(&answer.to_string()).judge(&case);
        let CaseOutcome::Departs(departure) = judged.outcome else { panic!("{judged:?}") };
        let causes =
            departure.causes.iter().map(|cause| cause.in_lang(crate::lang::Lang::En).to_owned());
        (departure.stage, causes.collect())
    }

    #[test]
    fn the_first_stage_that_differs_is_named() {
        let lower = |answer: &mut serde_json::Value, field: &str| {
            let text =
                answer[field].as_str().unwrap().replace("POST", "post").replace("HMAC", "HNAC");
            answer[field] = text.into();
        };
        assert_eq!(departs(|answer| lower(answer, "canonical_request")).0, "canonical_request");
        assert_eq!(departs(|answer| lower(answer, "string_to_sign")).0, "string_to_sign");
        assert_eq!(departs(|answer| lower(answer, "authorization")).0, "authorization");
        let (stage, _) = departs(|answer| answer["signature"] = "00".into());
        assert_eq!(stage, "signature");
    }

    #[test]
    fn a_signature_alone_is_judged_and_its_cause_found() {
        let (stage, causes) = departs(|answer| {
            // Signed with a secret that ends in a newline.
            let given = answer.as_object_mut().unwrap();
            given.retain(|name, _| name == "case");
            let case = parse_case(VECTORS.lines().next().unwrap()).unwrap();
            given.insert("signature".into(), signed_with_newline(&case).into());
        });
        assert_eq!(stage, "signature");
        assert!(causes.iter().any(|cause| cause.contains("secret")), "{causes:?}");
    }

    fn signed_with_newline(case: &SignerCase) -> String {
        let secret = format!("{}\n", case.secret_access_key);
        let keys = volc_sign::Credentials::new(&*case.access_key_id, secret);
        let signer = volc_sign::Signer::new(keys, &*case.region, &*case.service)
            .with_signed_headers(case.signed_headers.parse().unwrap());
        let headers: Vec<(&str, &str)> =
            case.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = volc_sign::SignableRequest::from_text(&case.method, &case.url, &headers);
        let payload = volc_sign::PayloadHash::of(&case.body);
        signer
            .sign(&request, &payload, case.x_date.parse().unwrap())
            .unwrap()
            .signature()
            .to_string()
    }

    #[test]
    fn skipped_and_missing_answers_differ() {
        let case = parse_case(VECTORS.lines().next().unwrap()).unwrap();
        let outcome = |text: &str| SignerAnswers::read(text).judge(&case).outcome;
        let skipped = format!("{{\"case\": \"{}\", \"skip\": \"no bodies\"}}", case.name);
        assert!(matches!(outcome(&skipped), CaseOutcome::Skipped(_)));
        assert!(matches!(outcome(""), CaseOutcome::Unanswered(_)));
        assert!(matches!(outcome("hello\n"), CaseOutcome::Unanswered(_)));
        let nothing = format!("{{\"case\": \"{}\"}}", case.name);
        assert!(matches!(outcome(&nothing), CaseOutcome::Unanswered(_)));
    }
}
