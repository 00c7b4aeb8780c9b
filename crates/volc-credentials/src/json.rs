//! JSON files read key by key, so that an error can name the line and the key and never the value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::content_problem::ContentProblem;
use crate::error::{Place, SourceError};

/// One object of a JSON file, with the places of its keys.
pub(crate) struct Object<'a> {
    text: &'a str,
    path: PathBuf,
    /// The keys that lead here, `profiles.prod`; empty for the whole file.
    name: String,
    line: usize,
    entries: BTreeMap<String, &'a RawValue>,
}

impl<'a> Object<'a> {
    /// The object a file holds. A file with nothing but white space holds an empty one, as the
    /// `ve` tool has it.
    pub(crate) fn parse(path: &Path, text: &'a str) -> Result<Self, SourceError> {
        let mut object = Self {
            text,
            path: path.into(),
            name: String::new(),
            line: 1,
            entries: BTreeMap::new(),
        };
        if !text.trim().is_empty() {
            object.entries = serde_json::from_str(text).map_err(|error| {
                // The message of a data error quotes the value, so only its position is kept.
                let problem = if error.is_data() {
                    ContentProblem::NotAnObject
                } else {
                    ContentProblem::NotJson
                };
                SourceError::malformed(Place::line(path, error.line().max(1)), problem)
            })?;
        }
        Ok(object)
    }

    /// The names of the entries, sorted.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// An object inside this one; `null` is absent.
    pub(crate) fn object(&self, key: &str) -> Result<Option<Self>, SourceError> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        let entries = serde_json::from_str(raw.get())
            .map_err(|_| SourceError::malformed(self.place(key), ContentProblem::ExpectedObject))?;
        Ok(Some(Self {
            text: self.text,
            path: self.path.clone(),
            name: self.full_name(key),
            line: self.line_of(raw),
            entries,
        }))
    }

    /// A text without surrounding white space; empty and `null` are absent.
    pub(crate) fn string(&self, key: &str) -> Result<Option<String>, SourceError> {
        let text: Option<String> = self.value(key, ContentProblem::ExpectedText)?;
        Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// A text, or a number taken as one: account ids are written both ways.
    pub(crate) fn string_or_number(&self, key: &str) -> Result<Option<String>, SourceError> {
        match self.raw(key).map(RawValue::get) {
            Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Some(number.to_owned()))
            }
            _ => self.string(key),
        }
    }

    /// A whole number, which some tools write in quotes.
    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, SourceError> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        let text = raw.get().trim_matches('"').trim();
        if text.is_empty() {
            return Ok(None);
        }
        let number = text
            .parse()
            .map_err(|_| SourceError::malformed(self.place(key), ContentProblem::ExpectedNumber))?;
        Ok(Some(number))
    }

    /// `true` or `false`, which some tools write in quotes.
    pub(crate) fn boolean(&self, key: &str) -> Result<Option<bool>, SourceError> {
        match self.raw(key).map(|raw| raw.get().trim_matches('"').trim().to_ascii_lowercase()) {
            None => Ok(None),
            Some(text) if text.is_empty() => Ok(None),
            Some(text) if text == "true" => Ok(Some(true)),
            Some(text) if text == "false" => Ok(Some(false)),
            Some(_) => {
                Err(SourceError::malformed(self.place(key), ContentProblem::ExpectedBoolean))
            }
        }
    }

    /// An object, or a text that holds one: the `ve` tool writes both.
    pub(crate) fn object_or_text<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<Option<T>, SourceError> {
        let expected =
            || SourceError::malformed(self.place(key), ContentProblem::ExpectedObjectWithKeys);
        let Some(raw) = self.raw(key) else { return Ok(None) };
        if !raw.get().starts_with('"') {
            return serde_json::from_str(raw.get()).map(Some).map_err(|_| expected());
        }
        let inner: String = serde_json::from_str(raw.get()).map_err(|_| expected())?;
        if inner.trim().is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&inner).map(Some).map_err(|_| expected())
    }

    /// Returns the place of a key, or that of the object when it has no such key.
    pub(crate) fn place(&self, key: &str) -> Place {
        let line = self.raw(key).map_or(self.line, |raw| self.line_of(raw));
        Place { path: self.path.clone(), line: Some(line), key: Some(self.full_name(key)) }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn value<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
        expected: ContentProblem,
    ) -> Result<Option<T>, SourceError> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        serde_json::from_str(raw.get())
            .map(Some)
            .map_err(|_| SourceError::malformed(self.place(key), expected))
    }

    fn raw(&self, key: &str) -> Option<&'a RawValue> {
        self.entries.get(key).copied().filter(|raw| raw.get() != "null")
    }

    fn full_name(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Raw values are slices of the file's text, so their distance from its start gives the line.
    fn line_of(&self, raw: &RawValue) -> usize {
        let offset = raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"current\": \"a\",\n  \"profiles\": {\n    \"a\": {\n      \"mode\": 7,\n      \"region\": \" cn-beijing \",\n      \"sts-expiration\": \"secret-value\",\n      \"use-dual-stack\": \"TRUE\",\n      \"empty\": \"\", \"nothing\": null\n    }\n  }\n}\n";

    fn profile() -> Object<'static> {
        let file = Object::parse(Path::new("/c.json"), TEXT).unwrap();
        file.object("profiles").unwrap().unwrap().object("a").unwrap().unwrap()
    }

    #[test]
    fn values_are_read_and_blanks_are_absent() {
        let profile = profile();
        assert_eq!(profile.string("region").unwrap().as_deref(), Some("cn-beijing"));
        assert_eq!(profile.boolean("use-dual-stack").unwrap(), Some(true));
        assert_eq!(profile.string("empty").unwrap(), None);
        assert_eq!(profile.string("nothing").unwrap(), None);
        assert_eq!(profile.integer("absent").unwrap(), None);
    }

    #[test]
    fn errors_name_line_and_key_and_not_the_value() {
        let profile = profile();
        assert_eq!(
            profile.string("mode").unwrap_err().to_string(),
            "/c.json line 5, key profiles.a.mode: expected a text in quotes"
        );
        assert_eq!(
            profile.integer("sts-expiration").unwrap_err().to_string(),
            "/c.json line 7, key profiles.a.sts-expiration: expected a whole number"
        );
        assert_eq!(profile.place("absent").line, Some(4));
    }

    #[test]
    fn broken_files_give_their_line() {
        let broken = |text| Object::parse(Path::new("/c.json"), text).err().map(|e| e.to_string());
        assert_eq!(broken(""), None);
        assert_eq!(broken("{\n\"a\": \"s3cret\n}"), Some("/c.json line 2: not valid JSON".into()));
        assert_eq!(broken("\"s3cret\""), Some("/c.json line 1: not a JSON object".into()));
    }
}
