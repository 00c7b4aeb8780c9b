//! The keys: every source that was looked at, files that others can read, when they end.

use volc_credentials::{Attempt, FileFacts, Found, NotFound, Outcome};

use super::report::{CheckKind, CheckResult};
use crate::context::Context;
use crate::keys::{AccountKeys, CredentialFinder};
use crate::lang::{Text, TextOf as _};
use crate::text;

/// Finds the keys, and tells where they were and were not.
pub(super) async fn checks(keys: &AccountKeys, context: &Context<'_>) -> Vec<CheckResult> {
    match keys.look().await {
        None => vec![CheckResult::pass(CheckKind::Keys, text!("the demo's own", "演示自带的密钥"))],
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

fn missing(finder: &CredentialFinder, not_found: &NotFound) -> CheckResult {
    CheckResult::failed_by(CheckKind::Keys, &finder.error(not_found))
}

fn won(found: &Found, context: &Context<'_>) -> CheckResult {
    let id = found.masked_access_key_id();
    let now = context.clock.now().as_second();
    let end = match found.expires {
        None => Text::same(""),
        Some(end) => text!(
            ", until {at} ({minutes} min from now)",
            "，有效期至 {at}（还有 {minutes} 分钟）",
            at = rfc3339(end),
            minutes = (end - now) / 60
        ),
    };
    // Those that are broken have a line of their own.
    let skipped = |it: &&Attempt| {
        !it.outcome.is_broken() && !matches!(it.outcome, Outcome::Won | Outcome::NotTried)
    };
    let skipped = found.attempts.iter().filter(skipped);
    let skipped = skipped.map(|it| text!("skipped: {it}", "跳过：{it}"; it = Text::of(it)));
    let told = text!(
        "{id} from {origin}{end}",
        "{id}，来源：{origin}{end}";
        origin = Text::of(&found.origin), end = end
    );
    CheckResult::pass(CheckKind::Keys, told)
        .with_details(files(found))
        .with_details(skipped)
        .with_details(untried(found))
}

/// The files of the source that won, with their modes.
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

/// How many sources come after the one that won.
fn untried(found: &Found) -> Option<Text> {
    let untried = |attempt: &&Attempt| matches!(attempt.outcome, Outcome::NotTried);
    match found.attempts.iter().filter(untried).count() {
        0 => None,
        1 => Some(text!("not looked at: 1 source that comes later", "未查找：后面的 1 处")),
        count => Some(text!(
            "not looked at: {count} sources that come later",
            "未查找：后面的 {count} 处"
        )),
    }
}

fn broken(attempt: &Attempt) -> Option<CheckResult> {
    let is_broken = attempt.outcome.is_broken();
    is_broken.then(|| {
        let told =
            text!("passed over: {attempt}", "已跳过：{attempt}"; attempt = Text::of(attempt));
        CheckResult::warn(CheckKind::Keys, told).with_advice(text!(
            "correct it, or take it away if it is not wanted",
            "请更正；如不需要，请删除"
        ))
    })
}

fn exposed(file: &FileFacts) -> Option<CheckResult> {
    let mode = file.mode.filter(|_| file.is_exposed())?;
    let path = file.path.display();
    Some(
        CheckResult::warn(
            CheckKind::Keys,
            text!(
                "{path} has mode {mode:04o}: others on this machine can read it",
                "{path} 的权限是 {mode:04o}：本机其他用户可以读取"
            ),
        )
        .with_advice(Text::same(format!("chmod 600 {path}"))),
    )
}

fn rfc3339(unix: i64) -> String {
    jiff::Timestamp::from_second(unix).map(|at| at.to_string()).unwrap_or_default()
}
