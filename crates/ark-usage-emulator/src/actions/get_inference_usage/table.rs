//! A table, and the forms that the behaviors give it.

use serde_json::{Map, Value, json};

use super::super::Session;
use crate::behaviors::{
    CellForm, ColumnOrder, CountForm, FieldForm, InferenceBehaviors, RowForm, RowMember,
};

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
}

/// The cells of a row, one for each column.
pub(super) type Row = Vec<Value>;

/// Columns and rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// `Result`, in the form that the behaviors give it.
    pub(super) fn result(mut self, session: &Session<'_>) -> Value {
        let behaviors = &session.behaviors.inference;
        self.leave_out(&behaviors.absent);
        if behaviors.columns == ColumnOrder::Reversed {
            self.columns.reverse();
            for row in &mut self.rows {
                row.reverse();
            }
        }
        let mut result = Map::new();
        match behaviors.count {
            CountForm::Number => result.insert("DataCount".into(), self.rows.len().into()),
            CountForm::Text => {
                result.insert("DataCount".into(), self.rows.len().to_string().into())
            }
            CountForm::Wrong => result.insert("DataCount".into(), (self.rows.len() + 1).into()),
            CountForm::None => None,
        };
        if let Some(fields) = self.fields(behaviors.fields) {
            result.insert("Fields".into(), fields);
            let member = match behaviors.member {
                RowMember::Data => "Data",
                RowMember::Rows => "Rows",
            };
            result.insert(member.into(), self.data(behaviors));
        }
        if session.extras.fields {
            result.insert("Undocumented".into(), json!({"Since": "2027-01-01"}));
        }
        result.into()
    }

    fn leave_out(&mut self, absent: &[&str]) {
        let kept: Vec<bool> =
            self.columns.iter().map(|column| !absent.contains(&column.name)).collect();
        let mut keep = kept.iter();
        self.columns.retain(|_| keep.next().copied().unwrap_or_default());
        for row in &mut self.rows {
            let mut keep = kept.iter();
            row.retain(|_| keep.next().copied().unwrap_or_default());
        }
    }

    fn fields(&self, form: FieldForm) -> Option<Value> {
        let field = |Column { name, kind }: &Column| match form {
            FieldForm::Objects => Some(json!({"Name": name, "Type": kind})),
            FieldForm::Strings => Some(Value::from(*name)),
            FieldForm::FieldName => Some(json!({"FieldName": name, "FieldType": kind})),
            FieldForm::LowerCase => Some(json!({"name": name, "type": kind})),
            FieldForm::None => None,
        };
        self.columns.iter().map(field).collect()
    }

    fn data(self, behaviors: &InferenceBehaviors) -> Value {
        let Self { columns, rows } = self;
        let object = |row: Row| -> Map<String, Value> {
            columns.iter().map(|column| column.name.to_owned()).zip(row).collect()
        };
        let row = |row: Row| match behaviors.rows {
            RowForm::Arrays => Value::from(row),
            RowForm::Objects => object(row).into(),
            RowForm::Values => json!({"Values": row}),
        };
        rows.into_iter().map(row).collect::<Vec<_>>().into()
    }
}

impl CellForm {
    /// A number in this form.
    pub(super) fn cell(self, number: u64) -> Value {
        match self {
            Self::Number => number.into(),
            Self::EmptyZeros if number == 0 => "".into(),
            Self::NullZeros if number == 0 => Value::Null,
            Self::Text | Self::EmptyZeros | Self::NullZeros => number.to_string().into(),
        }
    }
}
