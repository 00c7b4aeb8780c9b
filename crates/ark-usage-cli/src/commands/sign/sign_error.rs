//! Why a request was not signed, in the words of the command line.

use volc_sign::{Credentials, PayloadHash, SignError, SignableRequest, Signer, SigningTime};

use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::request::GivenRequest;
use crate::settings::Setting;
use crate::text;

/// The signer's objection with the flag it is about and what to do.
pub(super) fn refused(
    error: SignError,
    given: &GivenRequest,
    region: &Setting<String>,
    service: Option<&str>,
) -> CliError {
    if let SignError::Unsendable { what } = error
        && !matches!(what, "region" | "service")
    {
        return CliError::configuration(text!("the keys cannot be used", "密钥无法使用"))
            .with_source(error)
            .with_hint(text!(
                "look at them where they are kept: white space or a line's end was perhaps copied along",
                "请检查存放密钥的地方：可能多复制了空白或换行"
            ));
    }
    let hint = hint(&error, given);
    let message = match &error {
        SignError::HostMismatch => text!(
            "-H 'Host: {host}' is not the URL's",
            "-H 'Host: {host}' 与 URL 的主机不一致",
            host = given_host(given)
        ),
        SignError::Unsendable { what: "region" } => text!(
            "{origin} {value:?} cannot stand in a signature",
            "{origin} {value:?} 不能用于签名",
            value = region.value;
            origin = Text::of(&region.origin)
        ),
        SignError::Unsendable { .. } => text!(
            "--service {service:?} cannot stand in a signature",
            "--service {service:?} 不能用于签名",
            service = service.unwrap_or_default()
        ),
        _ => text!("the request cannot be signed", "请求无法签名"),
    };
    let refused = CliError::usage(message).with_source(error);
    match hint {
        Some(hint) => refused.with_hint(hint),
        None => refused,
    }
}

fn hint(error: &SignError, given: &GivenRequest) -> Option<Text> {
    Some(match error {
        SignError::EncodedSlash
        | SignError::InvalidEscape { .. }
        | SignError::PathNotUtf8
        | SignError::Semicolon
        | SignError::RepeatedHeader { .. }
        | SignError::HeaderWhitespace { .. } => text!(
            "official signers sign this in different ways; --permissive signs it as the Go SDK does",
            "各官方 SDK 对此的签名方式不同；--permissive 按 Go SDK 的方式签名"
        ),
        SignError::MissingHost => text!(
            "write a whole URL, https://HOST/…, or -H 'Host: …' beside a path",
            "请写完整的 URL（https://HOST/…），或在路径之外给出 -H 'Host: …'"
        ),
        SignError::HostMismatch => text!(
            "write -H 'Host: {host}', or leave it out: signing adds it",
            "请写 -H 'Host: {host}'，或不给：签名时会自动添加",
            host = host_of(given)?
        ),
        SignError::UserInfo => text!(
            "leave it out of the URL: keys come from the environment",
            "请从 URL 中去掉：密钥来自环境变量"
        ),
        SignError::MissingHeader { name } => text!(
            "give it with -H '{name}: …', or take it off --signed-headers",
            "请用 -H '{name}: …' 给出，或把它从 --signed-headers 中去掉"
        ),
        SignError::ReservedParameter { name } if name == "X-Expires" => {
            text!("leave out --expires-in, or the parameter", "请去掉 --expires-in，或去掉该参数")
        }
        SignError::ReservedParameter { .. } => text!(
            "presign the bare URL, without the parameters of an earlier signature",
            "请对原始 URL 预签名，不要带上次签名的参数"
        ),
        SignError::Unsendable { .. } => text!(
            "letters, digits, dashes and underscores, as in --region cn-beijing --service ark",
            "只能包含字母、数字、连字符和下划线，例如 --region cn-beijing --service ark"
        ),
        _ => return None,
    })
}

fn given_host(given: &GivenRequest) -> &str {
    let host = given.headers.iter().find(|header| header.is("Host"));
    host.map_or("", |header| &header.value)
}

/// The Host header that signing would add. It does not depend on keys or time.
fn host_of(given: &GivenRequest) -> Option<String> {
    let request = SignableRequest::from_text("GET", &given.url, &[]);
    let authority = request.authority()?;
    let root = format!("https://{authority}/");
    let signer = Signer::new(Credentials::new("any", "any"), "any", "any");
    let signed = signer
        .sign(
            &SignableRequest::from_text("GET", &root, &[]),
            &PayloadHash::EMPTY,
            SigningTime::from_unix(0).ok()?,
        )
        .ok()?;
    signed.headers().find(|(name, _)| *name == "Host").map(|(_, value)| value.to_owned())
}
