//! `--fields`: the columns of rows.

use super::{CURRENCY, ROW_FIELDS, RowField, columns};
use crate::error::ReportError;
use crate::{suggest, text};

/// Columns, in the order in which they were given. A dot reaches into an object: `labels.team`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    names: Vec<String>,
    /// The word [`ALL`] was among them.
    are_all: bool,
}

/// The word for every field.
const ALL: &str = "all";

impl Fields {
    /// Reads the words of `--fields`, each once.
    pub fn parse(words: &[String]) -> Result<Self, ReportError> {
        let mut fields: Vec<String> = Vec::new();
        for word in words {
            let names: Vec<&str> = match word.as_str() {
                ALL => ROW_FIELDS.iter().map(|field| field.name).collect(),
                word => vec![word],
            };
            for name in names {
                check(name)?;
                if !fields.iter().any(|known| known == name) {
                    fields.push(name.to_owned());
                }
            }
        }
        Ok(Self { names: fields, are_all: words.iter().any(|word| word == ALL) })
    }

    /// Returns columns that were checked before.
    pub(super) fn of_names(names: Vec<String>) -> Self {
        Self { names, are_all: false }
    }

    /// Returns the columns of labels among them.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter_map(|name| name.strip_prefix("labels."))
    }

    /// Returns true if a field depends on the whole range, so that no row can be written before.
    pub fn need_the_whole(&self) -> bool {
        self.names.iter().any(|name| name == "share")
    }

    /// Returns their names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the columns of CSV: where every field was asked for, also that of the currencies.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let of = |name: &'_ String| (self.are_all && name == "cost").then_some(CURRENCY);
        let has_own = self.names.iter().any(|name| name == CURRENCY);
        let names = self.names.iter();
        names.flat_map(move |name| [name.as_str()].into_iter().chain(of(name).filter(|_| !has_own)))
    }
}

pub(super) fn check(word: &str) -> Result<(), ReportError> {
    let (name, key) = word.split_once('.').map_or((word, None), |(name, key)| (name, Some(key)));
    let parts = RowField::named(name).and_then(RowField::parts);
    let known = match (key, parts) {
        (None, _) => columns().any(|column| column == name),
        (Some(key), Some(keys)) => !key.is_empty() && (keys.is_empty() || keys.contains(&key)),
        (Some(_), None) => false,
    };
    if known {
        return Ok(());
    }
    let inner: Vec<String> = ROW_FIELDS
        .iter()
        .flat_map(|field| {
            let parts = field.parts().unwrap_or_default().iter();
            parts.map(|part| format!("{}.{part}", field.name))
        })
        .collect();
    let mut names: Vec<&str> = columns().chain([ALL]).collect();
    names.extend(inner.iter().map(String::as_str));
    let all = text!(
        "known fields: {names}; a dot selects an inner field, as in labels.team; all selects every field",
        "可用的有 {names}；用点号取内层，例如 labels.team；all 表示全部字段",
        names = columns().collect::<Vec<_>>().join(", ")
    );
    Err(ReportError::invalid(text!(
        "--fields {word}: unknown field",
        "--fields {word}：未知的字段"
    ))
    .with_hint(suggest::hint("--fields ", word, names, all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Fields, ReportError> {
        Fields::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn names_and_what_lies_inside() {
        let words = ["start", "labels.team", "previous.change_percent", "value"];
        assert_eq!(parsed(&words).unwrap().names(), words);
        for (word, hint) in [
            ("valeu", "did you mean --fields value?"),
            ("previous.chnage", "did you mean --fields previous.change?"),
            ("value.x", "did you mean --fields value?"),
            ("colour", "known fields: start, end"),
        ] {
            let error = parsed(&[word]).unwrap_err().in_full();
            assert!(error.contains(hint), "{error}");
        }
    }
}
