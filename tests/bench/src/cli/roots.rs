//! The moment the program reads certificate authorities: over TLS and never else.

use std::process::Command;

use crate::figures::Figure;
use crate::programs::{Call, Programs};

/// Counts, with strace, the files of certificates that runs open which need none; over TLS there
/// have to be some, or counting would prove nothing.
pub fn measure(programs: &Programs, call: &Call) -> Vec<Figure> {
    if Command::new("strace").arg("--version").output().is_err() {
        println!("roots: SKIPPED, because strace is not installed");
        return Vec::new();
    }
    let day = crate::service::NEW_YEAR.to_string();
    let range = ["get", "--start", &day, "--end", &day];
    let plain = opened(programs.ours(call));
    let dry = opened(programs.ours_with(&[&range[..], &["--dry-run"]].concat()));
    let help = opened(programs.ours_with(&["get", "--help"]));
    // Nobody answers there; by then the roots are loaded.
    let nowhere = ["--base-url", "https://127.0.0.1:9", "--retries", "0"];
    let secure = opened(programs.ours_with(&[&range[..], &nowhere].concat()));
    assert!(secure > 0, "over TLS no certificates were read: the count is of no use");
    vec![
        Figure::at_most("certificates read over http", plain as f64, "files", 0.0),
        Figure::at_most("certificates read by --dry-run", dry as f64, "files", 0.0),
        Figure::at_most("certificates read by --help", help as f64, "files", 0.0),
        Figure::noted("certificates read over https", secure as f64, "files"),
    ]
}

/// Files and folders of certificates that a run looks for.
fn opened(command: Command) -> usize {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-q", "-e", "trace=open,openat,stat,statx,newfstatat,access"]);
    traced.arg(command.get_program()).args(command.get_args()).env_clear();
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = traced.output().expect("strace starts");
    let seen = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(seen.contains("open"), "strace saw nothing: {seen}");
    let certificates = |line: &&str| {
        ["/ssl", "/pki", "cert", ".pem", ".crt"].iter().any(|part| line.contains(part))
    };
    seen.lines().filter(certificates).count()
}
