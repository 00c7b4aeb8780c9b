//! The credentials: the sources searched, files others can read, and the expiry.

use ark_usage_report::text;
use volc_credentials::{Attempt, FileFacts, Found, NotFound, Outcome};

use super::report::{CheckKind, CheckResult};
use crate::context::Context;
use crate::keys::{AccountKeys, CredentialFinder};
use crate::lang::{Text, TextOf as _};

/// Finds the credentials and reports every source.
pub(super) async fn checks(keys: &AccountKeys, context: &Context<'_>) -> Vec<CheckResult> {
    match keys.search().await {
        None => vec![CheckResult::pass(CheckKind::Keys, text!("demo key pair", "演示密钥"))],
        Some((finder, Err(not_found))) => vec![missing(finder, &not_found)],
        Some((finder, Ok(found))) => {
            let mut checks = vec![used(finder, &found, context)];
            checks.extend(
                finder
                    .near_misses()
                    .into_iter()
                    .map(|line| CheckResult::warn(CheckKind::Keys, line)),
            );
            checks.extend(found.attempts.iter().filter_map(|attempt| broken(finder, attempt)));
            checks.extend(
                found.attempts.iter().flat_map(|attempt| &attempt.files).filter_map(exposed),
            );
            checks
        }
    }
}

fn missing(finder: &CredentialFinder, not_found: &NotFound) -> CheckResult {
    CheckResult::failed_by(CheckKind::Keys, &finder.error(not_found))
}

fn used(finder: &CredentialFinder, found: &Found, context: &Context<'_>) -> CheckResult {
    let id = found.masked_access_key_id();
    let now = context.clock.now().as_second();
    let end = match found.expires {
        None => Text::same(""),
        Some(end) => text!(
            ", valid until {at} (in {minutes} min)",
            "，有效期至 {at}（还有 {minutes} 分钟）",
            at = rfc3339(end),
            minutes = (end - now) / 60
        ),
    };
    // Broken sources have their own line.
    let skipped = |attempt: &&Attempt| {
        !finder.is_broken(attempt) && !matches!(attempt.outcome, Outcome::Won | Outcome::NotTried)
    };
    let skipped = found.attempts.iter().filter(skipped);
    let skipped = skipped
        .map(|attempt| text!("skipped: {attempt}", "跳过：{attempt}"; attempt = Text::of(attempt)));
    let message = text!(
        "{id} from {origin}{end}",
        "{id}，来源：{origin}{end}";
        origin = Text::of(&found.origin), end = end
    );
    CheckResult::pass(CheckKind::Keys, message)
        .with_details(files(found))
        .with_details(skipped)
        .with_details(untried(found))
}

/// Returns the files of the source that is used, with their modes.
fn files(found: &Found) -> impl Iterator<Item = Text> {
    let won = found.attempts.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Won));
    won.flat_map(|attempt| &attempt.files).map(|file| {
        let path = file.path.display();
        match file.mode {
            Some(mode) => {
                text!("read: {path} (mode {mode:04o})", "已读：{path}（权限 {mode:04o}）")
            }
            None => text!("read: {path}", "已读：{path}"),
        }
    })
}

/// Returns the number of sources after the one that is used.
fn untried(found: &Found) -> Option<Text> {
    let untried = |attempt: &&Attempt| matches!(attempt.outcome, Outcome::NotTried);
    match found.attempts.iter().filter(untried).count() {
        0 => None,
        1 => Some(text!("not searched: 1 later source", "未查找：后面的 1 处")),
        count => Some(text!("not searched: {count} later sources", "未查找：后面的 {count} 处")),
    }
}

fn broken(finder: &CredentialFinder, attempt: &Attempt) -> Option<CheckResult> {
    finder.is_broken(attempt).then(|| {
        let message = text!(
            "skipped, invalid: {attempt}",
            "无效，已跳过：{attempt}";
            attempt = Text::of(attempt)
        );
        CheckResult::warn(CheckKind::Keys, message)
            .with_advice(text!("fix or remove it", "请更正或删除"))
    })
}

fn exposed(file: &FileFacts) -> Option<CheckResult> {
    let mode = file.mode.filter(|_| file.is_exposed())?;
    let path = file.path.display();
    Some(
        CheckResult::warn(
            CheckKind::Keys,
            text!(
                "{path} has mode {mode:04o}: other users can read it",
                "{path} 的权限是 {mode:04o}：本机其他用户可以读取"
            ),
        )
        .with_advice(Text::same(format!("chmod 600 {path}"))),
    )
}

fn rfc3339(unix: i64) -> String {
    jiff::Timestamp::from_second(unix).map(|at| at.to_string()).unwrap_or_default()
}
