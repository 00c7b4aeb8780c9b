//! Seats, details of usage, free usage, caps, packs and balance, read by the client's own types.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use crate::plans::{NOW, ask, emulator, number};
use ark_usage_emulator::Emulator;
use ark_usage_model::get_afp_usage::GetAfpUsage;
use ark_usage_model::get_seat_afp_usage::GetSeatAfpUsage;
use ark_usage_model::get_seat_info_usage::GetSeatInfoUsage;
use ark_usage_model::get_usage_details::{GetUsageDetails, UsageDetail, UsageDetails};
use ark_usage_model::list_model_activations::ListModelActivations;
use ark_usage_model::list_model_token_limit::ListModelTokenLimit;
use ark_usage_model::list_resource_packages::ListResourcePackages;
use ark_usage_model::list_seat_afp_usage::{ListSeatAfpUsage, SeatAfpFilter};
use ark_usage_model::list_seat_info_usages::ListSeatInfoUsages;
use ark_usage_model::list_seat_infos::{ListSeatInfos, SeatInfo};
use ark_usage_model::query_balance_acct::QueryBalanceAcct;
use ark_usage_model::{Interval, PageStyle, PagedWalk};
use volc_openapi::ResponseError;

fn seats(emulator: &Emulator, scene: &str) -> Vec<SeatInfo> {
    let mut walk = PagedWalk::new(PageStyle::Number, 2);
    while let Some(page) = walk.next_page() {
        let action = ListSeatInfos {
            scene: Some(scene.to_owned()),
            page_num: Some(page.number),
            page_size: Some(page.size),
            ..ListSeatInfos::default()
        };
        let list = ask(emulator, &action, NOW).unwrap();
        walk.take(list.seats.into_iter().map(|seat| (seat.seat_id.clone(), seat)), list.total);
    }
    assert_eq!(walk.shortfall(), None);
    let mut seats = walk.into_items();
    seats.sort_by(|one, other| one.seat_id.cmp(&other.seat_id));
    seats
}

fn ids(seats: &[SeatInfo]) -> Vec<String> {
    seats.iter().filter_map(|seat| seat.seat_id.clone()).collect()
}

fn details(emulator: &Emulator, interval: Interval, first: i64, end: i64) -> UsageDetails {
    let calls = GetUsageDetails::for_days(interval, first, end);
    let mut all = UsageDetails::default();
    for call in calls {
        all.details.extend(ask(emulator, &call, NOW).unwrap().details);
    }
    all
}

fn tokens_within(details: &UsageDetails) -> i128 {
    let sums = details.sums().into_iter();
    let counted = sums
        .filter(|(key, _)| key.unit == "Tokens" && key.billing_type == UsageDetail::WITHIN_PLAN);
    counted.filter_map(|(_, sum)| sum).sum()
}

#[test]
fn details_add_up_to_the_windows_of_the_plan() {
    let emulator = emulator("");
    let usage = ask(&emulator, &GetAfpUsage::default(), NOW).unwrap().unwrap();
    for window in [usage.windows.weekly.unwrap(), usage.windows.monthly.unwrap()] {
        let first = window.subscribe_time.unwrap().instant().unwrap();
        let used: f64 = number(window.used.as_ref()) * 10_000.0;
        for interval in [Interval::Hour, Interval::Day] {
            let tokens = tokens_within(&details(&emulator, interval, first, NOW));
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            let difference = (tokens as f64 - used).abs();
            assert!(tokens > 0 && difference < 0.5, "{tokens} {used}");
        }
    }
}

#[test]
fn details_are_the_same_in_every_form() {
    let day = Interval::Day.bucket_start(NOW);
    let usual = details(&emulator(""), Interval::Hour, day, NOW);
    let billing: BTreeSet<_> = usual.details.iter().map(|row| row.billing_type.as_str()).collect();
    assert_eq!(billing, BTreeSet::from(["OutsideOfPlan", "WithinPlan"]));
    let units: BTreeSet<_> = usual.details.iter().map(|row| row.unit.as_str()).collect();
    assert_eq!(units, BTreeSet::from(["Images", "Tokens"]));
    let text = details(&emulator("details-values=text"), Interval::Hour, day, NOW);
    assert_eq!(text.details, usual.details);
    let split = details(&emulator("details-rows=split"), Interval::Hour, day, NOW);
    assert!(split.details.len() > usual.details.len());
    assert_eq!(split.sums(), usual.sums());
    let none = details(&emulator("plans=coding"), Interval::Hour, day, NOW);
    assert!(none.details.is_empty());
}

#[test]
fn wrong_ranges_of_details_are_refused() {
    let code = |first: &str, last: &str| {
        let mut call = GetUsageDetails::for_days(Interval::Day, NOW, NOW + 1).pop().unwrap();
        (call.filter.start_time, call.filter.end_time) = (first.to_owned(), last.to_owned());
        match ask(&emulator(""), &call, NOW) {
            Err(ResponseError::Api(error)) => error.code,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(code("", "2024-11-20"), "MissingParameter.Filter.StartTime");
    assert_eq!(code("2024-11-20", "2024-11-19"), "InvalidParameter.EndTime");
    assert_eq!(code("2024-10-20", "2024-11-20"), "InvalidParameter.EndTime");
    assert_eq!(code("2024-05-01", "2024-05-02"), "InvalidParameter.StartTime");
    assert!(code("2024-10-21", "2024-11-20").starts_with("Ok"));
}

#[test]
fn seats_of_both_plans_are_listed_by_page() {
    let emulator = emulator("");
    let coding = seats(&emulator, ListSeatInfos::CODING_SCENE);
    let agent = seats(&emulator, ListSeatInfos::AGENT_SCENE);
    assert_eq!((coding.len(), agent.len()), (4, 4));
    assert!(ids(&coding).iter().all(|id| !ids(&agent).contains(id)));
    let seat = coding.first().unwrap();
    assert_eq!((seat.billing_status, seat.user_name.as_deref()), (Some(2), Some("ann")));
    assert!(seat.expired_time.unwrap().instant().unwrap() > NOW);
    assert!(!format!("{coding:?}").contains("demo-api-key"));
    assert!(seats(&emulator, "no_such_scene").is_empty());
    for behaviors in ["seat-list=items", "seats-limit=1", "seats-paging=shifting"] {
        let emulator = crate::plans::emulator(behaviors);
        assert_eq!(seats(&emulator, ListSeatInfos::CODING_SCENE), coding, "{behaviors}");
    }
    assert!(seats(&crate::plans::emulator("seat-holding=none"), "").is_empty());
}

#[test]
fn seats_of_an_agent_plan_have_windows() {
    let emulator = emulator("");
    let ids = ids(&seats(&emulator, ListSeatInfos::AGENT_SCENE));
    let got = ask(&emulator, &GetSeatAfpUsage { seat_ids: ids.clone() }, NOW).unwrap();
    assert_eq!(got.seats.len(), 4);
    assert!(got.seats.iter().all(|seat| seat.windows.iter().count() == 4));
    for behaviors in ["", "seat-list=items", "afp-values=text"] {
        let emulator = crate::plans::emulator(behaviors);
        let action =
            ListSeatAfpUsage { project_name: "default".to_owned(), ..ListSeatAfpUsage::default() };
        let page = ask(&emulator, &action, NOW).unwrap();
        assert_eq!((page.total_count, &page.seats), (Some(4), &got.seats), "{behaviors}");
    }
    let filter = SeatAfpFilter { user_names: vec!["bo".to_owned()], ..SeatAfpFilter::default() };
    let action = ListSeatAfpUsage {
        project_name: "default".to_owned(),
        filter: Some(filter),
        ..ListSeatAfpUsage::default()
    };
    assert_eq!(ask(&emulator, &action, NOW).unwrap().seats.len(), 1);
    let too_many =
        GetSeatAfpUsage { seat_ids: vec!["x".to_owned(); GetSeatAfpUsage::MAX_SEATS + 1] };
    let refusal = ask(&emulator, &too_many, NOW);
    let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
    assert_eq!(error.code, "InvalidParameter.SeatIDs");
    let refusal = ask(&emulator, &ListSeatAfpUsage::default(), NOW);
    let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
    assert_eq!(error.code, "MissingParameter.ProjectName");
}

#[test]
fn seats_of_a_coding_plan_have_percentages_in_both_shapes() {
    let usual = emulator("");
    let ids = ids(&seats(&usual, ListSeatInfos::CODING_SCENE));
    let list = |behaviors: &str| {
        let action = ListSeatInfoUsages { seat_ids: ids.clone(), ..ListSeatInfoUsages::default() };
        ask(&emulator(behaviors), &action, NOW).unwrap().seats
    };
    let all = list("");
    assert_eq!(all.len(), 4);
    assert_eq!(list("seat-list=items"), all);
    assert_eq!(list("seat-values=text"), all);
    let used = all.iter().filter(|seat| number(seat.monthly_usage.as_ref()) > 0.0).count();
    assert!(used > 0 && used < 4, "{used} of 4");
    for seat in &all {
        let has_begun = number(seat.weekly_usage.as_ref()) > 0.0;
        assert_eq!(seat.weekly_reset_milestone.unwrap().instant().is_some(), has_begun);
        for behaviors in ["", "seat-result=wrapped", "seat-result=wrapped,seat-values=text"] {
            let seat_id = seat.seat_id.clone().unwrap();
            let action = GetSeatInfoUsage { seat_id, ..GetSeatInfoUsage::default() };
            assert_eq!(&ask(&emulator(behaviors), &action, NOW).unwrap(), seat, "{behaviors}");
        }
    }
    let over = list("seat-percent=over");
    assert!(over.iter().all(|seat| seat.short_term_usage.as_ref().unwrap().as_str() == "101"));
}

#[test]
fn models_have_free_usage_and_caps() {
    let activations = |behaviors: &str, with_free_usage| {
        let action = ListModelActivations {
            page_size: Some(100),
            with_free_usage: Some(with_free_usage),
            ..ListModelActivations::default()
        };
        ask(&emulator(behaviors), &action, NOW).unwrap()
    };
    let list = activations("", true);
    assert_eq!(list.total_count, Some(i64::try_from(list.items.len()).unwrap()));
    let mut has_packs = 0;
    for model in &list.items {
        let initial = model.initial_inference_free_usage.as_ref().unwrap();
        assert_eq!(initial.total.as_ref().unwrap().as_str(), "500000");
        for pack in &model.free_resource_pack_items {
            assert!(number(pack.consumed.as_ref()) <= number(pack.total.as_ref()));
            has_packs += 1;
        }
    }
    assert!(has_packs > 0);
    assert_eq!(activations("quota-values=text", true).items, list.items);
    let plain = activations("", false).items;
    assert!(plain.iter().all(|model| model.initial_inference_free_usage.is_none()));

    let names: Vec<String> =
        list.items.iter().filter_map(|model| model.foundation_model_name.clone()).collect();
    let action = ListModelTokenLimit { foundation_model_names: names.clone() };
    let limits = ask(&emulator(""), &action, NOW).unwrap().model_token_limits;
    assert_eq!(limits.len(), names.len().div_ceil(2));
    assert!(limits.iter().all(|limit| {
        number(limit.current_usage.as_ref()) <= number(limit.token_limit.as_ref())
    }));
    let refusal = ask(&emulator("denied=ListModelTokenLimit"), &action, NOW);
    assert!(matches!(refusal, Err(ResponseError::Api(error)) if error.code == "AccessDenied"));
}

#[test]
fn packs_are_listed_by_token_and_the_balance_is_money() {
    let emulator = emulator("");
    let mut action =
        ListResourcePackages { max_results: "2".to_owned(), ..ListResourcePackages::page(None) };
    let mut packs = Vec::new();
    let mut pages = 0;
    loop {
        let list = ask(&emulator, &action, NOW).unwrap();
        pages += 1;
        action.next_token = list.next().map(str::to_owned);
        packs.extend(list.packages);
        if action.next_token.is_none() || pages > 9 {
            break;
        }
    }
    assert_eq!((packs.len(), pages), (3, 2));
    for pack in &packs {
        assert!(number(pack.available_amount.as_ref()) <= number(pack.total_amount.as_ref()));
    }
    let used_up = ListResourcePackages {
        status: Some("UsedUp".to_owned()),
        ..ListResourcePackages::page(None)
    };
    let used_up = ask(&emulator, &used_up, NOW).unwrap().packages;
    assert!(used_up.iter().all(|pack| number(pack.available_amount.as_ref()) == 0.0));
    let balance = ask(&emulator, &QueryBalanceAcct {}, NOW).unwrap();
    assert!(number(balance.available_balance.as_ref()) > 0.0);
    let owed =
        ask(&crate::plans::emulator("quota-balance=arrears"), &QueryBalanceAcct {}, NOW).unwrap();
    assert!(number(owed.arrears_balance.as_ref()) > 0.0);
    let refusal =
        ask(&crate::plans::emulator("denied=QueryBalanceAcct"), &QueryBalanceAcct {}, NOW);
    let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
    assert!(error.message.contains("billing:QueryBalanceAcct"), "{error:?}");
}
