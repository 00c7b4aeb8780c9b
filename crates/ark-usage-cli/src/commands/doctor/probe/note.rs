//! What came of it, fit to be pasted into an issue: no number of tokens, no name, no account.

use serde::Serialize;

use crate::args::ReportFormat;
use crate::error::CliError;
use crate::render::serialized;

/// One question and what was found out.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    question: &'static str,
    settled: bool,
    /// `null` where nothing could be settled.
    answer: Option<String>,
    evidence: String,
}

impl Finding {
    pub(super) fn settled(
        question: &'static str,
        answer: impl Into<String>,
        evidence: impl Into<String>,
    ) -> Self {
        Self { question, settled: true, answer: Some(answer.into()), evidence: evidence.into() }
    }

    /// The answers so far fit several readings.
    pub(super) fn open(question: &'static str, why: impl Into<String>) -> Self {
        Self { question, settled: false, answer: None, evidence: why.into() }
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct Note<'a> {
    pub(super) date: String,
    pub(super) region: &'a str,
    pub(super) calls: u32,
    pub(super) findings: Vec<Finding>,
}

impl Note<'_> {
    pub(super) fn render(&self, format: ReportFormat) -> Result<Vec<u8>, CliError> {
        match format {
            ReportFormat::Json => serialized(&self.document(), true),
            ReportFormat::Text => Ok(self.text().into_bytes()),
        }
    }

    fn text(&self) -> String {
        let head = format!(
            "### How GetUsage answers\n\nark-usage {} doctor probe, {}, region {}, {} read-only calls. \
             No numbers, names or accounts in this note.\n\n",
            env!("CARGO_PKG_VERSION"),
            self.date,
            self.region,
            self.calls
        );
        let one = |finding: &Finding| {
            let answer = finding.answer.as_deref().unwrap_or("not settled");
            format!("- **{}**: {answer}\n  ({})\n", finding.question, finding.evidence)
        };
        head + &self.findings.iter().map(one).collect::<String>()
    }

    fn document(&self) -> Document<'_> {
        Document {
            schema: "ark-usage/probe",
            schema_version: 1,
            version: env!("CARGO_PKG_VERSION"),
            date: &self.date,
            region: self.region,
            calls: self.calls,
            findings: &self.findings,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    schema_version: u32,
    version: &'static str,
    date: &'a str,
    region: &'a str,
    calls: u32,
    findings: &'a [Finding],
}
