//! The arguments of the command line.

use std::path::PathBuf;

/// The paths of the programs.
#[derive(Default)]
pub struct Arguments {
    pub program: PathBuf,
    pub python: Option<PathBuf>,
    pub node: Option<PathBuf>,
    pub node_modules: Option<PathBuf>,
    /// The path of the document.
    pub json: Option<PathBuf>,
}

impl Arguments {
    /// Reads this process's arguments.
    pub fn read() -> Result<Self, String> {
        let usage = "usage: cli --program FILE [--python FILE] [--node FILE --node-modules DIR] [--json FILE]";
        let mut read = Self::default();
        let mut words = std::env::args_os().skip(1);
        while let Some(name) = words.next() {
            let value = words.next().map(PathBuf::from).ok_or(usage)?;
            match name.to_str() {
                Some("--program") => read.program = value,
                Some("--python") => read.python = Some(value),
                Some("--node") => read.node = Some(value),
                Some("--node-modules") => read.node_modules = Some(value),
                Some("--json") => read.json = Some(value),
                _ => return Err(usage.to_owned()),
            }
        }
        if read.program.is_file() { Ok(read) } else { Err(usage.to_owned()) }
    }
}
