//! `ark-usage explain`: where do signer and server differ, and why?

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use volc_sign::explain::{Cause, Difference, Explanation, Failure, explain};

use super::Context;
use super::judgement::Judgement;
use super::verify::{Document, in_words};
use crate::args::{ExplainArgs, VerifyFormat};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, Finder};
use crate::output;
use crate::render::serialized;
use crate::request::GivenRequest;

/// Judges the request as `verify` does, and looks for what made the signature what it is.
pub(crate) fn run(args: &ExplainArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request)?;
    let canonical = said("--server-canonical", args.server_canonical.as_deref())?;
    let string_to_sign = said("--server-string-to-sign", args.server_string_to_sign.as_deref())?;
    let keys = keys::at_hand(&Finder::new(args.request.profile.as_deref(), context)?, context)?;
    let now = context.clock.signing_time()?;
    let (body, policy) = (&given.body.bytes, args.server.policy());
    let pairs = given.pairs();
    let request = given.signable(&pairs);
    let judgement = Judgement::of(&given, &keys, now, &policy);
    let mut failure = Failure::new(request, body, now).with_policy(policy);
    if let Some(text) = &canonical {
        failure = failure.with_server_canonical_request(text);
    }
    if let Some(text) = &string_to_sign {
        failure = failure.with_server_string_to_sign(text);
    }
    let explanation = explain(&failure, &keys);
    let text = match args.server.format {
        VerifyFormat::Text => {
            let mut text = in_words(&judgement) + &account(&judgement, &explanation);
            if !judgement.is_valid() && explanation.signer_canonical_request().is_none() {
                text.push_str(&to_compare(&judgement, body));
            }
            text.into_bytes()
        }
        VerifyFormat::Json => serialized(&Account::new(&judgement, &explanation, body), true)?,
    };
    output::write_stdout(&text)?;
    Ok(if judgement.is_valid() { ExitStatus::Done } else { ExitStatus::AnswerNo })
}

/// What the server said, from a file; the line's end that editors add is not part of it.
fn said(flag: &str, path: Option<&Path>) -> Result<Option<String>, CliError> {
    let Some(path) = path else { return Ok(None) };
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::usage(format!("{flag} {}: cannot be read", path.display())).with_source(error)
    })?;
    Ok(Some(text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()))
}

/// Causes, both clocks, and every difference.
fn account(judgement: &Judgement, explanation: &Explanation) -> String {
    let mut text = String::new();
    for cause in explanation.causes() {
        let (kind, detail, advice) = (cause.kind(), cause.detail(), cause.kind().advice());
        let _ = writeln!(text, "cause: {kind}: {detail}\n  to do: {advice}");
    }
    if let (Some(signed_at), Some(offset)) = (explanation.signed_at(), explanation.clock_offset()) {
        let seconds = offset.unsigned_abs();
        let apart = match offset {
            0 => "they agree".to_owned(),
            ..0 => format!("the signer is {seconds} s behind"),
            1.. => format!("the signer is {seconds} s ahead"),
        };
        let now = explanation.now();
        let _ = writeln!(text, "clocks: signer {signed_at}, server {now}: {apart}");
    }
    let other = compared_with(explanation);
    for difference in differences(explanation, judgement) {
        let absent = "(not there)";
        let (server, signer) = (difference.server(), difference.signer());
        let _ = writeln!(
            text,
            "difference in {}\n  server: {}\n  {other}: {}",
            difference.field(),
            server.unwrap_or(absent),
            signer.unwrap_or(absent),
        );
    }
    text
}

/// Whose canonical request the server's is held against: the signer's or, if nobody can tell what
/// that was, the one that `ark-usage sign` makes.
fn compared_with(explanation: &Explanation) -> &'static str {
    if explanation.signer_canonical_request().is_some() { "signer" } else { "ark-usage sign" }
}

/// The differences that tell something: a presigned URL is not held against a signature in a
/// header, which covers other things altogether.
fn differences<'a>(explanation: &'a Explanation, judgement: &Judgement) -> &'a [Difference] {
    let known = explanation.signer_canonical_request().is_some();
    if known || !judgement.is_in_url { explanation.differences() } else { &[] }
}

/// When nobody can tell what was signed: what the signer's own texts can be compared with.
fn to_compare(judgement: &Judgement, body: &[u8]) -> String {
    let Some((canonical, to_sign)) = judgement.stages(body) else { return String::new() };
    let indented = |text: &str| text.replace('\n', "\n  ").replace("\n  \n", "\n\n");
    format!(
        "canonical request of the server\n  {}\nstring to sign of the server\n  {}\n",
        indented(&canonical),
        indented(&to_sign)
    )
}

/// The JSON document: what `verify` says, and why.
#[derive(Serialize)]
struct Account<'a> {
    #[serde(flatten)]
    verdict: Document,
    causes: Vec<CauseText<'a>>,
    /// Between the server and the next.
    differences: Vec<DifferenceText<'a>>,
    compared_with: &'static str,
    /// What was signed, when that could be found out.
    signer_canonical_request: Option<&'a str>,
    signed_at: Option<String>,
    server_time: String,
    /// Seconds the signer's clock was ahead.
    clock_offset: Option<i64>,
}

#[derive(Serialize)]
struct CauseText<'a> {
    kind: String,
    detail: &'a str,
    advice: &'static str,
}

#[derive(Serialize)]
struct DifferenceText<'a> {
    field: &'a str,
    server: Option<&'a str>,
    signer: Option<&'a str>,
}

impl<'a> Account<'a> {
    fn new(judgement: &Judgement, explanation: &'a Explanation, body: &[u8]) -> Self {
        let signer = explanation.signer_canonical_request();
        Self {
            verdict: Document::new(judgement, body),
            causes: explanation.causes().iter().map(CauseText::new).collect(),
            differences: differences(explanation, judgement)
                .iter()
                .map(DifferenceText::new)
                .collect(),
            compared_with: compared_with(explanation),
            signer_canonical_request: signer.map(volc_sign::CanonicalRequest::as_str),
            signed_at: explanation.signed_at().map(|time| time.to_string()),
            server_time: explanation.now().to_string(),
            clock_offset: explanation.clock_offset(),
        }
    }
}

impl<'a> CauseText<'a> {
    fn new(cause: &'a Cause) -> Self {
        let kind = cause.kind();
        Self { kind: kind.to_string(), detail: cause.detail(), advice: kind.advice() }
    }
}

impl<'a> DifferenceText<'a> {
    fn new(difference: &'a Difference) -> Self {
        Self { field: difference.field(), server: difference.server(), signer: difference.signer() }
    }
}
