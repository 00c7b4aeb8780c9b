//! The table of `docs/faults.md`, read back: each row is a case under `tests/cases/faults`.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRow {
    /// Name of its case, without folder and extension.
    pub case: String,
    /// The quoted lines under "script".
    pub script: Vec<String>,
    /// The quoted words under "what the user sees".
    pub seen: Vec<String>,
    /// The exit code.
    pub exit: i64,
}

/// The folder of the rows' cases, as the document writes it.
const CASES: &str = "../tests/cases/faults/";

/// All rows of `document`, in order.
pub fn rows(document: &str) -> Vec<FaultRow> {
    document.lines().filter_map(row).collect()
}

/// The words of each row of the workspace's own table, by the name of its case.
pub fn words_by_case(root: &Path) -> BTreeMap<String, Vec<String>> {
    let document = std::fs::read_to_string(root.join("docs/faults.md"));
    let rows = rows(&document.expect("the table of faults is readable"));
    rows.into_iter().map(|row| (format!("faults/{}", row.case), row.words())).collect()
}

fn row(line: &str) -> Option<FaultRow> {
    let line = line.strip_prefix("| [")?;
    let (_, link) = line.split_once("](")?;
    let (target, cells) = link.split_once(") | ")?;
    let case = target.strip_prefix(CASES)?.strip_suffix(".toml")?;
    let cells: Vec<&str> = cells.split(" | ").collect();
    let [script, seen, exit, _kept] = cells.as_slice() else { return None };
    Some(FaultRow {
        case: case.to_owned(),
        script: quoted(script),
        seen: quoted(seen),
        exit: exit.parse().ok()?,
    })
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

impl FaultRow {
    /// The words the program is to print: flags in the same cell only say when.
    pub fn words(&self) -> Vec<String> {
        self.seen.iter().filter(|words| *words != "-v").cloned().collect()
    }
}

/// Everything in which a row differs from its case under `folder`, one sentence each. Its words are
/// compared with what the program prints when the case runs.
pub fn contradictions(row: &FaultRow, folder: &Path) -> Vec<String> {
    let name = &row.case;
    let path = folder.join(format!("{name}.toml"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        return vec![format!("{name}: there is no such case")];
    };
    let case: DocumentMut = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
    let text_at = |table: &str, key: &str| {
        let item = case.get(table).and_then(|table| table.get(key));
        item.and_then(Item::as_str).unwrap_or_default().to_owned()
    };
    let mut found = Vec::new();
    let exit = case["expect"]["status"].as_integer();
    if exit != Some(row.exit) {
        found.push(format!("{name}: the case ends with {exit:?}, the row with {}", row.exit));
    }
    let script = text_at("files", "faults.toml");
    let lines = script.lines().filter(|line| !line.is_empty() && *line != "[[fault]]");
    if !lines.eq(row.script.iter().map(String::as_str)) {
        found.push(format!("{name}: the row's script is not the case's"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
| fault | script | what the user sees | exit | what is kept |
|---|---|---|---|---|
| [a fault](../tests/cases/faults/a_fault.toml) | `when = { first = 1 }` `effect = { kind = \"stall\" }` | with `-v`: `again` | 5 | nothing |
";

    fn check(row: &FaultRow, case: &str, expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a_fault.toml"), case).unwrap();
        assert_eq!(contradictions(row, folder.path()), expected);
    }

    #[test]
    fn a_row_and_its_case_are_compared() {
        let rows = rows(DOCUMENT);
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(row.words(), ["again"]);
        let script = "[files]\n\"faults.toml\" = \"\"\"\n[[fault]]\nwhen = { first = 1 }\neffect = { kind = \"stall\" }\n\"\"\"\n";
        let good = format!("{script}[expect]\nstatus = 5\nstdout = \"\"\nstderr = \"again\"\n");
        check(row, &good, &[]);
        check(
            row,
            &good.replace("= 5", "= 0").replace("first", "nth"),
            &[
                "a_fault: the case ends with Some(0), the row with 5",
                "a_fault: the row's script is not the case's",
            ],
        );
        let stray = FaultRow { case: "other".to_owned(), ..row.clone() };
        check(&stray, &good, &["other: there is no such case"]);
    }
}
