//! `ark-usage sign`: prints a request with its signature.

mod agreement;
mod sign_error;
mod signed;
mod signing;

use ark_usage_report::text;
use volc_sign::{Ambiguity, Credentials, SignedHeaders, Signer, SigningTime};

use self::sign_error::from_sign_error;
use self::signed::SignedRequest;
use crate::args::{SignArgs, SignFormat, SigningArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, CredentialFinder};
use crate::output;
use crate::request::{BodySource, GivenRequest};
use crate::settings::{self, DEFAULT_SERVICE, Setting};

/// Reads the request, signs it and prints it.
pub(crate) fn run(args: &SignArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let given = GivenRequest::read(&args.request)?;
    let list = args.signing.signed_headers.as_deref().map(parse_signed_headers).transpose()?;
    let finder = CredentialFinder::new(args.request.profile.as_deref(), context)?;
    let region =
        settings::region(args.signing.region.as_deref(), context.environment, finder.settings())?;
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
    print_notes(args, &signing, &request, context);
    output::write_stdout_unmasked(&text)?;
    Ok(ExitStatus::Done)
}

/// Everything a signature depends on.
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
        signed.map_err(|error| {
            from_sign_error(error, self.given, &self.region, self.how.service.as_deref())
        })
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

/// Parses `--signed-headers`: names separated by semicolons or commas.
fn parse_signed_headers(text: &str) -> Result<SignedHeaders, CliError> {
    if text.trim().is_empty() {
        return Ok(SignedHeaders::NONE);
    }
    SignedHeaders::from_names(text.split([';', ',']).map(str::trim)).map_err(|error| {
        CliError::usage(text!(
            "--signed-headers {text:?}: invalid list",
            "--signed-headers {text:?}：列表无效"
        ))
        .with_source(error)
        .with_hint(text!(
            "pass each header name once, for example 'host;x-content-sha256;x-date'",
            "请写请求头名称，每个一次，例如 'host;x-content-sha256;x-date'"
        ))
    })
}

/// Prints notes about the signature.
fn print_notes(
    args: &SignArgs,
    signing: &Signing<'_>,
    request: &SignedRequest<'_>,
    context: &Context<'_>,
) {
    if args.signing.permissive && signing.sign(Ambiguity::Refuse).is_err() {
        context.note(text!(
            "note: official SDKs sign this request differently; this is the signature of the Go SDK",
            "注意：各官方 SDK 对此请求的签名不同；这里采用 Go SDK 的方式"
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
            "note: pass the same body to curl on standard input",
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
            "note: the request must be sent with {name}; -f http shows all of it",
            "注意：发送时须带上 {name}；-f http 可显示完整请求"
        ));
    }
}
