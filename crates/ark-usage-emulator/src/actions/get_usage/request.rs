//! Reading and judging the request.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Scene};

use super::super::Session;
use crate::behaviors::{Behaviors, EndTime, PlanTokens, Unaligned};
use crate::calendar::HOUR;
use crate::data::{Endpoint, InferenceSource, PLAN_BILLING, Project, inference_sources};
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// Hours times sources of usage one call may touch. Far beyond any sensible question; it keeps one
/// request from holding the emulator for minutes.
const MAX_CELLS: i64 = 50_000_000;

/// A request that can be answered.
#[derive(Debug)]
pub(super) struct UsageRequest<'a> {
    pub(super) interval: Interval,
    /// Start of the first bucket of the answer.
    pub(super) first: i64,
    /// Start of the last; before `first` when the answer has no bucket.
    pub(super) last: i64,
    /// Those asked for, or all of the project.
    pub(super) endpoints: Vec<&'a Endpoint>,
    /// True when endpoints were asked for by id.
    pub(super) by_id: bool,
    /// The parts of usage that are not counted.
    pub(super) left_out: Vec<InferenceSource<'a>>,
    /// Empty is every scene.
    scenes: Vec<String>,
    batch_job_id: Option<String>,
}

impl<'a> UsageRequest<'a> {
    pub(super) fn read(session: &'a Session<'_>) -> Result<Self, Refusal> {
        let body = Parameters::from_body(session.body)?;
        let start = body.required_integer("StartTime")?;
        let end = body.required_integer("EndTime")?;
        let interval = interval(body.required_integer("Interval")?)?;
        let (first, end) = range(start, end, interval, session.behaviors)?;
        session.refuse_old(first)?;
        let last = match session.behaviors.end_time {
            EndTime::Inclusive => end,
            EndTime::Exclusive => end - interval.seconds(),
        };

        let project = session.project(body.text("ProjectName")?)?;
        let ids = body.texts("EndpointIds")?;
        let endpoints = endpoints(project, &ids, session.behaviors)?;
        let mut left_out = Vec::new();
        if session.behaviors.plan_tokens == PlanTokens::LeftOut {
            left_out = inference_sources(project);
            left_out.retain(|source| source.billing_status == PLAN_BILLING);
        }
        let request = Self {
            interval,
            left_out,
            first,
            // Nothing is known of buckets that have not begun.
            last: last.min(interval.start_in(session.behaviors.days, session.now)),
            endpoints,
            by_id: !ids.is_empty(),
            scenes: scenes(&body)?,
            batch_job_id: batch_job(project, body.text("BatchJobId")?)?,
        };
        request.refuse_the_absurd()?;
        Ok(request)
    }

    /// Starts of the buckets of the answer.
    pub(super) fn buckets(&self) -> impl Iterator<Item = i64> + Clone + use<> {
        let (first, last, interval) = (self.first, self.last, self.interval.seconds());
        std::iter::successors(Some(first), move |bucket| bucket.checked_add(interval))
            .take_while(move |bucket| *bucket <= last)
    }

    /// True when usage of that scene and batch job was asked for.
    pub(super) fn wants(&self, scene: &str, batch_job_id: Option<&str>) -> bool {
        let scene_wanted = self.scenes.is_empty() || self.scenes.iter().any(|name| name == scene);
        let wanted = self.batch_job_id.as_deref();
        scene_wanted && (wanted.is_none() || wanted == batch_job_id)
    }

    fn refuse_the_absurd(&self) -> Result<(), Refusal> {
        let seconds = (self.last - self.first).max(0) + self.interval.seconds();
        let sources: usize = self.endpoints.iter().map(|endpoint| endpoint.workloads.len()).sum();
        let sources = i64::try_from(sources).unwrap_or(i64::MAX);
        if (seconds / HOUR).saturating_mul(sources) > MAX_CELLS {
            return Err(Refusal::invalid_parameter("EndTime", "the range is too large"));
        }
        Ok(())
    }
}

fn interval(seconds: i64) -> Result<Interval, Refusal> {
    let why = || format!("{seconds} is neither 86400 nor 3600");
    let refusal = || Refusal::invalid_parameter("Interval", &why());
    Interval::from_seconds(seconds).ok_or_else(refusal)
}

/// Both ends as bucket starts.
fn range(
    start: i64,
    end: i64,
    interval: Interval,
    behaviors: &Behaviors,
) -> Result<(i64, i64), Refusal> {
    let start = aligned("StartTime", start, interval, behaviors)?;
    let end = aligned("EndTime", end, interval, behaviors)?;
    if end < start {
        return Err(Refusal::invalid_parameter("EndTime", "it is before StartTime"));
    }
    let length = match behaviors.end_time {
        EndTime::Inclusive => end - start + interval.seconds(),
        EndTime::Exclusive => end - start,
    };
    if behaviors.max_range.is_some_and(|longest| length > longest) {
        return Err(Refusal::invalid_parameter("EndTime", "the range is too large"));
    }
    Ok((start, end))
}

fn aligned(
    name: &str,
    instant: i64,
    interval: Interval,
    behaviors: &Behaviors,
) -> Result<i64, Refusal> {
    // Ten digits and a bit: the year 2286. Milliseconds given for seconds end here.
    if !(0..10_000_000_000).contains(&instant) {
        return Err(Refusal::invalid_parameter(name, "unix seconds are expected"));
    }
    let days = behaviors.days;
    let start = interval.start_in(days, instant);
    if start != instant && behaviors.unaligned == Unaligned::Refused {
        let why = format!("no {interval} starts at {instant} in {}", days.offset_name());
        return Err(Refusal::invalid_parameter(name, &why));
    }
    Ok(start)
}

fn endpoints<'a>(
    project: &'a Project,
    ids: &[&str],
    behaviors: &Behaviors,
) -> Result<Vec<&'a Endpoint>, Refusal> {
    if behaviors.max_ids.is_some_and(|most| ids.len() > most) {
        return Err(Refusal::invalid_parameter("EndpointIds", "there are too many"));
    }
    if ids.is_empty() {
        return Ok(project.endpoints.iter().collect());
    }
    let by_id: BTreeMap<&str, &Endpoint> =
        project.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint)).collect();
    let mut seen = BTreeSet::new();
    ids.iter()
        .filter(|id| seen.insert(**id))
        .map(|id| by_id.get(id).copied().ok_or_else(|| Refusal::not_found("EndpointIds", id)))
        .collect()
}

fn scenes(body: &Parameters) -> Result<Vec<String>, Refusal> {
    let scenes = body.texts("Scenes")?;
    if let Some(unknown) = scenes.iter().find(|scene| !Scene::KNOWN.contains(&Scene::from(**scene)))
    {
        let why = format!("{unknown:?} is none of Ordinary, Batch, BatchChat");
        return Err(Refusal::invalid_parameter("Scenes", &why));
    }
    Ok(scenes.into_iter().map(str::to_owned).collect())
}

fn batch_job(project: &Project, id: Option<&str>) -> Result<Option<String>, Refusal> {
    match id {
        Some(id) if !project.has_batch_job(id) => Err(Refusal::not_found("BatchJobId", id)),
        id => Ok(id.map(str::to_owned)),
    }
}
