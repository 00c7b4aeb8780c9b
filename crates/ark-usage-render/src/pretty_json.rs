//! JSON of a server made readable: same members, same order, same numbers.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::harmless::json_document;

/// The document with one value a line, and signs escaped that a terminal would act on; text that is not JSON
/// comes back as it is.
pub fn pretty_json(text: &[u8]) -> Vec<u8> {
    let pretty = serde_json::from_slice::<&RawValue>(text)
        .and_then(|value| serde_json::to_vec_pretty(&AsItStands { value, depth: 0 }));
    let mut bytes = pretty.unwrap_or_else(|_| text.to_vec());
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    json_document(bytes)
}

/// Deeper than anything a service sends; what lies deeper stays on one line.
const DEEPEST: usize = 100;

/// A value taken apart no further than to its members. Texts and numbers are never read, and so
/// never rewritten: 64 bits and 17 digits are no limit.
struct AsItStands<'a> {
    value: &'a RawValue,
    depth: usize,
}

impl Serialize for AsItStands<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.value.get();
        let inner = |value| Self { value, depth: self.depth + 1 };
        match text.as_bytes().first() {
            Some(b'{') if self.depth < DEEPEST => {
                let Members(members) = serde_json::from_str(text).map_err(S::Error::custom)?;
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(&name, &inner(value))?;
                }
                map.end()
            }
            Some(b'[') if self.depth < DEEPEST => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(S::Error::custom)?;
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&inner(value))?;
                }
                list.end()
            }
            _ => self.value.serialize(serializer),
        }
    }
}

/// An object's members in their order, repeated ones too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(text: &str) -> String {
        String::from_utf8(pretty_json(text.as_bytes())).unwrap()
    }

    #[test]
    fn order_and_numbers_are_the_servers() {
        let text =
            r#" {"b":[1.0,123456789012345678901234567890],"a":{"é":"\u00e9"},"b":{},"c":[]} "#;
        let expected = r#"{
  "b": [
    1.0,
    123456789012345678901234567890
  ],
  "a": {
    "é": "\u00e9"
  },
  "b": {},
  "c": []
}
"#;
        assert_eq!(pretty(text), expected);
    }

    #[test]
    fn depth_has_an_end() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(pretty(&text).contains("[[[["));
        assert_eq!(pretty("not JSON"), "not JSON\n");
    }

    #[test]
    fn nothing_in_it_steers_a_terminal() {
        let shown = pretty("{\"a\u{9b}\u{7f}\":\t\"\u{202e}\"}");
        assert_eq!(shown, "{\n  \"a\\u009b\\u007f\": \"\\u202e\"\n}\n");
    }
}
