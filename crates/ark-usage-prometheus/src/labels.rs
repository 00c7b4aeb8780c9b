//! The labels of a series.

use std::collections::BTreeMap;

use ark_usage_model::{Tags, label_value, unique_name};

/// Labels by name, sorted. A label without a value is the same as none, so that none is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Returns no labels.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns the labels with one more; the name is one of this crate's own.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a label; an empty value removes it.
    pub fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Adds tags of the service, each as `tag_KEY`, with letters, digits and underscores only.
    #[must_use]
    pub fn with_tags(mut self, tags: &Tags) -> Self {
        for (key, value) in tags.iter() {
            self.set(&format!("tag_{}", unique_name(key)), value);
        }
        self
    }

    /// The value of a label.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the labels as they stand between braces in the text format.
    pub(crate) fn pairs(&self) -> String {
        let pairs = self.iter().map(|(name, value)| format!("{name}=\"{}\"", label_value(value)));
        pairs.collect::<Vec<_>>().join(",")
    }
}
