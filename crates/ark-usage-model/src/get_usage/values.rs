//! Reads the values of one line, which are nearly all bytes of an answer.
//!
//! The list is taken out of the document as a slice of its text. Its elements, nearly always spelled
//! the same way, are then read by hand; one that is spelled otherwise is read by `serde_json`. That
//! takes about half the time of reading all of them field by field.

use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::number::Integer;

/// Hands the time and the value of each element of a list to `take`, in their order.
///
/// # Errors
///
/// When it is no list, or an element is not an object. Null is an element without fields.
pub(super) fn read<E: Error>(
    list: &RawValue,
    mut take: impl FnMut(Integer, Integer),
) -> Result<(), E> {
    // The whole text is known to be JSON: a list of values is left to be told from other JSON.
    let Some(mut rest) = list.get().as_bytes().strip_prefix(b"[") else {
        return Err(E::invalid_type(Unexpected::Other("something else"), &"a list of values"));
    };
    loop {
        if let Some((label, value, behind)) = plain(rest) {
            take(Integer::Exact(label), Integer::Exact(value));
            rest = behind;
        }
        rest = match rest {
            [b',' | b' ' | b'\n' | b'\r' | b'\t', behind @ ..] => behind,
            [b']', ..] | [] => return Ok(()),
            odd => {
                let mut elements = serde_json::Deserializer::from_slice(odd).into_iter::<Element>();
                if let Some(element) = elements.next() {
                    let Element { label, value } = element.map_err(|e| E::custom(bare(&e)))?;
                    take(label, value);
                }
                odd.get(elements.byte_offset()..).unwrap_or_default()
            }
        };
    }
}

/// `{"Timestamp":1731945600,"Value":42}` without spaces: both numbers and what stands behind.
fn plain(text: &[u8]) -> Option<(i64, i64, &[u8])> {
    let (label, text) = digits(text.strip_prefix(b"{\"Timestamp\":")?)?;
    let (value, text) = digits(text.strip_prefix(b",\"Value\":")?)?;
    Some((label, value, text.strip_prefix(b"}")?))
}

/// A number of digits alone, so few that it fits, and what stands behind.
#[inline]
fn digits(text: &[u8]) -> Option<(i64, &[u8])> {
    const MOST: usize = 18;
    let (mut value, mut rest) = match text.split_first_chunk() {
        Some((head, behind)) if let Some(value) = eight_digits(*head) => (value, behind),
        _ => (0, text),
    };
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        rest = behind;
    }
    (1..=MOST).contains(&(text.len() - rest.len())).then_some((value, rest))
}

/// Eight digits at once: neighbours are put together in three steps.
#[inline]
fn eight_digits(text: [u8; 8]) -> Option<i64> {
    let digits = u64::from_le_bytes(text) ^ 0x3030_3030_3030_3030;
    // A byte is a digit when neither it nor it plus six has anything in its upper half.
    let beyond = digits | digits.wrapping_add(0x0606_0606_0606_0606);
    if beyond & 0xF0F0_F0F0_F0F0_F0F0 != 0 {
        return None;
    }
    let pairs = (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    i64::try_from((fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF).ok()
}

/// The error without its place, which counts from the element and not from the document.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// `{"Timestamp": …, "Value": …}` in any spelling. A member that is there twice with two values is not
/// readable: nobody can say which of them is meant.
struct Element {
    label: Integer,
    value: Integer,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    Timestamp,
    Value,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Element {
    // The numbers are borrowed from the text.
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Self { label: Integer::Absent, value: Integer::Absent })
    }
}

impl<'de> Visitor<'de> for Element {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, an object")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        let (mut label, mut value) = (None, None);
        while let Some(key) = map.next_key()? {
            match key {
                Key::Timestamp => again(&mut label, Integer::of_json(map.next_value()?)),
                Key::Value => again(&mut value, Integer::of_json(map.next_value()?)),
                Key::Other => map.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        self.label = label.unwrap_or(self.label);
        self.value = value.unwrap_or(self.value);
        Ok(self)
    }
}

/// Takes in a member that may have been there before.
fn again(known: &mut Option<Integer>, read: Integer) {
    let is_other = known.is_some_and(|known| known != read);
    *known = Some(if is_other { Integer::Unreadable } else { read });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Pairs = Vec<(Integer, Integer)>;

    fn by_hand(list: &str) -> Result<Pairs, serde_json::Error> {
        let list: Box<RawValue> = serde_json::from_str(list)?;
        let mut pairs = Vec::new();
        read(&list, |label, value| pairs.push((label, value)))?;
        Ok(pairs)
    }

    fn by_serde(list: &str) -> Result<Pairs, serde_json::Error> {
        let elements: Vec<Element> = serde_json::from_str(list)?;
        Ok(elements.into_iter().map(|element| (element.label, element.value)).collect())
    }

    #[test]
    fn every_spelling() {
        let list = r#" [ {"Timestamp":1731945600,"Value":7},{"Timestamp":1,"Value":0} ,
            { "Value" : "8", "Timestamp" : 2 }, null,{"Timestamp":3,"Value":12.0},
            {"Timestamp":-4,"Value":999999999999999999},{"Timestamp":5,"Value":1000000000000000000},
            {"Timestamp":6,"Value":2,"Value":2.0,"Unit":["]"]},{"Timestamp":12345678,"Value":12345678}]"#;
        let pairs = by_hand(list.trim()).unwrap();
        let exact = |label, value| (Integer::Exact(label), Integer::Exact(value));
        assert_eq!(
            pairs,
            [
                exact(1_731_945_600, 7),
                exact(1, 0),
                exact(2, 8),
                (Integer::Absent, Integer::Absent),
                exact(3, 12),
                exact(-4, 999_999_999_999_999_999),
                exact(5, 1_000_000_000_000_000_000),
                exact(6, 2),
                exact(12_345_678, 12_345_678),
            ]
        );
        assert_eq!(by_hand("[]").unwrap(), []);
    }

    #[test]
    fn a_member_with_two_values_is_not_readable() {
        for (element, label, value) in [
            (r#"{"Timestamp":6,"Value":1,"Value":2}"#, Integer::Exact(6), Integer::Unreadable),
            (r#"{"Value":1,"Timestamp":6,"Value":null}"#, Integer::Exact(6), Integer::Unreadable),
            (r#"{"Value":null,"Timestamp":6,"Value":1}"#, Integer::Exact(6), Integer::Unreadable),
            (r#"{"Value":1,"Timestamp":6,"Timestamp":7}"#, Integer::Unreadable, Integer::Exact(1)),
            (
                r#"{"Timestamp":6,"Value":1,"Value":2,"Value":2}"#,
                Integer::Exact(6),
                Integer::Unreadable,
            ),
            (r#"{"Timestamp":6,"Value":1,"Value":"1"}"#, Integer::Exact(6), Integer::Exact(1)),
        ] {
            assert_eq!(by_hand(&format!("[{element}]")).unwrap(), [(label, value)], "{element}");
        }
    }

    /// The other way reads the same, but takes twice as long: nothing else would show it.
    #[test]
    fn the_usual_spelling_is_read_by_hand() {
        let text = br#"{"Timestamp":1731945600,"Value":42},{"Timestamp":1732032000,"Value":0}]"#;
        let (label, value, behind) = plain(text).unwrap();
        assert_eq!((label, value), (1_731_945_600, 42));
        assert_eq!(plain(&behind[1..]), Some((1_732_032_000, 0, b"]".as_slice())));
        for other in [r#"{"Timestamp":1,"Value":-2}"#, r#"{"Timestamp":1,"Value":2.0}"#] {
            assert_eq!(plain(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn digits_that_might_not_fit_are_left_alone() {
        assert_eq!(digits(b"999999999999999999}"), Some((999_999_999_999_999_999, &b"}"[..])));
        assert_eq!(digits(b"1000000000000000000}"), None);
        assert_eq!(digits(b"}"), None);
        assert_eq!(eight_digits(*b"1234567}"), None);
        assert_eq!(eight_digits(*b"/1234567"), None);
    }

    #[test]
    fn values_that_are_not_lists_or_objects() {
        for (text, wrong) in [
            ("{}", "expected a list of values"),
            ("7", "expected a list of values"),
            ("[7]", "invalid type: integer `7`, expected a value, an object"),
            (r#"[{"Timestamp":1,"Value":2},"x"]"#, "string \"x\", expected a value, an object"),
        ] {
            let error = by_hand(text).unwrap_err().to_string();
            assert!(error.ends_with(wrong), "{text}: {error}");
        }
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<u32>().prop_map(|number| number.to_string()),
            (0..100u8).prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
            "\"[0-9.e-]{0,20}\"",
            "[0-9]{1,30}",
            Just("null".to_owned()),
        ]
    }

    fn element() -> impl Strategy<Value = String> {
        let space = "[ \n]{0,1}";
        (number(), number(), space, 0..4u8).prop_map(|(label, value, space, form)| match form {
            0 => format!("{{{space}\"Value\":{value},\"Timestamp\":{label}}}"),
            1 => format!("{{\"Timestamp\":{label}{space},\"Value\":{value}{space}}}"),
            _ => format!("{{\"Timestamp\":{label},\"Value\":{value}}}{space}"),
        })
    }

    proptest! {
        #[test]
        fn digits_of_every_length(number in 0..10_i64.pow(18), cut in 0..18_u32) {
            let number = number / 10_i64.pow(cut);
            let text = format!("{number},");
            prop_assert_eq!(digits(text.as_bytes()), Some((number, b",".as_slice())));
            let eight = number % 100_000_000;
            let text = format!("{eight:08}");
            prop_assert_eq!(eight_digits(text.as_bytes().try_into().unwrap()), Some(eight));
        }

        #[test]
        fn both_ways_read_the_same(elements in proptest::collection::vec(element(), 0..6)) {
            let list = format!("[{}]", elements.join(","));
            match (by_hand(&list), by_serde(&list)) {
                (Ok(one), Ok(other)) => prop_assert_eq!(one, other, "{}", list),
                (one, other) => prop_assert_eq!(one.is_err(), other.is_err(), "{}", list),
            }
        }
    }
}
