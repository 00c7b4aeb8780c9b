//! The workspace's folder, and cargo's metadata about it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder with the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("this package lies in the workspace's root").to_owned()
}

/// Cargo, started in the workspace's root, without what the outer cargo said about this package:
/// build scripts that watch those variables would run again for nothing.
pub fn cargo() -> Command {
    const ABOUT_THIS_PACKAGE: [&str; 4] =
        ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_PRIMARY_"];
    let mut command = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    command.current_dir(root());
    #[expect(clippy::disallowed_methods, reason = "hands the environment on to cargo")]
    let variables = std::env::vars_os();
    for (name, _) in variables {
        if ABOUT_THIS_PACKAGE.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

/// Standard output of cargo with `arguments`.
pub fn cargo_output(arguments: &[&str]) -> String {
    let output = cargo().args(arguments).output().expect("cargo can be started");
    let shown = arguments.join(" ");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {shown} failed:\n{stderr}");
    String::from_utf8(output.stdout).unwrap_or_else(|_| panic!("cargo {shown} is not UTF-8"))
}

/// `cargo metadata` without the packages from outside.
pub fn metadata() -> Value {
    let text = cargo_output(&["metadata", "--no-deps", "--format-version", "1"]);
    serde_json::from_str(&text).expect("cargo metadata prints JSON")
}
