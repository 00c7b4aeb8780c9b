//! `interop`: the vendor's own clients and signers against this project's halves.
//!
//! Started by `cargo xtask interop`, which also makes the places for Python and Node. One file per
//! part: [`clients`] ask our emulator.

mod clients;
mod judged;
mod keys;
mod programs;
mod wire;

use std::io::Write as _;
use std::process::ExitCode;

use crate::programs::{Outcome, Programs};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let options = match Options::parse(&arguments) {
        Ok(options) => options,
        Err(why) => {
            say(&why);
            return ExitCode::from(2);
        }
    };
    let parts: [(&str, Part); 2] = [
        ("official clients", |options| clients::run(&options.programs)),
        ("official judge", |options| judged::run(&options.programs)),
    ];
    let mut status = ExitCode::SUCCESS;
    for (name, run) in parts {
        match run(&options) {
            Ok(said) => say(&format!("{name}: {said}")),
            Err(why) => {
                say(&format!("{name} FAILED:\n{why}"));
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}

type Part = fn(&Options) -> Outcome<String>;

/// What the command line says.
struct Options {
    programs: Programs,
}

impl Options {
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let [ours, python, node, node_modules, scripts] = arguments else {
            return Err("usage: interop ARK_USAGE PYTHON NODE NODE_MODULES SCRIPTS".to_owned());
        };
        let programs = Programs {
            ours: ours.into(),
            python: python.into(),
            node: node.into(),
            node_modules: node_modules.into(),
            scripts: scripts.into(),
        };
        Ok(Self { programs })
    }
}

fn say(line: &str) {
    // Nobody left to tell when this fails.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
