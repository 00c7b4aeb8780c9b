//! An action's parameters as they came, read one by one so that the refusal names the right one.

use serde_json::{Map, Value};

use crate::errors::Refusal;

/// The members of a JSON body.
#[derive(Debug, Default)]
pub(crate) struct Parameters(Map<String, Value>);

impl Parameters {
    /// An absent body is an empty object.
    pub(crate) fn from_body(body: &[u8]) -> Result<Self, Refusal> {
        if body.trim_ascii().is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Refusal::invalid_body("a JSON object is expected")),
            Err(error) => Err(Refusal::invalid_body(&format!("not JSON, {error}"))),
        }
    }

    /// True for a member that is there, whatever it holds.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.present(name).is_some()
    }

    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let wrong = || Refusal::invalid_parameter(name, "an integer is expected");
        self.present(name).map(|value| value.as_i64().ok_or_else(wrong)).transpose()
    }

    pub(crate) fn required_integer(&self, name: &str) -> Result<i64, Refusal> {
        self.integer(name)?.ok_or_else(|| Refusal::missing_parameter(name))
    }

    /// An absent one is false.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, Refusal> {
        let wrong = || Refusal::invalid_parameter(name, "true or false is expected");
        self.present(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(wrong))
    }

    /// Empty text counts as absent.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let wrong = || Refusal::invalid_parameter(name, "a string is expected");
        let text = self.present(name).map(|value| value.as_str().ok_or_else(wrong)).transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// An absent list is an empty one.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let wrong = || Refusal::invalid_parameter(name, "an array of strings is expected");
        let Some(value) = self.present(name) else { return Ok(Vec::new()) };
        let values = value.as_array().ok_or_else(wrong)?;
        values.iter().map(|value| value.as_str().ok_or_else(wrong)).collect()
    }

    /// A nested object; absent is empty.
    pub(crate) fn object(&self, name: &str) -> Result<Self, Refusal> {
        match self.present(name) {
            None => Ok(Self(Map::new())),
            Some(Value::Object(members)) => Ok(Self(members.clone())),
            Some(_) => Err(Refusal::invalid_parameter(name, "an object is expected")),
        }
    }

    /// A list of objects; absent is empty.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Self>, Refusal> {
        let wrong = || Refusal::invalid_parameter(name, "an array of objects is expected");
        let Some(value) = self.present(name) else { return Ok(Vec::new()) };
        let values = value.as_array().ok_or_else(wrong)?;
        let object = |value: &Value| value.as_object().cloned().map(Self).ok_or_else(wrong);
        values.iter().map(object).collect()
    }

    fn present(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}
