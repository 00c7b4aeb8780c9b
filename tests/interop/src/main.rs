//! `interop`: the vendor's own clients and signers against this project's halves.
//!
//! Started by `cargo xtask interop`, which also makes the places for Python and Node. One file per
//! part: [`clients`] ask our emulator, an official signer judges what we send ([`judged`]),
//! a signer in another language passes the [`kit`], and [`random`] requests are signed by everybody.

mod clients;
mod judged;
mod keys;
mod kit;
mod programs;
mod random;
mod wire;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::SystemTime;

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
    let mut status = ExitCode::SUCCESS;
    for (name, run) in PARTS {
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

const PARTS: [(&str, Part); 4] = [
    ("official clients", |options| clients::run(&options.programs)),
    ("official judge", |options| judged::run(&options.programs)),
    ("conformance kit", |options| kit::run(&options.programs)),
    ("random requests", |options| random::run(&options.programs, options.seed, options.requests)),
];

const USAGE: &str =
    "usage: interop ARK_USAGE PYTHON NODE NODE_MODULES SCRIPTS [--seed N] [--requests N]";

/// The arguments of the command line.
struct Options {
    programs: Programs,
    /// The seed of the random requests.
    seed: u64,
    /// Their number.
    requests: usize,
}

impl Options {
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let [ours, python, node, node_modules, scripts, flags @ ..] = arguments else {
            return Err(USAGE.to_owned());
        };
        let programs = Programs {
            ours: ours.into(),
            python: python.into(),
            node: node.into(),
            node_modules: node_modules.into(),
            scripts: scripts.into(),
        };
        let mut options = Self { programs, seed: seed_of_the_day(), requests: 3000 };
        for flag in flags.chunks(2) {
            let [name, value] = flag else { return Err(USAGE.to_owned()) };
            let wrong = |_| format!("{name} {value}: a number is expected\n{USAGE}");
            match name.as_str() {
                "--seed" => options.seed = value.parse().map_err(wrong)?,
                "--requests" => options.requests = value.parse().map_err(wrong)?,
                _ => return Err(format!("{name} is unknown\n{USAGE}")),
            }
        }
        Ok(options)
    }
}

/// Each run tries other requests; what it says names the seed that makes the same again.
fn seed_of_the_day() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a new seed each time, printed")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(1, |now| now.as_secs())
}

fn say(line: &str) {
    // Nobody left to tell when this fails.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
