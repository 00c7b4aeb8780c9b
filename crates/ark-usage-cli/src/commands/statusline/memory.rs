//! What is remembered between two prompts, as text: numbers, times and whose they are, no secrets.

use std::collections::BTreeMap;

use ark_usage_model::State;
use serde::{Deserialize, Serialize};

use crate::statusline::{LineCosts, LineSpan, LineValue, Snapshot};

/// The name of this format; another version is as good as no memory.
const SCHEMA: &str = "ark-usage/statusline-cache";
const SCHEMA_VERSION: u32 = 1;

/// What is remembered of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The last answer.
    pub(crate) snapshot: Option<Snapshot>,
    /// When it was last asked and no answer came, unix seconds.
    pub(crate) failed_at: Option<i64>,
}

/// Nobody is asked again so soon after a failure, seconds.
const PAUSE: i64 = 60;

impl Memory {
    /// Reads what was remembered of `question`. What cannot be read, or is about another question,
    /// is no memory.
    pub(crate) fn read(text: &str, question: &str) -> Self {
        let document: Result<Document, _> = serde_json::from_str(text);
        let right = |document: &Document| {
            document.schema == SCHEMA
                && document.schema_version == SCHEMA_VERSION
                && document.question == question
        };
        let document = document.ok().filter(right);
        document.map(Self::of).unwrap_or_default()
    }

    /// The text to keep.
    pub(crate) fn write(&self, question: &str) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Document {
            schema: SCHEMA.to_owned(),
            schema_version: SCHEMA_VERSION,
            question: question.to_owned(),
            failed_at: self.failed_at,
            answer: self.snapshot.as_ref().map(answer),
        })
    }

    /// Whether the answer is no older than `max_age` (seconds), and today is still the same day.
    pub(crate) fn is_fresh(&self, now: i64, day: i64, max_age: i64) -> bool {
        self.snapshot
            .as_ref()
            .is_some_and(|it| it.day == day && (0..=max_age).contains(&now.saturating_sub(it.at)))
    }

    /// Whether it failed so short a time ago that nobody is asked again yet.
    pub(crate) fn is_pausing(&self, now: i64, max_age: i64) -> bool {
        let pause = PAUSE.min(max_age);
        self.failed_at.is_some_and(|at| (0..pause).contains(&now.saturating_sub(at)))
    }

    fn of(document: Document) -> Self {
        Self { failed_at: document.failed_at, snapshot: document.answer.and_then(snapshot) }
    }
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: String,
    schema_version: u32,
    /// A hash of the question.
    question: String,
    failed_at: Option<i64>,
    answer: Option<Answer>,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    at: i64,
    day: i64,
    spans: BTreeMap<String, SpanDocument>,
}

#[derive(Serialize, Deserialize)]
struct SpanDocument {
    metrics: BTreeMap<String, ValueDocument>,
    cost: Option<CostDocument>,
}

#[derive(Serialize, Deserialize)]
struct ValueDocument {
    value: Option<i128>,
    state: String,
}

#[derive(Serialize, Deserialize)]
struct CostDocument {
    amounts: BTreeMap<String, String>,
    unpriced: usize,
}

fn answer(snapshot: &Snapshot) -> Answer {
    let span = |(span, metrics): (&LineSpan, &BTreeMap<String, LineValue>)| {
        let metrics = metrics.iter().map(|(metric, value)| {
            let document =
                ValueDocument { value: value.value, state: value.state.name().to_owned() };
            (metric.clone(), document)
        });
        let cost = snapshot
            .costs
            .get(span)
            .map(|costs| CostDocument { amounts: costs.amounts.clone(), unpriced: costs.unpriced });
        (span.name().to_owned(), SpanDocument { metrics: metrics.collect(), cost })
    };
    Answer { at: snapshot.at, day: snapshot.day, spans: snapshot.usage.iter().map(span).collect() }
}

fn snapshot(answer: Answer) -> Option<Snapshot> {
    let mut snapshot = Snapshot { at: answer.at, day: answer.day, ..Snapshot::default() };
    for (name, document) in answer.spans {
        let span = LineSpan::named(&name)?;
        let mut metrics = BTreeMap::new();
        for (metric, ValueDocument { value, state }) in document.metrics {
            metrics.insert(metric, LineValue { value, state: state_named(&state)? });
        }
        snapshot.usage.insert(span, metrics);
        if let Some(CostDocument { amounts, unpriced }) = document.cost {
            snapshot.costs.insert(span, LineCosts { amounts, unpriced });
        }
    }
    Some(snapshot)
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
            usage: BTreeMap::from([(LineSpan::Today, today)]),
            costs: BTreeMap::from([(LineSpan::Today, LineCosts { amounts, unpriced: 1 })]),
        }
    }

    #[test]
    fn what_is_remembered_is_read_again() {
        let memory = Memory { snapshot: Some(snapshot()), failed_at: Some(7) };
        let text = String::from_utf8(memory.write("q1").unwrap()).unwrap();
        assert_eq!(Memory::read(&text, "q1"), memory);
        assert_eq!(Memory::read(&text, "q2"), Memory::default());
        let later = text.replace("\"schema_version\":1", "\"schema_version\":2");
        let odd = text.replace("settling", "sinking");
        for damaged in [&text[..text.len() / 2], "", "[]", "{}", later.as_str()] {
            assert_eq!(Memory::read(damaged, "q1"), Memory::default(), "{damaged}");
        }
        assert_eq!(Memory::read(&odd, "q1").snapshot, None);
    }

    #[test]
    fn fresh_is_young_enough_and_of_the_same_day() {
        let memory = Memory { snapshot: Some(snapshot()), failed_at: None };
        let (at, day) = (snapshot().at, snapshot().day);
        assert!(memory.is_fresh(at, day, 300) && memory.is_fresh(at + 300, day, 300));
        assert!(!memory.is_fresh(at + 301, day, 300));
        assert!(!memory.is_fresh(at - 1, day, 300), "a clock that was set back");
        assert!(!memory.is_fresh(at, day + 86_400, 300));
        assert!(!Memory::default().is_fresh(at, day, 300));
    }

    #[test]
    fn after_a_failure_there_is_a_pause() {
        let memory = Memory { snapshot: None, failed_at: Some(100) };
        assert!(memory.is_pausing(100, 300) && memory.is_pausing(159, 300));
        assert!(!memory.is_pausing(160, 300) && !memory.is_pausing(99, 300));
        assert!(!memory.is_pausing(110, 10));
    }
}
