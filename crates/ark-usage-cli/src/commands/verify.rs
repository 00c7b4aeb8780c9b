//! `ark-usage verify`: verifies the signature of a request.

use ark_usage_render::{document_lines, serialized};
use ark_usage_report::text;
use serde::Serialize;

use super::expected_keys;
use super::signature_verdict::SignatureVerdict;
use crate::args::{VerifyArgs, VerifyFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::lang::{Lang, Text};
use crate::output;
use crate::request::GivenRequest;

/// Reads the request, verifies it and prints the verdict.
pub(crate) fn run(args: &VerifyArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request, None)?;
    let keys = expected_keys::find(&args.request, &given, context)?;
    let now = context.clock.signing_time()?;
    let body = &given.body.bytes;
    let verdict = SignatureVerdict::new(&given, &keys, now, &args.server.policy());
    let text = match args.server.format {
        VerifyFormat::Text => {
            document_lines(verdict_text(&verdict).in_lang(context.lang)).as_bytes().to_vec()
        }
        VerifyFormat::Json => serialized(&VerifyDocument::new(&verdict, body), true)?,
    };
    output::write_stdout_unmasked(&text)?;
    if !verdict.is_valid() {
        context.note(text!(
            "run `ark-usage explain` with the same arguments to find the cause",
            "用同样的参数运行 `ark-usage explain` 可查找原因"
        ));
    }
    Ok(Conclusion::of_check(verdict.is_valid()).into())
}

/// Returns the verdict; for a valid signature, with what it covers.
pub(super) fn verdict_text(verdict: &SignatureVerdict) -> Text {
    if let Some(rejection) = &verdict.rejection {
        return text!(
            "not valid: {reason}: {detail}\n",
            "无效：{reason}：{detail}\n",
            reason = rejection.reason;
            detail = rejection.detail
        );
    }
    let Some(claims) = &verdict.presented else { return text!("valid\n", "有效\n") };
    let (scope, time) = (claims.scope(), claims.time());
    let headers = match claims.signed_headers().as_str() {
        "" => text!("none", "无"),
        list => Text::same(list.to_owned()),
    };
    let covers = text!(
        "valid\n  signed by {id} at {time} for region {region} and service {service}\n  signed headers: {headers}\n",
        "有效\n  签名者 {id}，时间 {time}，地域 {region}，服务 {service}\n  被签名的请求头：{headers}\n",
        id = claims.access_key_id(),
        region = scope.region(),
        service = scope.service();
        headers = headers
    );
    if verdict.unsigned_headers.is_empty() {
        return covers;
    }
    let names: Vec<&str> = verdict.unsigned_headers.iter().map(String::as_str).collect();
    let names = names.join(";");
    text!(
        "{covers}  unsigned headers: {names}\n",
        "{covers}  未签名的请求头：{names}\n";
        covers = covers
    )
}

/// The JSON document about a signature; `explain` adds to it.
#[derive(Serialize)]
pub(super) struct VerifyDocument {
    valid: bool,
    reason: Option<&'static str>,
    detail: Option<String>,
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
}

impl VerifyDocument {
    pub(super) fn new(verdict: &SignatureVerdict, body: &[u8]) -> Self {
        let rejection = verdict.rejection.as_ref();
        let (canonical_request, string_to_sign) = verdict.stages(body).unzip();
        Self {
            valid: verdict.is_valid(),
            reason: rejection.map(|rejection| rejection.reason),
            detail: rejection.map(|rejection| rejection.detail.in_lang(Lang::En).to_owned()),
            canonical_request,
            string_to_sign,
        }
    }
}
