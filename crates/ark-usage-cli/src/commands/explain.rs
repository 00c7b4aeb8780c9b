//! `ark-usage explain`: finds the difference between signer and server, and its cause.

use std::path::Path;

use ark_usage_render::{document_lines, serialized};
use ark_usage_report::text;
use serde::Serialize;
use volc_sign::explain::{Cause, Difference, Explanation, Failure, explain};

use super::expected_keys;
use super::signature_verdict::SignatureVerdict;
use super::verify::{VerifyDocument, verdict_text};
use crate::args::{ExplainArgs, VerifyFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::input_files;
use crate::lang::{self, Lang, Text, TextOf as _};
use crate::output;
use crate::request::GivenRequest;

/// Verifies the request as `verify` does, and finds the cause of an invalid signature.
pub(crate) fn run(args: &ExplainArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request, None)?;
    let canonical = read_server_text(CANONICAL, args.server_canonical.as_deref())?;
    let string_to_sign = read_server_text(STRING_TO_SIGN, args.server_string_to_sign.as_deref())?;
    let keys = expected_keys::find(&args.request, &given, context)?;
    let now = context.clock.signing_time()?;
    let (body, policy) = (&given.body.bytes, args.server.policy());
    let pairs = given.pairs();
    let request = given.signable(&pairs);
    let verdict = SignatureVerdict::new(&given, &keys, now, &policy);
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
            let lang = context.lang;
            let mut text = verdict_text(&verdict).in_lang(lang).to_owned();
            text.push_str(&explanation_text(&verdict, &explanation, lang));
            if !verdict.is_valid() && explanation.signer_canonical_request().is_none() {
                text.push_str(&server_texts(&verdict, body, lang));
            }
            document_lines(&text).as_bytes().to_vec()
        }
        VerifyFormat::Json => {
            serialized(&ExplainDocument::new(&verdict, &explanation, body), true)?
        }
    };
    output::write_stdout_unmasked(&text)?;
    Ok(Conclusion::of_check(verdict.is_valid()).into())
}

/// The flags that name a file with a text of the server, and the form that text has. Differences are shown
/// line by line, which a file that was named by mistake must not be.
const CANONICAL: (&str, fn(&str) -> bool) = ("--server-canonical", |text| {
    let is_method = |line: &str| (1..=16).contains(&line.len()) && is_word(line);
    text.lines().next().is_some_and(is_method) && text.lines().count() >= 6
});
const STRING_TO_SIGN: (&str, fn(&str) -> bool) = ("--server-string-to-sign", |text| {
    text.lines().next().is_some_and(|line| line.to_ascii_uppercase().contains("SHA256"))
});

fn is_word(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Reads a text of the server from a file, without the trailing newline that editors add.
fn read_server_text(
    (flag, has_form): (&'static str, fn(&str) -> bool),
    path: Option<&Path>,
) -> Result<Option<String>, CliError> {
    let Some(path) = path else { return Ok(None) };
    let text = input_files::load(flag, path)?;
    let text = text.replace("\r\n", "\n").trim_end_matches('\n').to_owned();
    if has_form(&text) {
        return Ok(Some(text));
    }
    Err(CliError::usage(text!(
        "{flag} {path}: not such a text of a server",
        "{flag} {path}：不是服务端的这种文本",
        path = path.display()
    ))
    .with_hint(text!(
        "a canonical request begins with the method on a line of its own, a string to sign with HMAC-SHA256",
        "规范请求的第一行是请求方法，待签名字符串的第一行是 HMAC-SHA256"
    )))
}

/// Returns causes, both clocks and every difference.
fn explanation_text(verdict: &SignatureVerdict, explanation: &Explanation, lang: Lang) -> String {
    let causes = explanation.causes().iter().map(cause);
    let differences = differences(explanation, verdict).iter();
    let differences = differences.map(|found| difference(found, is_known(explanation), lang));
    let text = Text::all(causes.chain(clocks(explanation)).chain(differences));
    text.in_lang(lang).to_owned()
}

fn cause(cause: &Cause) -> Text {
    text!(
        "cause: {kind}: {detail}\n  fix: {advice}\n",
        "原因：{kind}：{detail}\n  处理：{advice}\n";
        kind = Text::of(&cause.kind()),
        detail = Text::of(cause),
        advice = lang::advice(cause.kind())
    )
}

fn clocks(explanation: &Explanation) -> Option<Text> {
    let (signed_at, offset) = (explanation.signed_at()?, explanation.clock_offset()?);
    let seconds = offset.unsigned_abs();
    let comparison = match offset {
        0 => text!("in sync", "两者一致"),
        // Nothing says that the signer's clock is behind: the request may be merely old.
        ..0 => {
            let span = span(seconds);
            text!("checked {span} after signing", "检查时距签名 {span}"; span = span)
        }
        1.. => text!("the signer is {seconds} s ahead", "签名方快 {seconds} 秒"),
    };
    Some(text!(
        "clocks: signer {signed_at}, this machine's clock {now}: {comparison}\n",
        "时钟：签名方 {signed_at}，本机时钟 {now}：{comparison}\n",
        now = explanation.now();
        comparison = comparison
    ))
}

/// Returns a time that has passed, in hours and minutes, or in seconds below a minute.
fn span(seconds: u64) -> Text {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => text!("{seconds} s", "{seconds} 秒"),
        (0, _) => text!("{minutes} min", "{minutes} 分钟"),
        _ => text!("{hours} h {minutes} min", "{hours} 小时 {minutes} 分钟"),
    }
}

fn difference(difference: &Difference, signer_is_known: bool, lang: Lang) -> Text {
    let absent = lang.pick("(absent)", "（没有）");
    let other = lang::compared_with(signer_is_known, lang);
    let (server, signer) = (difference.server(), difference.signer());
    text!(
        "difference in {field}\n  server: {server}\n  {other}: {signer}\n",
        "差异：{field}\n  服务端：{server}\n  {other}：{signer}\n",
        server = server.unwrap_or(absent),
        signer = signer.unwrap_or(absent);
        field = Text::of(difference.field())
    )
}

/// Returns true if the signer's canonical request is known; else the server's is compared with the
/// one of `ark-usage sign`.
fn is_known(explanation: &Explanation) -> bool {
    explanation.signer_canonical_request().is_some()
}

/// Returns the differences that matter: a presigned URL and a signature in a header cover different
/// things and are not compared.
fn differences<'a>(explanation: &'a Explanation, verdict: &SignatureVerdict) -> &'a [Difference] {
    let known = is_known(explanation) || !verdict.is_in_url;
    if known { explanation.differences() } else { &[] }
}

/// Returns the server's texts for comparison, if the signer's are not known.
fn server_texts(verdict: &SignatureVerdict, body: &[u8], lang: Lang) -> String {
    let Some((canonical, to_sign)) = verdict.stages(body) else { return String::new() };
    let indented = |text: &str| text.replace('\n', "\n  ").replace("\n  \n", "\n\n");
    let text = text!(
        "server's canonical request\n  {canonical}\nserver's string to sign\n  {to_sign}\n",
        "服务端的规范请求\n  {canonical}\n服务端的待签名字符串\n  {to_sign}\n";
        canonical = Text::each(|_| indented(&canonical)),
        to_sign = Text::each(|_| indented(&to_sign))
    );
    text.in_lang(lang).to_owned()
}

/// The JSON document: the verdict and its explanation.
#[derive(Serialize)]
struct ExplainDocument<'a> {
    #[serde(flatten)]
    verdict: VerifyDocument,
    causes: Vec<CauseDocument>,
    /// The differences between the server and `compared_with`.
    differences: Vec<DifferenceDocument<'a>>,
    compared_with: &'static str,
    /// The canonical request that was signed, if it could be found.
    signer_canonical_request: Option<&'a str>,
    signed_at: Option<String>,
    server_time: String,
    /// Seconds the clock of the signer was ahead.
    clock_offset: Option<i64>,
}

#[derive(Serialize)]
struct CauseDocument {
    kind: String,
    detail: String,
    advice: &'static str,
}

#[derive(Serialize)]
struct DifferenceDocument<'a> {
    field: String,
    server: Option<&'a str>,
    signer: Option<&'a str>,
}

impl<'a> ExplainDocument<'a> {
    fn new(verdict: &SignatureVerdict, explanation: &'a Explanation, body: &[u8]) -> Self {
        let signer = explanation.signer_canonical_request();
        Self {
            verdict: VerifyDocument::new(verdict, body),
            causes: explanation.causes().iter().map(CauseDocument::new).collect(),
            differences: differences(explanation, verdict)
                .iter()
                .map(DifferenceDocument::new)
                .collect(),
            compared_with: lang::compared_with(is_known(explanation), Lang::En),
            signer_canonical_request: signer.map(volc_sign::CanonicalRequest::as_str),
            signed_at: explanation.signed_at().map(|time| time.to_string()),
            server_time: explanation.now().to_string(),
            clock_offset: explanation.clock_offset(),
        }
    }
}

impl CauseDocument {
    fn new(cause: &Cause) -> Self {
        let kind = cause.kind();
        Self { kind: kind.to_string(), detail: cause.to_string(), advice: kind.advice() }
    }
}

impl<'a> DifferenceDocument<'a> {
    fn new(difference: &'a Difference) -> Self {
        Self {
            field: difference.field().to_string(),
            server: difference.server(),
            signer: difference.signer(),
        }
    }
}
