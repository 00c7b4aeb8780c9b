//! Reading fields of the wire without being strict where strictness helps nobody.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::number::Integer;

/// Null means the same as nothing.
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    input: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

/// Text, also when it is written as a number; null is empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    optional_text(input).map(Option::unwrap_or_default)
}

/// Text, also when it is written as a number; null is none.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Option<String>, D::Error> {
    // Not as a `Value`, which refuses numbers that no float can hold.
    let value = Box::<RawValue>::deserialize(input)?;
    Ok(match value.get() {
        "null" => None,
        json => Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
    })
}

/// A 64-bit integer, also as text; anything else is none.
pub(crate) fn optional_integer<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Option<i64>, D::Error> {
    Integer::deserialize(input).map(Integer::exact)
}
