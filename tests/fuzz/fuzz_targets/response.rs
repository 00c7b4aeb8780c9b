//! Responses of any shape are refused, or are JSON that is the same when it is printed and read again. Points of a table
//! are of the buckets that were asked for.
#![no_main]

use std::time::Duration;

use ark_usage_model::get_afp_usage::GetAfpUsage;
use ark_usage_model::get_coding_plan_usage::GetCodingPlanUsage;
use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_personal_plan::GetPersonalPlan;
use ark_usage_model::get_seat_afp_usage::GetSeatAfpUsage;
use ark_usage_model::get_seat_info_usage::GetSeatInfoUsage;
use ark_usage_model::get_usage_details::GetUsageDetails;
use ark_usage_model::list_api_keys::ListApiKeys;
use ark_usage_model::list_model_activations::ListModelActivations;
use ark_usage_model::list_model_token_limit::ListModelTokenLimit;
use ark_usage_model::list_resource_packages::ListResourcePackages;
use ark_usage_model::list_seat_afp_usage::ListSeatAfpUsage;
use ark_usage_model::list_seat_info_usages::ListSeatInfoUsages;
use ark_usage_model::list_seat_infos::ListSeatInfos;
use ark_usage_model::query_balance_acct::QueryBalanceAcct;
use ark_usage_model::{
    AccountId, DimensionFilter, GetUsage, Interval, Now, QueryOptions, Step, Tags, Target,
    UsageQuery, Window,
};
use libfuzzer_sys::fuzz_target;
use volc_openapi::{Action, is_harmful};

const DAY: i64 = 86_400;
/// The day of the seeds, in the zone of the service.
const FIRST: i64 = 1_731_945_600;

fuzz_target!(|body: &[u8]| {
    let (status, body) = match body.split_first() {
        Some((b'!', rest)) => (502, rest),
        _ => (200, body),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    read::<GetUsage>(&response);
    read::<ListApiKeys>(&response);
    read::<GetAfpUsage>(&response);
    read::<GetCodingPlanUsage>(&response);
    read::<GetPersonalPlan>(&response);
    read::<GetUsageDetails>(&response);
    read::<ListSeatInfos>(&response);
    read::<GetSeatAfpUsage>(&response);
    read::<ListSeatAfpUsage>(&response);
    read::<GetSeatInfoUsage>(&response);
    read::<ListSeatInfoUsages>(&response);
    read::<ListModelActivations>(&response);
    read::<ListModelTokenLimit>(&response);
    read::<ListResourcePackages>(&response);
    read::<QueryBalanceAcct>(&response);
    table(&response, Interval::Day);
    table(&response, Interval::Hour);
});

fn read<A: Action>(response: &http::Response<&[u8]>)
where
    A::Response: serde::Serialize + PartialEq + std::fmt::Debug,
{
    match A::from_http(response) {
        Ok(answer) => {
            // Not as a value: a number that nobody reads may be larger than any of its types.
            let json: Result<&serde_json::value::RawValue, _> =
                serde_json::from_slice(response.body());
            assert!(json.is_ok(), "read, and no JSON");
            let printed = serde_json::to_vec(&answer).expect("what was read is printed");
            let again = A::from_http(&http::Response::new(&printed[..])).expect("read again");
            assert_eq!(again.result, answer.result);
        }
        Err(error) => assert!(!error.to_string().contains(is_harmful), "{error}"),
    }
}

/// Reads an answer of `GetInferenceUsage` as a query does.
fn table(response: &http::Response<&[u8]>, interval: Interval) {
    let seconds = interval.seconds();
    let window = Window::new(interval, FIRST, FIRST + 2 * DAY - seconds).expect("aligned");
    let by = |key: &str| DimensionFilter { key: key.to_owned(), values: Vec::new() };
    let filters = vec![by(Tags::MODEL_NAME), by(Tags::API_KEY_ID)];
    let target = Target { filters, ..Target::new(AccountId(0)) };
    let url = "http://127.0.0.1/".parse().expect("a base URL");
    let action = &GetInferenceUsageAction;
    let options = QueryOptions::default();
    let mut query =
        UsageQuery::with_action(action, vec![target], window, url, options).expect("a query");
    let now = Now { elapsed: Duration::ZERO, unix: FIRST + 9 * DAY };
    let Step::Send(exchange) = query.poll(now) else { panic!("there is something to send") };
    query.on_response(exchange.id, now, Ok(response));
    let report = query.into_report();
    for (start, point) in report.series.iter().flat_map(|series| series.points.iter()) {
        let is_asked_for = (window.first()..window.end()).contains(&start);
        assert!(is_asked_for && point.value >= 0, "{point:?}");
    }
    for warning in &report.warnings {
        assert!(!warning.message.contains(is_harmful), "{}", warning.message);
    }
    for error in report.calls.iter().filter_map(|call| call.error.as_ref()) {
        assert!(!error.to_string().contains(is_harmful), "{error}");
    }
}
