//! The pure crates, checked for a target without an operating system.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::shell::{Cargo, say, variable};
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// Those that promise to ask nothing of a system: no clock, no file, no socket.
const PURE: [&str; 4] = ["volc-sign", "volc-openapi", "ark-usage-model", "ark-usage-report"];

/// Checks them, or says that the target is not installed.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    if !is_installed() {
        say(&format!("    skipped: the pure crates on {TARGET}; rustup target add {TARGET}"));
        return Ok(());
    }
    let mut arguments = vec!["check", "--quiet", "--target", TARGET];
    for package in PURE {
        arguments.extend(["--package", package]);
    }
    Cargo::new(&workspace.root, &arguments).run()
}

/// Is there a standard library for the target, however Rust was installed?
fn is_installed() -> bool {
    let rustc = variable("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed =
        Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    printed.is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout);
        output.status.success() && Path::new(folder.trim()).is_dir()
    })
}
