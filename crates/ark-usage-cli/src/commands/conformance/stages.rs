//! Compares a signer's answer stage by stage; the first difference counts.

use std::collections::BTreeMap;

use ark_usage_report::text;
use volc_sign::explain::{CauseKind, Failure, explain};
use volc_sign::{
    Ambiguity, CanonicalRequest, CredentialScope, Credentials, PayloadHash, Presented,
    SignableRequest, SignedHeaders, SigningKey, SigningTime, StringToSign, VerifyPolicy,
};

use super::report::{CaseOutcome, Deviation};
use super::signer::{SignerAnswer, SignerCase};
use crate::lang::{self, Text, TextOf as _};

/// Returns the outcome of an answer, and the compared stages.
///
/// A signer may choose the signed headers, as servers read the list from the request; the expected
/// texts are computed for that list.
pub(super) fn judge(case: &SignerCase, answer: &SignerAnswer) -> (CaseOutcome, Vec<&'static str>) {
    let Some(sent) = SentRequest::of(case, answer) else {
        let wanted = if case.presign { "url" } else { "authorization" };
        let why = text!(
            "the line has neither `{wanted}` nor `signature`",
            "该行既没有 `{wanted}`，也没有 `signature`"
        );
        return (CaseOutcome::Unanswered(why), Vec::new());
    };
    let headers: Vec<(&str, &str)> =
        sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = SignableRequest::from_text(&case.method, &sent.url, &headers);
    let presented = match Presented::from_signable(&request) {
        Ok(presented) => presented,
        Err(error) => return (unreadable(case, answer, &error), vec![sent.carrier]),
    };
    let Some(right) = ExpectedStages::of(case, &presented) else {
        return (CaseOutcome::Unanswered(text!("invalid date", "日期无效")), Vec::new());
    };
    let mut compared = Vec::new();
    let mut first = None;
    for (stage, expected, got) in right.stages(answer) {
        let Some(got) = got else { continue };
        compared.push(stage);
        if first.is_none() && expected != got {
            first = Some((stage, expected, got));
        }
    }
    let has_carrier = case.presign || answer.authorization.is_some();
    if has_carrier {
        compared.push(sent.carrier);
    }
    let departure = match first {
        Some((stage, expected, got)) => Some((stage, expected.to_owned(), got.to_owned())),
        // All texts agree; the request that carries them may not.
        None if has_carrier => right.refuses(case, &presented, &sent),
        None => None,
    };
    let Some((stage, expected, got)) = departure else { return (CaseOutcome::Agrees, compared) };
    let causes = causes(case, &request, right.time, stage);
    (CaseOutcome::Departs(Deviation { stage, expected, got, causes }), compared)
}

/// The request as the signer sends it.
struct SentRequest {
    url: String,
    headers: BTreeMap<String, String>,
    /// The stage that carries the signature.
    carrier: &'static str,
}

impl SentRequest {
    /// Returns `None` if the answer has no signature.
    fn of(case: &SignerCase, answer: &SignerAnswer) -> Option<Self> {
        if case.presign {
            let (url, headers) = (answer.url.clone()?, case.headers.clone());
            return Some(Self { url, headers, carrier: "url" });
        }
        let mut headers = case.headers.clone();
        let mut set = |name: &str, value: &str| {
            headers.retain(|found, _| !found.eq_ignore_ascii_case(name));
            headers.insert(name.to_owned(), value.to_owned());
        };
        set("X-Date", &case.x_date);
        set("X-Content-Sha256", &PayloadHash::of(&case.body).to_string());
        if !case.session_token.is_empty() {
            set("X-Security-Token", &case.session_token);
        }
        for (name, value) in &answer.headers {
            set(name, value);
        }
        let authorization = answer.authorization.clone().or_else(|| {
            let signature = answer.signature.as_deref()?;
            // The other stages are compared even if this is not a signature.
            let is_signature =
                signature.len() == 64 && signature.bytes().all(|byte| byte.is_ascii_hexdigit());
            let none = "0".repeat(64);
            let signature = if is_signature { signature.to_ascii_lowercase() } else { none };
            Some(authorization(case, &case.signed_headers, &signature))
        });
        set("Authorization", &authorization?);
        Some(Self { url: case.url.clone(), headers, carrier: "authorization" })
    }
}

fn authorization(case: &SignerCase, list: &str, signature: &str) -> String {
    let SignerCase { access_key_id, region, service, x_date, .. } = case;
    let date: String = x_date.chars().take(8).collect();
    format!(
        "HMAC-SHA256 Credential={access_key_id}/{date}/{region}/{service}/request, \
         SignedHeaders={list}, Signature={signature}"
    )
}

/// The expected texts for the headers the signer chose.
struct ExpectedStages {
    time: SigningTime,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

impl ExpectedStages {
    fn of(case: &SignerCase, presented: &Presented) -> Option<Self> {
        let time: SigningTime = case.x_date.parse().ok()?;
        let scope = CredentialScope::new(time, &case.region, &case.service);
        let canonical = presented.canonical_request(case.body.as_bytes());
        let string_to_sign = StringToSign::new(time, &scope, &canonical);
        let keys = Credentials::new(&*case.access_key_id, &*case.secret_access_key);
        let signature = SigningKey::derive(keys.secret(), &scope).sign(&string_to_sign).to_string();
        let list = presented.signed_headers().as_str();
        Some(Self {
            time,
            authorization: authorization(case, list, &signature),
            canonical_request: canonical.as_str().to_owned(),
            string_to_sign: string_to_sign.as_str().to_owned(),
            signature,
        })
    }

    /// Returns each stage with its expected and given text.
    fn stages<'a>(
        &'a self,
        answer: &'a SignerAnswer,
    ) -> [(&'static str, &'a str, Option<&'a str>); 3] {
        [
            ("canonical_request", &self.canonical_request, answer.canonical_request.as_deref()),
            ("string_to_sign", &self.string_to_sign, answer.string_to_sign.as_deref()),
            ("signature", &self.signature, answer.signature.as_deref()),
        ]
    }

    /// Returns the difference for which a server with the key would refuse the request.
    fn refuses(
        &self,
        case: &SignerCase,
        presented: &Presented,
        sent: &SentRequest,
    ) -> Option<(&'static str, String, String)> {
        let keys = Credentials::new(&*case.access_key_id, &*case.secret_access_key);
        let policy = VerifyPolicy::official_clients();
        let (body, scope) = (case.body.as_bytes(), presented.scope());
        let own_key = presented.access_key_id() == case.access_key_id;
        let own_scope = scope.region() == case.region && scope.service() == case.service;
        let verified = presented.verify(keys.secret(), body, self.time, &policy);
        if own_key && own_scope && verified.is_ok() && keeps_parameters(case, &sent.url) {
            return None;
        }
        let got = match sent.carrier {
            "url" => return Some(("url", self.canonical_request.clone(), sent.url.clone())),
            _ => sent.headers.get("Authorization").cloned().unwrap_or_default(),
        };
        Some(("authorization", self.authorization.clone(), got))
    }
}

/// Returns true if a presigned URL keeps all parameters of the request.
fn keeps_parameters(case: &SignerCase, url: &str) -> bool {
    let pairs = |url: &str| {
        let request = SignableRequest::from_text(&case.method, url, &[]);
        let (none, empty) = (SignedHeaders::NONE, PayloadHash::EMPTY);
        let canonical = CanonicalRequest::new(&request, &none, &empty, Ambiguity::AsSent);
        let query = canonical.map(|canonical| canonical.query().to_owned()).unwrap_or_default();
        query.split('&').map(str::to_owned).collect::<Vec<_>>()
    };
    let kept = pairs(url);
    pairs(&case.url).iter().all(|pair| kept.contains(pair))
}

/// Returns the outcome of an answer whose signature cannot be parsed.
fn unreadable(
    case: &SignerCase,
    answer: &SignerAnswer,
    error: &volc_sign::VerifyError,
) -> CaseOutcome {
    let (stage, got) = match (&answer.url, &answer.authorization) {
        (Some(url), _) if case.presign => ("url", url.clone()),
        (_, authorization) => ("authorization", authorization.clone().unwrap_or_default()),
    };
    let expected = match stage {
        "url" => "…&X-Signature=…".to_owned(),
        _ => authorization(case, &case.signed_headers, "…"),
    };
    CaseOutcome::Departs(Deviation { stage, expected, got, causes: vec![Text::of_error(error)] })
}

/// Returns the most likely causes, found by signing with every known mistake.
fn causes(
    case: &SignerCase,
    request: &SignableRequest<'_>,
    time: SigningTime,
    stage: &str,
) -> Vec<Text> {
    let keys = Credentials::new(&*case.access_key_id, &*case.secret_access_key)
        .with_session_token(&*case.session_token);
    let explanation = explain(&Failure::new(*request, case.body.as_bytes(), time), &keys);
    let known = explanation.causes().iter().filter(|cause| cause.kind() != CauseKind::Unknown);
    let mut causes: Vec<Text> = known
        .map(|cause| {
            text!(
                "{kind}: {detail}; {advice}",
                "{kind}：{detail}；{advice}";
                detail = Text::of(cause),
                kind = Text::of(&cause.kind()), advice = lang::advice(cause.kind())
            )
        })
        .collect();
    if causes.is_empty() && stage == "signature" {
        causes.push(text!(
            "the signed text agrees as far as it was given; check the signing key (secret, then date, region, service and `request`) and the last HMAC",
            "已给出的待签名文本一致；请检查签名密钥（Secret Key，再依次为日期、地域、服务和 `request`）以及最后一次 HMAC"
        ));
    }
    causes
}
