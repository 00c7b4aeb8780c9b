//! `ark-usage sign`: prints a request with its signature.

mod agreement;
mod sign_error;
mod signed;
mod signing;

use ark_usage_report::text;
use clap::ValueEnum as _;
use http::Uri;
use volc_openapi::Site;
use volc_sign::{Ambiguity, Credentials, SignedHeaders, Signer, SigningTime};

use self::sign_error::from_sign_error;
use self::signed::SignedRequest;
use super::action_request::{ActionRequest, known_actions};
use crate::args::{
    CallMethod, CallRequestArgs, NamedActionArgs, ServerArgs, SignArgs, SignFormat, SigningArgs,
};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{self, CredentialFinder};
use crate::request::{self, BodySource, GivenRequest, Header};
use crate::settings::{self, DEFAULT_SERVICE, ServerSettings, Setting};
use crate::{demo, output, site};

/// Reads the request, signs it and prints it.
pub(crate) fn run(args: &SignArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    if let Some(flag) = args.action.stray_flag() {
        return Err(CliError::usage(text!(
            "{flag}: only with --action",
            "{flag}：只能与 --action 同用"
        ))
        .with_hint(text!(
            "write it into the URL, or name the request with --action ACTION",
            "请写进 URL，或用 --action ACTION 指明请求"
        )));
    }
    let (profile, demo) = (args.request.profile.as_deref(), args.request.demo);
    let site = site::chosen(args.request.site, demo, context)?;
    let finder = CredentialFinder::of_one(profile, site.value, demo, context)?;
    let given = match &args.action.action {
        Some(action) => of_action(action, args, site.clone(), &finder, context)?,
        None => GivenRequest::read(&args.request, Some("--action ACTION"))?,
    };
    warn_of_letters(&given.method, context);
    let uri: Option<Uri> = given.url.parse().ok();
    let host = uri.as_ref().and_then(|uri| uri.host()).unwrap_or_default();
    if let Some(words) = site::foreign_host(site.value, host).filter(|_| !demo) {
        context.warn(&words);
    }
    let (region, environment) = (args.signing.region.as_deref(), context.environment);
    let region = settings::region(region, site.value, environment, finder.settings())?;
    let keys = || keys(args.request.demo, &finder, context);
    let list = args.signing.signed_headers.as_deref().map(parse_signed_headers).transpose()?;
    print_with(&given, &args.signing, list, args.format, region, keys()?, context)
}

/// Returns the request of an action.
fn of_action(
    action: &str,
    args: &SignArgs,
    site: Setting<&'static Site>,
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Result<GivenRequest, CliError> {
    let NamedActionArgs { version, query, base_url, .. } = &args.action;
    let method = args.request.method.as_deref().map(|method| {
        CallMethod::from_str(method, false).map_err(|_| {
            CliError::usage(text!(
                "METHOD {method}: an action is called with GET or POST",
                "METHOD {method}：调用接口只能用 GET 或 POST"
            ))
            .with_hint(text!("leave it out to use the usual one", "省略则使用通常的方法"))
        })
    });
    let request = CallRequestArgs {
        version: version.clone(),
        data: args.request.data.clone(),
        query: query.clone(),
        method: method.transpose()?,
        retry: false,
    };
    let server = ServerArgs {
        demo: args.request.demo,
        base_url: base_url.clone(),
        region: args.signing.region.clone(),
        service: args.signing.service.clone(),
        ..ServerArgs::default()
    };
    let environment = context.environment;
    let server = ServerSettings::new(&server, site, environment, finder.settings(), false)?;
    let request = ActionRequest::new(action, &server.service.value, &request)?;
    warn_of_spelling(action, &server.service.value, context);
    request.given(&server.base_url.value, request::headers(&args.request.headers)?)
}

/// Warns of an action that is one of the known ones but for a letter or two: nothing is sent that would show it.
pub(super) fn warn_of_spelling(action: &str, service: &str, context: &Context<'_>) {
    if let Some(meant) = known_actions::misspelt(action, service) {
        context.warn(&text!(
            "action {action} is not a known one; did you mean {meant}?",
            "{action} 不是已知的接口；是否想写 {meant}？"
        ));
    }
}

/// Warns of a usual method in lower-case letters, which most clients send in capitals.
fn warn_of_letters(method: &str, context: &Context<'_>) {
    let usual = method.to_ascii_uppercase();
    let is_usual = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"].contains(&usual.as_str());
    if is_usual && usual != method {
        context.warn(&text!(
            "METHOD {method} is signed as typed, and {usual} would not match it; write {usual} if that is sent",
            "METHOD {method} 按所写的字母签名，与 {usual} 不符；如果发送的是 {usual}，请写 {usual}"
        ));
    }
}

/// Returns the keys of the demo account or of this machine.
pub(super) fn keys(
    demo: bool,
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    if !demo {
        return keys::local_credentials(finder, context);
    }
    context.note(text!(
        "note: signed with the demo key pair, which real servers refuse",
        "注意：已用演示密钥签名，真实服务端会拒绝"
    ));
    Ok(demo::credentials(finder.profile()))
}

/// Signs a request and prints it.
pub(super) fn print(
    given: &GivenRequest,
    how: &SigningArgs,
    format: SignFormat,
    region: Setting<String>,
    keys: Credentials,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    print_with(given, how, None, format, region, keys, context)
}

fn print_with(
    given: &GivenRequest,
    how: &SigningArgs,
    list: Option<SignedHeaders>,
    format: SignFormat,
    region: Setting<String>,
    keys: Credentials,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let time = context.clock.signing_time()?;
    let signing = Signing { given, how, list, region, keys, time };
    agreement::check(given, signing.time, &signing.keys)?;
    let request = signing.sign(signing.ambiguity())?;
    agreement::check_authorization(given, request.authorization.as_deref())?;
    let text = match format {
        SignFormat::Headers => signed::headers(&request),
        SignFormat::Http => signed::http(&request),
        SignFormat::Curl => signed::curl(&request, context.lang)?,
        SignFormat::Json => signed::json(&request)?,
    };
    print_notes(format, &signing, &request, context);
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
    format: SignFormat,
    signing: &Signing<'_>,
    request: &SignedRequest<'_>,
    context: &Context<'_>,
) {
    if signing.how.permissive && signing.sign(Ambiguity::Refuse).is_err() {
        context.note(text!(
            "note: official SDKs sign this request differently; this is the signature of the Go SDK",
            "注意：各官方 SDK 对此请求的签名不同；这里采用 Go SDK 的方式"
        ));
    }
    if signing.how.presign && signing.given.body.source != BodySource::Absent {
        context.note(text!(
            "note: a presigned URL does not cover the body",
            "注意：预签名 URL 不覆盖请求体"
        ));
    }
    if format == SignFormat::Curl && signed::feeds_stdin(request) {
        context.note(text!(
            "note: pass the same body to curl on standard input",
            "注意：请把同样的请求体再次从标准输入传给 curl"
        ));
    }
    let also_sent = |header: &&Header| !header.is("Host");
    if signing.how.presign
        && format == SignFormat::Headers
        && let Some(header) = request.headers.iter().find(also_sent)
    {
        let name = &header.name;
        context.note(text!(
            "note: the request must be sent with {name}; -f http shows all of it",
            "注意：发送时须带上 {name}；-f http 可显示完整请求"
        ));
    }
    if matches!(format, SignFormat::Headers | SignFormat::Http)
        && let Some(words) = request.validity()
    {
        context.note(words);
    }
}
