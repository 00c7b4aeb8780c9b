//! Where a signer's answer departs: stage after stage, the first that differs counts.

use std::collections::BTreeMap;

use volc_sign::explain::{CauseKind, Failure, explain};
use volc_sign::{
    Ambiguity, CanonicalRequest, CredentialScope, Credentials, PayloadHash, Presented,
    SignableRequest, SignedHeaders, SigningKey, SigningTime, StringToSign, VerifyPolicy,
};

use super::report::{CaseOutcome, Deviation};
use super::signer::{SignerAnswer, SignerCase};
use crate::lang::{self, Text, TextOf as _};
use crate::text;

/// What is wrong with the answer, and which stages were compared.
///
/// Which headers are signed is the signer's own choice: servers read the list in the request. So the
/// answer is held against what is right for its list.
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
        return (CaseOutcome::Unanswered(text!("its date is none", "其日期无效")), Vec::new());
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
    let carried = case.presign || answer.authorization.is_some();
    if carried {
        compared.push(sent.carrier);
    }
    let departure = match first {
        Some((stage, expected, got)) => Some((stage, expected.to_owned(), got.to_owned())),
        // Every text is right: is the request that carries them?
        None if carried => right.refuses(case, &presented, &sent),
        None => None,
    };
    let Some((stage, expected, got)) = departure else { return (CaseOutcome::Agrees, compared) };
    let causes = causes(case, &request, right.time, stage);
    (CaseOutcome::Departs(Deviation { stage, expected, got, causes }), compared)
}

/// The request as the signer would send it.
struct SentRequest {
    url: String,
    headers: BTreeMap<String, String>,
    /// The stage that carries the signature.
    carrier: &'static str,
}

impl SentRequest {
    /// Nothing when the answer has no signature.
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
            // One that is no signature must not keep the other stages from being compared.
            let is_one =
                signature.len() == 64 && signature.bytes().all(|it| it.is_ascii_hexdigit());
            let none = "0".repeat(64);
            let signature = if is_one { signature.to_ascii_lowercase() } else { none };
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

/// What is right for the headers the signer chose.
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

    /// Stage, what is right, what the signer gave.
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

    /// What a server that knows the key has against the request.
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

/// Whether a presigned URL asks what it was to ask.
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

/// An answer whose signature cannot even be found.
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

/// What most likely made the difference: found out by signing in every way signers are known to get
/// wrong.
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
    let mut told: Vec<Text> = known
        .map(|cause| {
            text!(
                "{kind}: {detail}; {advice}",
                "{kind}：{detail}；{advice}";
                detail = Text::of(cause),
                kind = Text::of(&cause.kind()), advice = lang::advice(cause.kind())
            )
        })
        .collect();
    if told.is_empty() && stage == "signature" {
        told.push(text!(
            "what was signed is right, as far as it was given; look at the signing key (secret, then date, region, service and `request`) and the last HMAC",
            "就已给出的内容而言，被签名的文本无误；请检查签名密钥（Secret Key，再依次为日期、地域、服务和 `request`）以及最后一次 HMAC"
        ));
    }
    told
}
