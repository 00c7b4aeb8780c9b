//! The cost of having a signer: crates to compile, and how long that is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A signer's price before it signs anything.
pub struct Build {
    pub name: &'static str,
    /// Everything that is compiled, the signer included.
    pub crates: Option<usize>,
    /// Of a release build of all that, from nothing; nobody looked unless asked.
    pub seconds: Option<f64>,
}

/// Each signer, and the packages of this bench that signing with it takes.
const SIGNERS: [(&str, &[&str]); 4] = [
    ("volc-sign", &["volc-sign", "http"]),
    ("aws-sigv4", &["aws-sigv4", "aws-credential-types", "aws-smithy-runtime-api", "http"]),
    ("reqsign-aws-v4", &["reqsign-aws-v4", "reqsign-core", "http"]),
    ("reqsign-volcengine-tos", &["reqsign-volcengine-tos", "reqsign-core", "http"]),
];

/// Makes a package for each signer, as somebody who uses only that one would, and looks at it.
pub fn look(timed: bool) -> Vec<Build> {
    SIGNERS
        .iter()
        .map(|(name, packages)| {
            let package = package(name, packages);
            Build {
                name,
                crates: package.as_deref().and_then(crates),
                seconds: package.as_deref().filter(|_| timed).and_then(build),
            }
        })
        .collect()
}

/// A package that needs this signer alone, with the versions and features of the bench.
fn package(name: &str, packages: &[&str]) -> Option<PathBuf> {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(bench.join("Cargo.toml")).ok()?;
    let needed =
        |line: &&str| packages.iter().any(|package| line.starts_with(&format!("{package} =")));
    let dependencies: Vec<&str> = manifest.lines().filter(needed).collect();
    let crates = bench.join("../../crates").canonicalize().ok()?;
    let dependencies = dependencies.join("\n").replace("../../crates", crates.to_str()?);

    let folder = std::env::current_exe().ok()?.parent()?.join("sign-builds").join(name);
    std::fs::create_dir_all(folder.join("src")).ok()?;
    std::fs::write(folder.join("src/lib.rs"), "").ok()?;
    std::fs::copy(bench.join("Cargo.lock"), folder.join("Cargo.lock")).ok()?;
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"only\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).ok()?;
    Some(folder)
}

fn crates(package: &Path) -> Option<usize> {
    let output =
        cargo(package).args(["tree", "--edges=normal,build", "--prefix=none"]).output().ok()?;
    let tree = String::from_utf8(output.stdout).ok()?;
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let all: BTreeSet<String> = tree.lines().map(name_and_version).collect();
    // Less the package itself.
    all.len().checked_sub(1).filter(|crates| *crates > 0)
}

fn build(package: &Path) -> Option<f64> {
    // A folder that is not there is as clean as one that was removed.
    let _ = std::fs::remove_dir_all(package.join("target"));
    let start = Instant::now();
    let status = cargo(package).args(["build", "--release", "--quiet"]).status().ok()?;
    status.success().then(|| start.elapsed().as_secs_f64())
}

/// Nothing is fetched: this bench needed all of it.
fn cargo(package: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(package)
        .stderr(Stdio::inherit())
        .env("CARGO_TARGET_DIR", package.join("target"));
    cargo.env("CARGO_NET_OFFLINE", "true");
    cargo
}
