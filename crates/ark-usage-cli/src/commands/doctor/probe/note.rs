//! The note of the probe, fit for an issue: it has no usage, names or accounts.

use ark_usage_render::{document_lines, serialized};
use ark_usage_report::probe::ProbeFinding;
use ark_usage_report::text;
use serde::Serialize;

use crate::args::ReportFormat;
use crate::error::CliError;
use crate::lang::{Lang, Text};

/// All findings.
#[derive(Debug)]
pub(super) struct ProbeNote<'a> {
    pub(super) action: &'static str,
    pub(super) date: String,
    pub(super) region: &'a str,
    pub(super) calls: u32,
    pub(super) findings: Vec<ProbeFinding>,
}

impl ProbeNote<'_> {
    pub(super) fn render(&self, format: ReportFormat, lang: Lang) -> Result<Vec<u8>, CliError> {
        match format {
            ReportFormat::Json => Ok(serialized(&self.document(), true)?),
            ReportFormat::Text => Ok(document_lines(self.text().in_lang(lang)).as_bytes().to_vec()),
        }
    }

    fn text(&self) -> Text {
        let head = text!(
            "### How {action} behaves\n\nark-usage {version} doctor probe, {date}, region {region}, {calls} read-only calls. \
             This note contains no usage, names or accounts.\n\n",
            "### {action} 的实际行为\n\nark-usage {version} doctor probe，{date}，地域 {region}，{calls} 次只读调用。\
             本记录不含用量数字、名称或账号。\n\n",
            action = self.action,
            version = env!("CARGO_PKG_VERSION"),
            date = self.date,
            region = self.region,
            calls = self.calls
        );
        let line = |finding: &ProbeFinding| {
            let open = text!("undetermined", "未能确定");
            text!(
                "- **{question}**: {answer}\n  ({evidence})\n",
                "- **{question}**：{answer}\n  （{evidence}）\n",
                question = finding.question;
                answer = finding.answer.as_ref().unwrap_or(&open),
                evidence = finding.evidence
            )
        };
        Text::all([head].into_iter().chain(self.findings.iter().map(line)))
    }

    fn document(&self) -> ProbeDocument<'_> {
        ProbeDocument {
            schema: "ark-usage/probe",
            schema_version: 1,
            action: self.action,
            version: env!("CARGO_PKG_VERSION"),
            date: &self.date,
            region: self.region,
            calls: self.calls,
            findings: self.findings.iter().map(ProbeFindingDocument::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct ProbeDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    action: &'static str,
    version: &'static str,
    date: &'a str,
    region: &'a str,
    calls: u32,
    findings: Vec<ProbeFindingDocument<'a>>,
}

#[derive(Serialize)]
struct ProbeFindingDocument<'a> {
    question: &'static str,
    settled: bool,
    /// `null` where nothing could be settled.
    answer: Option<&'a str>,
    evidence: &'a str,
}

impl<'a> ProbeFindingDocument<'a> {
    fn new(finding: &'a ProbeFinding) -> Self {
        Self {
            question: finding.question,
            settled: finding.answer.is_some(),
            answer: finding.answer.as_ref().map(|answer| answer.in_lang(Lang::En)),
            evidence: finding.evidence.in_lang(Lang::En),
        }
    }
}
