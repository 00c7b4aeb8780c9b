//! The receiver of a push: its address, its name and its key.

use std::path::Path;

use ark_usage_prometheus::remote_write::ReceiverKey;
use ark_usage_report::text;
use ark_usage_transport::HyperTransport;
use volc_openapi::BaseUrl;

use crate::args::{PushArgs, ReceiverArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::settings::check_http;
use crate::text_file::{self, MAX_TEXT};
use crate::{network, secrets};

/// Variables with a key of the receiver.
const BEARER_TOKEN: &str = "REMOTE_WRITE_BEARER_TOKEN";
const BASIC_AUTH: &str = "REMOTE_WRITE_BASIC_AUTH";

/// The receiver, and how it is reached.
pub(super) struct Receiver {
    pub(super) url: BaseUrl,
    /// The name in the list of deliveries.
    pub(super) name: String,
    pub(super) key: Option<ReceiverKey>,
    pub(super) network: HyperTransport,
}

impl Receiver {
    /// Checks the address and reads the key; nothing is sent.
    pub(super) fn new(args: &PushArgs, context: &Context<'_>) -> Result<Self, CliError> {
        let url = url(&args.receiver)?;
        let name = args.receiver.receiver.clone().unwrap_or_else(|| url.to_string());
        let key = key(&args.receiver, context)?;
        for secret in key.iter().flat_map(ReceiverKey::secrets) {
            secrets::remember(secret);
        }
        let network = network::transport(&args.network, context.environment, None)?;
        Ok(Self { url, name, key, network })
    }
}

fn url(args: &ReceiverArgs) -> Result<BaseUrl, CliError> {
    let url: BaseUrl = args.remote_write.parse().map_err(|error| {
        CliError::usage(text!(
            "--remote-write: invalid address",
            "--remote-write：不是有效的地址"
        ))
        .with_source(Box::<dyn std::error::Error + Send + Sync>::from(error))
        .with_hint(text!(
            "write the whole address, such as https://prometheus.example.com/api/v1/write; keys come from a file or a variable",
            "请写完整地址，例如 https://prometheus.example.com/api/v1/write；密钥取自文件或变量"
        ))
    })?;
    check_http("--remote-write", &url, args.allow_http)?;
    Ok(url)
}

/// Reads the key: of a file that a flag names, else of a variable.
fn key(args: &ReceiverArgs, context: &Context<'_>) -> Result<Option<ReceiverKey>, CliError> {
    if let Some(path) = &args.bearer_token_file {
        return of_file("--bearer-token-file", path, ReceiverKey::bearer).map(Some);
    }
    if let Some(path) = &args.basic_auth_file {
        return of_file("--basic-auth-file", path, ReceiverKey::basic).map(Some);
    }
    let set = |name| Ok::<_, CliError>(context.environment.read(name)?.filter(|v| !v.is_empty()));
    let invalid = |name: &str| {
        let problem = text!("{name}: not a key for a header", "{name}：不能用作请求头中的密钥");
        CliError::configuration(problem).with_hint(key_hint())
    };
    match (set(BEARER_TOKEN)?, set(BASIC_AUTH)?) {
        (Some(_), Some(_)) => Err(CliError::configuration(text!(
            "{BEARER_TOKEN}, {BASIC_AUTH}: both variables are set",
            "{BEARER_TOKEN}、{BASIC_AUTH}：两个变量都已设置"
        ))
        .with_hint(text!("unset one of them", "请取消设置其中一个"))),
        (Some(token), None) => {
            ReceiverKey::bearer(token).map(Some).ok_or_else(|| invalid(BEARER_TOKEN))
        }
        (None, Some(pair)) => ReceiverKey::basic(pair).map(Some).ok_or_else(|| invalid(BASIC_AUTH)),
        (None, None) => Ok(None),
    }
}

fn of_file(
    flag: &str,
    path: &Path,
    read: fn(&str) -> Option<ReceiverKey>,
) -> Result<ReceiverKey, CliError> {
    let name = format!("{flag} {}", path.display());
    let text = text_file::read_text(path, MAX_TEXT).map_err(|problem| problem.about(&name))?;
    read(&text).ok_or_else(|| {
        CliError::usage(text!("{name}: not a key for a header", "{name}：不能用作请求头中的密钥"))
            .with_hint(key_hint())
    })
}

fn key_hint() -> crate::lang::Text {
    text!(
        "a token is one word; a user and password are USER:PASSWORD, on one line",
        "token 是一个词；用户名和密码写成 用户名:密码，占一行"
    )
}
