//! Reads a result straight into points in one pass, without a copy of the wire's shape.
//!
//! Lenient where leniency cannot make a wrong number: nulls and missing fields are nothing, numbers
//! may be text, unknown fields are skipped. A value that is not an exact integer from 0 on is left out and
//! counted as an oddity, so that it shows up as missing with a warning. A field that is there twice is an
//! error: nobody can say which of them counts.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use crate::action::{PointCollector, ResponseLine};
use crate::get_usage::{Tag, values};
use crate::number::Integer;
use crate::{Metric, Tags};

/// The seed that reads `Result` into a collector.
#[derive(Debug)]
pub(super) struct ResultSeed<'c>(pub(super) &'c mut PointCollector);

impl<'de> DeserializeSeed<'de> for ResultSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        let mut reader = LineReader { points: self.0, lines: Vec::new() };
        Object(ResultReader(&mut reader)).deserialize(input)?;
        let LineReader { points, lines } = reader;
        for line in lines {
            points.add(line);
        }
        Ok(())
    }
}

/// The lines read so far, and the collector of their points.
struct LineReader<'c> {
    points: &'c mut PointCollector,
    lines: Vec<ResponseLine>,
}

impl LineReader<'_> {
    fn take(&mut self, line: &mut ResponseLine, label: Integer, value: Integer) {
        match (label, value) {
            (Integer::Exact(label), Integer::Exact(value)) => self.points.push(line, label, value),
            (Integer::Unreadable, _) | (_, Integer::Unreadable) => line.unreadable(),
            // A bucket without a value, or the other way round, says nothing.
            _ => {}
        }
    }
}

/// `{"UsageResults": […]}`.
struct ResultReader<'r, 'c>(&'r mut LineReader<'c>);

#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier)]
enum ResultKey {
    UsageResults,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for ResultReader<'_, '_> {
    type Field = ResultKey;
    const WHAT: &'static str = "the result, an object";

    fn name(key: ResultKey) -> Option<&'static str> {
        match key {
            ResultKey::UsageResults => Some("UsageResults"),
            ResultKey::Other => None,
        }
    }

    fn field<A: MapAccess<'de>>(&mut self, key: ResultKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            ResultKey::UsageResults => map.next_value_seed(List(MetricList(self.0))).map(drop),
            ResultKey::Other => skip(map),
        }
    }
}

struct MetricList<'r, 'c>(&'r mut LineReader<'c>);

impl<'de> ReadList<'de> for MetricList<'_, '_> {
    const WHAT: &'static str = "the list of metrics";

    fn element<A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let first = self.0.lines.len();
        let reader = MetricReader { lines: self.0, name: Metric::default() };
        let Some(MetricReader { name, .. }) = seq.next_element_seed(Object(reader))? else {
            return Ok(false);
        };
        // The name may stand behind the items.
        for line in self.0.lines.iter_mut().skip(first) {
            line.metric = name.clone();
        }
        Ok(true)
    }
}

/// `{"Name": …, "MetricItems": […]}`.
struct MetricReader<'r, 'c> {
    lines: &'r mut LineReader<'c>,
    name: Metric,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier)]
enum MetricKey {
    Name,
    MetricItems,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for MetricReader<'_, '_> {
    type Field = MetricKey;
    const WHAT: &'static str = "a metric, an object";

    fn name(key: MetricKey) -> Option<&'static str> {
        match key {
            MetricKey::Name => Some("Name"),
            MetricKey::MetricItems => Some("MetricItems"),
            MetricKey::Other => None,
        }
    }

    fn field<A: MapAccess<'de>>(&mut self, key: MetricKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            MetricKey::Name => {
                let name: Option<Cow<'_, str>> = map.next_value()?;
                self.name = Metric::from(name.as_deref().unwrap_or(""));
                Ok(())
            }
            MetricKey::MetricItems => map.next_value_seed(List(ItemList(self.lines))).map(drop),
            MetricKey::Other => skip(map),
        }
    }
}

struct ItemList<'r, 'c>(&'r mut LineReader<'c>);

impl<'de> ReadList<'de> for ItemList<'_, '_> {
    const WHAT: &'static str = "the list of lines";

    fn element<A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        // Lines are mostly as long as the one before.
        let like = self.0.lines.last().map_or(0, |line| line.slots.len());
        let mut line = ResponseLine::default();
        line.slots.reserve_exact(like);
        let reader = ItemReader { lines: self.0, line };
        let Some(ItemReader { line, .. }) = seq.next_element_seed(Object(reader))? else {
            return Ok(false);
        };
        self.0.lines.push(line);
        Ok(true)
    }
}

/// `{"Tags": […], "Values": […]}`.
struct ItemReader<'r, 'c> {
    lines: &'r mut LineReader<'c>,
    line: ResponseLine,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier)]
enum ItemKey {
    Tags,
    Values,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for ItemReader<'_, '_> {
    type Field = ItemKey;
    const WHAT: &'static str = "a line, an object";

    fn name(key: ItemKey) -> Option<&'static str> {
        match key {
            ItemKey::Tags => Some("Tags"),
            ItemKey::Values => Some("Values"),
            ItemKey::Other => None,
        }
    }

    fn field<A: MapAccess<'de>>(&mut self, key: ItemKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            ItemKey::Tags => {
                let tags: Option<Vec<Tag>> = map.next_value()?;
                let tags = tags.unwrap_or_default().into_iter();
                self.line.tags = Tags::new(tags.map(|tag| (tag.key, tag.value)));
                Ok(())
            }
            ItemKey::Values => {
                let Some(list) = map.next_value::<Option<&'de RawValue>>()? else { return Ok(()) };
                values::read(list, |label, value| {
                    self.lines.take(&mut self.line, label, value);
                })
            }
            ItemKey::Other => skip(map),
        }
    }
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Reads the fields of a JSON object; null is an object without fields.
trait ReadObject<'de>: Sized {
    type Field: Deserialize<'de> + Copy;
    const WHAT: &'static str;

    /// Returns the name of a field that may be there once only; `None` for one that is not read.
    fn name(key: Self::Field) -> Option<&'static str>;

    fn field<A: MapAccess<'de>>(&mut self, key: Self::Field, map: &mut A) -> Result<(), A::Error>;
}

/// Reads the elements of a JSON array; null is an empty array.
trait ReadList<'de>: Sized {
    const WHAT: &'static str;

    /// Reads one element; false when there is none.
    fn element<A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error>;
}

struct Object<R>(R);

impl<'de, R: ReadObject<'de>> DeserializeSeed<'de> for Object<R> {
    type Value = R;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<R, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de, R: ReadObject<'de>> Visitor<'de> for Object<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::WHAT)
    }

    fn visit_unit<E>(self) -> Result<R, E> {
        Ok(self.0)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<R, A::Error> {
        // No object has more fields that are read.
        let mut seen = [None; 2];
        while let Some(key) = map.next_key()? {
            if let Some(name) = R::name(key) {
                let place = seen.iter_mut().find(|place| place.is_none_or(|known| known == name));
                if let Some(place) = place
                    && place.replace(name).is_some()
                {
                    return Err(A::Error::duplicate_field(name));
                }
            }
            self.0.field(key, &mut map)?;
        }
        Ok(self.0)
    }
}

struct List<R>(R);

impl<'de, R: ReadList<'de>> DeserializeSeed<'de> for List<R> {
    type Value = R;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<R, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de, R: ReadList<'de>> Visitor<'de> for List<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::WHAT)
    }

    fn visit_unit<E>(self) -> Result<R, E> {
        Ok(self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<R, A::Error> {
        while self.0.element(&mut seq)? {}
        Ok(self.0)
    }
}
