//! Queries that cannot be made are refused before anything is sent.

use ark_usage_model::{
    AccountId, DimensionFilter, PlanError, QueryOptions, Target, TargetId, UsageQuery,
};

use crate::support::{days, endpoints, project, target};

fn plan(targets: Vec<Target>, options: QueryOptions) -> Result<UsageQuery, PlanError> {
    let base_url = "https://open.volcengineapi.com".parse().unwrap();
    UsageQuery::new(targets, days(1), base_url, options)
}

fn refusal(targets: Vec<Target>) -> Option<PlanError> {
    plan(targets, QueryOptions::default()).err()
}

#[test]
fn double_counting_is_refused() {
    let overlap = |a, b| Some(PlanError::Overlap { first: TargetId(a), second: TargetId(b) });
    assert_eq!(refusal(vec![target(), target()]), overlap(0, 1));
    assert_eq!(refusal(vec![endpoints(["a"]), target()]), overlap(0, 1));
    let three = vec![endpoints(["a"]), endpoints(["b", "c"]), endpoints(["c"])];
    assert_eq!(refusal(three), overlap(1, 2));
    assert_eq!(refusal(vec![endpoints(["a"]), endpoints(["b"])]), None);
    assert_eq!(refusal(vec![target(), project("p")]), None);
    assert_eq!(refusal(vec![target(), Target::new(AccountId(1))]), None);
    assert_eq!(refusal(Vec::new()), Some(PlanError::NoTarget));
}

#[test]
fn repeated_ids_are_requested_once() {
    let query = plan(vec![endpoints(["a", "b", "a"])], QueryOptions::default()).unwrap();
    assert_eq!(query.targets(), [endpoints(["a", "b"])]);
}

#[test]
fn options_that_send_nothing_are_refused() {
    for options in [
        QueryOptions { max_ids: 0, ..QueryOptions::default() },
        QueryOptions { concurrency: 0, ..QueryOptions::default() },
        QueryOptions { rate: Some(0.0), ..QueryOptions::default() },
        QueryOptions { rate: Some(f64::NAN), ..QueryOptions::default() },
    ] {
        assert!(matches!(plan(vec![target()], options), Err(PlanError::Option { .. })));
    }
}

#[test]
fn dimensions_the_action_does_not_know_are_refused() {
    let filter = DimensionFilter { key: "ModelName".to_owned(), values: vec!["a".to_owned()] };
    let error = refusal(vec![Target { filters: vec![filter], ..target() }]).unwrap();
    assert_eq!(
        error.to_string(),
        "target 0 uses ModelName, which GetUsage cannot filter or group by"
    );
    // GetUsage filters by endpoint and tags lines as it likes, but cannot be told to.
    let group = DimensionFilter { key: "EndpointId".to_owned(), values: Vec::new() };
    assert!(refusal(vec![Target { filters: vec![group], ..target() }]).is_some());
}
