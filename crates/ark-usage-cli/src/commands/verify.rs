//! `ark-usage verify`: is the signature of this request valid?

use serde::Serialize;

use super::Context;
use super::judgement::Judgement;
use crate::args::{VerifyArgs, VerifyFormat};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, Finder};
use crate::output;
use crate::render::serialized;
use crate::request::GivenRequest;

/// Reads the request, judges it, says what came of it.
pub(crate) fn run(args: &VerifyArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request)?;
    let keys = keys::at_hand(&Finder::new(args.request.profile.as_deref(), context)?, context)?;
    let now = context.clock.signing_time()?;
    let body = &given.body.bytes;
    let judgement = Judgement::of(&given, &keys, now, &args.server.policy());
    let text = match args.server.format {
        VerifyFormat::Text => in_words(&judgement).into_bytes(),
        VerifyFormat::Json => serialized(&Document::new(&judgement, body), true)?,
    };
    output::write_stdout(&text)?;
    if judgement.is_valid() {
        return Ok(ExitStatus::Done);
    }
    context.note("`ark-usage explain` with the same arguments looks for the cause");
    Ok(ExitStatus::AnswerNo)
}

/// The verdict, and of a valid signature what it covers.
pub(super) fn in_words(judgement: &Judgement) -> String {
    if let Some(objection) = &judgement.objection {
        return format!("not valid: {}: {}\n", objection.reason, objection.detail);
    }
    let Some(claims) = &judgement.presented else { return "valid\n".to_owned() };
    let (scope, time) = (claims.scope(), claims.time());
    let headers = match claims.signed_headers().as_str() {
        "" => "no header",
        list => list,
    };
    format!(
        "valid\n  signed by {} at {time} for region {} and service {}\n  signed headers: {headers}\n",
        claims.access_key_id(),
        scope.region(),
        scope.service(),
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
            detail: objection.map(|objection| objection.detail.clone()),
            canonical_request,
            string_to_sign,
        }
    }
}
