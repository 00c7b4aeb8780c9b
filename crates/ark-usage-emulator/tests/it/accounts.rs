//! Several accounts: their keys, their data, roles from one into another, faults of one of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use crate::common::{at, json, request, sign, total};
use ark_usage_emulator::{
    Account, DEMO_ACCOUNT_ID, Emulator, EmulatorOptions, FaultScript, VENDOR_DAY_START,
};
use http::Request;
use serde_json::{Value, json};
use volc_sign::Credentials;

/// A fortnight behind the vendor's day.
const NOW: i64 = VENDOR_DAY_START + 14 * 86_400;

fn several(count: u32) -> (Vec<Account>, Emulator) {
    let accounts: Vec<Account> = Account::several(count).collect();
    let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
    (accounts, Emulator::new(options))
}

fn call(
    emulator: &Emulator,
    keys: &Credentials,
    service: &str,
    action: &str,
    body: &Value,
) -> (u16, Value) {
    let mut asked = request(service, action, body);
    sign(&mut asked, keys.clone(), service, NOW);
    json(&emulator.handle(&asked, at(NOW)))
}

fn projects(emulator: &Emulator, keys: &Credentials) -> Vec<String> {
    let (_, answer) = call(emulator, keys, "iam", "ListProjects", &Value::Null);
    let list = answer["Result"]["Projects"].as_array().unwrap();
    list.iter().map(|project| project["ProjectName"].as_str().unwrap().to_owned()).collect()
}

fn endpoints(emulator: &Emulator, keys: &Credentials, project: &str) -> Vec<String> {
    let body = json!({"ProjectName": project, "PageSize": 100});
    let (_, answer) = call(emulator, keys, "ark", "ListEndpoints", &body);
    let list = answer["Result"]["Items"].as_array().unwrap();
    list.iter().map(|endpoint| endpoint["Id"].as_str().unwrap().to_owned()).collect()
}

fn usage(emulator: &Emulator, keys: &Credentials, project: &str) -> (u16, Value) {
    let day = VENDOR_DAY_START;
    let body = json!({"Interval": 86400, "StartTime": day, "EndTime": day, "ProjectName": project});
    call(emulator, keys, "ark", "GetUsage", &body)
}

#[test]
fn each_key_is_of_its_own_account() {
    let (accounts, emulator) = several(1000);
    for account in &accounts {
        let (status, answer) =
            call(&emulator, &account.credentials, "sts", "GetCallerIdentity", &Value::Null);
        assert_eq!((status, &answer["Result"]["AccountId"]), (200, &account.account_id.into()));
    }
}

#[test]
fn the_secret_of_another_account_is_refused() {
    let (accounts, emulator) = several(3);
    let key = accounts[1].credentials.access_key_id();
    let secret = accounts[2].credentials.secret().expose();
    let mixed = Credentials::new(key, secret);
    let (status, answer) = call(&emulator, &mixed, "sts", "GetCallerIdentity", &Value::Null);
    let code = &answer["ResponseMetadata"]["Error"]["Code"];
    assert_eq!((status, code.as_str()), (401, Some("SignatureDoesNotMatch")));
    let fourth = Account::several(4).last().unwrap().credentials;
    assert_eq!(call(&emulator, &fourth, "sts", "GetCallerIdentity", &Value::Null).0, 401);
}

#[test]
fn accounts_have_one_project_name_in_common_and_no_endpoint_or_usage() {
    let (accounts, emulator) = several(5);
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut totals = BTreeSet::new();
    for account in &accounts {
        let projects = projects(&emulator, &account.credentials);
        assert_eq!((projects.len(), projects[0].as_str()), (3, "default"));
        for project in &projects[1..] {
            assert!(names.insert(project.clone()), "{project}");
        }
        for project in &projects {
            for id in endpoints(&emulator, &account.credentials, project) {
                assert!(ids.insert(id.clone()), "{id}");
            }
            let (_, answer) = usage(&emulator, &account.credentials, project);
            let tokens = total(&answer, "PromptTokens");
            assert!(tokens > 1_000_000, "{project}: {tokens}");
            assert!(totals.insert(tokens), "{project}: {tokens}");
        }
    }
    // The project of one account is unknown to another.
    let own = projects(&emulator, &accounts[1].credentials).pop().unwrap();
    assert_eq!(usage(&emulator, &accounts[2].credentials, &own).0, 404);
}

#[test]
fn a_role_in_another_account_sees_the_data_of_that_account() {
    let (accounts, emulator) = several(3);
    let role = accounts[2].account_id;
    let uri = format!(
        "http://127.0.0.1/?Action=AssumeRole&Version=2018-01-01\
         &RoleTrn=trn:iam::{role}:role/reader&RoleSessionName=s"
    );
    let mut asked = Request::get(uri).header("Host", "127.0.0.1").body(Vec::new()).unwrap();
    sign(&mut asked, accounts[1].credentials.clone(), "sts", NOW);
    let (status, answer) = json(&emulator.handle(&asked, at(NOW)));
    assert_eq!(status, 200, "{answer}");
    let text = |name: &str| answer["Result"]["Credentials"][name].as_str().unwrap().to_owned();
    let keys = Credentials::new(text("AccessKeyId"), text("SecretAccessKey"))
        .with_session_token(text("SessionToken"));
    let (_, own) = usage(&emulator, &accounts[2].credentials, "default");
    assert_eq!(usage(&emulator, &keys, "default").1["Result"], own["Result"]);
    assert_eq!(projects(&emulator, &keys), projects(&emulator, &accounts[2].credentials));
}

#[test]
fn a_fault_can_be_about_one_account() {
    let script = "[[fault]]\nwhen = { account-id = 2101000002 }\n\
                  effect = { kind = \"throttle\" }\n";
    let accounts: Vec<Account> = Account::several(3).collect();
    let emulator = Emulator::new(EmulatorOptions {
        accounts: accounts.clone(),
        faults: FaultScript::from_toml(script).unwrap(),
        ..EmulatorOptions::default()
    });
    let status = |account: &Account| usage(&emulator, &account.credentials, "default").0;
    assert_eq!(accounts.iter().map(status).collect::<Vec<_>>(), [200, 429, 200]);
}

#[test]
fn only_made_up_accounts_lack_the_documented_day() {
    let key = |id: &str| Credentials::new(id, "fake-secret-for-tests-only-0001");
    let accounts = [
        (Account::demo(), true),
        (Account::new(key("AKLTEXAMPLE1"), DEMO_ACCOUNT_ID), true),
        (Account::new(key("AKLTEXAMPLE2"), 22), true),
        (Account::named("team-a"), false),
    ];
    let emulator = Emulator::new(EmulatorOptions {
        accounts: accounts.iter().map(|(account, _)| account.clone()).collect(),
        ..EmulatorOptions::default()
    });
    for (account, documented) in &accounts {
        let (_, answer) = usage(&emulator, &account.credentials, "default");
        let tokens = total(&answer, "PromptTokens");
        assert_eq!(tokens == 1_529_525_715, *documented, "{account:?}: {tokens}");
    }
}
