//! The keys: every source that was looked at, files that others can read, when they end.

use volc_credentials::{Attempt, FileFacts, Found, NotFound, Outcome};

use super::report::Check;
use crate::commands::Context;
use crate::keys::{Finder, Keys};

/// Finds the keys, and tells where they were and were not.
pub(super) async fn checks(keys: &Keys, context: &Context<'_>) -> Vec<Check> {
    match keys.look().await {
        None => vec![Check::pass("keys", "the demo's own")],
        Some((finder, Err(not_found))) => vec![missing(finder, &not_found)],
        Some((_, Ok(found))) => {
            let mut checks = vec![won(&found, context)];
            checks.extend(found.attempts.iter().filter_map(broken));
            checks.extend(
                found.attempts.iter().flat_map(|attempt| &attempt.files).filter_map(exposed),
            );
            checks
        }
    }
}

fn missing(finder: &Finder, not_found: &NotFound) -> Check {
    Check::failed_by("keys", &finder.error(not_found))
}

fn won(found: &Found, context: &Context<'_>) -> Check {
    let id = found.masked_access_key_id();
    let now = context.clock.now().as_second();
    let end = match found.expires {
        None => String::new(),
        Some(end) => format!(", until {} ({} min from now)", rfc3339(end), (end - now) / 60),
    };
    // Those that are broken have a line of their own.
    let skipped = |it: &&Attempt| {
        !it.outcome.is_broken() && !matches!(it.outcome, Outcome::Won | Outcome::NotTried)
    };
    let skipped = found.attempts.iter().filter(skipped).map(|it| format!("skipped: {it}"));
    Check::pass("keys", format!("{id} from {}{end}", found.origin))
        .with_details(files(found))
        .with_details(skipped)
        .with_details(untried(found))
}

/// The files of the source that won, with their modes.
fn files(found: &Found) -> impl Iterator<Item = String> {
    let won = found.attempts.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Won));
    won.flat_map(|attempt| &attempt.files).map(|file| match file.mode {
        Some(mode) => format!("read: {} (mode {mode:04o})", file.path.display()),
        None => format!("read: {}", file.path.display()),
    })
}

/// How many sources come after the one that won.
fn untried(found: &Found) -> Option<String> {
    let untried = |attempt: &&Attempt| matches!(attempt.outcome, Outcome::NotTried);
    match found.attempts.iter().filter(untried).count() {
        0 => None,
        1 => Some("not looked at: 1 source that comes later".to_owned()),
        count => Some(format!("not looked at: {count} sources that come later")),
    }
}

fn broken(attempt: &Attempt) -> Option<Check> {
    let is_broken = attempt.outcome.is_broken();
    is_broken.then(|| {
        Check::warn("keys", format!("passed over: {attempt}"))
            .with_advice("correct it, or take it away if it is not wanted")
    })
}

fn exposed(file: &FileFacts) -> Option<Check> {
    let mode = file.mode.filter(|_| file.is_exposed())?;
    let path = file.path.display();
    Some(
        Check::warn(
            "keys",
            format!("{path} has mode {mode:04o}: others on this machine can read it"),
        )
        .with_advice(format!("chmod 600 {path}")),
    )
}

fn rfc3339(unix: i64) -> String {
    jiff::Timestamp::from_second(unix).map(|at| at.to_string()).unwrap_or_default()
}
