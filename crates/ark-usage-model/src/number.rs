//! Integers as services send them: numbers, numbers as text, floats without a fraction.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

/// The value found where an integer is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    /// An exact 64-bit integer.
    Exact(i64),
    /// Null or nothing.
    Absent,
    /// Something that is not an exact 64-bit integer: a fraction, out of range, other text.
    Unreadable,
}

impl Integer {
    pub(crate) fn exact(self) -> Option<i64> {
        match self {
            Self::Exact(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(IntegerVisitor)
    }
}

struct IntegerVisitor;

impl<'de> Visitor<'de> for IntegerVisitor {
    type Value = Integer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_u64<E>(self, value: u64) -> Result<Integer, E> {
        Ok(i64::try_from(value).map_or(Integer::Unreadable, Integer::Exact))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Integer, E> {
        Ok(Integer::Exact(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Integer, E> {
        Ok(from_float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Integer, E> {
        Ok(from_text(text))
    }

    fn visit_unit<E>(self) -> Result<Integer, E> {
        Ok(Integer::Absent)
    }

    fn visit_none<E>(self) -> Result<Integer, E> {
        Ok(Integer::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Integer, E> {
        Ok(Integer::Unreadable)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Integer, A::Error> {
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Integer::Unreadable)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Integer, A::Error> {
        while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
        Ok(Integer::Unreadable)
    }
}

/// Floats are taken for integers below 2^51 only. From 2^53 on, the text may have meant a neighbour; and
/// `serde_json` reads floats to within two units in the last place (unless somebody switches on its
/// `float_roundtrip`), which below 2^51 leaves a fraction and is refused, but above may be a whole number.
fn from_float(value: f64) -> Integer {
    const TOO_COARSE: f64 = 2_251_799_813_685_248.0;
    if value.fract() != 0.0 || value.abs() >= TOO_COARSE {
        return Integer::Unreadable;
    }
    #[expect(clippy::cast_possible_truncation, reason = "an integer of at most 51 bits")]
    Integer::Exact(value as i64)
}

fn from_text(text: &str) -> Integer {
    let text = text.trim();
    if let Ok(value) = text.parse::<i64>() {
        return Integer::Exact(value);
    }
    // `12.0` and `1e3`, as JSON would write them. Digits alone that are no `i64` are too large here too.
    serde_json::from_str(text).map_or(Integer::Unreadable, from_float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Integer {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn exact_forms() {
        for json in ["12", "\"12\"", "12.0", "\"12.0\"", "1.2e1", "\" 12 \"", "\"1.2e1\""] {
            assert_eq!(read(json), Integer::Exact(12), "{json}");
        }
        assert_eq!(read("900719925474099.0"), Integer::Exact(900_719_925_474_099));
        assert_eq!(read("-3"), Integer::Exact(-3));
        assert_eq!(read("9223372036854775807"), Integer::Exact(i64::MAX));
        assert_eq!(read("\"-9223372036854775808\""), Integer::Exact(i64::MIN));
    }

    #[test]
    fn never_a_wrong_number() {
        for json in [
            "12.5",
            "\"12.5\"",
            "1e30",
            "9223372036854775808",
            "\"9223372036854775808\"",
            "2251799813685248.0",
            "9007199254740991.0",
            "9007199254740993.0",
            "\"\"",
            "\"many\"",
            "true",
            "[1]",
            "{\"a\":1}",
        ] {
            assert_eq!(read(json), Integer::Unreadable, "{json}");
        }
        assert_eq!(read("null"), Integer::Absent);
    }

    /// Other formats than JSON have values that are nothing of the kind.
    #[test]
    fn bytes_are_refused_by_what_was_expected() {
        let bytes = serde::de::value::BytesDeserializer::<serde::de::value::Error>::new(b"12");
        let error = Integer::deserialize(bytes).unwrap_err();
        assert!(error.to_string().ends_with("expected an integer"), "{error}");
    }
}
