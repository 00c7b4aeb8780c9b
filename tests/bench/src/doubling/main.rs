//! The cost of twice as much: for every input from outside, the time and the memory of a run with n
//! of something and with twice as many. What takes more than 2.5 times as long, or more memory than
//! what was received explains, fails.
//!
//! `doubling --program FILE [--only WORD] [--runs N] [--json FILE]`; `cargo xtask bench doubling`
//! builds the program and names it.

mod arguments;
mod claims;
mod inputs;
mod json_text;
mod measure;
mod rows;
mod server;

use std::process::ExitCode;

use arguments::Arguments;
use measure::{Measured, Scratch};
use rows::Row;

/// The most that twice the input may multiply the time by.
const MOST_TIME: f64 = 2.5;
/// The most bytes of memory for a byte received, beside [`MOST_BASE`].
const MOST_BYTES: f64 = 50.0;
/// The bytes of memory that any run may take.
const MOST_BASE: f64 = 50.0 * 1024.0 * 1024.0;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, count] = words.as_slice()
        && flag == "--claims"
    {
        return claims::run(count);
    }
    let arguments = match Arguments::read(&words) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let scratch = Scratch::new();
    println!(
        "{:42} {:>9} {:>9} {:>9} {:>6} {:>9}",
        "input", "n", "n: ms", "2n: ms", "ratio", "memory"
    );
    let chosen = rows::all().into_iter().filter(|row| row.name.contains(&arguments.only));
    let results: Vec<Measured> =
        chosen.map(|row| show(&row, measure::row(&row, &arguments, &scratch))).collect();
    if let Some(file) = &arguments.json {
        let document: Vec<serde_json::Value> = results.iter().map(Measured::json).collect();
        let text = serde_json::to_string_pretty(&document).expect("plain values");
        std::fs::write(file, text + "\n").expect("the file can be written");
    }
    let missed = results.iter().filter(|result| !result.holds()).count();
    println!("{} rows, {missed} above {MOST_TIME} or {MOST_BYTES} bytes a byte", results.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn show(row: &Row, measured: Measured) -> Measured {
    let mark = if measured.holds() { "" } else { "  ABOVE" };
    println!(
        "{:42} {:>9} {:>9.0} {:>9.0} {:>6.2} {:>6.0} MB{mark}{}",
        row.name,
        row.size,
        measured.once * 1e3,
        measured.twice * 1e3,
        measured.ratio(),
        measured.memory / 1e6,
        measured.note(),
    );
    measured
}
