//! `cargo xtask engines`: DuckDB, `ClickHouse` and Spark run the statements of docs/engines.md.
//!
//! A history of made-up usage is exported, and each engine is asked for totals by month, project and
//! endpoint, and for the number of points. Then values are revised, new hours are synced, and the
//! same folder is exported to and asked again. The totals have to be those of `ark-usage get`, and
//! each point has to be there once. A revision that changed no total would be an error, too.

mod engine;
mod figures;
mod rows;
mod statements;
mod usage;

use self::engine::{ENGINES, Engine};
use self::figures::Figures;
use self::statements::{Role, Statements};
use self::usage::{Expected, Usage};
use crate::failure::Failure;
use crate::shell::{Cargo, say, step};
use crate::workspace::Workspace;

const PAGES: [&str; 2] = ["docs/engines.md", "docs/engines.zh-CN.md"];

/// Asks each engine, before and after a revision. `--required` makes a missing engine an error.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let required = match arguments {
        [] => false,
        [flag] if flag == "--required" => true,
        _ => return Err(Failure::usage("`cargo xtask engines` takes --required alone")),
    };
    let workspace = Workspace::load()?;
    let statements = Statements::of_pages(&workspace.root, PAGES)?;
    let engines = available(&workspace, required)?;
    if engines.is_empty() {
        return Ok(());
    }
    // As `test` builds everything, so that nothing is built twice.
    let build = ["build", "--workspace", "--all-features", "--bin", "ark-usage"];
    Cargo::new(&workspace.root, &build).env_path("CARGO_TARGET_DIR", &workspace.target).run()?;

    let usage = Usage::new(&workspace)?;
    let before = step("usage of two accounts, exported", || usage.first())?;
    ask(&engines, &statements, &before, "before the revision")?;
    let after =
        step("revised values and new hours, exported to the same files", || usage.second())?;
    if before.totals.differences(&after.totals, "after").is_empty() {
        return Err(Failure::other("the revision changes no total, so it shows nothing"));
    }
    ask(&engines, &statements, &after, "after the revision")
}

/// The engines that can be had; the others are named.
fn available(workspace: &Workspace, required: bool) -> Result<Vec<Engine>, Failure> {
    let mut engines = Vec::new();
    for kind in ENGINES {
        match Engine::prepare(kind, workspace) {
            Ok(engine) => engines.push(engine),
            Err(failure) if required => return Err(failure),
            Err(failure) => say(&format!("SKIPPED {}: {failure}", kind.name)),
        }
    }
    Ok(engines)
}

/// Asks each engine everything that the page has for it.
fn ask(
    engines: &[Engine],
    statements: &Statements,
    expected: &Expected,
    when: &str,
) -> Result<(), Failure> {
    for engine in engines {
        let name = engine.name();
        step(&format!("{name} {when}"), || {
            let blocks = statements.of_engine(name);
            let answers = engine.run(&blocks)?;
            let mut wrong = Vec::new();
            for (block, rows) in blocks.iter().zip(&answers) {
                wrong.extend(judge(block.role, rows, expected, name)?);
            }
            if wrong.is_empty() {
                return Ok(());
            }
            Err(Failure::step(
                format!("{name} {when}:\n  {}", wrong.join("\n  ")),
                "cargo xtask engines",
            ))
        })?;
    }
    Ok(())
}

/// Everything in which the rows of one statement are not as expected, a sentence each.
fn judge(
    role: Role,
    rows: &rows::Rows,
    expected: &Expected,
    engine: &str,
) -> Result<Vec<String>, Failure> {
    Ok(match role {
        Role::Setup => Vec::new(),
        Role::Totals => expected.totals.differences(&Figures::of_rows(rows)?, engine),
        Role::ProjectTotals => {
            expected.projects.differences(&Figures::of_project_rows(rows)?, engine)
        }
        Role::Points => rows::point_complaints(rows, expected.points, engine),
        Role::TablePoints => rows::point_complaints(rows, expected.kept, engine),
    })
}
