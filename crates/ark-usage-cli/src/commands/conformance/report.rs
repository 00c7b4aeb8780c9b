//! The results of all cases, as text and JSON.

use ark_usage_render::serialized;
use ark_usage_report::text;
use serde::Serialize;

use crate::error::CliError;
use crate::lang::Text;

/// The results of one test.
#[derive(Debug)]
pub(super) struct ConformanceReport {
    pub(super) subject: TestSubject,
    pub(super) cases: Vec<CaseResult>,
}

/// The kind of implementation under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TestSubject {
    Signer,
    Server,
}

/// The result of one case.
#[derive(Debug)]
pub(super) struct CaseResult {
    pub(super) name: String,
    pub(super) outcome: CaseOutcome,
    /// The compared stages, by their names in the protocol.
    pub(super) compared: Vec<&'static str>,
}

/// The outcome of a case.
#[derive(Debug)]
pub(super) enum CaseOutcome {
    Agrees,
    /// It differs from the official SDKs.
    Departs(Deviation),
    /// The signer skipped it.
    Skipped(String),
    /// There is no answer to compare.
    Unanswered(Text),
}

/// The first difference of a case.
#[derive(Debug)]
pub(super) struct Deviation {
    /// The first stage that differs; later ones differ because of it.
    pub(super) stage: &'static str,
    pub(super) expected: String,
    pub(super) got: String,
    /// The most likely causes.
    pub(super) causes: Vec<Text>,
}

impl ConformanceReport {
    /// Returns true if something was compared and nothing differs.
    pub(super) fn conforms(&self) -> bool {
        let counts = self.counts();
        counts.agrees > 0 && counts.departs == 0 && counts.unanswered == 0
    }

    /// Returns true if a server refused a valid request because it does not know the test key.
    pub(super) fn lacks_test_key(&self) -> bool {
        self.subject == TestSubject::Server
            && self.cases.iter().any(|case| match &case.outcome {
                CaseOutcome::Departs(deviation) => {
                    deviation.expected == "accepted" && deviation.got.contains("InvalidAccessKey")
                }
                _ => false,
            })
    }

    /// Returns every difference, then the totals.
    pub(super) fn text(&self) -> Text {
        let departures = self.cases.iter().filter_map(CaseResult::departure);
        let lines = departures.chain(self.uncompared()).chain([self.totals()]);
        Text::all(lines.chain(self.stages_text()))
    }

    /// Returns the document `ark-usage/conformance`, version 1.
    pub(super) fn json(&self) -> Result<Vec<u8>, CliError> {
        let cases = self.cases.iter().map(CaseDocument::from).collect();
        let stages = STAGES.map(|stage| StageDocument { stage, compared: self.compared(stage) });
        let document = ConformanceDocument {
            schema: "ark-usage/conformance",
            schema_version: 1,
            subject: self.subject,
            conforms: self.conforms(),
            counts: self.counts(),
            stages: if self.subject == TestSubject::Signer { stages.to_vec() } else { Vec::new() },
            cases,
        };
        Ok(serialized(&document, true)?)
    }

    /// Returns the cases that were not compared, one line for each reason.
    fn uncompared(&self) -> Vec<Text> {
        let mut by_reason: Vec<(Text, &str, usize)> = Vec::new();
        for case in &self.cases {
            let Some(reason) = case.reason() else { continue };
            match by_reason.iter_mut().find(|(known, ..)| *known == reason) {
                Some((_, _, more)) => *more += 1,
                None => by_reason.push((reason, &case.name, 0)),
            }
        }
        let lines = by_reason.iter().map(|(why, name, more)| {
            if *more == 0 {
                return text!("{name}: {why}\n", "{name}：{why}\n"; why = why);
            }
            text!(
                "{name} and {more} more: {why}\n",
                "{name} 及另外 {more} 例：{why}\n"; why = why
            )
        });
        lines.collect()
    }

    fn counts(&self) -> OutcomeCounts {
        let mut counts = OutcomeCounts::default();
        for case in &self.cases {
            match case.outcome {
                CaseOutcome::Agrees => counts.agrees += 1,
                CaseOutcome::Departs(_) => counts.departs += 1,
                CaseOutcome::Skipped(_) => counts.skipped += 1,
                CaseOutcome::Unanswered(_) => counts.unanswered += 1,
            }
        }
        counts
    }

    fn totals(&self) -> Text {
        let OutcomeCounts { agrees, departs, skipped, unanswered } = self.counts();
        let all = self.cases.len();
        text!(
            "{all} cases: {agrees} agree, {departs} differ, {unanswered} unanswered, {skipped} skipped\n",
            "共 {all} 例：{agrees} 例一致，{departs} 例不一致，{unanswered} 例没有回答，{skipped} 例跳过\n"
        )
    }

    /// Returns the stages a signer showed and those it did not, which are not compared.
    fn stages_text(&self) -> Option<Text> {
        if self.subject != TestSubject::Signer {
            return None;
        }
        let is_given = |stage: &&'static str| self.compared(stage) > 0;
        let counted = |stage: &&'static str| format!("{stage} {}", self.compared(stage));
        let given: Vec<String> =
            STAGES.iter().filter(|stage| is_given(stage)).map(counted).collect();
        let absent: Vec<&str> = STAGES.iter().copied().filter(|stage| !is_given(stage)).collect();
        let or_dash = |list: String| if list.is_empty() { "-".to_owned() } else { list };
        let (given, absent) = (or_dash(given.join(", ")), or_dash(absent.join(", ")));
        Some(text!(
            "stages compared: {given}; not given: {absent}\n",
            "比较过的阶段：{given}；未给出：{absent}\n"
        ))
    }

    fn compared(&self, stage: &'static str) -> usize {
        self.cases.iter().filter(|case| case.compared.contains(&stage)).count()
    }
}

/// The stages a signer may show, in the order in which they are made.
pub(super) const STAGES: [&str; 5] =
    ["canonical_request", "string_to_sign", "signature", "authorization", "url"];

impl CaseResult {
    /// Returns the difference, if there is one.
    fn departure(&self) -> Option<Text> {
        let (name, CaseOutcome::Departs(departure)) = (&self.name, &self.outcome) else {
            return None;
        };
        let stage = departure.stage;
        let (line, expected, got) = departure.to_show();
        let place = match line {
            // Chinese has a space after a Latin word.
            None => Text::both(stage, format!("{stage} ")),
            Some(line) => text!("{stage}, line {line}", "{stage} 第 {line} 行"),
        };
        let head = text!(
            "{name}: differs at {place}\n  expected: {expected}\n  got:      {got}\n",
            "{name}：从 {place}起不一致\n  应为：{expected}\n  实为：{got}\n";
            place = place
        );
        let causes = departure.causes.iter();
        let causes =
            causes.map(|cause| text!("  cause: {cause}\n", "  原因：{cause}\n"; cause = cause));
        Some(Text::all([head].into_iter().chain(causes)))
    }

    /// Returns the reason why it was not compared.
    fn reason(&self) -> Option<Text> {
        match &self.outcome {
            CaseOutcome::Skipped(why) => Some(text!("skipped: {why}", "跳过：{why}")),
            CaseOutcome::Unanswered(why) => {
                Some(text!("no answer: {why}", "没有回答：{why}"; why = why))
            }
            CaseOutcome::Agrees | CaseOutcome::Departs(_) => None,
        }
    }
}

impl Deviation {
    /// Returns the first line that differs, with its number if there are several lines.
    fn to_show(&self) -> (Option<usize>, &str, &str) {
        let (expected, got) = (self.expected.split('\n'), self.got.split('\n'));
        let lines = expected.clone().count().max(got.clone().count());
        if lines == 1 {
            return (None, &self.expected, &self.got);
        }
        let pad = std::iter::repeat("");
        let mut pairs = expected.chain(pad.clone()).zip(got.chain(pad)).take(lines).zip(1..);
        let found = pairs.find(|((expected, got), _)| expected != got);
        found.map_or((None, "", ""), |((expected, got), line)| (Some(line), expected, got))
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct OutcomeCounts {
    agrees: usize,
    departs: usize,
    unanswered: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct ConformanceDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    subject: TestSubject,
    conforms: bool,
    counts: OutcomeCounts,
    /// Empty for a server.
    stages: Vec<StageDocument>,
    cases: Vec<CaseDocument<'a>>,
}

#[derive(Clone, Copy, Serialize)]
struct StageDocument {
    stage: &'static str,
    compared: usize,
}

#[derive(Serialize)]
struct CaseDocument<'a> {
    name: &'a str,
    outcome: &'static str,
    stage: Option<&'static str>,
    expected: Option<&'a str>,
    got: Option<&'a str>,
    causes: Vec<&'a str>,
    /// The reason why it was skipped or has no answer.
    reason: Option<&'a str>,
}

impl<'a> From<&'a CaseResult> for CaseDocument<'a> {
    fn from(case: &'a CaseResult) -> Self {
        let mut document = Self {
            name: &case.name,
            outcome: "agrees",
            stage: None,
            expected: None,
            got: None,
            causes: Vec::new(),
            reason: None,
        };
        match &case.outcome {
            CaseOutcome::Agrees => {}
            CaseOutcome::Skipped(why) => {
                document.outcome = "skipped";
                document.reason = Some(why);
            }
            CaseOutcome::Unanswered(why) => {
                document.outcome = "unanswered";
                document.reason = Some(why.in_lang(crate::lang::Lang::En));
            }
            CaseOutcome::Departs(departure) => {
                document.outcome = "departs";
                document.stage = Some(departure.stage);
                document.expected = Some(&departure.expected);
                document.got = Some(&departure.got);
                let causes = departure.causes.iter();
                document.causes =
                    causes.map(|cause| cause.in_lang(crate::lang::Lang::En)).collect();
            }
        }
        document
    }
}
