//! Templates: text with fields in braces.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Metric, MetricTable, State, Unit};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::plan_field::PlanField;
use super::{LineSpan, LineValue, Snapshot};
use crate::SiteEcho;
use crate::harmless::one_line;
use ark_usage_report::chart_data::{grouped, short};
use ark_usage_report::text;
use ark_usage_report::view::state_name;
use ark_usage_report::{Lang, Text};

/// A line to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<TemplatePart>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Field(TemplateField),
}

/// A field in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplateField {
    Usage {
        span: LineSpan,
        what: LineMetric,
        short: bool,
    },
    /// The worst state of all usage in the line, or `stale`.
    State,
    /// The age of the numbers.
    Age,
    /// The time the numbers were received.
    At,
    /// Nothing, or `stale`.
    Stale,
    /// The projects that are counted.
    Scope,
    /// A plan of the account.
    Plan(PlanField),
}

/// The number a usage field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LineMetric {
    /// All tokens.
    Total,
    Metric(String),
    Cost,
}

/// The values a template is filled in with.
#[derive(Clone, Copy, Debug)]
pub struct TemplateValues<'a> {
    /// The numbers.
    pub snapshot: &'a Snapshot,
    /// The metrics of the action they come from.
    pub metrics: MetricTable,
    /// The numbers are older than requested.
    pub stale: bool,
    /// Unix seconds.
    pub now: i64,
    /// The time zone of times.
    pub zone: &'a TimeZone,
    /// The language of words.
    pub lang: Lang,
    /// The site that was queried.
    pub site: SiteEcho,
}

impl Template {
    /// Reads a template; the error says what is wrong with which field. Metrics have the short names of the
    /// tables, and the names of the service.
    pub fn parse(text: &str, tables: &[MetricTable]) -> Result<Self, Text> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                plain.extend(from.chars().next());
                rest = after;
                continue;
            }
            let inside = from.strip_prefix('{').and_then(|from| from.split_once('}'));
            let Some((name, after)) = inside else {
                return Err(text!(
                    "unmatched brace; write {{{{ or }}}} for a literal one",
                    "花括号不成对；表示字面文本时请写 {{{{ 或 }}}}"
                ));
            };
            if !plain.is_empty() {
                parts.push(TemplatePart::Text(std::mem::take(&mut plain)));
            }
            parts.push(TemplatePart::Field(TemplateField::parse(name, tables)?));
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(TemplatePart::Text(plain));
        }
        Ok(Self(parts))
    }

    /// The spans its fields are about.
    pub fn spans(&self) -> BTreeSet<LineSpan> {
        let span = |field: &TemplateField| match field {
            TemplateField::Usage { span, .. } => Some(*span),
            _ => None,
        };
        self.fields().filter_map(span).collect()
    }

    /// Returns the metrics it shows by their short names.
    pub fn short_metrics(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for field in self.fields() {
            if let TemplateField::Usage { what: LineMetric::Metric(metric), .. } = field
                && metric.starts_with(|letter: char| letter.is_ascii_lowercase())
            {
                names.push(metric.as_str());
            }
        }
        names
    }

    /// Returns true if it shows a cost.
    pub fn wants_cost(&self) -> bool {
        self.fields()
            .any(|field| matches!(field, TemplateField::Usage { what: LineMetric::Cost, .. }))
    }

    /// Returns true if it shows plans.
    pub fn wants_plans(&self) -> bool {
        self.fields().any(|field| matches!(field, TemplateField::Plan(_)))
    }

    /// Returns true if it shows usage, or nothing that says otherwise.
    pub fn wants_usage(&self) -> bool {
        !self.spans().is_empty() || !self.wants_plans()
    }

    /// Returns the line without its line end. Numbers older than requested are always marked as stale,
    /// and so are those of accounts that may be one and the same.
    pub fn write(&self, writer: &TemplateValues<'_>) -> String {
        let mut line = String::new();
        for part in &self.0 {
            match part {
                TemplatePart::Text(text) => line.push_str(text),
                TemplatePart::Field(field) => line.push_str(&self.field(field, writer)),
            }
        }
        let marks = [TemplateField::State, TemplateField::Age, TemplateField::Stale];
        if writer.stale && !self.fields().any(|field| marks.contains(field)) {
            line.push_str(writer.lang.pick(" (stale)", "（旧数据）"));
        }
        if writer.snapshot.unverified {
            line.push_str(writer.lang.pick(" (accounts unverified)", "（账号未核实）"));
        }
        if writer.snapshot.scope.is_reduced()
            && !self.fields().any(|it| *it == TemplateField::Scope)
        {
            line.push_str(writer.lang.pick(" (default project only)", "（仅默认项目）"));
        }
        one_line(line.trim_end()).into_owned()
    }

    fn field(&self, field: &TemplateField, writer: &TemplateValues<'_>) -> String {
        let TemplateValues { snapshot, metrics, stale, now, zone, lang, .. } = *writer;
        let stale_word = lang.pick("stale", "旧数据");
        match field {
            TemplateField::Usage { span, what: LineMetric::Cost, .. } => cost(snapshot, *span),
            TemplateField::Usage { span, what, short: in_short } => {
                let sum = sum(snapshot, metrics, *span, what);
                let Some(value) = sum.value else { return NOTHING.to_owned() };
                let number = if *in_short { short(value, lang) } else { grouped(value) };
                if sum.state == State::Missing { number + MORE } else { number }
            }
            TemplateField::Age => age(now.saturating_sub(snapshot.at)),
            TemplateField::At => {
                let at = Timestamp::from_second(snapshot.at).unwrap_or_default();
                at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
            }
            TemplateField::State | TemplateField::Stale if stale => stale_word.to_owned(),
            TemplateField::State => state_name(self.state(snapshot, metrics), lang).to_owned(),
            TemplateField::Stale => String::new(),
            TemplateField::Scope => snapshot.scope.words(lang),
            TemplateField::Plan(field) => field.write(&snapshot.plans, now, lang),
        }
    }

    /// The worst state of all usage in the line.
    fn state(&self, snapshot: &Snapshot, declared: MetricTable) -> State {
        let states = self.fields().filter_map(|field| match field {
            TemplateField::Usage { span, what: LineMetric::Cost, .. } => {
                let metrics = snapshot.usage.get(span).into_iter().flatten();
                Some(metrics.map(|(_, value)| value.state).max().unwrap_or(State::Missing))
            }
            TemplateField::Usage { span, what, .. } => {
                Some(sum(snapshot, declared, *span, what).state)
            }
            _ => None,
        });
        states.max().unwrap_or(State::Final)
    }

    fn fields(&self) -> impl Iterator<Item = &TemplateField> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Field(field) => Some(field),
            TemplatePart::Text(_) => None,
        })
    }
}

impl TemplateField {
    fn parse(name: &str, tables: &[MetricTable]) -> Result<Self, Text> {
        match name {
            "state" => return Ok(Self::State),
            "age" => return Ok(Self::Age),
            "at" => return Ok(Self::At),
            "stale" => return Ok(Self::Stale),
            "scope" => return Ok(Self::Scope),
            _ => {}
        }
        if let Some(field) = PlanField::parse(name) {
            return Ok(Self::Plan(field));
        }
        let in_short = name.strip_suffix(":short");
        let of = in_short.unwrap_or(name);
        let (span, what) = match (LineSpan::named(of), of.split_once('.')) {
            (Some(span), _) => (Some(span), "total"),
            (None, Some((span, what))) => (LineSpan::named(span), what),
            (None, None) => (Some(LineSpan::Today), of),
        };
        let what = match what {
            "total" => Some(LineMetric::Total),
            "cost" => Some(LineMetric::Cost),
            // Names of the service's metrics look like this; anything else is a typing error.
            metric
                if metric.starts_with(|letter: char| letter.is_ascii_uppercase())
                    || short_names(tables).contains(&metric) =>
            {
                Some(LineMetric::Metric(metric.to_owned()))
            }
            _ => None,
        };
        let Some((span, what)) = span.zip(what) else {
            let short = short_names(tables).join(", ");
            return Err(text!(
                "unknown field {{{name}}}; known fields: total, cost, {short} and metrics such as PromptTokens, alone or after today., yesterday. or month. (with :short for three digits), and state, age, at, stale, scope; of plans: plan, then agent or coding, a window (session, day, week, month) and percent, used, quota, left, resets_in, window, state or type, as in plan.week.percent",
                "未知的字段 {{{name}}}；可用的有 total、cost、{short} 和 PromptTokens 等指标，可在前面加 today.、yesterday. 或 month.（加 :short 只保留三位数字），以及 state、age、at、stale、scope；套餐字段为 plan，其后可加 agent 或 coding、窗口（session、day、week、month），以及 percent、used、quota、left、resets_in、window、state 或 type，例如 plan.week.percent"
            ));
        };
        Ok(Self::Usage { span, what, short: in_short.is_some() })
    }
}

/// The short names of metrics, each once.
fn short_names(tables: &[MetricTable]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in tables.iter().flat_map(MetricTable::iter).filter_map(|info| info.alias) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The sign of a missing value: never a 0.
pub(super) const NOTHING: &str = "-";

/// The suffix of a sum that lacks some of its parts: the true sum is this or more.
pub(super) const MORE: &str = "+";

fn sum(snapshot: &Snapshot, declared: MetricTable, span: LineSpan, what: &LineMetric) -> LineValue {
    let missing = LineValue { value: None, state: State::Missing };
    let Some(metrics) = snapshot.usage.get(&span) else { return missing };
    match what {
        LineMetric::Metric(metric) => {
            let named = declared.named(metric).map(|info| info.name.as_str());
            metrics.get(named.unwrap_or(metric)).copied().unwrap_or(missing)
        }
        LineMetric::Total | LineMetric::Cost => tokens(metrics, declared).unwrap_or(missing),
    }
}

/// All metrics that may be added up in tokens.
fn tokens(metrics: &BTreeMap<String, LineValue>, declared: MetricTable) -> Option<LineValue> {
    let names: Vec<Metric> = metrics.keys().map(|name| Metric::from(name.as_str())).collect();
    let groups = declared.sum_groups(&names);
    let group = groups.into_iter().find(|group| group.unit == Unit::Tokens)?;
    let counted = group.metrics.into_iter().filter_map(|metric| metrics.get(metric.as_str()));
    counted.copied().reduce(LineValue::and)
}

/// `12.5 CNY`, with a `+` behind it when something has no price.
fn cost(snapshot: &Snapshot, span: LineSpan) -> String {
    let Some(costs) = snapshot.costs.get(&span) else { return NOTHING.to_owned() };
    let amounts = costs.amounts.iter().map(|(currency, amount)| format!("{amount} {currency}"));
    let amounts: Vec<String> = amounts.collect();
    if amounts.is_empty() {
        return NOTHING.to_owned();
    }
    let more = if costs.unpriced > 0 { MORE } else { "" };
    format!("{}{more}", amounts.join(" "))
}

/// `40s`, `3min`, `2h`, `5d`.
fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}min", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}
