//! The values cached between two prompts, as JSON without secrets.
//!
//! Pure: text in, text out. A program stores the text, and decides with the age and the pause whether to
//! fetch usage again.

use std::collections::BTreeMap;

use ark_usage_model::State;
use ark_usage_report::{Lang, ReportError, Scope, Text};
use serde::{Deserialize, Serialize};

use super::cached_plan::CachedPlan;
use super::{LineCosts, LineSpan, LineValue, Snapshot};
use crate::document::unwritable;

/// The name of this format; other versions are ignored.
const SCHEMA: &str = "ark-usage/statusline-cache";
const SCHEMA_VERSION: u32 = 2;

/// The cached values of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CachedValues {
    /// The last values.
    pub snapshot: Option<Snapshot>,
    /// The time of the last failed fetch, unix seconds.
    pub failed_at: Option<i64>,
}

/// The pause after a failed fetch, seconds.
const PAUSE: i64 = 60;

impl CachedValues {
    /// Parses the values of `request`; empty if the text is invalid or of another request.
    pub fn read(text: &str, request: &str) -> Self {
        let document: Result<CacheDocument, _> = serde_json::from_str(text);
        let is_usable = |document: &CacheDocument| {
            document.schema == SCHEMA
                && document.schema_version == SCHEMA_VERSION
                && document.request == request
        };
        let document = document.ok().filter(is_usable);
        document.map(Self::of).unwrap_or_default()
    }

    /// Returns the values as JSON.
    pub fn write(&self, request: &str) -> Result<Vec<u8>, ReportError> {
        let document = CacheDocument {
            schema: SCHEMA.to_owned(),
            schema_version: SCHEMA_VERSION,
            request: request.to_owned(),
            failed_at: self.failed_at,
            snapshot: self.snapshot.as_ref().map(snapshot_document),
        };
        serde_json::to_vec(&document).map_err(unwritable)
    }

    /// Returns true if the values are at most `max_age` seconds old and of the same day.
    pub fn is_fresh(&self, now: i64, day: i64, max_age: i64) -> bool {
        self.snapshot.as_ref().is_some_and(|last| {
            last.day == day && (0..=max_age).contains(&now.saturating_sub(last.at))
        })
    }

    /// Returns true during the pause after a failed fetch.
    pub fn is_pausing(&self, now: i64, max_age: i64) -> bool {
        let pause = PAUSE.min(max_age);
        self.failed_at.is_some_and(|at| (0..pause).contains(&now.saturating_sub(at)))
    }

    fn of(document: CacheDocument) -> Self {
        Self { failed_at: document.failed_at, snapshot: document.snapshot.and_then(snapshot) }
    }
}

#[derive(Serialize, Deserialize)]
struct CacheDocument {
    schema: String,
    schema_version: u32,
    /// A hash of the request.
    #[serde(rename = "question")]
    request: String,
    failed_at: Option<i64>,
    #[serde(rename = "answer")]
    snapshot: Option<SnapshotDocument>,
}

#[derive(Serialize, Deserialize)]
struct SnapshotDocument {
    at: i64,
    day: i64,
    scope: CachedScope,
    #[serde(default)]
    clock_offset: i64,
    spans: BTreeMap<String, SpanDocument>,
    /// Missing in files of older versions.
    #[serde(default)]
    unverified: bool,
    /// Missing in files of older versions.
    #[serde(default)]
    profiles: Vec<Option<String>>,
    /// Missing in files of older versions.
    #[serde(default)]
    plans: Vec<CachedPlan>,
}

#[derive(Serialize, Deserialize)]
struct CachedScope {
    name: String,
    projects: Vec<String>,
    unlisted: Vec<CachedReason>,
}

/// The reason why the projects of an account could not be listed.
#[derive(Serialize, Deserialize)]
struct CachedReason {
    profile: Option<String>,
    en: String,
    zh: String,
}

#[derive(Serialize, Deserialize)]
struct SpanDocument {
    metrics: BTreeMap<String, ValueDocument>,
    cost: Option<CachedCost>,
}

#[derive(Serialize, Deserialize)]
struct ValueDocument {
    value: Option<i128>,
    state: String,
}

#[derive(Serialize, Deserialize)]
struct CachedCost {
    amounts: BTreeMap<String, String>,
    unpriced: usize,
}

fn snapshot_document(snapshot: &Snapshot) -> SnapshotDocument {
    let span = |(span, metrics): (&LineSpan, &BTreeMap<String, LineValue>)| {
        let metrics = metrics.iter().map(|(metric, value)| {
            let document =
                ValueDocument { value: value.value, state: value.state.name().to_owned() };
            (metric.clone(), document)
        });
        let cost = snapshot
            .costs
            .get(span)
            .map(|costs| CachedCost { amounts: costs.amounts.clone(), unpriced: costs.unpriced });
        (span.name().to_owned(), SpanDocument { metrics: metrics.collect(), cost })
    };
    SnapshotDocument {
        at: snapshot.at,
        day: snapshot.day,
        scope: cached_scope(&snapshot.scope),
        clock_offset: snapshot.clock_offset,
        spans: snapshot.usage.iter().map(span).collect(),
        unverified: snapshot.unverified,
        profiles: snapshot.profiles.clone(),
        plans: snapshot.plans.iter().map(CachedPlan::of).collect(),
    }
}

fn snapshot(document: SnapshotDocument) -> Option<Snapshot> {
    let scope = scope(document.scope)?;
    let mut snapshot = Snapshot {
        at: document.at,
        day: document.day,
        scope,
        clock_offset: document.clock_offset,
        unverified: document.unverified,
        profiles: document.profiles,
        plans: document.plans.into_iter().map(CachedPlan::status).collect::<Option<_>>()?,
        ..Snapshot::default()
    };
    for (name, span_document) in document.spans {
        let span = LineSpan::named(&name)?;
        let mut metrics = BTreeMap::new();
        for (metric, ValueDocument { value, state }) in span_document.metrics {
            metrics.insert(metric, LineValue { value, state: state_named(&state)? });
        }
        snapshot.usage.insert(span, metrics);
        if let Some(CachedCost { amounts, unpriced }) = span_document.cost {
            snapshot.costs.insert(span, LineCosts { amounts, unpriced });
        }
    }
    Some(snapshot)
}

fn cached_scope(scope: &Scope) -> CachedScope {
    let unlisted = scope.unlisted_accounts().map(|(profile, reason)| CachedReason {
        profile: profile.map(str::to_owned),
        en: reason.in_lang(Lang::En).to_owned(),
        zh: reason.in_lang(Lang::Zh).to_owned(),
    });
    CachedScope {
        name: scope.name().to_owned(),
        projects: scope.projects().to_vec(),
        unlisted: unlisted.collect(),
    }
}

fn scope(cached: CachedScope) -> Option<Scope> {
    let scope = Scope::named_as(&cached.name, cached.projects)?;
    let unlisted = cached.unlisted.into_iter().map(|CachedReason { profile, en, zh }| {
        Scope::unlisted(profile, Text::each(|lang| lang.pick(&en, &zh).clone()))
    });
    Some(unlisted.fold(scope, Scope::and))
}

fn state_named(name: &str) -> Option<State> {
    let states = [State::Final, State::Settling, State::Missing];
    states.into_iter().find(|state| state.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        let value = LineValue { value: Some(1_529_525_715), state: State::Settling };
        let today = BTreeMap::from([("PromptTokens".to_owned(), value)]);
        let amounts = BTreeMap::from([("CNY".to_owned(), "12.5".to_owned())]);
        Snapshot {
            at: 1_732_075_200,
            day: 1_732_032_000,
            scope: Scope::unlisted(Some("work".to_owned()), Text::same("AccessDenied")),
            clock_offset: 0,
            usage: BTreeMap::from([(LineSpan::Today, today)]),
            costs: BTreeMap::from([(LineSpan::Today, LineCosts { amounts, unpriced: 1 })]),
            unverified: true,
            profiles: vec![Some("a".to_owned()), None],
            plans: Vec::new(),
        }
    }

    #[test]
    fn cached_values_are_read_back() {
        let cached = CachedValues { snapshot: Some(snapshot()), failed_at: Some(7) };
        let text = String::from_utf8(cached.write("q1").unwrap()).unwrap();
        assert_eq!(CachedValues::read(&text, "q1"), cached);
        assert_eq!(CachedValues::read(&text, "q2"), CachedValues::default());
        let later = text.replace("\"schema_version\":2", "\"schema_version\":3");
        let odd = text.replace("settling", "sinking");
        for damaged in [&text[..text.len() / 2], "", "[]", "{}", later.as_str()] {
            assert_eq!(CachedValues::read(damaged, "q1"), CachedValues::default(), "{damaged}");
        }
        assert_eq!(CachedValues::read(&odd, "q1").snapshot, None);
    }

    #[test]
    fn fresh_means_recent_and_of_the_same_day() {
        let cached = CachedValues { snapshot: Some(snapshot()), failed_at: None };
        let (at, day) = (snapshot().at, snapshot().day);
        assert!(cached.is_fresh(at, day, 300) && cached.is_fresh(at + 300, day, 300));
        assert!(!cached.is_fresh(at + 301, day, 300));
        assert!(!cached.is_fresh(at - 1, day, 300), "a clock that was set back");
        assert!(!cached.is_fresh(at, day + 86_400, 300));
        assert!(!CachedValues::default().is_fresh(at, day, 300));
    }

    #[test]
    fn after_a_failure_there_is_a_pause() {
        let cached = CachedValues { snapshot: None, failed_at: Some(100) };
        assert!(cached.is_pausing(100, 300) && cached.is_pausing(159, 300));
        assert!(!cached.is_pausing(160, 300) && !cached.is_pausing(99, 300));
        assert!(!cached.is_pausing(110, 10));
    }
}
