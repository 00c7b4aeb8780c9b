//! Tests a server: sends signed and tampered requests and records which it accepts.

use std::collections::BTreeMap;

use ark_usage_report::text;
use ark_usage_transport::{HyperTransport, Transport as _};
use http::header::HOST;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::Deserialize;
use volc_openapi::{BaseUrl, ResponseError, read_envelope};
use volc_sign::{Credentials, PayloadHash, SignableRequest, Signer, SigningTime};

use super::report::{CaseOutcome, CaseResult, ConformanceReport, Deviation, TestSubject};
use crate::args::ConformanceArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::network;

/// The key pair a server under test must accept; it is made up.
pub(super) const ACCESS_KEY_ID: &str = "AKLTEXAMPLE0000000000000000000001";
pub(super) const SECRET_ACCESS_KEY: &str = "fake-secret-for-tests-only-0001";

const CASES: &str = include_str!("data/server.json");

/// The default request of a case.
const BODY: &str = r#"{"StartTime":1731945600,"EndTime":1731945600,"Interval":86400}"#;
const QUERY: &str = "Action=GetUsage&Version=2024-01-01";

/// Sends one request for each case.
pub(super) fn test(
    url: &str,
    args: &ConformanceArgs,
    context: &Context<'_>,
) -> Result<ConformanceReport, CliError> {
    let base_url: BaseUrl = url.parse().map_err(|error: volc_openapi::BaseUrlError| {
        CliError::usage(text!("--server {url}: invalid address", "--server {url}：地址无效"))
            .with_source(error)
            .with_hint(text!(
                "use http://HOST:PORT or https://HOST",
                "请写 http://主机:端口 或 https://主机"
            ))
    })?;
    let cases: Vec<ServerCase> = serde_json::from_str(CASES).map_err(|error| {
        CliError::internal(text!("the built-in cases cannot be read", "内置的用例无法读取"))
            .with_source(error)
    })?;
    let transport = network::transport(&args.network, context.environment, None)?;
    let judge = SignatureJudge { base_url, args, transport };
    context.block_on(context.unless_interrupted(judge.verify(&cases, context)))
}

/// A request, the changes made to it after signing, and the expected verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerCase {
    name: String,
    accept: bool,
    /// Query parameters besides action and version.
    #[serde(default)]
    query: String,
    body: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    signed_headers: Option<String>,
    #[serde(default)]
    presign: bool,
    /// The age of the signature in seconds.
    #[serde(default)]
    age: i64,
    access_key_id: Option<String>,
    secret: Option<String>,
    /// Headers removed after signing.
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    change: Tampering,
}

/// Changes to a signed request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Tampering {
    query: Option<String>,
    body: Option<String>,
    headers: BTreeMap<String, String>,
    /// Seconds.
    shift_date: i64,
    scope_region: Option<String>,
    signature: Option<SignatureChange>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SignatureChange {
    /// Two digits are removed.
    Cut,
    /// The digits are reversed.
    Other,
}

/// Sends the cases to the server under test and judges its responses.
struct SignatureJudge<'a> {
    base_url: BaseUrl,
    args: &'a ConformanceArgs,
    transport: HyperTransport,
}

impl SignatureJudge<'_> {
    async fn verify(
        &self,
        cases: &[ServerCase],
        context: &Context<'_>,
    ) -> Result<ConformanceReport, CliError> {
        let mut judged = Vec::new();
        for case in cases {
            let now = context.clock.signing_time()?;
            let request = self.request(case, now).map_err(signing_failure)?;
            let outcome = match self.transport.send(request).await {
                Ok(response) => outcome(case.accept, &ServerVerdict::of(&response)),
                // The server cannot be reached at all.
                Err(error) if judged.is_empty() => {
                    let base_url = &self.base_url;
                    let message =
                        text!("--server {base_url}: no response", "--server {base_url}：没有应答");
                    return Err(CliError::transport(message).with_source(error));
                }
                Err(error) => CaseOutcome::Unanswered(Text::of(&error)),
            };
            judged.push(CaseResult { name: case.name.clone(), outcome, compared: Vec::new() });
        }
        Ok(ConformanceReport { subject: TestSubject::Server, cases: judged })
    }

    /// Returns the request: signed, then changed.
    fn request(
        &self,
        case: &ServerCase,
        now: SigningTime,
    ) -> Result<Request<Vec<u8>>, SigningFailure> {
        let signed_at = shifted(now, -case.age)?;
        let body = case.body.as_deref().unwrap_or(BODY);
        let mut url = self.url(&case.query)?;
        let mut headers = case.headers.clone();
        headers.insert("Host".to_owned(), self.base_url.authority().to_owned());
        let signer = self.signer(case)?;
        let pairs: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = SignableRequest::from_text("POST", &url, &pairs);
        if case.presign {
            let presigned = signer.presign(&request, None, signed_at)?.url().to_owned();
            url = match &case.change.query {
                Some(query) => presigned.replacen(&case.query, query, 1),
                None => presigned,
            };
        } else {
            let signed = signer.sign(&request, &PayloadHash::of(body), signed_at)?;
            let made: Vec<(String, String)> =
                signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            headers.extend(made);
            if let Some(query) = &case.change.query {
                url = self.url(query)?;
            }
        }
        case.change.headers(&mut headers, &self.args.region, signed_at)?;
        headers.retain(|name, _| {
            !case.without.iter().any(|removed| removed.eq_ignore_ascii_case(name))
        });
        let body = case.change.body.as_deref().unwrap_or(body);
        to_http(&url, &headers, body)
    }

    fn signer(&self, case: &ServerCase) -> Result<Signer, SigningFailure> {
        let keys = Credentials::new(
            case.access_key_id.as_deref().unwrap_or(ACCESS_KEY_ID),
            case.secret.as_deref().unwrap_or(SECRET_ACCESS_KEY),
        );
        let signer = Signer::new(keys, &*self.args.region, &*self.args.service);
        Ok(match &case.signed_headers {
            Some(list) => signer.with_signed_headers(list.parse()?),
            None => signer,
        })
    }

    fn url(&self, query: &str) -> Result<String, SigningFailure> {
        let separator = if query.is_empty() { "" } else { "&" };
        Ok(self.base_url.join_query(&format!("{QUERY}{separator}{query}"))?.to_string())
    }
}

impl Tampering {
    /// Changes the headers, including the signature.
    fn headers(
        &self,
        headers: &mut BTreeMap<String, String>,
        region: &str,
        signed_at: SigningTime,
    ) -> Result<(), SigningFailure> {
        if self.shift_date != 0 {
            headers.insert("X-Date".to_owned(), shifted(signed_at, self.shift_date)?.to_string());
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let Some(authorization) = headers.get_mut("Authorization") else { return Ok(()) };
        if let Some(other) = &self.scope_region {
            *authorization =
                authorization.replacen(&format!("/{region}/"), &format!("/{other}/"), 1);
        }
        if let (Some(how), Some((head, signature))) =
            (self.signature, authorization.split_once("Signature="))
        {
            let signature: String = match how {
                SignatureChange::Cut => signature.chars().skip(2).collect(),
                SignatureChange::Other => signature.chars().rev().collect(),
            };
            *authorization = format!("{head}Signature={signature}");
        }
        Ok(())
    }
}

fn shifted(time: SigningTime, seconds: i64) -> Result<SigningTime, SigningFailure> {
    Ok(SigningTime::from_unix(time.unix_seconds().saturating_add_signed(seconds))?)
}

fn to_http(
    url: &str,
    headers: &BTreeMap<String, String>,
    body: &str,
) -> Result<Request<Vec<u8>>, SigningFailure> {
    let mut request = Request::post(url).body(body.as_bytes().to_vec())?;
    for (name, value) in headers {
        let name: HeaderName = name.parse()?;
        // Host comes first, as servers expect.
        request
            .headers_mut()
            .insert(if name == HOST { HOST } else { name }, HeaderValue::from_str(value)?);
    }
    Ok(request)
}

/// The verdict of a server on a request.
struct ServerVerdict {
    word: Acceptance,
    status: StatusCode,
    /// The error code, if there is one.
    code: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Acceptance {
    Accepted,
    Refused,
    /// Neither follows from the response.
    Unclear,
}

/// The codes of the gateway for refused signatures, besides those of [`volc_sign::VerifyErrorKind`].
const ABOUT_KEYS: [&str; 4] =
    ["InvalidAccessKey", "InvalidSecretToken", "InvalidSecurityToken", "SignatureExpired"];

impl ServerVerdict {
    /// Derives the verdict from the code, else from the status: an action may refuse a request whose
    /// signature is valid.
    fn of(response: &Response<Vec<u8>>) -> Self {
        let status = response.status();
        let code = match read_envelope(response) {
            Err(ResponseError::Api(error)) => Some(error.code.clone()),
            _ => None,
        };
        let word = match &code {
            Some(code) if is_about_signature(code) => Acceptance::Refused,
            // A server that fails may not have verified anything.
            Some(_) if status.is_server_error() => Acceptance::Unclear,
            Some(_) => Acceptance::Accepted,
            None if status.is_success() => Acceptance::Accepted,
            None if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Acceptance::Refused
            }
            None => Acceptance::Unclear,
        };
        Self { word, status, code }
    }
}

fn is_about_signature(code: &str) -> bool {
    use volc_sign::VerifyErrorKind as Kind;

    let kinds = [
        Kind::MissingAuthenticationToken,
        Kind::MissingRequestInfo,
        Kind::MissingSignature,
        Kind::InvalidTimestamp,
        Kind::InvalidCredential,
        Kind::InvalidAuthorization,
        Kind::SignatureDoesNotMatch,
    ];
    ABOUT_KEYS.contains(&code) || kinds.iter().any(|kind| kind.code() == code)
}

fn outcome(accept: bool, verdict: &ServerVerdict) -> CaseOutcome {
    let expected = if accept { Acceptance::Accepted } else { Acceptance::Refused };
    if verdict.word == expected {
        return CaseOutcome::Agrees;
    }
    let name = |acceptance| match acceptance {
        Acceptance::Accepted => "accepted",
        Acceptance::Refused => "refused",
        Acceptance::Unclear => "neither accepted nor refused",
    };
    let code = verdict.code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
    let status = verdict.status.as_u16();
    CaseOutcome::Departs(Deviation {
        stage: "verdict",
        expected: name(expected).to_owned(),
        got: format!("{} (HTTP {status}{code})", name(verdict.word)),
        causes: Vec::new(),
    })
}

/// The error for a case that cannot be signed: because of region, service or date.
type SigningFailure = Box<dyn std::error::Error + Send + Sync>;

fn signing_failure(error: SigningFailure) -> CliError {
    let message = text!("the requests cannot be signed", "请求无法签名");
    CliError::usage(message).with_source(error).with_hint(text!(
        "check --region, --service and --now",
        "请检查 --region、--service 和 --now"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_number_of_cases_exists() {
        let cases: Vec<ServerCase> = serde_json::from_str(CASES).unwrap();
        assert_eq!(cases.len(), 33);
        assert_eq!(cases.iter().filter(|case| case.accept).count(), 16);
    }

    fn verdict(status: u16, body: &str) -> Acceptance {
        let response = Response::builder().status(status).body(body.as_bytes().to_vec());
        ServerVerdict::of(&response.unwrap()).word
    }

    #[test]
    fn the_code_decides_before_the_status() {
        let error = |code: &str| {
            format!(
                r#"{{"ResponseMetadata": {{"RequestId": "1", "Error": {{"Code": "{code}"}}}}}}"#
            )
        };
        assert!(verdict(200, "{}") == Acceptance::Accepted);
        assert!(verdict(403, "no") == Acceptance::Refused);
        assert!(verdict(404, "what?") == Acceptance::Unclear);
        assert!(verdict(200, &error("SignatureDoesNotMatch")) == Acceptance::Refused);
        assert!(verdict(401, &error("InvalidAccessKey")) == Acceptance::Refused);
        assert!(verdict(403, &error("AccessDenied")) == Acceptance::Accepted);
        assert!(verdict(400, &error("MissingParameter.EndTime")) == Acceptance::Accepted);
    }
}
