//! JSON of any shape as text, without building it: a small answer would become a large tree.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The compact form of a JSON document, in its own order, at most about so many bytes of it. All of it
/// is read, so that what follows is known to be JSON as well; `None` when it is not.
pub(crate) fn json_excerpt(json: &[u8], most: usize) -> Option<String> {
    let mut out = String::new();
    let mut input = serde_json::Deserializer::from_slice(json);
    let written = JsonExcerpt { out: &mut out, most, comma: false }.deserialize(&mut input);
    if written.and_then(|()| input.end()).is_ok() {
        return Some(out);
    }
    // With a number that no float can hold, or too deep, it may be JSON all the same.
    let text = serde_json::from_slice::<&RawValue>(json).ok()?.get();
    Some(text.get(..text.floor_char_boundary(most)).unwrap_or(text).to_owned())
}

/// The first `most` bytes of a text and a sign that there was more.
pub(crate) fn shortened(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

/// Writes a value as compact JSON until there is enough of it; the rest is read and dropped.
struct JsonExcerpt<'o> {
    out: &'o mut String,
    most: usize,
    /// It is an element behind another.
    comma: bool,
}

impl JsonExcerpt<'_> {
    fn is_full(&self) -> bool {
        self.out.len() >= self.most
    }

    fn inner(&mut self, comma: bool) -> JsonExcerpt<'_> {
        JsonExcerpt { out: self.out, most: self.most, comma }
    }

    /// Adds what has no quotes.
    fn bare(self, text: &str) {
        self.out.push_str(text);
    }

    /// Adds a text in quotes, or as much of it as there is room for.
    fn quoted(&mut self, text: &str) {
        let mut end = text.len().min(self.most.saturating_sub(self.out.len()));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let shown = text.get(..end).unwrap_or_default();
        // Writing a text as JSON cannot fail.
        self.out.push_str(&serde_json::to_string(shown).unwrap_or_default());
    }
}

impl<'de> DeserializeSeed<'de> for JsonExcerpt<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        if self.is_full() {
            return input.deserialize_ignored_any(IgnoredAny).map(drop);
        }
        if self.comma {
            self.out.push(',');
        }
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonExcerpt<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.bare("null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.bare(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.bare(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.bare(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.bare(&number(value));
        Ok(())
    }

    fn visit_str<E>(mut self, text: &str) -> Result<(), E> {
        self.quoted(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        self.out.push('[');
        let mut comma = false;
        while seq.next_element_seed(self.inner(comma))?.is_some() {
            comma = true;
        }
        self.out.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.out.push('{');
        let mut is_first = true;
        while !self.is_full()
            && let Some(name) = map.next_key::<String>()?
        {
            if !is_first {
                self.out.push(',');
            }
            is_first = false;
            self.quoted(&name);
            self.out.push(':');
            map.next_value_seed(self.inner(false))?;
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.out.push('}');
        Ok(())
    }
}

fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or_else(|| value.to_string(), |n| n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_in_its_own_order() {
        let text = r#" { "b" : [ 1 , -2, 1.50, true, null, "\u00e9\n" ] , "a" : { } , "b":[[]] } "#;
        let expected = r#"{"b":[1,-2,1.5,true,null,"é\n"],"a":{},"b":[[]]}"#;
        assert_eq!(json_excerpt(text.as_bytes(), 1_000).as_deref(), Some(expected));
        assert_eq!(json_excerpt(b"{} x", 1_000), None);
        assert_eq!(json_excerpt(b"[1,]", 1_000), None);
    }

    #[test]
    fn no_more_is_kept_than_asked_for() {
        let list = format!("[{}1]", "1,".repeat(10_000));
        assert_eq!(json_excerpt(list.as_bytes(), 6).as_deref(), Some("[1,1,1]"));
        let text = format!("[{{\"{0}\":\"{0}\"}}]", "密".repeat(10_000));
        assert!(json_excerpt(text.as_bytes(), 100).is_some_and(|kept| kept.len() < 120));
        // The part that is dropped has to be JSON all the same.
        assert_eq!(json_excerpt(b"[1,2,3,x]", 2), None);
        let large = format!("[1e400,{}1]", "1,".repeat(100));
        assert_eq!(json_excerpt(large.as_bytes(), 8).as_deref(), Some("[1e400,1"));
    }
}
