//! The fields of a row: one table, which every machine format, `--fields` and the published schema
//! follow.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::{Buckets, Dimension, Tags};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::row::{Previous, ViewRow};
use crate::prices::{Cost, Money};
use crate::range::Range;

/// One field of a row.
#[derive(Clone, Copy, Debug)]
pub struct RowField {
    /// The name of the field: its key in JSON, and its column in CSV.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FieldKind,
    /// The meaning of its value: the description in the published schema.
    pub meaning: &'static str,
    /// The dimension of actions whose rows have it; `None` for a field of every row.
    dimension: Option<&'static str>,
    get: for<'a> fn(&Range, &'a ViewRow) -> FieldValue<'a>,
}

/// The type of a field. Each may be null, where the value was not requested or is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// A text.
    Text,
    /// A time: RFC 3339 in the zone of the range.
    Time,
    /// An exact integer, perhaps larger than 2⁵³.
    Integer,
    /// Names with a text each.
    Map,
    /// Parts with these names.
    Parts(&'static [&'static str]),
    /// Amounts of money, one for each currency; two columns in CSV.
    Money,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// Not requested, or not known.
    Null,
    /// A text.
    Text(Cow<'a, str>),
    /// An exact integer.
    Integer(i128),
    /// Names with a text each.
    Map(&'a BTreeMap<String, String>),
    /// Parts by name, in order.
    Parts(Vec<(&'static str, Self)>),
    /// Amounts by currency.
    Money(&'a BTreeMap<String, Money>),
}

/// The column of CSV that has the currencies of [`FieldKind::Money`].
pub const CURRENCY: &str = "currency";

const fn field(
    name: &'static str,
    kind: FieldKind,
    meaning: &'static str,
    get: for<'a> fn(&Range, &'a ViewRow) -> FieldValue<'a>,
) -> RowField {
    RowField { name, kind, meaning, dimension: None, get }
}

/// A text that only rows of actions with this dimension have.
const fn of_dimension(
    dimension: &'static str,
    name: &'static str,
    meaning: &'static str,
    get: for<'a> fn(&Range, &'a ViewRow) -> FieldValue<'a>,
) -> RowField {
    RowField { name, kind: FieldKind::Text, meaning, dimension: Some(dimension), get }
}

/// Every field of a row, in order.
pub const ROW_FIELDS: &[RowField] = &[
    field("start", FieldKind::Time, "Start of the bucket or group", |range, row| {
        owned(range.rfc3339(row.start))
    }),
    field("end", FieldKind::Time, "First instant after it", |range, row| {
        owned(range.rfc3339(row.end))
    }),
    field("start_unix", FieldKind::Integer, "Its start in unix seconds", |_, row| {
        FieldValue::Integer(row.start.into())
    }),
    field("end_unix", FieldKind::Integer, "Its end in unix seconds, excluded", |_, row| {
        FieldValue::Integer(row.end.into())
    }),
    field("profile", FieldKind::Text, "Profile of the keys, if one was named", |_, row| {
        text(row.profile.as_ref())
    }),
    field(
        "account_id",
        FieldKind::Text,
        "Account, where the service tells accounts apart",
        |_, row| text(row.account_id.as_ref()),
    ),
    field(
        "project",
        FieldKind::Text,
        "Project; null for the default project, or where usage is not broken down",
        |_, row| text(row.project.as_ref()),
    ),
    field("endpoint_id", FieldKind::Text, "Inference endpoint, ep-…", |_, row| {
        text(row.endpoint_id.as_ref())
    }),
    field("scene", FieldKind::Text, "Scene", |_, row| text(row.scene.as_ref())),
    field("batch_job_id", FieldKind::Text, "Batch inference job", |_, row| {
        text(row.batch_job_id.as_ref())
    }),
    field("tags", FieldKind::Map, "Tags of the service that have no key of their own", |_, row| {
        FieldValue::Map(&row.tags)
    }),
    field(
        "endpoint_name",
        FieldKind::Text,
        "Name of the endpoint, if endpoints were listed",
        |_, row| text(row.endpoint_name.as_ref()),
    ),
    field(
        "model",
        FieldKind::Text,
        "Model of the usage; else of the endpoint, name/version or the ID of a custom model, if endpoints were listed",
        |_, row| text(row.model.as_ref()),
    ),
    field(
        "endpoint_tags",
        FieldKind::Map,
        "Tags that people gave the endpoint, if endpoints were listed",
        |_, row| map(row.endpoint_tags.as_ref()),
    ),
    of_dimension(
        Tags::API_KEY_ID,
        "api_key_id",
        "API key, apikey-…; (none) for usage without an API key",
        |_, row| text(row.api_key_id.as_ref()),
    ),
    of_dimension(
        Tags::API_KEY_ID,
        "api_key_name",
        "Name of the API key, if API keys were listed",
        |_, row| text(row.api_key_name.as_ref()),
    ),
    of_dimension(Tags::MODEL_VERSION, "model_version", "Version of the model", |_, row| {
        text(row.model_version.as_ref())
    }),
    of_dimension(
        Tags::BILLING_STATUS,
        "billing_status",
        "Billing status, such as normal or free_for_coding_plan",
        |_, row| text(row.billing_status.as_ref()),
    ),
    of_dimension(
        Tags::BATCH_TYPE,
        "batch_type",
        "Kind of batch inference; (none) for other usage",
        |_, row| text(row.batch_type.as_ref()),
    ),
    of_dimension(
        Tags::MODEL_UNIT_ID,
        "model_unit_id",
        "Model unit; (none) for usage without one",
        |_, row| text(row.model_unit_id.as_ref()),
    ),
    field("metric", FieldKind::Text, "Name of the metric, such as PromptTokens", |_, row| {
        FieldValue::Text(Cow::Borrowed(row.metric.as_str()))
    }),
    field(
        "value",
        FieldKind::Integer,
        "Exact sum of what was received; null when nothing was, never 0",
        |_, row| integer(row.value),
    ),
    field(
        "total",
        FieldKind::Integer,
        "Sum of the metrics of the same unit beside it, without parts of others; null when some of it is missing",
        |_, row| integer(row.total),
    ),
    field(
        "share",
        FieldKind::Text,
        "Percent of the range's whole of the metric, rounded to hundredths; null when either is incomplete, or when rows are written before the whole is known",
        |_, row| row.share.map_or(FieldValue::Null, |share| owned(percent(share))),
    ),
    field("state", FieldKind::Text, "Least settled state of its parts", |_, row| {
        FieldValue::Text(Cow::Borrowed(row.state.name()))
    }),
    field("fetched_at", FieldKind::Time, "Time its last part was received", |range, row| {
        row.fetched_at.map_or(FieldValue::Null, |at| owned(range.rfc3339(at)))
    }),
    field("labels", FieldKind::Map, "Columns of --labels for the endpoint", |_, row| {
        map(row.labels.as_ref())
    }),
    field("buckets", FieldKind::Parts(BUCKETS), "Number of buckets of a sum", |_, row| {
        row.buckets.map_or(FieldValue::Null, FieldValue::of_buckets)
    }),
    field(
        "previous",
        FieldKind::Parts(PREVIOUS),
        "Same row in the previous range, with --compare",
        |range, row| FieldValue::of_previous(range, row.previous.as_ref()),
    ),
    field("others", FieldKind::Integer, "Number of groups in the rest of --top", |_, row| {
        integer(row.others)
    }),
    field(
        "cost",
        FieldKind::Money,
        "Cost by currency, with --prices; null when nothing of it has a price; of a part of a metric with a price, the difference to that price",
        |_, row| FieldValue::of_cost(row.cost.as_ref()),
    ),
    field(
        "unpriced",
        FieldKind::Integer,
        "Number of values without a price, with --prices",
        |_, row| integer(row.cost.as_ref().map(|cost| cost.unpriced)),
    ),
];

const BUCKETS: &[&str] = &["wanted", "received", "settling"];
const PREVIOUS: &[&str] = &["start", "end", "value", "state", "change", "change_percent"];

impl RowField {
    /// Returns the field with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ROW_FIELDS.iter().find(|field| field.name == name)
    }

    /// Returns true if rows of an action with these dimensions have it.
    pub fn is_of(&self, known: &[Dimension]) -> bool {
        self.dimension.is_none_or(|key| known.iter().any(|dimension| dimension.key == key))
    }

    /// Returns the value of the field.
    pub fn value<'a>(&self, range: &Range, row: &'a ViewRow) -> FieldValue<'a> {
        (self.get)(range, row)
    }

    /// Returns the columns of CSV that hold it.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        let currency = (self.kind == FieldKind::Money).then_some(CURRENCY);
        std::iter::once(self.name).chain(currency)
    }

    /// Returns the names of its parts; `None` where it has none, and an empty list where it may have
    /// any.
    pub fn parts(&self) -> Option<&'static [&'static str]> {
        match self.kind {
            FieldKind::Map => Some(&[]),
            FieldKind::Parts(names) => Some(names),
            _ => None,
        }
    }
}

/// Returns every column of CSV, in order.
pub fn columns() -> impl Iterator<Item = &'static str> + use<> {
    ROW_FIELDS.iter().flat_map(RowField::columns)
}

impl<'a> FieldValue<'a> {
    /// Returns the number of buckets of a sum.
    pub fn of_buckets(buckets: Buckets) -> Self {
        let Buckets { wanted, received, settling, .. } = buckets;
        parts(BUCKETS, [wanted, received, settling].map(|count| integer(Some(count))))
    }

    /// Returns the same row in the previous range.
    pub fn of_previous(range: &Range, previous: Option<&Previous>) -> Self {
        let Some(previous) = previous else { return Self::Null };
        let percent = previous.change_hundredths.map(percent);
        let values = [
            owned(range.rfc3339(previous.start)),
            owned(range.rfc3339(previous.end)),
            integer(previous.value),
            Self::Text(Cow::Borrowed(previous.state.name())),
            integer(previous.change),
            percent.map_or(FieldValue::Null, owned),
        ];
        parts(PREVIOUS, values)
    }

    /// Returns a cost by currency; null when nothing of it has a price.
    pub fn of_cost(cost: Option<&'a Cost>) -> Self {
        let amounts = cost.map(|cost| &cost.amounts).filter(|amounts| !amounts.is_empty());
        amounts.map_or(Self::Null, Self::Money)
    }
}

/// Writes hundredths as a decimal: `-0.05`, `12.30`.
pub fn percent(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let all = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", all / 100, all % 100)
}

fn parts<'a, const N: usize>(
    names: &'static [&'static str],
    values: [FieldValue<'a>; N],
) -> FieldValue<'a> {
    FieldValue::Parts(names.iter().copied().zip(values).collect())
}

fn owned<'a>(text: String) -> FieldValue<'a> {
    FieldValue::Text(Cow::Owned(text))
}

fn text(text: Option<&String>) -> FieldValue<'_> {
    text.map_or(FieldValue::Null, |text| FieldValue::Text(Cow::Borrowed(text)))
}

fn map(map: Option<&BTreeMap<String, String>>) -> FieldValue<'_> {
    map.map_or(FieldValue::Null, FieldValue::Map)
}

fn integer<'a>(value: Option<impl TryInto<i128>>) -> FieldValue<'a> {
    let value = value.and_then(|value| value.try_into().ok());
    value.map_or(FieldValue::Null, FieldValue::Integer)
}

impl Serialize for FieldValue<'_> {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => output.serialize_none(),
            Self::Text(text) => output.serialize_str(text),
            Self::Integer(value) => output.serialize_i128(*value),
            Self::Map(map) => output.collect_map(map.iter()),
            Self::Parts(parts) => {
                output.collect_map(parts.iter().map(|(name, value)| (name, value)))
            }
            Self::Money(amounts) => {
                let mut list = output.serialize_seq(Some(amounts.len()))?;
                for (currency, amount) in *amounts {
                    list.serialize_element(&AmountDocument { currency, amount: *amount })?;
                }
                list.end()
            }
        }
    }
}

/// An amount of one currency; the amount is text, so that no float rounds it.
struct AmountDocument<'a> {
    currency: &'a str,
    amount: Money,
}

impl Serialize for AmountDocument<'_> {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        let mut map = output.serialize_map(Some(2))?;
        map.serialize_entry("currency", self.currency)?;
        map.serialize_entry("amount", &self.amount.to_string())?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(name: &str) -> String {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/");
        std::fs::read_to_string(format!("{docs}{name}")).unwrap()
    }

    fn names() -> Vec<&'static str> {
        ROW_FIELDS.iter().map(|field| field.name).collect()
    }

    #[test]
    fn percents_are_exact_decimals() {
        let cases = [(0, "0.00"), (-5, "-0.05"), (1_230, "12.30"), (-10_000, "-100.00")];
        for (hundredths, text) in cases {
            assert_eq!(percent(hundredths), text);
        }
    }

    fn row_schema() -> (Value, Vec<String>, Value) {
        let schema = document("schema/ark-usage-rows-1.schema.json");
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let definitions = &schema["$defs"];
        let row = &definitions["row"];
        (definitions.clone(), strings(&row["required"]), row["properties"].clone())
    }

    fn strings(list: &Value) -> Vec<String> {
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// The schema of a value that is not null: references are followed, and null is left out.
    fn not_null<'a>(definitions: &'a Value, mut schema: &'a Value) -> &'a Value {
        while let Some(next) = next(definitions, schema) {
            schema = next;
        }
        schema
    }

    fn next<'a>(definitions: &'a Value, schema: &'a Value) -> Option<&'a Value> {
        if let Some(choices) = schema["anyOf"].as_array() {
            let mut choices = choices.iter().filter(|choice| choice["type"] != "null");
            let only = choices.next();
            assert!(choices.next().is_none(), "{schema}");
            return only;
        }
        let name = schema["$ref"].as_str()?.strip_prefix("#/$defs/").unwrap();
        Some(&definitions[name])
    }

    fn has_type(schema: &Value, name: &str) -> bool {
        match &schema["type"] {
            Value::Array(names) => *names == [json!(name), json!("null")],
            only => only == name,
        }
    }

    #[test]
    fn the_published_schema_has_these_fields_with_these_types() {
        let (definitions, required, properties) = row_schema();
        let of_every_row = ROW_FIELDS.iter().filter(|field| field.is_of(&[]));
        assert_eq!(required, of_every_row.map(|field| field.name).collect::<Vec<_>>());
        let instant = &definitions["instant"]["pattern"];
        for field in ROW_FIELDS {
            let schema = not_null(&definitions, &properties[field.name]);
            let is_right = match field.kind {
                FieldKind::Text => has_type(schema, "string") && schema["pattern"].is_null(),
                FieldKind::Time => has_type(schema, "string") && schema["pattern"] == *instant,
                FieldKind::Integer => has_type(schema, "integer"),
                FieldKind::Map => {
                    has_type(schema, "object")
                        && schema["additionalProperties"] == json!({"type": "string"})
                }
                FieldKind::Parts(parts) => {
                    has_type(schema, "object")
                        && strings(&schema["required"]) == parts
                        && schema["properties"].as_object().unwrap().len() == parts.len()
                }
                FieldKind::Money => {
                    let amount = not_null(&definitions, &schema["items"]);
                    has_type(schema, "array")
                        && strings(&amount["required"]) == [CURRENCY, "amount"]
                        && has_type(&amount["properties"]["amount"], "string")
                }
            };
            assert!(is_right, "{}: {schema}", field.name);
        }
    }

    #[test]
    fn the_published_schema_describes_each_field_in_these_words() {
        let (_, _, properties) = row_schema();
        for field in ROW_FIELDS {
            assert_eq!(properties[field.name]["description"], field.meaning, "{}", field.name);
        }
    }

    #[test]
    fn the_document_describes_every_field_and_no_other() {
        for name in ["schema.md", "schema.zh-CN.md"] {
            let text = document(name);
            let start = text.find("| `start`").unwrap();
            let table = text[start..].lines().take_while(|line| line.starts_with('|'));
            let named: Vec<&str> = table
                .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`'))
                .filter(|part| names().contains(part) || part.contains('_'))
                .collect();
            assert_eq!(named, names(), "{name}");
        }
    }
}
