//! The request of one action: version, method and parameters.

pub(super) mod known_actions;

use ark_usage_report::text;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request};
use serde::de::IgnoredAny;
use serde_json::json;
use volc_openapi::{BaseUrl, encode_query};

use self::known_actions::KnownAction;
use crate::args::{CallMethod, CallRequestArgs};
use crate::error::CliError;
use crate::lang::Text;
use crate::request::{Body, BodySource, GivenRequest, Header};
use crate::{secrets, text_file};

const JSON: &str = "application/json; charset=UTF-8";

/// An unsigned call of an action.
pub(super) struct ActionRequest {
    query: Vec<(String, String)>,
    method: CallMethod,
    body: Body,
}

impl ActionRequest {
    /// Checks the arguments and fills in the known version and method.
    pub(super) fn new(
        action: &str,
        service: &str,
        args: &CallRequestArgs,
    ) -> Result<Self, CliError> {
        check_action(action)?;
        let known = known_actions::action(service, action);
        let mut query = vec![
            ("Action".to_owned(), action.to_owned()),
            ("Version".to_owned(), version(args, service, action, known.as_ref())?),
        ];
        for text in &args.query {
            query.push(parameter(text)?);
        }
        let method = method(args, known.as_ref())?;
        let body = match (method, &args.data) {
            (CallMethod::Get, _) => Body { bytes: Vec::new(), source: BodySource::Absent },
            (CallMethod::Post, None) => {
                Body { bytes: b"{}".to_vec(), source: BodySource::Argument }
            }
            (CallMethod::Post, Some(data)) => json_text(data)?,
        };
        Ok(Self { query, method, body })
    }

    /// Returns the version of the action.
    pub(super) fn version(&self) -> &str {
        self.query.iter().find(|(name, _)| name == "Version").map_or("", |(_, version)| version)
    }

    /// Remembers the API keys among the parameters: the server may repeat them.
    pub(super) fn remember_api_keys(&self) {
        secrets::remember_api_keys(&self.body.bytes);
        for (name, value) in &self.query {
            secrets::remember_api_keys(json!({ name: value }).to_string().as_bytes());
        }
    }

    /// Returns the request without its signature.
    pub(super) fn to_http(&self, base_url: &BaseUrl) -> Result<Request<Vec<u8>>, CliError> {
        let pairs = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let uri = base_url.join_query(&encode_query(pairs)).map_err(not_a_request)?;
        let request = Request::builder().uri(uri).header(HOST, base_url.authority());
        let request = match self.method {
            CallMethod::Get => request.method(Method::GET),
            CallMethod::Post => request.method(Method::POST).header(CONTENT_TYPE, JSON),
        };
        request.body(self.body.bytes.clone()).map_err(not_a_request)
    }

    /// Returns the request as one that was given, for the formats of signed requests.
    pub(super) fn given(
        &self,
        base_url: &BaseUrl,
        mut headers: Vec<Header>,
    ) -> Result<GivenRequest, CliError> {
        let request = self.to_http(base_url)?;
        let has_type = headers.iter().any(|header| header.is("Content-Type"));
        if self.method == CallMethod::Post && !has_type {
            headers.push(Header::new("Content-Type", JSON));
        }
        Ok(GivenRequest {
            method: request.method().to_string(),
            url: request.uri().to_string(),
            headers,
            body: self.body.clone(),
        })
    }
}

fn check_action(action: &str) -> Result<(), CliError> {
    if let Some(meant) = known_actions::meant(action) {
        return Err(CliError::usage(text!(
            "ACTION {action}: unknown action",
            "ACTION {action}：未知的接口"
        ))
        .with_hint(text!("did you mean {meant}?", "是否想写 {meant}？")));
    }
    if !action.is_empty() && action.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(CliError::usage(text!(
        "ACTION {action:?}: letters and digits only",
        "ACTION {action:?}：只能包含字母和数字"
    ))
    .with_hint(text!(
        "pass the name only, for example ListEndpoints; parameters go into -d or --query",
        "请只写名称，例如 ListEndpoints；参数用 -d 或 --query 给出"
    )))
}

fn version(
    args: &CallRequestArgs,
    service: &str,
    action: &str,
    known: Option<&KnownAction>,
) -> Result<String, CliError> {
    if let Some(version) = args.version.as_ref().filter(|version| !version.is_empty()) {
        return Ok(version.clone());
    }
    known.map(|known| known.version.to_owned()).ok_or_else(|| {
        CliError::usage(text!(
            "--version is required for {service} {action}",
            "{service} {action} 需要 --version"
        ))
        .with_hint(text!(
            "see its API page, for example --version 2018-01-01",
            "请查阅接口文档，例如 --version 2018-01-01"
        ))
    })
}

fn method(args: &CallRequestArgs, known: Option<&KnownAction>) -> Result<CallMethod, CliError> {
    match (args.method, &args.data) {
        (Some(CallMethod::Get), Some(_)) => Err(CliError::usage(text!(
            "--method GET cannot be used with -d: a GET request has no body",
            "--method GET 不能与 -d 同用：GET 请求没有请求体"
        ))
        .with_hint(text!(
            "pass parameters with --query NAME=VALUE, or use --method POST",
            "请用 --query NAME=VALUE 给出参数，或改用 --method POST"
        ))),
        (Some(method), _) => Ok(method),
        (None, Some(_)) => Ok(CallMethod::Post),
        (None, None) if !args.query.is_empty() => Ok(CallMethod::Get),
        (None, None) => Ok(known.map_or(CallMethod::Post, |known| known.method)),
    }
}

fn parameter(text: &str) -> Result<(String, String), CliError> {
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
        return Err(CliError::usage(text!(
            "--query {text:?}: not NAME=VALUE",
            "--query {text:?}：不是 NAME=VALUE 的形式"
        ))
        .with_hint(text!(
            "pass one parameter each, for example --query Limit=10 --query 'Query=two words'",
            "每个参数写一次，例如 --query Limit=10 --query 'Query=two words'"
        )));
    };
    let hint = match name {
        "Action" => {
            text!("pass the action as the first argument", "请把 Action 作为第一个位置参数")
        }
        "Version" => text!("use --version", "请用 --version"),
        _ => return Ok((name.to_owned(), value.to_owned())),
    };
    Err(CliError::usage(text!(
        "--query {name}: set by the program itself",
        "--query {name}：由程序自行设置"
    ))
    .with_hint(hint))
}

/// Returns the body as given, checked to be JSON.
fn json_text(data: &str) -> Result<Body, CliError> {
    let body = Body::read("-d", Some(data))?;
    let text = text_file::text_of(&body.bytes)
        .map_err(|problem| problem.about(&format!("-d {}", beginning(data))))?;
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(Body { bytes: text.into_bytes(), ..body }),
        Err(error) => Err(CliError::usage(text!(
            "-d {shown}: not JSON",
            "-d {shown}：不是 JSON",
            shown = beginning(data)
        ))
        .with_source(error)
        .with_hint(Text::both(
            "pass an object, for example -d '{\"PageSize\": 10}', or -d @FILE",
            "请写一个对象，例如 -d '{\"PageSize\": 10}'，或用 -d @FILE",
        ))),
    }
}

/// Shortens a long text.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn not_a_request(error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    CliError::usage(text!("the parameters cannot be sent as a request", "这些参数无法构成请求"))
        .with_source(error)
}
