//! The keys of the emulated accounts, for people to paste and for programs as a file of profiles.

use std::path::Path;

use ark_usage_emulator::{Account, DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY};
use ark_usage_render::shell_word;
use ark_usage_report::text;
use serde_json::json;

use crate::args::EmulateArgs;
use crate::context::Context;
use crate::lang::Text;

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
    let command = match &args.write_profiles {
        Some(path) => for_all(path, &now),
        None => format!(
            "  {} \\\n    ark-usage get --last 7d --base-url '{url}'{now}",
            variables(&Account::demo())
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
            variables = variables(&account)
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
fn variables(account: &Account) -> String {
    let keys = &account.credentials;
    let (id, secret) = (keys.access_key_id(), keys.secret().expose());
    format!("VOLCENGINE_ACCESS_KEY={id} VOLCENGINE_SECRET_KEY={secret}")
}

/// The command that queries all accounts by the file of profiles.
fn for_all(path: &Path, now: &str) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.display().to_string();
    let path = shell_word(&path);
    format!(
        "  VOLCENGINE_CLI_CONFIG_FILE={path} \\\n    ark-usage get --last 7d --all-profiles --by account{now}"
    )
}

/// Returns the file of profiles: the form of `~/.volcengine/config.json`, one profile an account,
/// each with the address of the emulator.
pub(super) fn profiles(count: u32, url: &str) -> String {
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
    let profiles: serde_json::Map<_, _> = Account::several(count).zip(1..).map(profile).collect();
    let current = profile_name(1, count);
    format!("{:#}\n", json!({"current": current, "profiles": profiles}))
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
        let file: serde_json::Value =
            serde_json::from_str(&profiles(12, "http://127.0.0.1:8080")).unwrap();
        let profiles = file["profiles"].as_object().unwrap();
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        assert_eq!((names.len(), names[0], names[11]), (12, "account-01", "account-12"));
        assert_eq!(file["current"], names[0]);
        assert_eq!(profiles[names[0]]["access-key"], DEMO_ACCESS_KEY_ID);
    }
}
