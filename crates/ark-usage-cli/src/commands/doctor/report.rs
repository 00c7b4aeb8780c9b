//! The results of the checks, as text and JSON.

use std::fmt::Write as _;

use ark_usage_render::{document_lines, serialized};
use ark_usage_report::{missing_permission, text};
use ark_usage_transport::CallError;
use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthStr as _;
use volc_openapi::{BaseUrl, ResponseError};

use crate::args::ReportFormat;
use crate::commands::call_error;
use crate::commands::fetch::ListingError;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::lang::{Lang, Text, english};

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CheckStatus {
    /// Nothing to do.
    Pass,
    /// It works for now.
    Warn,
    /// It does not work.
    Fail,
    /// Not checked, because an earlier check failed.
    Skip,
}

impl CheckStatus {
    /// Returns a name that is four columns wide in either language.
    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Pass => lang.pick("pass", "通过"),
            Self::Warn => lang.pick("warn", "警告"),
            Self::Fail => lang.pick("fail", "失败"),
            Self::Skip => lang.pick("skip", "跳过"),
        }
    }
}

/// The subject of a check.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CheckKind {
    /// The configuration file.
    Configuration,
    /// The credentials and their source.
    Keys,
    /// Address, region and service.
    Settings,
    /// The proxy on the way to the server.
    Proxy,
    /// The lookup of the server's name.
    Name,
    /// The TLS connection.
    Tls,
    /// A response of the server.
    Server,
    /// The local clock, compared with the server's.
    Clock,
    /// The account of the credentials.
    Account,
    /// One call of each action that reports usage.
    Call,
    /// The lists of projects, endpoints and API keys.
    Lists,
}

impl CheckKind {
    fn name(self) -> Text {
        match self {
            Self::Configuration => text!("configuration", "配置"),
            Self::Keys => text!("keys", "密钥"),
            Self::Settings => text!("settings", "设置"),
            Self::Proxy => text!("proxy", "代理"),
            Self::Name => text!("name", "域名"),
            Self::Tls => text!("tls", "TLS"),
            Self::Server => text!("server", "服务端"),
            Self::Clock => text!("clock", "时钟"),
            Self::Account => text!("account", "账号"),
            Self::Call => text!("call", "调用"),
            Self::Lists => text!("lists", "列表"),
        }
    }
}

/// A call that failed.
#[derive(Debug)]
pub(super) struct CallProblem {
    pub(super) error: CliError,
    /// The IAM action that is missing.
    pub(super) permission: Option<String>,
}

impl CallProblem {
    pub(super) fn new(error: CallError, action: &str, base_url: &BaseUrl) -> Self {
        let permission = match &error {
            CallError::Response(ResponseError::Api(error)) => missing_permission(error, action),
            _ => None,
        };
        Self { error: call_error::from_call(error, action, base_url), permission }
    }
}

impl From<ListingError> for CallProblem {
    fn from(failure: ListingError) -> Self {
        let ListingError { error, permission, .. } = failure;
        Self { error, permission }
    }
}

/// One check with its result.
#[derive(Debug, Serialize)]
pub(super) struct CheckResult {
    #[serde(rename = "name")]
    kind: CheckKind,
    status: CheckStatus,
    /// The action of the API that was called.
    action: Option<&'static str>,
    /// The IAM action that the service missed.
    missing_permission: Option<String>,
    #[serde(serialize_with = "english")]
    message: Text,
    /// The next step.
    #[serde(serialize_with = "english_if_any")]
    advice: Option<Text>,
    /// Further facts.
    #[serde(serialize_with = "english_each")]
    details: Vec<Text>,
}

impl CheckResult {
    pub(super) fn pass(kind: CheckKind, message: Text) -> Self {
        Self::new(kind, CheckStatus::Pass, message)
    }

    pub(super) fn warn(kind: CheckKind, message: Text) -> Self {
        Self::new(kind, CheckStatus::Warn, message)
    }

    pub(super) fn fail(kind: CheckKind, message: Text) -> Self {
        Self::new(kind, CheckStatus::Fail, message)
    }

    pub(super) fn skip(kind: CheckKind, message: Text) -> Self {
        Self::new(kind, CheckStatus::Skip, message)
    }

    /// Returns a check of a call that failed, with message, causes and hint of its error.
    pub(super) fn of_failure(status: CheckStatus, kind: CheckKind, failure: &CallProblem) -> Self {
        let CallProblem { error, permission } = failure;
        let missing_permission = permission.clone();
        Self { status, missing_permission, ..Self::failed_by(kind, error) }
    }

    /// Puts words before the message.
    pub(super) fn about(mut self, what: &Text) -> Self {
        let message = self.message;
        self.message =
            text!("{what}: {message}", "{what}：{message}"; what = what, message = message);
        self
    }

    pub(super) fn with_action(mut self, action: &'static str) -> Self {
        self.action = Some(action);
        self
    }

    /// Returns a failed check with message, causes and hint of an error.
    pub(super) fn failed_by(kind: CheckKind, error: &CliError) -> Self {
        let (message, causes, hint) = error.parts();
        let check = Self::fail(kind, message.clone()).with_details(causes.iter().cloned());
        Self { advice: hint.cloned(), ..check }
    }

    pub(super) fn with_advice(mut self, advice: Text) -> Self {
        self.advice = Some(advice);
        self
    }

    pub(super) fn with_details(mut self, details: impl IntoIterator<Item = Text>) -> Self {
        self.details.extend(details);
        self
    }

    fn new(kind: CheckKind, status: CheckStatus, message: Text) -> Self {
        let (action, missing_permission, advice) = (None, None, None);
        Self { kind, status, action, missing_permission, message, advice, details: Vec::new() }
    }

    /// Writes a line, with details and advice below it.
    fn write(&self, name_width: usize, text: &mut String, lang: Lang) {
        let indent = " ".repeat(4 + 2 + name_width + 2);
        let below = |lines: &Text| lines.in_lang(lang).replace('\n', &format!("\n{indent}"));
        let (status, message) = (self.status.name(lang), below(&self.message));
        let name = self.kind.name();
        let name = name.in_lang(lang);
        let gap = " ".repeat(name_width.saturating_sub(name.width()));
        let _ = writeln!(text, "{status}  {name}{gap}  {message}");
        for detail in &self.details {
            let _ = writeln!(text, "{indent}{}", below(detail));
        }
        if let Some(advice) = &self.advice {
            let _ = writeln!(text, "{indent}-> {}", below(advice).replace('\n', "\n   "));
        }
    }
}

#[expect(clippy::ref_option, reason = "serde hands a field over like this")]
fn english_if_any<S: Serializer>(text: &Option<Text>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_ref().map(|text| text.in_lang(Lang::En)).serialize(serializer)
}

fn english_each<S: Serializer>(texts: &[Text], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(|text| text.in_lang(Lang::En)))
}

/// All checks, in order.
#[derive(Debug, Default)]
pub(super) struct DoctorReport {
    checks: Vec<CheckResult>,
}

impl DoctorReport {
    pub(super) fn add(&mut self, check: CheckResult) {
        self.checks.push(check);
    }

    pub(super) fn extend(&mut self, checks: impl IntoIterator<Item = CheckResult>) {
        self.checks.extend(checks);
    }

    /// Returns true if no check has failed.
    pub(super) fn is_well(&self) -> bool {
        self.count(CheckStatus::Fail) == 0
    }

    /// Returns the exit status; warnings are no failure.
    pub(super) fn exit_status(&self) -> ExitStatus {
        Conclusion::of_check(self.is_well()).into()
    }

    pub(super) fn render(&self, format: ReportFormat, lang: Lang) -> Result<Vec<u8>, CliError> {
        if format == ReportFormat::Json {
            return Ok(serialized(&self.document(), true)?);
        }
        let mut text = String::new();
        let widths = self.checks.iter().map(|check| check.kind.name().in_lang(lang).width());
        let widest = widths.max().unwrap_or_default();
        for check in &self.checks {
            check.write(widest, &mut text, lang);
        }
        text.push_str(&self.summary(lang));
        Ok(document_lines(&text).as_bytes().to_vec())
    }

    fn summary(&self, lang: Lang) -> String {
        let (passed, failed) = (self.count(CheckStatus::Pass), self.count(CheckStatus::Fail));
        let (warned, skipped) = (self.count(CheckStatus::Warn), self.count(CheckStatus::Skip));
        let plural = if warned == 1 { "" } else { "s" };
        let parts = [
            (passed, text!("{passed} passed", "通过 {passed} 项")),
            (warned, text!("{warned} warning{plural}", "警告 {warned} 项")),
            (failed, text!("{failed} failed", "失败 {failed} 项")),
            (skipped, text!("{skipped} skipped", "跳过 {skipped} 项")),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<&str> = parts.map(|(_, text)| text.in_lang(lang)).collect();
        format!("{}\n", parts.join(lang.pick(", ", "，")))
    }

    fn document(&self) -> DoctorDocument<'_> {
        DoctorDocument {
            schema: "ark-usage/doctor",
            schema_version: 1,
            well: self.is_well(),
            passed: self.count(CheckStatus::Pass),
            warnings: self.count(CheckStatus::Warn),
            failed: self.count(CheckStatus::Fail),
            skipped: self.count(CheckStatus::Skip),
            checks: &self.checks,
        }
    }

    fn count(&self, status: CheckStatus) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }
}

#[derive(Serialize)]
struct DoctorDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    well: bool,
    passed: usize,
    warnings: usize,
    failed: usize,
    skipped: usize,
    checks: &'a [CheckResult],
}
