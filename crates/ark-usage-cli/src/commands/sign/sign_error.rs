//! Errors of the signer as errors of the program.

use ark_usage_report::text;
use volc_sign::{Credentials, PayloadHash, SignError, SignableRequest, Signer, SigningTime};

use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::request::GivenRequest;
use crate::settings::Setting;

/// Returns the error, naming the flag and what to do.
pub(super) fn from_sign_error(
    error: SignError,
    given: &GivenRequest,
    region: &Setting<String>,
    service: Option<&str>,
) -> CliError {
    if let SignError::Unsendable { what } = error
        && !matches!(what, "region" | "service")
    {
        return CliError::configuration(text!("the credentials are not valid", "密钥无效"))
            .with_source(error)
            .with_hint(text!(
                "check where they are stored for trailing whitespace or a newline",
                "请检查存放密钥的地方：末尾可能多了空白或换行"
            ));
    }
    let hint = hint(&error, given);
    let message = match &error {
        SignError::HostMismatch => text!(
            "-H 'Host: {host}': not the host of the URL",
            "-H 'Host: {host}'：与 URL 的主机不一致",
            host = given_host(given)
        ),
        SignError::Unsendable { what: "region" } => text!(
            "{origin} {value:?}: not a valid region",
            "{origin} {value:?}：不是有效的地域",
            value = region.value;
            origin = Text::of(&region.origin)
        ),
        SignError::Unsendable { .. } => text!(
            "--service {service:?}: not a valid service",
            "--service {service:?}：不是有效的服务",
            service = service.unwrap_or_default()
        ),
        _ => text!("the request cannot be signed", "请求无法签名"),
    };
    let error_with_cause = CliError::usage(message).with_source(error);
    match hint {
        Some(hint) => error_with_cause.with_hint(hint),
        None => error_with_cause,
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
            "official SDKs sign this request differently; --permissive signs it as the Go SDK does",
            "各官方 SDK 对此请求的签名不同；--permissive 按 Go SDK 的方式签名"
        ),
        SignError::MissingHost => text!(
            "pass a full URL, https://HOST/…, or -H 'Host: …' with a path",
            "请写完整的 URL（https://HOST/…），或在路径之外给出 -H 'Host: …'"
        ),
        SignError::HostMismatch => text!(
            "pass -H 'Host: {host}' or remove it: signing adds it",
            "请写 -H 'Host: {host}'，或去掉：签名时会自动添加",
            host = host_of(given)?
        ),
        SignError::UserInfo => text!(
            "remove it from the URL: credentials come from the environment",
            "请从 URL 中去掉：密钥来自环境变量"
        ),
        SignError::MissingHeader { name } => text!(
            "pass it with -H '{name}: …', or remove it from --signed-headers",
            "请用 -H '{name}: …' 给出，或把它从 --signed-headers 中去掉"
        ),
        SignError::ReservedParameter { name } if name == "X-Expires" => {
            text!("remove --expires-in or the parameter", "请去掉 --expires-in，或去掉该参数")
        }
        SignError::ReservedParameter { .. } => text!(
            "presign the URL without the parameters of an earlier signature",
            "请对原始 URL 预签名，不要带上次签名的参数"
        ),
        SignError::Unsendable { .. } => text!(
            "use letters, digits, dashes and underscores, for example --region cn-beijing --service ark",
            "只能包含字母、数字、连字符和下划线，例如 --region cn-beijing --service ark"
        ),
        _ => return None,
    })
}

fn given_host(given: &GivenRequest) -> &str {
    let host = given.headers.iter().find(|header| header.is("Host"));
    host.map_or("", |header| &header.value)
}

/// Returns the Host header that signing would add; it does not depend on credentials or time.
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
