//! The explanation of a failed signature.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::fmt;

use super::changes::Known;
use super::difference::differences;
use super::parts::Parts;
use super::search::{Search, search};
use super::{Cause, Difference};
use crate::{
    Ambiguity, CanonicalRequest, Credentials, PayloadHash, Presented, SignableRequest, Signer,
    SigningTime, StringToSign, VerifyError, VerifyPolicy,
};

/// A request whose signature was refused, as it was sent, and the facts known about the server.
#[derive(Clone)]
pub struct Failure<'a> {
    request: SignableRequest<'a>,
    body: &'a [u8],
    now: SigningTime,
    policy: VerifyPolicy,
    server_canonical_request: Option<&'a str>,
    server_string_to_sign: Option<&'a str>,
}

impl<'a> Failure<'a> {
    /// The request with all its headers, its body, and the server's clock (or the best clock
    /// available).
    pub fn new(request: SignableRequest<'a>, body: &'a [u8], now: SigningTime) -> Self {
        Self {
            request,
            body,
            now,
            policy: VerifyPolicy::official_clients(),
            server_canonical_request: None,
            server_string_to_sign: None,
        }
    }

    /// Sets the server's policy, which may name its region and service. The default is
    /// [`VerifyPolicy::official_clients`].
    #[must_use]
    pub fn with_policy(mut self, policy: VerifyPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The canonical request the server says it computed.
    #[must_use]
    pub fn with_server_canonical_request(mut self, text: &'a str) -> Self {
        self.server_canonical_request = Some(text);
        self
    }

    /// The string to sign the server says it computed.
    #[must_use]
    pub fn with_server_string_to_sign(mut self, text: &'a str) -> Self {
        self.server_string_to_sign = Some(text);
        self
    }
}

impl fmt::Debug for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bodies are private, and the server's text may hold a token.
        f.debug_struct("Failure")
            .field("request", &self.request)
            .field("now", &self.now)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Finds out why the signature of a request was refused. The credentials are those the request was
/// to be signed with.
pub fn explain(failure: &Failure<'_>, credentials: &Credentials) -> Explanation {
    // Repeated headers have no clear form, but the form the signer chose can be found.
    match Presented::read(&failure.request, Ambiguity::AsSent)
        .or_else(|_| Presented::read(&failure.request, Ambiguity::LikeGo))
    {
        Ok(presented) => presented_failure(failure, &presented, credentials),
        Err(error) => Explanation {
            causes: Vec::from([unreadable(&error)]),
            verdict: Err(error),
            signed_at: None,
            now: failure.now,
            server: failure
                .server_canonical_request
                .map(|text| CanonicalRequest::from_text(text.into())),
            signer: None,
            by_default: None,
            differences: Vec::new(),
            string_to_sign: None,
        },
    }
}

/// The reasons for which a signature was refused. Displays verdict, causes, both clocks and every
/// difference, and no secret.
#[derive(Clone, Debug)]
pub struct Explanation {
    verdict: Result<(), VerifyError>,
    causes: Vec<Cause>,
    signed_at: Option<SigningTime>,
    now: SigningTime,
    server: Option<CanonicalRequest>,
    signer: Option<CanonicalRequest>,
    by_default: Option<CanonicalRequest>,
    differences: Vec<Difference>,
    string_to_sign: Option<StringToSign>,
}

impl Explanation {
    /// The result of [`Presented::verify`].
    pub fn verdict(&self) -> Result<(), &VerifyError> {
        self.verdict.as_ref().copied()
    }

    /// The causes of the failure, the likeliest first. Empty for a valid signature.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// The differences between the server's canonical request and the signer's. If the signer's
    /// could not be found, the one of a default signer takes its place.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The canonical request of the server: the one it reported, or the one the rules give for what
    /// it was sent.
    pub fn server_canonical_request(&self) -> Option<&CanonicalRequest> {
        self.server.as_ref()
    }

    /// The canonical request that was signed, if it could be found.
    pub fn signer_canonical_request(&self) -> Option<&CanonicalRequest> {
        self.signer.as_ref()
    }

    /// The canonical request a default [`Signer`] of this crate would make of the request.
    pub fn default_canonical_request(&self) -> Option<&CanonicalRequest> {
        self.by_default.as_ref()
    }

    /// The string to sign the rules give for the request.
    pub fn string_to_sign(&self) -> Option<&StringToSign> {
        self.string_to_sign.as_ref()
    }

    /// The signing time the request claims.
    pub fn signed_at(&self) -> Option<SigningTime> {
        self.signed_at
    }

    /// The server's clock.
    pub fn now(&self) -> SigningTime {
        self.now
    }

    /// Seconds by which the signer's clock was ahead of the server's.
    pub fn clock_offset(&self) -> Option<i64> {
        let signed_at = self.signed_at?.unix_seconds();
        signed_at.checked_signed_diff(self.now.unix_seconds())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Ok(()) => writeln!(f, "the signature is valid")?,
            Err(error @ VerifyError::Unclear(objection)) => writeln!(f, "{error}: {objection}")?,
            Err(error) => writeln!(f, "{error}")?,
        }
        for cause in &self.causes {
            writeln!(f, "cause: {}: {cause}; {}", cause.kind(), cause.kind().advice())?;
        }
        if let (Some(signed_at), Some(offset)) = (self.signed_at, self.clock_offset()) {
            let (now, seconds) = (self.now, offset.unsigned_abs());
            let side = if offset < 0 { "behind" } else { "ahead of" };
            writeln!(f, "signed at {signed_at}, {seconds} s {side} the server's clock {now}")?;
        }
        if self.signer.is_none() && !self.differences.is_empty() {
            writeln!(f, "the signed text is unknown; a default signer would have signed this:")?;
        }
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        Ok(())
    }
}

fn presented_failure(
    failure: &Failure<'_>,
    presented: &Presented,
    credentials: &Credentials,
) -> Explanation {
    let known = Known {
        request: failure.request,
        presented,
        body: failure.body,
        access_key_id: credentials.access_key_id(),
        secret: credentials.secret(),
        region: failure.policy.region.as_deref(),
        service: failure.policy.service.as_deref(),
    };
    let verdict = Presented::from_signable(&failure.request)
        .and_then(|presented| {
            presented.verify(credentials.secret(), failure.body, failure.now, &failure.policy)
        })
        .map(drop);
    let parts = Parts::by_the_rules(presented, failure.body, credentials.secret());
    let by_the_rules = parts.canonical_request();
    let found = search(&known, &parts);
    let signer = match &found {
        Search::ByTheRules => Some(by_the_rules.clone()),
        Search::Changed(_, parts) => Some(parts.canonical_request()),
        Search::Nothing => None,
    };
    let server = failure
        .server_canonical_request
        .map_or_else(|| by_the_rules.clone(), |text| CanonicalRequest::from_text(text.into()));
    let by_default = by_default(failure, presented, credentials);
    let compared = signer.as_ref().or(by_default.as_ref()).unwrap_or(&by_the_rules);
    let differences = differences(&server, compared);
    let plain = plain_causes(failure, presented, credentials, verdict.as_ref().err());
    let mut causes = consistent(plain, &found);
    causes.extend(reported_causes(failure, presented, &by_the_rules));
    if let (Err(error), true) = (&verdict, causes.is_empty()) {
        causes.push(Cause::Refused { error: error.clone() });
    }
    Explanation {
        verdict,
        causes,
        signed_at: Some(presented.time()),
        now: failure.now,
        server: Some(server),
        signer,
        by_default,
        differences,
        string_to_sign: Some(presented.string_to_sign(failure.body)),
    }
}

/// The cause for claims that cannot be read.
fn unreadable(error: &VerifyError) -> Cause {
    match error {
        VerifyError::Unclear(reason) => Cause::NoClearForm { reason: reason.clone() },
        other => Cause::Refused { error: other.clone() },
    }
}

/// The canonical request a default signer would make.
fn by_default(
    failure: &Failure<'_>,
    presented: &Presented,
    credentials: &Credentials,
) -> Option<CanonicalRequest> {
    let scope = presented.scope();
    let region = failure.policy.region.as_deref().unwrap_or_else(|| scope.region());
    let service = failure.policy.service.as_deref().unwrap_or_else(|| scope.service());
    let signer = Signer::new(credentials.clone(), region, service);
    let payload = PayloadHash::of(failure.body);
    let signed = signer.sign(&failure.request, &payload, presented.time()).ok()?;
    Some(signed.canonical_request().clone())
}

/// Causes that need no search.
fn plain_causes(
    failure: &Failure<'_>,
    presented: &Presented,
    credentials: &Credentials,
    error: Option<&VerifyError>,
) -> Vec<Cause> {
    let mut causes = Vec::new();
    if presented.access_key_id() != credentials.access_key_id() {
        let access_key_id = presented.access_key_id().to_owned();
        causes.push(Cause::AccessKeyMismatch { access_key_id });
    }
    if let Err(VerifyError::ClockSkew { .. }) = presented.check_clock(failure.now, &failure.policy)
    {
        causes.extend(clock_causes(presented.time(), failure.now));
    }
    let tokens = (presented.session_token(), credentials.session_token());
    match tokens {
        (None, Some(_)) => causes.push(Cause::TokenMissing),
        (Some(sent), Some(own)) if sent.expose() != own.expose() => {
            causes.push(Cause::TokenMismatch);
        }
        _ => {}
    }
    if let Some(error) = error.filter(|error| is_its_own_cause(error)) {
        causes.push(Cause::Refused { error: error.clone() });
    }
    causes
}

/// A clock that seems wrong by as much as a time zone is probably right, and its time was written wrongly.
/// Beijing's is the usual one; by another one the clock may be wrong after all.
fn clock_causes(signed_at: SigningTime, now: SigningTime) -> Vec<Cause> {
    /// Seconds that clocks and requests are usually off.
    const SLACK: i64 = 300;
    const HALF_HOUR: i64 = 1_800;
    const BEIJING: i64 = 28_800;
    let seconds = signed_at.unix_seconds().checked_signed_diff(now.unix_seconds());
    let seconds = seconds.unwrap_or_default();
    let zone = seconds.saturating_add(HALF_HOUR / 2).div_euclid(HALF_HOUR) * HALF_HOUR;
    // Zones lie up to 14 hours ahead. A time that is behind is that of a request which is checked later.
    let is_zone =
        (HALF_HOUR..=50_400).contains(&zone) && seconds.abs_diff(zone) <= SLACK.unsigned_abs();
    let local = Cause::LocalTimeAsUtc { signed_at, now, minutes: zone / 60 };
    let skew = (!is_zone || zone != BEIJING).then_some(Cause::ClockSkew { signed_at, now });
    is_zone.then_some(local).into_iter().chain(skew).collect()
}

/// Returns true for errors that are causes themselves, and no consequence of one a search finds.
fn is_its_own_cause(error: &VerifyError) -> bool {
    matches!(
        error,
        VerifyError::WrongRegion { .. }
            | VerifyError::WrongService { .. }
            | VerifyError::ScopeDateMismatch
            | VerifyError::MalformedPayloadHash
            | VerifyError::UnsignedHeader { .. }
            | VerifyError::UnsignedParameter { .. }
            | VerifyError::UnsortedHeaders
    )
}

/// Adds the causes that the search found to those that need none, and leaves out what they contradict: a time that
/// was not signed says nothing about a clock, and what explains the signature leaves nothing unknown.
fn consistent(mut causes: Vec<Cause>, found: &Search) -> Vec<Cause> {
    match found {
        Search::ByTheRules => {}
        Search::Changed(mistakes, _) => {
            if is_edit(mistakes) {
                causes.retain(|cause| {
                    !is_about_time(cause)
                        && !matches!(cause, Cause::Refused { error } if is_of_an_edit(error))
                });
            }
            causes.splice(..0, mistakes.iter().cloned());
        }
        Search::Nothing => {
            let is_date = causes.iter().any(is_about_time);
            causes.retain(|cause| !is_about_time(cause));
            // The key or the token of someone else explains the signature, too.
            if causes.is_empty() {
                causes.push(if is_date { Cause::DateOrSecret } else { Cause::NoKnownMistake });
            }
        }
    }
    causes
}

fn is_edit(mistakes: &[Cause]) -> bool {
    mistakes.iter().any(|cause| {
        matches!(
            cause,
            Cause::HashChanged
                | Cause::DateChanged { .. }
                | Cause::ScopeDateChanged { .. }
                | Cause::NameAdded { .. }
                | Cause::NameRemoved { .. }
        )
    })
}

/// Returns true for causes that take X-Date for the time of signing.
fn is_about_time(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::ClockSkew { .. }
            | Cause::LocalTimeAsUtc { .. }
            | Cause::Refused { error: VerifyError::ScopeDateMismatch }
    )
}

/// Returns true for errors that an edit brings about. Region and service of the server are not among them.
fn is_of_an_edit(error: &VerifyError) -> bool {
    matches!(
        error,
        VerifyError::MalformedPayloadHash
            | VerifyError::UnsignedHeader { .. }
            | VerifyError::UnsortedHeaders
    )
}

/// Causes seen in the texts the server reports.
fn reported_causes(
    failure: &Failure<'_>,
    presented: &Presented,
    by_the_rules: &CanonicalRequest,
) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let Some(text) = failure.server_canonical_request {
        let reported = CanonicalRequest::from_text(text.into());
        let differences = differences(&reported, by_the_rules).into_iter();
        causes.extend(
            differences.map(|difference| Cause::ReportedField { field: difference.into_field() }),
        );
    }
    let expected = presented.string_to_sign(failure.body);
    if let Some(text) = failure.server_string_to_sign {
        let lines = text.split('\n').zip(expected.as_str().split('\n'));
        let named = [
            Cause::ReportedAlgorithm,
            Cause::ReportedTime,
            Cause::ReportedScope,
            Cause::ReportedHash,
        ];
        let different = lines.zip(named).filter(|((reported, own), _)| reported != own);
        causes.extend(different.map(|(_, cause)| cause));
    }
    causes
}
