//! The seats of teams: listed by page, their usage in batches.

use ark_usage_model::get_seat_afp_usage::{GetSeatAfpUsage, SeatAfpUsage};
use ark_usage_model::get_seat_info_usage::{GetSeatInfoUsage, SeatInfoUsage};
use ark_usage_model::list_seat_afp_usage::ListSeatAfpUsage;
use ark_usage_model::list_seat_info_usages::ListSeatInfoUsages;
use ark_usage_model::list_seat_infos::{ListSeatInfos, SeatInfo};
use ark_usage_model::{PageStyle, PagedWalk};
use ark_usage_report::plan::{PlanKind, PlanSeat, agent_seats, coding_seats};
use ark_usage_report::text;
use volc_openapi::Action;

use super::FetchContext;
use super::plans::PlanCalls;
use super::project_hint::unlisted_project;
use crate::error::CliError;
use crate::lang::Text;

/// Seats that were fetched.
#[derive(Debug)]
pub(crate) struct FetchedSeats {
    /// The seats, account by account.
    pub(crate) seats: Vec<PlanSeat>,
    /// Code and prose of each warning; the lists that are not whole are among them.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    /// The number of lists that failed, and of those that came.
    pub(crate) failed: usize,
    pub(crate) listed: usize,
    /// The first call that failed for another reason than a missing permission.
    pub(crate) failure: Option<CliError>,
}

/// The most seats of a call about their usage.
const BATCH: usize = 1_000;

/// The project where none is named.
const DEFAULT_PROJECT: &str = "default";

impl FetchContext<'_> {
    /// Fetches the seats of both plans of each account.
    pub(crate) async fn seats(&self, project: Option<&str>) -> Result<FetchedSeats, CliError> {
        let fetching = text!("fetching seats", "查询席位");
        let fetch = Box::pin(async {
            let (ids, unverified) = self.account_ids().await?;
            let mut fetched = FetchedSeats {
                seats: Vec::new(),
                warnings: unverified.into_iter().collect(),
                failed: 0,
                listed: 0,
                failure: None,
            };
            for (account, account_id) in self.accounts.iter().zip(ids) {
                let mut calls = PlanCalls::new(account, &self.base_url, self.context);
                for plan in [PlanKind::Coding, PlanKind::Agent] {
                    let (found, problem) = seats_of(plan, project, &mut calls).await;
                    fetched.listed += usize::from(problem.is_none());
                    fetched.failed += usize::from(problem.is_some());
                    fetched.warnings.extend(problem.map(|reason| seats_failed(plan, &reason)));
                    fetched.seats.extend(found.into_iter().map(|seat| PlanSeat {
                        account_id: seat.account_id.clone().or_else(|| account_id.clone()),
                        profile: account.profile.clone(),
                        ..seat
                    }));
                }
                if let Some(failure) = calls.into_failure().filter(|_| fetched.failure.is_none()) {
                    let hint = match project {
                        Some(name) => unlisted_project(account, &self.base_url, name).await,
                        None => None,
                    };
                    fetched.failure = Some(match hint {
                        Some(hint) => failure.with_hint(hint),
                        None => failure,
                    });
                }
            }
            Ok(fetched)
        });
        self.context.within(self.request.options.deadline, &fetching, fetch).await
    }
}

fn seats_failed(plan: PlanKind, reason: &Text) -> (&'static str, Text) {
    let title = plan.title();
    let words =
        text!("seats of the {title}: {reason}", "{title} 的席位：{reason}"; reason = reason);
    ("plan_seats_failed", words)
}

/// Returns the seats of a plan, and the reason where some of it could not be fetched.
async fn seats_of(
    plan: PlanKind,
    project: Option<&str>,
    calls: &mut PlanCalls<'_>,
) -> (Vec<PlanSeat>, Option<Text>) {
    let scene = match plan {
        PlanKind::Agent => ListSeatInfos::AGENT_SCENE,
        PlanKind::Coding => ListSeatInfos::CODING_SCENE,
    };
    let (infos, problem) = list(scene, project, calls).await;
    let ids: Vec<String> = infos.iter().filter_map(|info| info.seat_id.clone()).collect();
    match plan {
        PlanKind::Agent => {
            let (usages, later) = agent_usage(&ids, project, calls).await;
            // The list of usage names every seat by itself.
            let problem = if usages.is_empty() { problem } else { None };
            (agent_seats(&infos, &usages), later.or(problem))
        }
        PlanKind::Coding => {
            let (usages, later) = coding_usage(&ids, project, calls).await;
            (coding_seats(&infos, &usages), later.or(problem))
        }
    }
}

/// Lists the seats of a scene, page by page. What came before a failure is kept.
async fn list(
    scene: &str,
    project: Option<&str>,
    calls: &mut PlanCalls<'_>,
) -> (Vec<SeatInfo>, Option<Text>) {
    let mut walk = PagedWalk::new(PageStyle::Number, ListSeatInfos::MAX_PAGE);
    let (mut next_token, mut problem) = (None, None);
    while let Some(page) = walk.next_page() {
        let action = ListSeatInfos {
            scene: Some(scene.to_owned()),
            project_name: project.map(str::to_owned),
            page_num: Some(page.number),
            page_size: Some(page.size),
            next_token: next_token.take(),
            ..ListSeatInfos::default()
        };
        match calls.ask(&action).await {
            Ok(found) => {
                next_token = found.next_token.filter(|token| !token.is_empty());
                let seats = found.seats.into_iter().map(|seat| (seat.seat_id.clone(), seat));
                walk.take(seats, found.total);
            }
            Err(failure) => {
                problem = Some(failure.words(ListSeatInfos::NAME));
                walk.give_up();
            }
        }
    }
    if problem.is_none()
        && let Some(gap) = walk.shortfall()
    {
        let received = gap.received;
        problem = Some(text!(
            "the list is incomplete: {received} received",
            "列表不完整：只收到 {received} 个"
        ));
    }
    (walk.into_items(), problem)
}

/// Returns the usage of Agent Plan seats: in batches, or by page where that is refused or no seat was listed.
async fn agent_usage(
    ids: &[String],
    project: Option<&str>,
    calls: &mut PlanCalls<'_>,
) -> (Vec<SeatAfpUsage>, Option<Text>) {
    let mut usages = Vec::new();
    for batch in ids.chunks(BATCH) {
        let Ok(found) = calls.ask(&GetSeatAfpUsage { seat_ids: batch.to_vec() }).await else {
            usages.clear();
            break;
        };
        usages.extend(found.seats);
    }
    if !usages.is_empty() {
        return (usages, None);
    }
    let mut walk = PagedWalk::new(PageStyle::Number, ListSeatInfos::MAX_PAGE);
    let mut problem = None;
    while let Some(page) = walk.next_page() {
        let action = ListSeatAfpUsage {
            project_name: project.unwrap_or(DEFAULT_PROJECT).to_owned(),
            page_number: Some(page.number),
            page_size: Some(page.size),
            ..ListSeatAfpUsage::default()
        };
        match calls.ask(&action).await {
            Ok(found) => {
                let seats = found.seats.into_iter().map(|seat| (seat.seat_id.clone(), seat));
                walk.take(seats, found.total_count);
            }
            Err(failure) => {
                problem = Some(failure.words(ListSeatAfpUsage::NAME));
                walk.give_up();
            }
        }
    }
    (walk.into_items(), problem)
}

/// Returns the usage of Coding Plan seats: in batches, or one by one where that is refused.
async fn coding_usage(
    ids: &[String],
    project: Option<&str>,
    calls: &mut PlanCalls<'_>,
) -> (Vec<SeatInfoUsage>, Option<Text>) {
    let project_name = Some(project.unwrap_or(DEFAULT_PROJECT).to_owned());
    let mut usages = Vec::new();
    for batch in ids.chunks(BATCH) {
        let action = ListSeatInfoUsages {
            seat_ids: batch.to_vec(),
            project_name: project_name.clone(),
            scene: None,
        };
        if let Ok(found) = calls.ask(&action).await {
            usages.extend(found.seats);
            continue;
        }
        for seat_id in batch {
            let action = GetSeatInfoUsage {
                seat_id: seat_id.clone(),
                project_name: project_name.clone(),
                ..GetSeatInfoUsage::default()
            };
            match calls.ask(&action).await {
                Ok(found) => usages.push(SeatInfoUsage {
                    seat_id: found.seat_id.clone().or_else(|| Some(seat_id.clone())),
                    ..found
                }),
                Err(failure) => return (usages, Some(failure.words(GetSeatInfoUsage::NAME))),
            }
        }
    }
    (usages, None)
}
