//! Links the program that is handed out (profile `dist`) without parts that it never uses.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo passes everything to a build script in variables"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target for which rustc brings the linker whose flags these are.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dist.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Only `dist` inherits from `release` and has this level.
    let is_dist = is("PROFILE", "release") && is("OPT_LEVEL", "z");
    if !is_dist || !is("TARGET", TARGET) || has_other_linker() || !rustc_brings_lld() {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist.ld");
    println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    // Functions with the same instructions once. Neither Rust code nor the parts of SQLite that are folded this way
    // compare the addresses of functions.
    println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
}

/// True when a configuration names a linker of its own, which may not know these flags.
fn has_other_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var_os("RUSTC_LINKER").is_some() || flags.contains("link")
}

fn rustc_brings_lld() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(output) = Command::new(rustc).args(["--print", "sysroot"]).output() else {
        return false;
    };
    let sysroot = String::from_utf8_lossy(&output.stdout);
    let folder: PathBuf =
        [sysroot.trim(), "lib", "rustlib", TARGET, "bin", "gcc-ld"].iter().collect();
    folder.join("ld.lld").is_file()
}
