//! Reads a result straight into points: one pass, no copy of the wire's shape in between.
//!
//! Lenient where leniency cannot make a wrong number: nulls and missing fields are nothing, numbers
//! may be text, unknown fields are skipped. A value that is not an exact integer is left out and
//! counted as an oddity, so that it shows up as missing with a warning.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::get_usage::{Tag, values};
use crate::number::Integer;
use crate::points::Slot;
use crate::{Metric, Tags, Window};

/// The seed that reads `Result`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoder {
    /// The query's window, which numbers the buckets.
    pub(crate) whole: Window,
    /// The buckets wanted of this answer; others are dropped.
    pub(crate) wanted: Window,
    /// The start of the bucket at the `EndTime` asked for: whether it comes is worth knowing.
    pub(crate) watch: i64,
    /// What to add to a label to get the start of its bucket, in seconds.
    pub(crate) label_shift: i64,
    /// When the answer came, as points keep it.
    pub(crate) stamp: i32,
}

/// What one answer holds.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    /// Each metric with one set of tags once, points sorted, each bucket once.
    pub(crate) items: Vec<StagedItem>,
    /// Whether the watched bucket came.
    pub(crate) watched: bool,
    /// What was strange about it.
    pub(crate) oddities: Oddities,
}

impl Staged {
    /// Whether any line has this bucket.
    pub(crate) fn has(&self, bucket: Option<u32>) -> bool {
        let bucket = bucket.unwrap_or(u32::MAX);
        self.items
            .iter()
            .any(|item| item.slots.binary_search_by_key(&bucket, |slot| slot.bucket).is_ok())
    }
}

/// One line of an answer.
#[derive(Debug, Default)]
pub(crate) struct StagedItem {
    pub(crate) metric: Metric,
    pub(crate) tags: Tags,
    pub(crate) slots: Vec<Slot>,
}

/// What was strange about an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    /// Buckets that stood there twice with different values.
    pub(crate) contradictions: usize,
    /// Labels at which no bucket starts.
    pub(crate) unaligned: usize,
    /// Labels or values that are not exact integers.
    pub(crate) unreadable: usize,
}

impl<'de> DeserializeSeed<'de> for Decoder {
    type Value = Staged;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Staged, D::Error> {
        let mut collector = Collector { decoder: self, staged: Staged::default(), next: i64::MIN };
        Object(ResultReader(&mut collector)).deserialize(input)?;
        Ok(collector.finish())
    }
}

struct Collector {
    decoder: Decoder,
    staged: Staged,
    /// The start of the bucket after the last one taken.
    next: i64,
}

impl Collector {
    /// Keeps a point if its bucket is wanted.
    fn take(&mut self, slots: &mut Vec<Slot>, label: Integer, value: Integer) {
        let (label, value) = match (label, value) {
            (Integer::Exact(label), Integer::Exact(value)) => (label, value),
            (Integer::Unreadable, _) | (_, Integer::Unreadable) => {
                self.staged.oddities.unreadable += 1;
                return;
            }
            // A bucket without a value, or the other way round, says nothing.
            _ => return,
        };
        let Decoder { whole, wanted, watch, label_shift, stamp } = self.decoder;
        let start = label.saturating_add(label_shift);
        self.staged.watched |= start == watch;
        if !(wanted.first()..wanted.end()).contains(&start) {
            return;
        }
        // Nearly always it is the bucket after the last one, which spares a division.
        let bucket = match slots.last() {
            Some(last) if start == self.next => Some(last.bucket + 1),
            _ => whole.index_of(start),
        };
        match bucket {
            Some(bucket) => {
                self.next = start.saturating_add(whole.interval().seconds());
                slots.push(Slot { bucket, stamp, value });
            }
            None => self.staged.oddities.unaligned += 1,
        }
    }

    /// Sorts what came and joins lines that stand there twice; what stands later wins.
    fn finish(mut self) -> Staged {
        let mut lines: BTreeMap<(Metric, Tags), Vec<Slot>> = BTreeMap::new();
        for StagedItem { metric, tags, slots } in std::mem::take(&mut self.staged.items) {
            match lines.entry((metric, tags)) {
                Entry::Vacant(new) => drop(new.insert(slots)),
                Entry::Occupied(mut earlier) => earlier.get_mut().extend(slots),
            }
        }
        for ((metric, tags), mut slots) in lines {
            self.staged.oddities.contradictions += normalise(&mut slots);
            self.staged.items.push(StagedItem { metric, tags, slots });
        }
        self.staged
    }
}

/// Sorts by bucket and keeps the last of each; returns how many contradicted another.
fn normalise(slots: &mut Vec<Slot>) -> usize {
    if slots.is_sorted_by(|one, two| one.bucket < two.bucket) {
        return 0;
    }
    slots.sort_by_key(|slot| slot.bucket);
    let mut contradictions = 0;
    slots.dedup_by(|later, kept| {
        let same = later.bucket == kept.bucket;
        if same {
            contradictions += usize::from(later.value != kept.value);
            *kept = *later;
        }
        same
    });
    contradictions
}

/// `{"UsageResults": […]}`.
struct ResultReader<'c>(&'c mut Collector);

#[derive(Deserialize)]
#[serde(field_identifier)]
enum ResultKey {
    UsageResults,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for ResultReader<'_> {
    type Key = ResultKey;
    const WHAT: &'static str = "the result, an object";

    fn field<A: MapAccess<'de>>(&mut self, key: ResultKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            ResultKey::UsageResults => map.next_value_seed(List(MetricList(self.0))).map(drop),
            ResultKey::Other => skip(map),
        }
    }
}

struct MetricList<'c>(&'c mut Collector);

impl<'de> ReadList<'de> for MetricList<'_> {
    const WHAT: &'static str = "the list of metrics";

    fn element<A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let first = self.0.staged.items.len();
        let reader = MetricReader { collector: self.0, name: Metric::default() };
        let Some(MetricReader { name, .. }) = seq.next_element_seed(Object(reader))? else {
            return Ok(false);
        };
        // The name may stand behind the items.
        for item in self.0.staged.items.iter_mut().skip(first) {
            item.metric = name.clone();
        }
        Ok(true)
    }
}

/// `{"Name": …, "MetricItems": […]}`.
struct MetricReader<'c> {
    collector: &'c mut Collector,
    name: Metric,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum MetricKey {
    Name,
    MetricItems,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for MetricReader<'_> {
    type Key = MetricKey;
    const WHAT: &'static str = "a metric, an object";

    fn field<A: MapAccess<'de>>(&mut self, key: MetricKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            MetricKey::Name => {
                let name: Option<Cow<'_, str>> = map.next_value()?;
                self.name = Metric::from(name.as_deref().unwrap_or(""));
                Ok(())
            }
            MetricKey::MetricItems => map.next_value_seed(List(ItemList(self.collector))).map(drop),
            MetricKey::Other => skip(map),
        }
    }
}

struct ItemList<'c>(&'c mut Collector);

impl<'de> ReadList<'de> for ItemList<'_> {
    const WHAT: &'static str = "the list of lines";

    fn element<A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        // Lines are mostly as long as the one before.
        let like = self.0.staged.items.last().map_or(0, |item| item.slots.len());
        let slots = Vec::with_capacity(like);
        let reader = ItemReader { collector: self.0, tags: Tags::default(), slots };
        let Some(ItemReader { tags, slots, .. }) = seq.next_element_seed(Object(reader))? else {
            return Ok(false);
        };
        self.0.staged.items.push(StagedItem { metric: Metric::default(), tags, slots });
        Ok(true)
    }
}

/// `{"Tags": […], "Values": […]}`.
struct ItemReader<'c> {
    collector: &'c mut Collector,
    tags: Tags,
    slots: Vec<Slot>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum ItemKey {
    Tags,
    Values,
    #[serde(other)]
    Other,
}

impl<'de> ReadObject<'de> for ItemReader<'_> {
    type Key = ItemKey;
    const WHAT: &'static str = "a line, an object";

    fn field<A: MapAccess<'de>>(&mut self, key: ItemKey, map: &mut A) -> Result<(), A::Error> {
        match key {
            ItemKey::Tags => {
                let tags: Option<Vec<Tag>> = map.next_value()?;
                let tags = tags.unwrap_or_default().into_iter();
                self.tags = Tags::new(tags.map(|tag| (tag.key, tag.value)));
                Ok(())
            }
            ItemKey::Values => {
                let Some(list) = map.next_value::<Option<&'de RawValue>>()? else { return Ok(()) };
                values::read(list, |label, value| {
                    self.collector.take(&mut self.slots, label, value);
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
    type Key: Deserialize<'de>;
    const WHAT: &'static str;

    fn field<A: MapAccess<'de>>(&mut self, key: Self::Key, map: &mut A) -> Result<(), A::Error>;
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
        while let Some(key) = map.next_key()? {
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
