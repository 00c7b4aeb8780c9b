//! The members of a JSON object, taken one by one; those that nobody takes are kept as they came.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::number::Integer;
use crate::{Decimal, UnixMilliseconds, UnixSeconds};

/// The members of an object. A member that cannot be read stays, and ends among the
/// [`OtherMembers`]: it is never taken for another value.
#[derive(Debug, Default)]
pub(crate) struct Members(BTreeMap<String, Box<RawValue>>);

/// Null is an object without members.
impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(input)?.unwrap_or_default()))
    }
}

impl Members {
    /// Takes a number, also as text.
    pub(crate) fn decimal(&mut self, name: &str) -> Option<Decimal> {
        self.take(name, Decimal::of_json)
    }

    /// Takes a 64-bit integer, also as text.
    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        self.take(name, |value| Integer::of_json(value).exact())
    }

    /// Takes an instant that is sent in seconds.
    pub(crate) fn seconds(&mut self, name: &str) -> Option<UnixSeconds> {
        self.integer(name).map(UnixSeconds)
    }

    /// Takes an instant that is sent in milliseconds.
    pub(crate) fn milliseconds(&mut self, name: &str) -> Option<UnixMilliseconds> {
        self.integer(name).map(UnixMilliseconds)
    }

    /// Takes a text, also one that is written as a number or a truth value.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let read = |value: &RawValue| match value.get() {
            json if json.starts_with(['{', '[']) => None,
            json => Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
        };
        if self.0.get(name).is_some_and(|value| value.get() == "\"\"") {
            self.0.remove(name);
            return Some(String::new());
        }
        self.take(name, read)
    }

    /// Takes a truth value, also as text or as a number.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.take(name, |value| match value.get().trim_matches('"').to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    /// Takes an object.
    pub(crate) fn object<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.take(name, |value| {
            let is_object = value.get().starts_with('{');
            is_object.then(|| serde_json::from_str(value.get()).ok()).flatten()
        })
    }

    /// Takes the objects of a list; nulls in it are passed over.
    pub(crate) fn list<T: DeserializeOwned>(&mut self, name: &str) -> Option<Vec<T>> {
        self.take(name, |value| {
            let items: Vec<Option<T>> = serde_json::from_str(value.get()).ok()?;
            Some(items.into_iter().flatten().collect())
        })
    }

    /// Takes the objects of the first of some lists that is there.
    pub(crate) fn list_of<T: DeserializeOwned>(&mut self, names: &[&str]) -> Option<Vec<T>> {
        names.iter().find_map(|name| self.list(name))
    }

    /// The members of a member if it is an object, or else these.
    pub(crate) fn unwrapped(mut self, name: &str) -> Self {
        self.object(name).unwrap_or(self)
    }

    /// Takes every object whose name begins like this.
    pub(crate) fn objects_named<T: DeserializeOwned>(
        &mut self,
        prefix: &str,
    ) -> BTreeMap<String, T> {
        let names: Vec<String> =
            self.0.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
        let named = |name: String| Some((name.clone(), self.object(&name)?));
        names.into_iter().filter_map(named).collect()
    }

    /// The members that are left.
    pub(crate) fn rest(self) -> OtherMembers {
        let member = |(name, value): (String, Box<RawValue>)| (name, value.get().to_owned());
        OtherMembers(self.0.into_iter().map(member).collect())
    }

    /// The members that are left, without those that may hold an API key: it is in a member that says so,
    /// and may be repeated in others.
    pub(crate) fn rest_without_keys(self) -> OtherMembers {
        let keys: Vec<String> = self
            .0
            .iter()
            .filter(|(name, _)| names_key(name))
            .flat_map(|(_, value)| texts(value))
            .collect();
        let mut rest = self.rest();
        rest.0.retain(|name, value| {
            let repeats = keys.iter().any(|key| value.contains(key.as_str()));
            // A letter of a name may be written as its number.
            !names_key(name) && !names_key(value) && !value.contains("\\u") && !repeats
        });
        rest
    }

    /// Takes a member that can be read. Null and empty text are taken as well, and are nothing.
    fn take<T>(&mut self, name: &str, read: impl FnOnce(&RawValue) -> Option<T>) -> Option<T> {
        let value = self.0.get(name)?;
        let found = match value.get() {
            "null" | "\"\"" => None,
            _ => Some(read(value)?),
        };
        self.0.remove(name);
        found
    }
}

/// True for a text in which a name of API keys is: `ApiKey`, `api_key`, `AuthToken`.
fn names_key(text: &str) -> bool {
    let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    ["apikey", "authtoken", "secret", "password"].iter().any(|name| plain.contains(name))
}

/// The texts of a member that are long enough to be keys.
fn texts(value: &RawValue) -> Vec<String> {
    let parts = value.get().split('"').filter(|part| part.len() >= 8);
    parts.map(str::to_owned).collect()
}

/// Members that are not known, or cannot be read: each with the JSON it came with.
///
/// ```
/// use ark_usage_model::get_afp_usage::AfpWindow;
///
/// let window: AfpWindow = serde_json::from_str(r#"{"Quota":5,"Bonus":1.50,"Used":"many"}"#)?;
/// assert_eq!(window.other.iter().collect::<Vec<_>>(), [("Bonus", "1.50"), ("Used", "\"many\"")]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherMembers(BTreeMap<String, String>);

impl OtherMembers {
    /// Names and values, by name. A value is JSON.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As an object, each value as it came.
impl Serialize for OtherMembers {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        let mut map = output.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            let value: Box<RawValue> =
                RawValue::from_string(value.clone()).map_err(S::Error::custom)?;
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(json: &str) -> Members {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_member_is_taken_once_in_every_spelling() {
        let json =
            r#"{"a":"1.50","b":7,"c":"7.0","d":true,"e":"false","f":1,"g":12,"h":"","i":null}"#;
        let mut all = members(json);
        assert_eq!(all.decimal("a").unwrap().as_str(), "1.50");
        assert_eq!((all.integer("b"), all.seconds("c")), (Some(7), Some(UnixSeconds(7))));
        assert_eq!((all.boolean("d"), all.boolean("e")), (Some(true), Some(false)));
        assert_eq!((all.boolean("f"), all.text("g")), (Some(true), Some("12".to_owned())));
        assert_eq!(
            (all.text("h"), all.text("i"), all.text("j")),
            (Some(String::new()), None, None)
        );
        assert!(all.integer("a").is_none() && all.rest().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_kept() {
        let json = r#"{"a":"many","b":1e400,"c":[1],"d":{"x":1},"e":[{"A":1},5],"f":[null,{}]}"#;
        let mut all = members(json);
        assert_eq!((all.decimal("a"), all.integer("b"), all.text("c")), (None, None, None));
        assert_eq!((all.text("d"), all.boolean("d")), (None, None));
        assert!(all.list::<Members>("e").is_none() && all.object::<Members>("c").is_none());
        assert_eq!(all.list::<Members>("f").map(|items| items.len()), Some(1));
        let rest = all.rest();
        let expected = r#"{"a":"many","b":1e400,"c":[1],"d":{"x":1},"e":[{"A":1},5]}"#;
        assert_eq!(serde_json::to_string(&rest).unwrap(), expected);
    }

    #[test]
    fn null_has_no_members_and_other_things_are_no_objects() {
        assert!(members("null").rest().is_empty());
        for json in ["[]", "5", "\"x\"", "true"] {
            assert!(serde_json::from_str::<Members>(json).is_err(), "{json}");
        }
    }
}
