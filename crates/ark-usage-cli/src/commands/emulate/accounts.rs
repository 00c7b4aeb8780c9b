//! The keys of the emulated accounts, for people to paste and for programs as a file of profiles.

use std::net::SocketAddr;
use std::path::Path;

use ark_usage_emulator::{Account, DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY};
use ark_usage_render::shell_word;
use ark_usage_report::text;
use serde_json::{Map, Value, json};
use volc_openapi::Site;

use super::site_of;
use crate::args::EmulateArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::output::PrivateFile;
use crate::text_file::{self, MAX_TEXT, ReadProblem};

/// The number of accounts whose keys are printed.
const SHOWN: u32 = 20;

/// Prints the keys of every account, and a command to try.
pub(super) fn show(args: &EmulateArgs, url: &str, context: &Context<'_>) {
    if args.accounts == 1 {
        context.note(text!(
            "demo key pair: {DEMO_ACCESS_KEY_ID} {DEMO_SECRET_ACCESS_KEY}",
            "演示密钥：{DEMO_ACCESS_KEY_ID} {DEMO_SECRET_ACCESS_KEY}"
        ));
    } else {
        show_all(args, context);
    }
    context.note(text!("try it in another terminal:", "在另一个终端中试试："));
    // A client needs the same frozen clock, or its signatures would be out of date.
    let now = context.clock.frozen().map(|now| format!(" --now {now}")).unwrap_or_default();
    let site = args.site.map(|site| format!(" --site {site}")).unwrap_or_default();
    let command = match &args.write_profiles {
        Some(path) => for_all(path, &(site + &now)),
        None => format!(
            "  {} \\\n    ark-usage get --last 7d --base-url '{url}'{site}{now}",
            variables(&Account::demo(), site_of(args))
        ),
    };
    context.note(Text::each(|_| command.clone()));
}

fn show_all(args: &EmulateArgs, context: &Context<'_>) {
    let count = args.accounts;
    context.note(text!(
        "{count} accounts, each with made-up keys of its own:",
        "{count} 个账号，各有一对虚构的密钥："
    ));
    let accounts = Account::several(count).zip(1..).take_while(|(_, number)| *number <= SHOWN);
    for (account, number) in accounts {
        context.note(text!(
            "account {id}, profile {profile}:\n  export {variables}",
            "账号 {id}，profile {profile}：\n  export {variables}",
            id = account.account_id,
            profile = profile_name(number, count),
            variables = variables(&account, site_of(args))
        ));
    }
    if let Some(rest) = count.checked_sub(SHOWN).filter(|rest| *rest > 0) {
        context.note(text!("and {rest} more", "以及另外 {rest} 个"));
    }
    if args.write_profiles.is_none() {
        context.note(text!(
            "for commands on several accounts, start it with --write-profiles FILE",
            "要同时查询多个账号，请在启动时加上 --write-profiles FILE"
        ));
    }
}

/// `VOLCENGINE_ACCESS_KEY=… VOLCENGINE_SECRET_KEY=…`
fn variables(account: &Account, site: &Site) -> String {
    let keys = &account.credentials;
    let (id, secret) = (keys.access_key_id(), keys.secret().expose());
    let names = site.key_variables.first();
    names.map(|names| format!("{}={id} {}={secret}", names.id, names.secret)).unwrap_or_default()
}

/// The command that queries all accounts by the file of profiles; `more` follows.
fn for_all(path: &Path, more: &str) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.display().to_string();
    let path = shell_word(&path);
    format!(
        "  VOLCENGINE_CLI_CONFIG_FILE={path} \\\n    ark-usage get --last 7d --all-profiles --by account{more}"
    )
}

/// Opens the file of profiles. One that holds anything but what this command writes is refused: its keys would be lost.
pub(super) fn open(path: &Path) -> Result<PrivateFile, CliError> {
    const FLAG: &str = "--write-profiles";
    let name = format!("{FLAG} {}", path.display());
    if is_free(path).map_err(|problem| problem.about(&name))? {
        return PrivateFile::open(FLAG, path);
    }
    Err(CliError::usage(text!(
        "{name}: the file has other content than the profiles of emulate; nothing was changed",
        "{name}：文件中有 emulate 写出的 profile 以外的内容；文件没有改动"
    ))
    .with_hint(text!("choose a new file", "请换一个新文件")))
}

/// True if there is no such file, or it may be replaced.
fn is_free(path: &Path) -> Result<bool, ReadProblem> {
    match text_file::check_file(path, MAX_TEXT) {
        Err(problem) if problem.is_not_found() => return Ok(true),
        checked => checked?,
    }
    Ok(is_own(&text_file::read_text(path, MAX_TEXT)?))
}

/// True for an empty file, and for profiles of made-up accounts with the address of an emulator.
fn is_own(text: &str) -> bool {
    if text.trim().is_empty() {
        return true;
    }
    let Ok(Value::Object(file)) = serde_json::from_str(text) else { return false };
    let Some(Value::Object(found)) = file.get("profiles") else { return file.is_empty() };
    let url = found.values().next().and_then(|profile| profile["endpoint"].as_str());
    let url = url.unwrap_or_default();
    let is_address = |text: &str| text.parse::<SocketAddr>().is_ok();
    file.keys().all(|key| key == "current" || key == "profiles")
        && (found.is_empty() || url.strip_prefix("http://").is_some_and(is_address))
        && u32::try_from(found.len()).is_ok_and(|count| all(count, url) == *found)
}

/// Returns the file of profiles: the form of `~/.volcengine/config.json`, one profile an account,
/// each with the address of the emulator.
pub(super) fn profiles(count: u32, url: &str) -> String {
    let current = profile_name(1, count);
    format!("{:#}\n", json!({"current": current, "profiles": all(count, url)}))
}

fn all(count: u32, url: &str) -> Map<String, Value> {
    let profile = |(account, number): (Account, u32)| {
        let keys = &account.credentials;
        let profile = json!({
            "mode": "ak",
            "access-key": keys.access_key_id(),
            "secret-key": keys.secret().expose(),
            "endpoint": url,
        });
        (profile_name(number, count), profile)
    };
    Account::several(count).zip(1..).map(profile).collect()
}

/// `account-1`, with zeros in front so that the profiles of ten accounts and more are in order.
fn profile_name(number: u32, count: u32) -> String {
    let digits = count.to_string().len();
    format!("account-{number:0digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_a_profile() {
        let file: Value = serde_json::from_str(&profiles(12, "http://127.0.0.1:8080")).unwrap();
        let profiles = file["profiles"].as_object().unwrap();
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        assert_eq!((names.len(), names[0], names[11]), (12, "account-01", "account-12"));
        assert_eq!(file["current"], names[0]);
        assert_eq!(profiles[names[0]]["access-key"], DEMO_ACCESS_KEY_ID);
    }

    #[test]
    fn only_what_it_wrote_is_replaced() {
        let own = profiles(2, "http://127.0.0.1:8080");
        for text in [&own, &profiles(12, "http://[::1]:1"), "", "\n", "{}", r#"{"profiles": {}}"#] {
            assert!(is_own(text), "{text}");
        }
        for (from, to) in [
            ("account-2", "work"),
            ("http://127.0.0.1:8080", "https://open.volcengineapi.com"),
            (DEMO_ACCESS_KEY_ID, "AKLTEXAMPLE0000000000000000000001"),
            (DEMO_SECRET_ACCESS_KEY, "fake-secret-for-tests-only-0001"),
            ("\"ak\",", "\"ak\", \"session-token\": \"fake\","),
            ("\"current\"", "\"sso-session\": {}, \"current\""),
            ("{", ""),
        ] {
            let other = own.replacen(from, to, 9);
            assert!(other != own && !is_own(&other), "{other}");
        }
        assert!(!is_own(r#"{"sso-session": {}}"#) && !is_own("[]"));
    }
}
