//! The statements of docs/engines.md. The first line of each names its engine and what it is for, as
//! in `-- DuckDB: once`; blocks of SQL without such a line are not run.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// The purpose of a statement, by which its rows are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Views, tables and rows to take in; the rows do not count.
    Setup,
    /// Totals by month, project and endpoint.
    Totals,
    /// Totals by month and project.
    ProjectTotals,
    /// The number of points and of keys in the exported folder.
    Points,
    /// The number of points and of keys of the rows as kept.
    TablePoints,
}

/// The purposes as the page words them.
const ROLES: &[(&str, Role)] = &[
    ("once", Role::Setup),
    ("in each session", Role::Setup),
    ("after each export", Role::Setup),
    ("totals by month, project and endpoint", Role::Totals),
    ("one file of get", Role::Totals),
    ("totals of the table", Role::Totals),
    ("totals of the projects of the table", Role::ProjectTotals),
    ("each point once, so both numbers are equal", Role::Points),
    ("each point of the table once, so both numbers are equal", Role::TablePoints),
];

/// One block of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    engine: String,
    pub(crate) role: Role,
    pub(crate) sql: String,
}

/// Every block that is run, in the order of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Statements(Vec<Block>);

impl Statements {
    /// Reads the page in each language; all of them have to have the same statements.
    pub(crate) fn of_pages(root: &Path, pages: [&str; 2]) -> Result<Self, Failure> {
        let [english, chinese] = pages.map(|page| {
            let text = fs::read_to_string(root.join(page));
            let text = text.map_err(|error| Failure::other(format!("{page}: {error}")))?;
            Self::parse(&text).map_err(|why| Failure::other(format!("{page}: {why}")))
        });
        let (english, chinese) = (english?, chinese?);
        if english != chinese {
            return Err(Failure::other(format!(
                "{} have different statements",
                pages.join(" and ")
            )));
        }
        Ok(english)
    }

    /// The statements for one engine.
    pub(crate) fn of_engine(&self, name: &str) -> Vec<&Block> {
        self.0.iter().filter(|block| block.engine == name).collect()
    }

    fn parse(page: &str) -> Result<Self, String> {
        let mut blocks = Vec::new();
        for text in page.split("```sql\n").skip(1) {
            let sql = text.split("```").next().unwrap_or_default();
            let Some(title) = sql.lines().next().and_then(|line| line.strip_prefix("-- ")) else {
                continue;
            };
            let unknown =
                || format!("`-- {title}` is not `-- ENGINE: PURPOSE` with a known purpose");
            let (engine, purpose) = title.split_once(": ").ok_or_else(unknown)?;
            let role = ROLES.iter().find(|(name, _)| *name == purpose).ok_or_else(unknown)?.1;
            blocks.push(Block { engine: engine.to_owned(), role, sql: sql.to_owned() });
        }
        Ok(Self(blocks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_with_engine_and_purpose() {
        let page = "# Page\n\n```sql\n-- A: once\nSET x;\nSET y;\n```\n\n```sql\nSELECT 1;\n```\n\n\
                    ```sh\nls\n```\n\n```sql\n-- B: one file of get\nSELECT 2;\n```\n";
        let statements = Statements::parse(page).unwrap();
        let [a] = statements.of_engine("A")[..] else { panic!("one block of A") };
        assert_eq!((a.role, a.sql.as_str()), (Role::Setup, "-- A: once\nSET x;\nSET y;\n"));
        assert_eq!(statements.of_engine("B").len(), 1);
        assert!(statements.of_engine("C").is_empty());
    }

    #[test]
    fn an_unknown_purpose_is_an_error() {
        for title in ["-- A: twice", "-- A"] {
            assert!(Statements::parse(&format!("```sql\n{title}\nSELECT 1;\n```\n")).is_err());
        }
    }

    #[test]
    fn every_engine_is_asked_for_totals_and_points() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let statements = Statements::of_pages(root, super::super::PAGES).unwrap();
        for kind in super::super::ENGINES {
            let roles: Vec<Role> =
                statements.of_engine(kind.name).iter().map(|block| block.role).collect();
            for role in [Role::Setup, Role::Totals, Role::Points] {
                assert!(roles.contains(&role), "{}: no {role:?}", kind.name);
            }
        }
        let known =
            |block: &Block| super::super::ENGINES.iter().any(|kind| kind.name == block.engine);
        assert!(statements.0.iter().all(known));
    }
}
