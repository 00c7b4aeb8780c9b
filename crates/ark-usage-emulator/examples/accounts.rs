//! Counts a day of several accounts, project by project, without a socket.
//!
//! ```text
//! cargo run -p ark-usage-emulator --example accounts
//! ```

use std::error::Error;
use std::io::{self, Write as _};

use ark_usage_emulator::{Account, Emulator, EmulatorOptions};
use http::Request;
use serde_json::Value;
use volc_sign::{Signer, SigningTime};

/// 2024-11-19T10:45:37Z, and the day before in Beijing.
const NOW: u64 = 1_732_013_137;
const DAY: i64 = 1_731_859_200;

fn main() -> Result<(), Box<dyn Error>> {
    // A thousand accounts; the data of the first three will be made, because they are asked for.
    let accounts: Vec<Account> = Account::several(1000).collect();
    let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
    let emulator = Emulator::new(options);
    let mut out = io::stdout().lock();
    for account in accounts.iter().take(3) {
        let projects = call(&emulator, account, "iam", "ListProjects&Version=2021-08-01", None)?;
        for project in list(&projects, "/Result/Projects") {
            let name = project.pointer("/ProjectName").and_then(Value::as_str).unwrap_or_default();
            let body = format!(
                r#"{{"Interval":86400,"StartTime":{DAY},"EndTime":{DAY},"ProjectName":"{name}"}}"#
            );
            let action = "GetUsage&Version=2024-01-01";
            let usage = call(&emulator, account, "ark", action, Some(body))?;
            let tokens = prompt_tokens(&usage);
            writeln!(out, "{} {name}: {tokens} prompt tokens", account.account_id)?;
        }
    }
    Ok(())
}

/// Signs a call with the key of the account, and has it answered.
fn call(
    emulator: &Emulator,
    account: &Account,
    service: &str,
    action: &str,
    body: Option<String>,
) -> Result<Value, Box<dyn Error>> {
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1/?Action={action}"))
        .header("content-type", "application/json; charset=UTF-8")
        .body(body.unwrap_or_default())?;
    let now = SigningTime::from_unix(NOW)?;
    let signer = Signer::new(account.credentials.clone(), "cn-beijing", service);
    signer.sign_request(&mut request, now)?;
    Ok(serde_json::from_slice(emulator.handle(&request, now).body())?)
}

/// The prompt tokens of all buckets and tags.
fn prompt_tokens(usage: &Value) -> u64 {
    let results = list(usage, "/Result/UsageResults");
    let is_prompt =
        |result: &&Value| result.pointer("/Name").is_some_and(|name| name == "PromptTokens");
    let items = results.filter(is_prompt).flat_map(|result| list(result, "/MetricItems"));
    let values = items.flat_map(|item| list(item, "/Values"));
    values.filter_map(|sample| sample.pointer("/Value")?.as_u64()).sum()
}

/// The items of a list in a response; none where there is no list.
fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}
