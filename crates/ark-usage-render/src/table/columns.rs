//! The columns before the numbers: time and keys.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Label, Tags};

use super::lines::is_filled;
use crate::Answer;
use ark_usage_report::text;
use ark_usage_report::view::{Dimension, ViewRow};
use ark_usage_report::{Lang, Text};

/// One of the columns before the numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Column {
    /// All usage, in one line.
    Everything,
    /// The time: a bucket, or a calendar unit.
    Time(Unit),
    Profile,
    Account,
    Project,
    Endpoint,
    EndpointName,
    Model,
    Scene,
    BatchJob,
    ModelVersion,
    ApiKey,
    ApiKeyName,
    Billing,
    BatchType,
    ModelUnit,
    /// A tag of the service or of the endpoint.
    Tag(String),
    /// All tags of the service, where a column for each would be nearly empty.
    Tags,
    /// A column of `--labels`.
    Label(String),
    /// All labels, where a column for each would be nearly empty.
    Labels,
}

/// The time that a line of the table covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub(crate) enum Unit {
    Hour,
    Day,
    Week,
    Month,
}

/// The columns of an answer: those it is summed by, or those in which plain rows say something.
pub(super) fn columns(answer: &Answer<'_>, compact: bool, lang: Lang) -> Vec<Column> {
    if answer.view.totals_only {
        return vec![Column::Everything];
    }
    let by = &answer.view.by;
    let mut columns = if by.is_empty() { plain(answer) } else { summed(answer) };
    if compact {
        let all = columns.clone();
        columns.retain(|column| differs(answer, column, lang));
        if columns.is_empty() {
            columns.extend(all.into_iter().take(1));
        }
    }
    columns
}

/// The key columns among them, without time.
pub(crate) fn keys(answer: &Answer<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = columns(answer, false, lang);
    columns.retain(|column| !matches!(column, Column::Time(_)));
    columns
}

fn plain(answer: &Answer<'_>) -> Vec<Column> {
    let mut columns = vec![Column::Time(unit_of_rows(answer))];
    columns.extend(things(answer));
    columns
}

fn unit_of_rows(answer: &Answer<'_>) -> Unit {
    match answer.range.rows {
        Interval::Day => Unit::Day,
        Interval::Hour => Unit::Hour,
    }
}

/// The key columns of plain rows.
fn things(answer: &Answer<'_>) -> Vec<Column> {
    let rows = &answer.view.rows;
    let known = [
        Column::Account,
        Column::Project,
        Column::Endpoint,
        Column::EndpointName,
        Column::Model,
        Column::Scene,
        Column::BatchJob,
        Column::ModelVersion,
        Column::ApiKey,
        Column::ApiKeyName,
        Column::Billing,
        Column::BatchType,
        Column::ModelUnit,
    ];
    let mut columns = Vec::new();
    // A single profile is not named on every line.
    let named = answer.meta.profiles.len() > 1 && rows.iter().any(|row| row.profile.is_some());
    columns.extend(named.then_some(Column::Profile));
    columns.extend(known.into_iter().filter(|it| rows.iter().any(|row| it.value(row).is_some())));
    columns.extend(each_or_all(rows.iter().map(|row| &row.tags), Column::Tag, Column::Tags));
    let labels = rows.iter().filter_map(|row| row.labels.as_ref());
    columns.extend(each_or_all(labels, Column::Label, Column::Labels));
    columns
}

/// Returns a column for each key, or one for all of them where most of the cells would be empty.
fn each_or_all<'a>(
    maps: impl Iterator<Item = &'a BTreeMap<String, String>> + Clone,
    each: fn(String) -> Column,
    all: Column,
) -> Vec<Column> {
    let keys: BTreeSet<&String> = maps.clone().flat_map(BTreeMap::keys).collect();
    let (lines, pairs) =
        maps.fold((0_usize, 0), |(lines, pairs), map| (lines + 1, pairs + map.len()));
    if is_filled(lines.saturating_mul(keys.len()), pairs) {
        keys.into_iter().cloned().map(each).collect()
    } else {
        vec![all]
    }
}

fn summed(answer: &Answer<'_>) -> Vec<Column> {
    let by = &answer.view.by;
    let named = answer.view.rows.iter().any(|row| row.endpoint_name.is_some());
    let profiled = answer.view.rows.iter().any(|row| row.profile.is_some());
    let modelled = answer.view.rows.iter().any(|row| row.model.is_some());
    let keys_named = answer.view.rows.iter().any(|row| row.api_key_name.is_some());
    let mut columns = Vec::new();
    for dimension in by {
        columns.push(Column::of(dimension));
        columns
            .extend((keys_named && *dimension == Dimension::ApiKey).then_some(Column::ApiKeyName));
        if *dimension == Dimension::Endpoint {
            columns.extend(named.then_some(Column::EndpointName));
            columns.extend((modelled && !by.contains(&Dimension::Model)).then_some(Column::Model));
        }
        if dimension.is_of_accounts() {
            columns
                .extend((profiled && !by.contains(&Dimension::Profile)).then_some(Column::Profile));
        }
    }
    columns
}

fn differs(answer: &Answer<'_>, column: &Column, lang: Lang) -> bool {
    let texts: BTreeSet<String> =
        answer.view.rows.iter().map(|row| column.cell(answer, row, lang)).collect();
    texts.len() > 1
}

impl Column {
    /// Returns the column of a dimension.
    fn of(dimension: &Dimension) -> Self {
        match dimension {
            Dimension::Hour => Self::Time(Unit::Hour),
            Dimension::Day => Self::Time(Unit::Day),
            Dimension::Week => Self::Time(Unit::Week),
            Dimension::Month => Self::Time(Unit::Month),
            Dimension::Endpoint => Self::Endpoint,
            Dimension::Model => Self::Model,
            Dimension::Project => Self::Project,
            Dimension::Scene => Self::Scene,
            Dimension::BatchJob => Self::BatchJob,
            Dimension::ModelVersion => Self::ModelVersion,
            Dimension::ApiKey => Self::ApiKey,
            Dimension::Billing => Self::Billing,
            Dimension::BatchType => Self::BatchType,
            Dimension::ModelUnit => Self::ModelUnit,
            Dimension::Account => Self::Account,
            Dimension::Profile => Self::Profile,
            Dimension::Tag(key) => Self::Tag(key.clone()),
            Dimension::Label(key) => Self::Label(key.clone()),
        }
    }

    /// Returns the title of the column.
    pub(crate) fn title(&self) -> Text {
        match self {
            Self::Everything => Text::same(""),
            Self::Time(Unit::Hour) => text!("hour", "小时"),
            Self::Time(Unit::Day) => text!("day", "日期"),
            Self::Time(Unit::Week) => text!("week", "周"),
            Self::Time(Unit::Month) => text!("month", "月份"),
            Self::Profile => Text::same("profile"),
            Self::Account => text!("account", "账号"),
            Self::Project => text!("project", "项目"),
            Self::Endpoint => text!("endpoint", "推理接入点"),
            Self::EndpointName => text!("name", "名称"),
            Self::Model => text!("model", "模型"),
            Self::Scene => text!("scene", "场景"),
            Self::BatchJob => text!("batch job", "批量任务"),
            Self::ModelVersion => text!("model version", "模型版本"),
            Self::ApiKey => Text::same("API key"),
            Self::ApiKeyName => text!("key name", "API key 名称"),
            Self::Billing => text!("billing", "计费状态"),
            Self::BatchType => text!("batch type", "批量类型"),
            Self::ModelUnit => text!("model unit", "模型单元"),
            Self::Tag(key) | Self::Label(key) => Text::same(key.clone()),
            Self::Tags => text!("tags", "标签（服务端）"),
            Self::Labels => text!("labels", "标签"),
        }
    }

    /// Returns the cell of a row.
    pub(crate) fn cell(&self, answer: &Answer<'_>, row: &ViewRow, lang: Lang) -> String {
        if let Some(count) = row.others
            && self.stands_for_others(answer)
        {
            return others(count, lang);
        }
        if let Self::Time(unit) = self {
            return when(answer, *unit, row);
        }
        if row.others.is_some() {
            return String::new();
        }
        match self.value(row) {
            // No project can have this name.
            Some(Label::UNLISTED) if *self == Self::Project => {
                return lang.pick(UNLISTED.0, UNLISTED.1).to_owned();
            }
            // No API key, batch job or model unit can have this name.
            Some(Tags::NONE) if self.has_none() => return lang.pick(NONE.0, NONE.1).to_owned(),
            Some(value) => return own_name(value),
            None => {}
        }
        let absent = match (answer.view.by.is_empty(), self) {
            (true, _) => ALL,
            // What is known of an endpoint beside its id may not be known of another.
            (false, Self::EndpointName | Self::ApiKeyName) => ("", ""),
            (false, Self::Model) if !answer.view.by.contains(&Dimension::Model) => ("", ""),
            (false, Self::Profile) if !answer.view.by.contains(&Dimension::Profile) => ("", ""),
            (false, Self::Project) => DEFAULT,
            (false, Self::Label(_)) => UNLABELLED,
            (false, _) => UNATTRIBUTED,
        };
        let pairs = match self {
            Self::Tags => Some(&row.tags),
            Self::Labels => row.labels.as_ref(),
            _ => None,
        };
        if let Some(pairs) = pairs.filter(|pairs| !pairs.is_empty()) {
            let pairs = pairs.iter().map(|(key, value)| format!("{key}={value}"));
            return pairs.collect::<Vec<_>>().join(", ");
        }
        lang.pick(absent.0, absent.1).to_owned()
    }

    /// Returns whether it is the first that tells groups apart; without any but times, the first of those.
    fn stands_for_others(&self, answer: &Answer<'_>) -> bool {
        let by = &answer.view.by;
        let first = by.iter().find(|dimension| !dimension.is_time()).or_else(|| by.first());
        first.is_some_and(|dimension| Self::of(dimension) == *self)
    }

    /// Returns whether usage without a value of it has a row of its own.
    const fn has_none(&self) -> bool {
        matches!(
            self,
            Self::ApiKey
                | Self::BatchJob
                | Self::BatchType
                | Self::ModelUnit
                | Self::Model
                | Self::ModelVersion
                | Self::Endpoint
                | Self::Billing
        )
    }

    fn value<'a>(&self, row: &'a ViewRow) -> Option<&'a str> {
        let value = match self {
            Self::Everything | Self::Time(_) | Self::Tags | Self::Labels => return None,
            Self::Profile => &row.profile,
            Self::Account => &row.account_id,
            Self::Project => &row.project,
            Self::Endpoint => &row.endpoint_id,
            Self::EndpointName => &row.endpoint_name,
            Self::Model => &row.model,
            Self::Scene => &row.scene,
            Self::BatchJob => &row.batch_job_id,
            Self::ModelVersion => &row.model_version,
            Self::ApiKey => &row.api_key_id,
            Self::ApiKeyName => &row.api_key_name,
            Self::Billing => &row.billing_status,
            Self::BatchType => &row.batch_type,
            Self::ModelUnit => &row.model_unit_id,
            Self::Tag(key) => {
                if let Some(value) = of_service(row, key) {
                    return Some(value);
                }
                let of_endpoint = || row.endpoint_tags.as_ref()?.get(key);
                return row.tags.get(key).or_else(of_endpoint).map(String::as_str);
            }
            Self::Label(key) => return row.labels.as_ref()?.get(key).map(String::as_str),
        };
        value.as_deref()
    }
}

/// Returns a tag of the service that has a field of its own.
fn of_service<'a>(row: &'a ViewRow, key: &str) -> Option<&'a str> {
    let column = match key {
        Tags::ENDPOINT_ID => Column::Endpoint,
        Tags::SCENE => Column::Scene,
        Tags::BATCH_JOB_ID => Column::BatchJob,
        Tags::ACCOUNT_ID => Column::Account,
        Tags::PROJECT => Column::Project,
        Tags::MODEL_NAME => Column::Model,
        Tags::MODEL_VERSION => Column::ModelVersion,
        Tags::API_KEY_ID => Column::ApiKey,
        Tags::BILLING_STATUS => Column::Billing,
        Tags::BATCH_TYPE => Column::BatchType,
        Tags::MODEL_UNIT_ID => Column::ModelUnit,
        _ => return None,
    };
    column.value(row)
}

/// The words for a name that is absent, in both languages.
type Absent = (&'static str, &'static str);

const ALL: Absent = ("(all)", "（全部）");
const DEFAULT: Absent = ("(default)", "（默认）");
const UNLABELLED: Absent = ("(unlabelled)", "（无标签）");
const UNATTRIBUTED: Absent = ("(unattributed)", "（未归属）");
const NONE: Absent = (Tags::NONE, "（无）");
const UNLISTED: Absent = (Label::UNLISTED, "（未列出）");

/// Returns a name as it is shown. One that is spelled like the word for an absent name, or for the rest of
/// `--top`, is put in quotes, because lines with the same names are one line.
fn own_name(name: &str) -> String {
    let inside = name.trim_matches('"');
    let is_absent = |(en, zh): Absent| inside == en || inside == zh;
    let is_taken = [ALL, DEFAULT, UNLABELLED, UNATTRIBUTED].into_iter().any(is_absent)
        || inside.starts_with("others (")
        || inside.starts_with("其他（");
    if is_taken { format!("\"{name}\"") } else { name.to_owned() }
}

/// Returns the name of the rest that `--top` left, of so many groups.
pub(crate) fn others(count: usize, lang: Lang) -> String {
    text!("others ({count})", "其他（{count}）").in_lang(lang).to_owned()
}

/// Returns the time of a row, by the finest unit of time there is.
pub(crate) fn moment(answer: &Answer<'_>, row: &ViewRow) -> String {
    let finest = answer.view.by.iter().filter_map(|dimension| match Column::of(dimension) {
        Column::Time(unit) => Some(unit),
        _ => None,
    });
    when(answer, finest.min().unwrap_or_else(|| unit_of_rows(answer)), row)
}

/// A bucket or unit as the tables name it; a week by its first day.
fn when(answer: &Answer<'_>, unit: Unit, row: &ViewRow) -> String {
    let local = answer.range.local(row.start);
    let format = match unit {
        Unit::Hour => return answer.range.hour_label(row.start),
        Unit::Day | Unit::Week => "%Y-%m-%d",
        Unit::Month => "%Y-%m",
    };
    local.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::own_name;

    #[test]
    fn a_name_like_a_word_of_the_table_is_quoted() {
        for name in ["(unlabelled)", "（未归属）", "others (3)", "\"(default)\""] {
            assert_eq!(own_name(name), format!("\"{name}\""));
        }
        assert_eq!(own_name("(unlabelled) too"), "(unlabelled) too");
    }
}
