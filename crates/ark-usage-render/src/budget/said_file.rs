//! The file of alerts that were said, as JSON without secrets.
//!
//! Pure: text in, text out. A program reads the file before it says something and replaces it afterwards.

use ark_usage_report::budget::{AlertKey, SaidAlerts, SaidLevels};
use ark_usage_report::{ReportError, Text, text};
use serde::{Deserialize, Serialize};

use crate::serialized;

const SCHEMA: &str = "ark-usage/budget-alerts";
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct SaidDocument {
    schema: String,
    schema_version: u32,
    said: Vec<SaidEntry>,
}

#[derive(Serialize, Deserialize)]
struct SaidEntry {
    limit: AlertKey,
    levels: SaidLevels,
}

/// The name and version of a document, whatever else it holds.
#[derive(Deserialize)]
struct DocumentKind {
    schema: String,
    schema_version: u32,
}

/// Reads the text of a file; an empty one holds nothing. `name` is the flag with its value, for errors.
pub fn read_said(text: &str, name: &str) -> Result<SaidAlerts, ReportError> {
    if text.trim().is_empty() {
        return Ok(SaidAlerts::default());
    }
    let Ok(kind) = serde_json::from_str::<DocumentKind>(text) else {
        return Err(if text.contains(SCHEMA) { damaged(name) } else { foreign(name) });
    };
    if kind.schema != SCHEMA {
        return Err(foreign(name));
    }
    if kind.schema_version != SCHEMA_VERSION {
        let version = kind.schema_version;
        return Err(ReportError::invalid(text!(
            "{name}: the file is of version {version}, and this program writes version {SCHEMA_VERSION}",
            "{name}：文件的版本为 {version}，本程序写的是版本 {SCHEMA_VERSION}"
        ))
        .with_hint(text!(
            "use the version of ark-usage that wrote it, or name another file",
            "请使用写出它的 ark-usage 版本，或换一个文件"
        )));
    }
    let document: SaidDocument = serde_json::from_str(text).map_err(|_| damaged(name))?;
    Ok(document.said.into_iter().map(|entry| (entry.limit, entry.levels)).collect())
}

/// Writes the file.
pub fn write_said(said: &SaidAlerts) -> Result<Vec<u8>, ReportError> {
    let entry = |(limit, levels): (&AlertKey, &SaidLevels)| SaidEntry {
        limit: limit.clone(),
        levels: levels.clone(),
    };
    let document = SaidDocument {
        schema: SCHEMA.to_owned(),
        schema_version: SCHEMA_VERSION,
        said: said.iter().map(entry).collect(),
    };
    serialized(&document, true)
}

fn damaged(name: &str) -> ReportError {
    ReportError::invalid(text!("{name}: the file is damaged", "{name}：文件已损坏")).with_hint(
        text!(
            "delete it; alerts of the current periods are then printed once more",
            "请删除它；当前周期的提醒会再输出一次"
        ),
    )
}

fn foreign(name: &str) -> ReportError {
    let message: Text =
        text!("{name}: the file was not written by --once", "{name}：这不是 --once 写的文件");
    ReportError::invalid(message).with_hint(text!(
        "name a file of its own, which is created; nothing was changed",
        "请为它指定单独的文件，不存在时会创建；原文件没有改动"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ark_usage_report::budget::{AlertLevel, PeriodSpan, read_flag};

    use super::*;

    fn some() -> SaidAlerts {
        let mut said = SaidAlerts::default();
        let span = PeriodSpan { start: 0, end: 100 };
        for (max, level) in [("a=1/day", AlertLevel::Soft), ("b=2e20/day", AlertLevel::Unknown)] {
            let key = AlertKey::new("request", &read_flag(max).unwrap(), span);
            assert!(said.add(key, span.end, &BTreeSet::from([level])));
        }
        said
    }

    #[test]
    fn a_file_is_read_as_written() {
        let written = String::from_utf8(write_said(&some()).unwrap()).unwrap();
        assert_eq!(read_said(&written, "--once f").unwrap(), some());
        for empty in ["", "\n"] {
            assert_eq!(read_said(empty, "--once f").unwrap(), SaidAlerts::default());
        }
    }

    #[test]
    fn no_part_of_a_file_is_taken_for_the_whole() {
        let written = String::from_utf8(write_said(&some()).unwrap()).unwrap();
        for end in 1..written.trim_end().len() {
            assert!(read_said(&written[..end], "--once f").is_err(), "{end}");
        }
    }

    #[test]
    fn other_files_are_refused() {
        let written = String::from_utf8(write_said(&some()).unwrap()).unwrap();
        let half = written.get(..written.len() / 2).unwrap();
        for (text, what) in [
            (half, "is damaged"),
            (written.replace("\"soft\"", "\"loud\"").as_str(), "is damaged"),
            (written.replace("_version\": 1", "_version\": 2").as_str(), "is of version 2"),
            ("[[budget]]\n", "was not written by --once"),
            ("{\"schema\":\"ark-usage/rows\",\"schema_version\":1}", "was not written by --once"),
            ("null", "was not written by --once"),
        ] {
            let error = read_said(text, "--once f").unwrap_err();
            assert!(error.to_string().starts_with("--once f: the file "), "{error}");
            assert!(error.to_string().contains(what), "{text}: {error}");
            assert!(error.hint().is_some());
        }
    }
}
