//! The whole service as one function: request and instant in, response out.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::{Request, Response, StatusCode};
use volc_openapi::ResponseMetadata;
use volc_sign::SigningTime;

use crate::accounts::Accounts;
use crate::actions::{EmulatedAction, ReadLists, Session};
use crate::authenticate::Claims;
use crate::behaviors::{Behaviors, ErrorStatus, UnknownAction};
use crate::data::Catalogues;
use crate::envelope::About;
use crate::errors::Refusal;
use crate::faults::{Call, CountedFaults, Plan};
use crate::options::EmulatorOptions;
use crate::request_id::request_id;
use crate::unsigned::{UnsignedEndpoint, UnsignedRequest};

/// Volcengine Ark's usage API, imitated.
///
/// The answer depends on the options, the request and the instant alone; no clock, socket or
/// random number is involved. The only things remembered between calls are the counters that
/// limits and scripted faults need, and which lists were read while items are made. The data of an
/// account are made when it is first asked about, so thousands of accounts start at once.
#[derive(Debug)]
pub struct Emulator {
    options: EmulatorOptions,
    accounts: Accounts,
    catalogues: Catalogues,
    faults: CountedFaults,
    calls: Mutex<CallsOfSecond>,
    lists: ReadLists,
}

impl Emulator {
    /// An emulator of everything `options` describes.
    pub fn new(mut options: EmulatorOptions) -> Self {
        let faults = CountedFaults::new(std::mem::take(&mut options.faults));
        let accounts = Accounts::new(std::mem::take(&mut options.accounts), options.seed);
        let catalogues = Catalogues::new(options.seed, options.size);
        let (calls, lists) = (Mutex::default(), ReadLists::default());
        Self { options, accounts, catalogues, faults, calls, lists }
    }

    /// Answers one request as the service would at `now`.
    ///
    /// Refusals are answers too: this never fails.
    pub fn handle<B: AsRef<[u8]>>(
        &self,
        request: &Request<B>,
        now: SigningTime,
    ) -> Response<Vec<u8>> {
        let unix = i64::try_from(now.unix_seconds()).unwrap_or(i64::MAX);
        let query = query_pairs(request);
        let metadata = ResponseMetadata {
            request_id: Some(request_id(self.options.seed, request, unix)),
            action: named(&query, "Action"),
            version: named(&query, "Version"),
            ..ResponseMetadata::default()
        };
        let mut about = About { metadata, now: unix };
        self.route(request, &query, &mut about)
            .unwrap_or_else(|failure| refusal(&about, failure, &self.options.behaviors))
    }

    /// Finds out which action is meant and by whom; nothing of it is proven yet.
    fn route<B: AsRef<[u8]>>(
        &self,
        request: &Request<B>,
        query: &[(String, String)],
        about: &mut About,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        if let Some(endpoint) = UnsignedEndpoint::find(request, about.metadata.action.as_deref()) {
            return Ok(self.unsigned(endpoint, request, query, about));
        }
        let missing = Refusal::missing_query_parameter;
        let action = about.metadata.action.clone().ok_or_else(|| missing("Action"))?;
        let version = about.metadata.version.clone().ok_or_else(|| missing("Version"))?;
        let claims = Claims::read(request)?;
        about.metadata.service = Some(claims.service().to_owned());
        about.metadata.region = Some(claims.region().to_owned());
        let operation = EmulatedAction::find(
            claims.service(),
            &action,
            &version,
            request.method(),
            &self.options.extra_actions,
        )?;

        let body = request.body().as_ref();
        let key_id = claims.access_key_id();
        let days = self.options.behaviors.days;
        let call = || Call::new(&action, key_id, self.accounts.claimed(key_id), body, days);
        let plan = Plan::new(self.faults.effects(&call), &self.options.behaviors, about.now);
        about.now = about.now.saturating_add(plan.clock_offset);
        let answer = self.answer(&operation, &claims, &plan, about, query, body);
        let response = answer.unwrap_or_else(|failure| refusal(about, failure, &plan.behaviors));
        Ok(plan.damage(response))
    }

    /// Answers what needs no signature, or does what the script wants instead.
    fn unsigned<B: AsRef<[u8]>>(
        &self,
        endpoint: UnsignedEndpoint,
        request: &Request<B>,
        query: &[(String, String)],
        about: &mut About,
    ) -> Response<Vec<u8>> {
        let days = self.options.behaviors.days;
        let call = || Call::new(endpoint.name(), "", None, &[], days);
        let plan = Plan::new(self.faults.effects(&call), &self.options.behaviors, about.now);
        about.now = about.now.saturating_add(plan.clock_offset);
        let request = UnsignedRequest {
            about,
            seed: self.options.seed,
            now: about.now,
            path: request.uri().path(),
            headers: request.headers(),
            query,
            body: request.body().as_ref(),
        };
        let answer = plan.replacement(about).map_or_else(|| endpoint.answer(&request), Ok);
        plan.damage(answer.unwrap_or_else(|failure| refusal(about, failure, &plan.behaviors)))
    }

    /// Checks the claims and answers, or does what the script wants instead.
    fn answer(
        &self,
        operation: &EmulatedAction,
        claims: &Claims,
        plan: &Plan<'_>,
        about: &About,
        query: &[(String, String)],
        body: &[u8],
    ) -> Result<Response<Vec<u8>>, Refusal> {
        if plan.behaviors.withdrawn.contains(&operation.name) {
            return Err(Refusal::invalid_action_or_version(operation.name, operation.version));
        }
        if plan.key_revoked {
            return Err(Refusal::invalid_access_key(claims.access_key_id()));
        }
        let account = claims.prove(&self.accounts, body, about.now)?;
        self.count_call(account.account_id, about)?;
        if plan.behaviors.denied.contains(&operation.name) {
            let resource = format!("trn:iam::{}:root", account.account_id);
            return Err(Refusal::access_denied(&about.iam_action(), &resource));
        }
        if let Some(response) = plan.replacement(about) {
            return Ok(response);
        }
        operation.answer(&Session {
            about,
            account: &account,
            catalogue: &self.catalogues.of(account.account_id),
            seed: self.options.seed,
            behaviors: &plan.behaviors,
            adjustments: &plan.adjustments,
            extras: plan.extras,
            now: about.now,
            query,
            body,
            lists: &self.lists,
        })
    }

    fn count_call(&self, account_id: u64, about: &About) -> Result<(), Refusal> {
        let Some(limit) = self.options.calls_per_second else { return Ok(()) };
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.count(account_id, about.now) > limit {
            return Err(Refusal::flow_limit_exceeded(about.action()));
        }
        Ok(())
    }
}

fn refusal(about: &About, failure: Refusal, behaviors: &Behaviors) -> Response<Vec<u8>> {
    if behaviors.unknown == UnknownAction::Empty && failure.is_of_unknown() {
        return about.empty(failure.status);
    }
    match behaviors.errors {
        ErrorStatus::Own => about.failure(&failure),
        ErrorStatus::Ok => about.failure(&Refusal { status: StatusCode::OK, ..failure }),
        ErrorStatus::TopLevel => about.misplaced_failure(&failure, false),
        ErrorStatus::ErrorMessage => about.misplaced_failure(&failure, true),
    }
}

/// The number of calls of each account within the newest second seen.
#[derive(Debug, Default)]
struct CallsOfSecond {
    second: i64,
    by_account: BTreeMap<u64, u32>,
}

impl CallsOfSecond {
    /// Counts one call and tells which one of its second it is.
    fn count(&mut self, account_id: u64, second: i64) -> u32 {
        if self.second != second {
            self.second = second;
            self.by_account.clear();
        }
        let count = self.by_account.entry(account_id).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

fn query_pairs<B>(request: &Request<B>) -> Vec<(String, String)> {
    let query = request.uri().query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn named(query: &[(String, String)], name: &str) -> Option<String> {
    let found = query.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
}
