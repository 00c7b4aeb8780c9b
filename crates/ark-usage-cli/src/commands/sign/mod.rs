//! `ark-usage sign`: a request with its signature, printed and not sent.

mod agreement;
mod sign_error;
mod signed;
mod signing;

use volc_sign::{Ambiguity, Credentials, SignedHeaders, Signer, SigningTime};

use self::sign_error::refused;
use self::signed::SignedRequest;
use crate::args::{SignArgs, SignFormat, SigningArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, CredentialFinder};
use crate::output;
use crate::request::{BodySource, GivenRequest};
use crate::settings::{self, DEFAULT_SERVICE, Setting};
use crate::text;

/// Reads the request, signs it, prints it.
pub(crate) fn run(args: &SignArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request)?;
    let list = args.signing.signed_headers.as_deref().map(chosen_list).transpose()?;
    let finder = CredentialFinder::new(args.request.profile.as_deref(), context)?;
    let region =
        settings::region(args.signing.region.as_deref(), context.environment, finder.settings());
    let signing = Signing {
        given: &given,
        how: &args.signing,
        list,
        region,
        keys: keys::local_credentials(&finder, context)?,
        time: context.clock.signing_time()?,
    };
    agreement::check(&given, signing.time, &signing.keys)?;
    let request = signing.sign(signing.ambiguity())?;
    agreement::check_authorization(&given, request.authorization.as_deref())?;
    let text = match args.format {
        SignFormat::Headers => signed::headers(&request),
        SignFormat::Http => signed::http(&request),
        SignFormat::Curl => signed::curl(&request)?,
        SignFormat::Json => signed::json(&request)?,
    };
    tell(args, &signing, &request, context);
    output::write_stdout(&text)?;
    Ok(ExitStatus::Done)
}

/// Everything a signature is made of.
struct Signing<'a> {
    given: &'a GivenRequest,
    how: &'a SigningArgs,
    list: Option<SignedHeaders>,
    region: Setting<String>,
    keys: Credentials,
    time: SigningTime,
}

impl<'a> Signing<'a> {
    fn sign(&self, ambiguity: Ambiguity) -> Result<SignedRequest<'a>, CliError> {
        let signer = self.signer(ambiguity);
        let signed = if self.how.presign {
            signing::in_url(self.given, &signer, self.list.as_ref(), self.how.expires_in, self.time)
        } else {
            signing::in_header(self.given, &signer, self.time)
        };
        signed
            .map_err(|error| refused(error, self.given, &self.region, self.how.service.as_deref()))
    }

    fn signer(&self, ambiguity: Ambiguity) -> Signer {
        let region = &self.region.value;
        let service = self.how.service.as_deref().unwrap_or(DEFAULT_SERVICE);
        let signer = Signer::new(self.keys.clone(), region, service).with_ambiguity(ambiguity);
        match &self.list {
            Some(list) => signer.with_signed_headers(list.clone()),
            None => signer,
        }
    }

    fn ambiguity(&self) -> Ambiguity {
        if self.how.permissive { Ambiguity::LikeGo } else { Ambiguity::Refuse }
    }
}

/// Reads `--signed-headers`: names in the order given, between semicolons or commas.
fn chosen_list(text: &str) -> Result<SignedHeaders, CliError> {
    if text.trim().is_empty() {
        return Ok(SignedHeaders::NONE);
    }
    SignedHeaders::from_names(text.split([';', ',']).map(str::trim)).map_err(|error| {
        CliError::usage(text!(
            "--signed-headers {text:?}: not a list that can be signed",
            "--signed-headers {text:?}：无法按此列表签名"
        ))
        .with_source(error)
        .with_hint(text!(
            "write names of headers, each once, as in 'host;x-content-sha256;x-date'",
            "请写请求头名称，每个一次，例如 'host;x-content-sha256;x-date'"
        ))
    })
}

/// What people should know about the signature, besides the signature.
fn tell(
    args: &SignArgs,
    signing: &Signing<'_>,
    request: &SignedRequest<'_>,
    context: &Context<'_>,
) {
    if args.signing.permissive && signing.sign(Ambiguity::Refuse).is_err() {
        context.note(text!(
            "note: official signers sign this in different ways; this is the Go SDK's",
            "注意：各官方 SDK 对此的签名方式不同；这里采用 Go SDK 的方式"
        ));
    }
    if args.signing.presign && signing.given.body.source != BodySource::Absent {
        context.note(text!(
            "note: a presigned URL does not cover the body",
            "注意：预签名 URL 不覆盖请求体"
        ));
    }
    if args.format == SignFormat::Curl && signed::feeds_stdin(request) {
        context.note(text!(
            "note: give curl the same body on standard input again",
            "注意：请把同样的请求体再次从标准输入传给 curl"
        ));
    }
    let also_sent = |header: &&crate::request::Header| !header.is("Host");
    if args.signing.presign
        && args.format == SignFormat::Headers
        && let Some(header) = request.headers.iter().find(also_sent)
    {
        let name = &header.name;
        context.note(text!(
            "note: send {name} with it; -f http shows the whole request",
            "注意：发送时须带上 {name}；-f http 可显示完整请求"
        ));
    }
}
