//! The behaviors of `GetInferenceUsage`: the shapes of its table that were captured or that other
//! clients read, and what its page leaves open.

use super::error::{choose, refused};
use super::{BehaviorError, Duplicates, SwitchValues};

/// One answer to every open question about `GetInferenceUsage`.
///
/// The default of each is what captured traffic shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferenceBehaviors {
    /// `inference-cells=text|number|empty|null`: how numbers are written.
    pub cells: CellForm,
    /// `inference-fields=objects|strings|field-name|lower-case|none`: how columns are named.
    pub fields: FieldForm,
    /// `inference-member=data|rows`: the member that holds the rows.
    pub member: RowMember,
    /// `inference-rows=arrays|objects|values`: how a row is written.
    pub rows: RowForm,
    /// `inference-hour=short|padded|text`: how the column `Hour` names an hour.
    pub hour: HourText,
    /// `inference-project-column=when-sent|always|never`: when there is a column `ProjectName`.
    pub project_column: ProjectColumn,
    /// `inference-columns=usual|reversed`: the order of columns.
    pub columns: ColumnOrder,
    /// `inference-absent=none|CacheTokensHit+ReqCnt+…`: columns that are missing.
    pub absent: Vec<&'static str>,
    /// `inference-count=number|text|wrong|none`: how `DataCount` counts the rows.
    pub count: CountForm,
    /// `inference-outside=none|added`: whether rows of the days before and after are added.
    pub outside: OutsideRows,
    /// `inference-duplicates=none|repeated|split`: whether a row comes twice.
    pub duplicates: Duplicates,
    /// `inference-groups=combined|first|none`: whether every filter groups, the first one only, or none.
    pub groups: GroupRule,
    /// `inference-keyless=empty|null`: how usage without an API key names its key.
    pub keyless: KeylessText,
    /// `inference-zero-rows=left-out|kept`: whether rows without usage are in the answer.
    pub zero_rows: ZeroRows,
    /// `inference-plan-tokens=included|left-out`: whether tokens of a Coding Plan are counted.
    pub plan_tokens: PlanTokens,
    /// `inference-max-days=none|30|31|…`: the most days of one call, both ends counted.
    pub max_days: Option<i64>,
    /// `inference-project=default|account`: which usage a call without `ProjectName` asks for.
    pub project: AbsentProject,
    /// `inference-unknown-filters=ignored|refused|nothing`: what becomes of filter keys that do not
    /// exist.
    pub unknown_filters: UnknownFilters,
}

impl Default for InferenceBehaviors {
    fn default() -> Self {
        Self {
            cells: CellForm::default(),
            fields: FieldForm::default(),
            member: RowMember::default(),
            rows: RowForm::default(),
            hour: HourText::default(),
            project_column: ProjectColumn::default(),
            columns: ColumnOrder::default(),
            absent: Vec::new(),
            count: CountForm::default(),
            outside: OutsideRows::default(),
            duplicates: Duplicates::default(),
            groups: GroupRule::default(),
            keyless: KeylessText::default(),
            zero_rows: ZeroRows::default(),
            plan_tokens: PlanTokens::default(),
            max_days: Some(30),
            project: AbsentProject::default(),
            unknown_filters: UnknownFilters::default(),
        }
    }
}

/// The columns that `inference-absent` takes.
const MEASURES: [&str; 6] =
    ["InputTokens", "CacheTokensHit", "OutputTokens", "ImageCount", "TotalTokens", "ReqCnt"];

impl InferenceBehaviors {
    /// Sets one switch of those that begin with `inference-`.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviorError> {
        match name.strip_prefix("inference-").unwrap_or_default() {
            "cells" => self.cells = choose(name, value, &CellForm::CHOICES)?,
            "fields" => self.fields = choose(name, value, &FieldForm::CHOICES)?,
            "member" => self.member = choose(name, value, &RowMember::CHOICES)?,
            "rows" => self.rows = choose(name, value, &RowForm::CHOICES)?,
            "hour" => self.hour = choose(name, value, &HourText::CHOICES)?,
            "project-column" => {
                self.project_column = choose(name, value, &ProjectColumn::CHOICES)?;
            }
            "columns" => self.columns = choose(name, value, &ColumnOrder::CHOICES)?,
            "absent" => self.absent = absent(name, value)?,
            "count" => self.count = choose(name, value, &CountForm::CHOICES)?,
            "outside" => self.outside = choose(name, value, &OutsideRows::CHOICES)?,
            "duplicates" => self.duplicates = choose(name, value, &Duplicates::CHOICES)?,
            "groups" => self.groups = choose(name, value, &GroupRule::CHOICES)?,
            "keyless" => self.keyless = choose(name, value, &KeylessText::CHOICES)?,
            "zero-rows" => self.zero_rows = choose(name, value, &ZeroRows::CHOICES)?,
            "plan-tokens" => self.plan_tokens = choose(name, value, &PlanTokens::CHOICES)?,
            "max-days" => self.max_days = max_days(name, value)?,
            "project" => self.project = choose(name, value, &AbsentProject::CHOICES)?,
            "unknown-filters" => {
                self.unknown_filters = choose(name, value, &UnknownFilters::CHOICES)?;
            }
            _ => return Err(BehaviorError::UnknownSwitch { name: name.to_owned() }),
        }
        Ok(())
    }
}

fn absent(name: &str, value: &str) -> Result<Vec<&'static str>, BehaviorError> {
    if value == "none" {
        return Ok(Vec::new());
    }
    let known = |column: &str| MEASURES.into_iter().find(|known| *known == column);
    let columns: Option<Vec<_>> = value.split('+').map(known).collect();
    columns.ok_or_else(|| refused(name, value, SwitchValues::Joined(MEASURES.to_vec())))
}

fn max_days(name: &str, value: &str) -> Result<Option<i64>, BehaviorError> {
    if value == "none" {
        return Ok(None);
    }
    let days = value.parse::<u16>().ok().filter(|days| *days > 0);
    days.map(|days| Some(days.into())).ok_or_else(|| refused(name, value, SwitchValues::Number))
}

/// The form of numbers in a table.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellForm {
    /// `"1529525715"`
    #[default]
    Text,
    /// `1529525715`
    Number,
    /// As text, and a 0 as `""`.
    EmptyZeros,
    /// As text, and a 0 as `null`.
    NullZeros,
}

impl CellForm {
    const CHOICES: [(&str, Self); 4] = [
        ("text", Self::Text),
        ("number", Self::Number),
        ("empty", Self::EmptyZeros),
        ("null", Self::NullZeros),
    ];
}

/// The form of column names.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldForm {
    /// `{"Name": "Day", "Type": "DATE"}`
    #[default]
    Objects,
    /// `"Day"`
    Strings,
    /// `{"FieldName": "Day", "FieldType": "DATE"}`
    FieldName,
    /// `{"name": "Day", "type": "DATE"}`
    LowerCase,
    /// No names and no rows: `DataCount` alone.
    None,
}

impl FieldForm {
    const CHOICES: [(&str, Self); 5] = [
        ("objects", Self::Objects),
        ("strings", Self::Strings),
        ("field-name", Self::FieldName),
        ("lower-case", Self::LowerCase),
        ("none", Self::None),
    ];
}

/// The member that holds the rows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowMember {
    /// `Data`
    #[default]
    Data,
    /// `Rows`
    Rows,
}

impl RowMember {
    const CHOICES: [(&str, Self); 2] = [("data", Self::Data), ("rows", Self::Rows)];
}

/// The form of a row.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowForm {
    /// `["2026-07-11", "5"]`
    #[default]
    Arrays,
    /// `{"Day": "2026-07-11", "InputTokens": "5"}`
    Objects,
    /// `{"Values": ["2026-07-11", "5"]}`
    Values,
}

impl RowForm {
    const CHOICES: [(&str, Self); 3] =
        [("arrays", Self::Arrays), ("objects", Self::Objects), ("values", Self::Values)];
}

/// The form of an hour.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HourText {
    /// `7`
    #[default]
    Short,
    /// `07`
    Padded,
    /// `2026-07-11 07:00`
    Text,
}

impl HourText {
    const CHOICES: [(&str, Self); 3] =
        [("short", Self::Short), ("padded", Self::Padded), ("text", Self::Text)];
}

/// The rule for the column `ProjectName`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectColumn {
    /// There is one when the request names a project.
    #[default]
    WhenSent,
    /// There is one in every answer.
    Always,
    /// There is none.
    Never,
}

impl ProjectColumn {
    const CHOICES: [(&str, Self); 3] =
        [("when-sent", Self::WhenSent), ("always", Self::Always), ("never", Self::Never)];
}

/// The order of columns.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnOrder {
    /// The account and the groups, the time, the measures.
    #[default]
    Usual,
    /// The other way round.
    Reversed,
}

impl ColumnOrder {
    const CHOICES: [(&str, Self); 2] = [("usual", Self::Usual), ("reversed", Self::Reversed)];
}

/// The form of `DataCount`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountForm {
    /// `12`
    #[default]
    Number,
    /// `"12"`
    Text,
    /// One more than there are.
    Wrong,
    /// Absent.
    None,
}

impl CountForm {
    const CHOICES: [(&str, Self); 4] = [
        ("number", Self::Number),
        ("text", Self::Text),
        ("wrong", Self::Wrong),
        ("none", Self::None),
    ];
}

/// The treatment of days that were not asked for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutsideRows {
    /// They are absent.
    #[default]
    None,
    /// The day before the first and the day after the last are in the answer, with true numbers.
    Added,
}

impl OutsideRows {
    const CHOICES: [(&str, Self); 2] = [("none", Self::None), ("added", Self::Added)];
}

/// The filters that group.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupRule {
    /// Every one.
    #[default]
    Combined,
    /// The first one; the others filter only.
    First,
    /// None; all of them filter only.
    None,
}

impl GroupRule {
    const CHOICES: [(&str, Self); 3] =
        [("combined", Self::Combined), ("first", Self::First), ("none", Self::None)];
}

/// The `ApikeyID` of usage without an API key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeylessText {
    /// `""`
    #[default]
    Empty,
    /// `null`
    Null,
}

impl KeylessText {
    const CHOICES: [(&str, Self); 2] = [("empty", Self::Empty), ("null", Self::Null)];
}

/// The treatment of rows without usage.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZeroRows {
    /// They are absent.
    #[default]
    LeftOut,
    /// They are there, with zeros.
    Kept,
}

impl ZeroRows {
    const CHOICES: [(&str, Self); 2] = [("left-out", Self::LeftOut), ("kept", Self::Kept)];
}

/// The treatment of tokens that a Coding Plan pays for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanTokens {
    /// They count, as `free_for_coding_plan`.
    #[default]
    Included,
    /// They are absent.
    LeftOut,
}

impl PlanTokens {
    pub(super) const CHOICES: [(&str, Self); 2] =
        [("included", Self::Included), ("left-out", Self::LeftOut)];
}

/// The usage that a request without `ProjectName` asks for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AbsentProject {
    /// That of the project `default`, as for `GetUsage`.
    #[default]
    Default,
    /// That of all projects the key may see.
    Account,
}

impl AbsentProject {
    const CHOICES: [(&str, Self); 2] = [("default", Self::Default), ("account", Self::Account)];
}

/// The treatment of filters whose key does not exist.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownFilters {
    /// As if they were absent.
    #[default]
    Ignored,
    /// `InvalidParameter.Filters`.
    Refused,
    /// They let nothing through.
    Nothing,
}

impl UnknownFilters {
    const CHOICES: [(&str, Self); 3] =
        [("ignored", Self::Ignored), ("refused", Self::Refused), ("nothing", Self::Nothing)];
}
