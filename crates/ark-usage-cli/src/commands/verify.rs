//! `ark-usage verify`: is the signature of this request valid?

use serde::Serialize;

use super::Context;
use super::judgement::Judgement;
use crate::args::{VerifyArgs, VerifyFormat};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, Finder};
use crate::lang::{Lang, Text};
use crate::output;
use crate::render::serialized;
use crate::request::GivenRequest;
use crate::text;

/// Reads the request, judges it, says what came of it.
pub(crate) fn run(args: &VerifyArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request)?;
    let keys = keys::at_hand(&Finder::new(args.request.profile.as_deref(), context)?, context)?;
    let now = context.clock.signing_time()?;
    let body = &given.body.bytes;
    let judgement = Judgement::of(&given, &keys, now, &args.server.policy());
    let text = match args.server.format {
        VerifyFormat::Text => in_words(&judgement).in_lang(context.lang).as_bytes().to_vec(),
        VerifyFormat::Json => serialized(&Document::new(&judgement, body), true)?,
    };
    output::write_stdout(&text)?;
    if judgement.is_valid() {
        return Ok(ExitStatus::Done);
    }
    context.note(text!(
        "`ark-usage explain` with the same arguments looks for the cause",
        "用同样的参数运行 `ark-usage explain` 可查找原因"
    ));
    Ok(ExitStatus::AnswerNo)
}

/// The verdict, and of a valid signature what it covers.
pub(super) fn in_words(judgement: &Judgement) -> Text {
    if let Some(objection) = &judgement.objection {
        return text!(
            "not valid: {reason}: {detail}\n",
            "无效：{reason}：{detail}\n",
            reason = objection.reason;
            detail = objection.detail
        );
    }
    let Some(claims) = &judgement.presented else { return text!("valid\n", "有效\n") };
    let (scope, time) = (claims.scope(), claims.time());
    let headers = match claims.signed_headers().as_str() {
        "" => text!("no header", "无"),
        list => Text::same(list.to_owned()),
    };
    text!(
        "valid\n  signed by {id} at {time} for region {region} and service {service}\n  signed headers: {headers}\n",
        "有效\n  签名者 {id}，时间 {time}，地域 {region}，服务 {service}\n  被签名的请求头：{headers}\n",
        id = claims.access_key_id(),
        region = scope.region(),
        service = scope.service();
        headers = headers
    )
}

/// What every JSON answer about a signature begins with.
#[derive(Serialize)]
pub(super) struct Document {
    valid: bool,
    reason: Option<&'static str>,
    detail: Option<String>,
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
}

impl Document {
    pub(super) fn new(judgement: &Judgement, body: &[u8]) -> Self {
        let objection = judgement.objection.as_ref();
        let (canonical_request, string_to_sign) = judgement.stages(body).unzip();
        Self {
            valid: judgement.is_valid(),
            reason: objection.map(|objection| objection.reason),
            detail: objection.map(|objection| objection.detail.in_lang(Lang::En).to_owned()),
            canonical_request,
            string_to_sign,
        }
    }
}
