//! The result of any splitting equals the unsplit answer.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::support::*;

/// Random data over a window, with buckets that are left out, and a random way to tell it.
#[derive(Clone, Debug)]
struct Case {
    service: Service,
    window: ark_usage_model::Window,
    filtered: bool,
    max_window: u32,
    max_ids: u32,
    concurrency: u32,
    reversed: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let shape = (1i64..24, 1usize..6, any::<bool>(), 0.0f64..1.0);
    let told = (any::<[bool; 4]>(), 0usize..4, 0usize..3);
    let limits = (1u32..9, 1u32..4, 1u32..6, any::<bool>(), any::<bool>());
    (shape, told, limits, any::<u64>()).prop_map(build)
}

fn build(
    ((buckets, endpoints, hourly, kept), (flags, tagging, refusing), limits, seed): (
        (i64, usize, bool, f64),
        ([bool; 4], usize, usize),
        (u32, u32, u32, bool, bool),
        u64,
    ),
) -> Case {
    let window = if hourly { hours(buckets) } else { days(buckets) };
    let mut service = Service::new(window, endpoints);
    let mut state = seed;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 11
    };
    for value in service.data.values_mut() {
        *value = i64::try_from(draw() % 1_000_000_007).unwrap() * 1_000;
    }
    service.data.retain(|_, _| (draw() as f64) < kept * (1u64 << 53) as f64);
    [service.end_inclusive, service.as_text, service.shuffled, service.duplicated] = flags;
    service.tagging =
        [Tagging::Never, Tagging::WhenFiltered, Tagging::Always, Tagging::Both][tagging];
    match refusing {
        1 => service.max_buckets = 4,
        2 => service.max_ids = 2,
        _ => {}
    }
    let (max_window, max_ids, concurrency, filtered, reversed) = limits;
    Case { service, window, filtered, max_window, max_ids, concurrency, reversed }
}

fn ask(case: &Case, split: bool) -> Run {
    let names = (0..6).map(|index| format!("ep-{index}"));
    let target = if case.filtered { endpoints(names) } else { target() };
    // The unsplit answer is that of a service without limits, asked beyond every edge.
    let unlimited = Service {
        end_inclusive: true,
        max_buckets: usize::MAX,
        max_ids: usize::MAX,
        ..case.service.clone()
    };
    let service = if split { case.service.clone() } else { unlimited };
    let scenario =
        Scenario::new(
            target,
            case.window,
            move |exchange, _| Ok(service.answer(&exchange.request)),
        )
        .options(|options| {
            if split {
                options.max_window_days = case.max_window;
                options.max_window_hours = case.max_window;
                options.max_ids = case.max_ids;
                options.concurrency = case.concurrency;
            }
        });
    if split && case.reversed { scenario.reversed().run() } else { scenario.run() }
}

/// Everything that was received, by start, metric and endpoint.
fn received(run: &Run) -> BTreeMap<(i64, String, Option<String>), i64> {
    let rows = run.report.rows(i64::MAX).into_iter();
    rows.filter_map(|row| Some(((row.start, row.metric.to_string(), row.endpoint_id), row.value?)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_splitting_equals_the_unsplit_answer(case in case()) {
        let (split, whole) = (ask(&case, true), ask(&case, false));
        prop_assert_eq!(received(&split), received(&whole));
        prop_assert!(!split.report.coverage.failed, "{:?}", split.report.coverage);
        for metric in ["PromptTokens", "CompletionTokens"] {
            let expected = case.service.sum(metric);
            prop_assert_eq!(total(&split.report, metric).unwrap_or(0), expected);
        }
        prop_assert!(split.report.warnings.iter().all(|warning| warning.code == "partial_sum"));
    }
}
