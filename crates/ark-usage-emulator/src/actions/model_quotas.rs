//! Ark `ListModelActivations` and `ListModelTokenLimit`: free usage and caps of models.

use http::Response;
use serde::Serialize;

use super::Session;
use super::page::PageParameters;
use super::wire_number::WireNumber;
use crate::behaviors::Listing;
use crate::calendar::{DAY, rfc3339_beijing};
use crate::data::{PlanWindow, model_tokens};
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// Free tokens that every model has once.
const INITIAL: u64 = 500_000;
/// Free tokens are given in packs of so many.
const PACK: u64 = 100_000_000_000;
/// A cap is a multiple of it.
const CAP: u64 = 1_000_000_000;
/// Nothing was used earlier: 2024-06-01T00:00:00+08:00.
const FIRST: i64 = 1_717_171_200;
const MAX_PAGE_SIZE: i64 = 100;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ActivationList {
    total_count: usize,
    page_number: i64,
    page_size: i64,
    items: Vec<Activation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Activation {
    foundation_model_name: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_inference_free_usage: Option<FreeUsage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_resource_pack_items: Option<Vec<FreeUsage>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FreeUsage {
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    total: WireNumber,
    consumed: WireNumber,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LimitList {
    model_token_limits: Vec<ModelCap>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ModelCap {
    foundation_model_name: &'static str,
    token_limit: WireNumber,
    current_usage: WireNumber,
    token_limit_start_time: String,
    current_usage_refresh_time: String,
}

/// Answers `ListModelActivations`.
pub(super) fn activations(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let page = PageParameters::read(&body, "PageNumber", 10, MAX_PAGE_SIZE)?;
    let with_free_usage = body.boolean("WithFreeUsage")?;
    let window = PlanWindow { start: FIRST, end: session.now.max(FIRST) };
    let tokens = tokens(session, window, true);
    let items = page.of(&tokens, &Listing::default()).iter();
    let items =
        items.map(|(model, free)| activation(session, model, *free, with_free_usage)).collect();
    Ok(session.about.success(&ActivationList {
        total_count: tokens.len(),
        page_number: page.number,
        page_size: page.size,
        items,
    }))
}

/// The first free tokens are used up wherever some were used; the others are of packs.
fn activation(session: &Session<'_>, model: &'static str, free: u64, shown: bool) -> Activation {
    let number =
        |tokens| WireNumber::new(tokens, 0, session.behaviors.seats.quota_values.of(false));
    let of_packs = free.saturating_sub(INITIAL);
    let usage = |kind, total, consumed| FreeUsage {
        kind,
        total: number(total),
        consumed: number(consumed),
    };
    let packs = || {
        let total = (of_packs / PACK + 1) * PACK;
        let mut packs = vec![usage(Some("FreeInference"), total, of_packs)];
        if of_packs > 0 {
            packs.push(usage(Some("DataPermission"), 2_000_000, 0));
        }
        packs
    };
    Activation {
        foundation_model_name: model,
        state: "Available",
        initial_inference_free_usage: shown.then(|| usage(None, INITIAL, free.min(INITIAL))),
        free_resource_pack_items: shown.then(|| if free > 0 { packs() } else { Vec::new() }),
    }
}

/// Answers `ListModelTokenLimit`: every second model has a cap for a day.
pub(super) fn limits(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let wanted = body.texts("FoundationModelNames")?;
    if wanted.is_empty() {
        return Err(Refusal::missing_parameter("FoundationModelNames"));
    }
    let day = PlanWindow::day(session.now);
    let number =
        |tokens| WireNumber::new(tokens, 0, session.behaviors.seats.quota_values.of(false));
    let capped = tokens(session, day, false).into_iter().step_by(2);
    let limits = capped.filter(|(model, _)| wanted.contains(model)).map(|(model, used)| ModelCap {
        foundation_model_name: model,
        token_limit: number((used / CAP + 1) * CAP),
        current_usage: number(used),
        token_limit_start_time: rfc3339_beijing(day.start),
        current_usage_refresh_time: rfc3339_beijing(session.now),
    });
    Ok(session.about.success(&LimitList { model_token_limits: limits.collect() }))
}

fn tokens(session: &Session<'_>, window: PlanWindow, only_free: bool) -> Vec<(&'static str, u64)> {
    // Two years of hours at most: who looks from further ahead sees the last of them.
    let start = window.start.max(window.end.saturating_sub(731 * DAY));
    let window = PlanWindow { start, ..window };
    let (catalogue, now) = (session.catalogue, session.now);
    model_tokens(catalogue, window, now, session.adjustments, only_free).into_iter().collect()
}
