//! The arguments of the command line.

use std::path::PathBuf;

/// The rows to run, and how often.
#[derive(Default)]
pub struct Arguments {
    pub program: PathBuf,
    /// A part of the names of the rows to measure.
    pub only: String,
    /// Runs of each size; medians count.
    pub runs: usize,
    /// The path of the document.
    pub json: Option<PathBuf>,
}

impl Arguments {
    pub fn read(words: &[String]) -> Result<Self, String> {
        let usage = "usage: doubling --program FILE [--only WORD] [--runs N] [--json FILE]";
        let mut read = Self { runs: 5, ..Self::default() };
        for pair in words.chunks(2) {
            match pair {
                [name, value] if name == "--program" => read.program = PathBuf::from(value),
                [name, value] if name == "--only" => read.only.clone_from(value),
                [name, value] if name == "--runs" => {
                    read.runs = value.parse().map_err(|_| usage)?;
                }
                [name, value] if name == "--json" => read.json = Some(PathBuf::from(value)),
                _ => return Err(usage.to_owned()),
            }
        }
        if read.program.is_file() && read.runs > 0 { Ok(read) } else { Err(usage.to_owned()) }
    }
}
