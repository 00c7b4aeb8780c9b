//! Every format of the same sources of quota.

use ark_usage_report::Lang;
use ark_usage_report::plan::PlanCallFailure;
use ark_usage_report::quota::{ReadAccount, SourceReading, account_quotas};

use super::*;
use crate::screen::Screen;

fn accounts() -> Vec<AccountQuotas> {
    let models = r#"[{"FoundationModelName":"a","InitialInferenceFreeUsage":{"Total":500000,"Consumed":"1.50"}},
        {"FoundationModelName":"=b","InitialInferenceFreeUsage":{"Total":500000,"Consumed":0}}]"#;
    let packs = r#"[{"InstanceNo":"p1","ConfigurationName":"pack","Product":"TOS","TotalAmount":"10","AvailableAmount":"4"}]"#;
    let not_allowed = PlanCallFailure::NotAllowed("ark:ListModelTokenLimit".to_owned());
    let account = |profile: &str| ReadAccount {
        account_id: None,
        profile: Some(profile.to_owned()),
        models: SourceReading { items: serde_json::from_str(models).unwrap(), failure: None },
        packs: SourceReading { items: serde_json::from_str(packs).unwrap(), failure: None },
        caps: SourceReading { items: Vec::new(), failure: Some(not_allowed.clone()) },
        balance: Some(Ok(serde_json::from_str(r#"{"AvailableBalance":"12.30"}"#).unwrap())),
    };
    ["one", "two"].map(|profile| account_quotas(account(profile))).to_vec()
}

fn report(accounts: &[AccountQuotas], all: bool) -> QuotaReport<'_> {
    QuotaReport {
        accounts,
        all,
        now: Timestamp::UNIX_EPOCH,
        zone: const { &TimeZone::UTC },
        zone_name: "UTC",
        demo: true,
        warnings: &[],
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_table_leaves_out_what_nobody_used() {
    let accounts = accounts();
    let screen = Screen { width: None, ..Screen::default() };
    let shown = text(table(&report(&accounts, false), screen, Lang::En));
    assert!(shown.contains("2 models with unused free quota are not shown"), "{shown}");
    assert!(!shown.contains("=b") && !shown.contains("pack"), "{shown}");
    assert!(shown.contains("the keys lack the permission ark:ListModelTokenLimit"), "{shown}");
    let shown = text(table(&report(&accounts, true), screen, Lang::Zh));
    assert!(
        shown.contains("=b") && shown.contains("资源包") && !shown.contains("--all"),
        "{shown}"
    );
}

#[test]
fn documents_keep_every_digit() {
    let accounts = accounts();
    let json = text(json(&report(&accounts, false)).unwrap());
    assert!(json.contains("\"used\": 1.50,") && json.contains("\"available\": 12.30,"), "{json}");
    let csv = text(csv(&report(&accounts, true)).unwrap());
    assert!(csv.contains(",free,'=b,") && csv.contains(",balance,,available,"), "{csv}");
    let gauges = text(openmetrics(&report(&accounts, true)));
    assert!(
        gauges.contains(
            "ark_usage_balance{amount=\"available\",demo=\"true\",profile=\"two\"} 12.30"
        ),
        "{gauges}"
    );
    assert!(gauges.ends_with("# EOF\n"));
}
