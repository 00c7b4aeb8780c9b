//! Free quota, packs and caps from responses as they come.

use super::*;

fn read(models: &str, packs: &str, caps: &str) -> ReadAccount {
    let reading = |failure| SourceReading { items: Vec::new(), failure };
    ReadAccount {
        account_id: Some("2100000001".to_owned()),
        profile: None,
        models: SourceReading { items: serde_json::from_str(models).unwrap(), ..reading(None) },
        packs: SourceReading { items: serde_json::from_str(packs).unwrap(), failure: None },
        caps: SourceReading { items: serde_json::from_str(caps).unwrap(), failure: None },
        balance: None,
    }
}

fn text(number: Option<&PlanNumber>) -> &str {
    number.map_or("-", PlanNumber::as_str)
}

use crate::plan::PlanNumber;

#[test]
fn numbers_keep_their_digits_and_the_rest_is_computed() {
    let quotas = account_quotas(read(
        r#"[{"FoundationModelName":"a","InitialInferenceFreeUsage":{"Total":500000,"Consumed":"500000"},
            "FreeResourcePackItems":[{"Type":"FreeInference","Total":"3.50","Consumed":5}]}]"#,
        r#"[{"InstanceNo":"p","ConfigurationName":"pack","Product":"ark_bd","TotalAmount":"1000","AvailableAmount":"5.50","Unit":"token"},
            {"ConfigurationName":"other","Product":"TOS","TotalAmount":"many","AvailableAmount":"1"}]"#,
        r#"[{"FoundationModelName":"a","TokenLimit":2008227,"CurrentUsage":833808},{"TokenLimit":0,"CurrentUsage":0}]"#,
    ));
    let shown: Vec<_> = quotas
        .rows
        .iter()
        .map(|row| {
            let percent = row.percent();
            let numbers =
                [row.total.as_ref(), row.used.as_ref(), row.left.as_ref(), percent.as_ref()];
            format!("{} {}", row.kind.name(), numbers.map(text).join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "free 500000 500000 0 100",
            "free-pack 3.50 5 0 142.8571428571",
            "pack 1000 994.5 5.50 99.45",
            "pack - - 1 -",
            "cap 2008227 833808 1174419 41.5196090880",
            "cap 0 0 0 -",
        ]
        .map(|line| line.replace("41.5196090880", "41.519609088"))
    );
    let of_ark: Vec<bool> = quotas.rows.iter().map(QuotaRow::is_of_ark).collect();
    assert_eq!(of_ark, [true, true, true, false, true, true]);
    assert!(quotas.has_read() && !quotas.has_failed());
    assert!(quota_warnings(&[quotas]).is_empty());
}

#[test]
fn a_source_that_was_not_read_says_why() {
    let not_allowed = || PlanCallFailure::NotAllowed("ark:ListModelTokenLimit".to_owned());
    let mut account = read("[]", "[]", "[]");
    account.profile = Some("team".to_owned());
    account.caps.failure = Some(not_allowed());
    account.balance = Some(Err(PlanCallFailure::Failed(text!("no answer", "无应答"))));
    let quotas = account_quotas(account);
    let states: Vec<_> = quotas.sources.iter().map(|(_, state)| state.name()).collect();
    assert_eq!(states, ["read", "read", "not-allowed", "failed"]);
    assert!(quotas.has_failed() && quotas.has_read());
    let warnings: Vec<_> = quota_warnings(&[quotas])
        .into_iter()
        .map(|(code, words)| format!("{code} {}", words.in_lang(Lang::En)))
        .collect();
    assert_eq!(
        warnings,
        [
            "quota_not_allowed team: caps: the keys lack the permission ark:ListModelTokenLimit",
            "quota_failed team: balance: no answer",
        ]
    );
}
