//! The little of INI that the credential files use, with line numbers for errors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::content_problem::ContentProblem;
use crate::error::{Place, SourceError};

/// The sections of an INI file. Later values of a key replace earlier ones.
///
/// Lines are `[section]`, `key = value` or `key: value`, blank, or a comment that begins with `#`
/// or `;`. A value may stand in double or single quotes. Keys count in lower case.
pub(crate) struct Ini {
    path: PathBuf,
    sections: BTreeMap<String, Section>,
}

#[derive(Default)]
struct Section {
    line: usize,
    values: BTreeMap<String, (usize, String)>,
}

impl Ini {
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, SourceError> {
        let mut ini = Self { path: path.into(), sections: BTreeMap::new() };
        let mut current = None;
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.trim();
            if content.is_empty() || content.starts_with(['#', ';']) {
                continue;
            }
            let broken = |problem| SourceError::malformed(Place::line(path, line), problem);
            if let Some(rest) = content.strip_prefix('[') {
                let (name, _) =
                    rest.split_once(']').ok_or_else(|| broken(ContentProblem::NoBracket))?;
                let section = ini.sections.entry(name.trim().to_owned()).or_default();
                section.line = line;
                current = Some(section);
                continue;
            }
            let (key, value) = content
                .split_once(['=', ':'])
                .ok_or_else(|| broken(ContentProblem::ExpectedPair))?;
            let section = current.as_mut().ok_or_else(|| broken(ContentProblem::NoSection))?;
            let value = unquoted(value.trim()).to_owned();
            section.values.insert(key.trim().to_ascii_lowercase(), (line, value));
        }
        Ok(ini)
    }

    /// True when there is such a section.
    pub(crate) fn has(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The names of the sections, sorted.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// A value; empty is absent.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&str> {
        let (_, value) = self.sections.get(section)?.values.get(key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the place of a key, or that of its section when it has no such key.
    pub(crate) fn place(&self, section: &str, key: &str) -> Place {
        let line = self
            .sections
            .get(section)
            .map(|section| section.values.get(key).map_or(section.line, |(line, _)| *line));
        Place { path: self.path.clone(), line, key: Some(format!("{section}.{key}")) }
    }
}

fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Ini, String> {
        Ini::parse(Path::new("/credentials"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn sections_comments_quotes_and_case() {
        let ini = parse(
            "# a\n; b\n\n[default]\nKey = v=1\r\nother: 'x y'\nempty =\n[ b ] # c\nkey=\"2\"\n[default]\nlast = 3",
        )
        .unwrap();
        assert_eq!(ini.get("default", "key"), Some("v=1"));
        assert_eq!(ini.get("default", "other"), Some("x y"));
        assert_eq!(ini.get("default", "empty"), None);
        assert_eq!(ini.get("default", "last"), Some("3"));
        assert_eq!(ini.get("b", "key"), Some("2"));
        assert!(!ini.has("c"));
        assert_eq!(ini.sections().collect::<Vec<_>>(), ["b", "default"]);
        assert_eq!(ini.place("b", "key").to_string(), "/credentials line 9, key b.key");
        assert_eq!(ini.place("b", "no").to_string(), "/credentials line 8, key b.no");
    }

    #[test]
    fn broken_lines_are_named_and_not_quoted() {
        let problem = |text| parse(text).err();
        assert_eq!(problem("[a\n"), Some("/credentials line 1: no closing ]".into()));
        assert_eq!(
            problem("[a]\n\ns3cret"),
            Some("/credentials line 3: expected key = value".into())
        );
        assert_eq!(
            problem("s = 3"),
            Some("/credentials line 1: a key before any [section]".into())
        );
    }
}
