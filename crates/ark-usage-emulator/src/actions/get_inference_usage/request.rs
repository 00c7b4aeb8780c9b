//! Reading the request as the service does: days are checked, whatever is not known is ignored.

use ark_usage_model::Interval;

use super::super::Session;
use super::dimension::Dimension;
use crate::behaviors::{AbsentProject, PlanTokens, UnknownFilters};
use crate::calendar::{DAY, HOUR, day_start_in};
use crate::data::{InferenceSource, PLAN_BILLING, inference_sources};
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// Hours times sources of usage one call may touch, so that no request holds the emulator for long.
const MAX_CELLS: i64 = 50_000_000;

/// A request that can be answered.
#[derive(Debug)]
pub(super) struct InferenceRequest<'a> {
    pub(super) interval: Interval,
    /// The first second of the first day.
    pub(super) first: i64,
    /// The first second of the last day, which is part of the answer.
    pub(super) last: i64,
    /// True when `ProjectName` was sent.
    pub(super) names_project: bool,
    /// The dimensions of the filters, each once.
    pub(super) filtered: Vec<Dimension>,
    pub(super) window_detail: bool,
    /// The usage that all filters let through.
    pub(super) sources: Vec<InferenceSource<'a>>,
}

impl<'a> InferenceRequest<'a> {
    pub(super) fn read(session: &'a Session<'_>) -> Result<Self, Refusal> {
        let body = Parameters::from_body(session.body)?;
        let (first, last) = days(session, &body)?;
        let interval = match body.text("QueryInterval")? {
            None | Some("Day") => Interval::Day,
            Some("Hour") => Interval::Hour,
            Some(other) => {
                let why = format!("{other:?} is neither Day nor Hour");
                return Err(Refusal::invalid_parameter("QueryInterval", &why));
            }
        };
        let window_detail = body.boolean("ShowWindowDetail")?;
        if window_detail && body.boolean("SplitByWindows")? {
            let why = "it cannot be used with ShowWindowDetail";
            return Err(Refusal::invalid_parameter("SplitByWindows", why));
        }
        let project = body.text("ProjectName")?;
        let (filters, has_unknown) = filters(&body)?;
        let mut sources = sources(session, project)?;
        match session.behaviors.inference.unknown_filters {
            UnknownFilters::Refused if has_unknown => {
                return Err(Refusal::invalid_parameter("Filters", "a key is unknown"));
            }
            UnknownFilters::Nothing if has_unknown => sources.clear(),
            _ => {}
        }
        sources.retain(|source| filters.iter().all(|filter| filter.holds(source)));
        let mut filtered = Vec::new();
        for Filter { dimension, .. } in filters {
            if !filtered.contains(&dimension) {
                filtered.push(dimension);
            }
        }
        let request = Self {
            interval,
            first,
            last,
            names_project: project.is_some(),
            filtered,
            window_detail,
            sources,
        };
        request.refuse_the_absurd()?;
        Ok(request)
    }

    fn refuse_the_absurd(&self) -> Result<(), Refusal> {
        let sources = i64::try_from(self.sources.len()).unwrap_or(i64::MAX);
        let hours = (self.last - self.first + DAY) / HOUR;
        if hours.saturating_mul(sources) > MAX_CELLS {
            return Err(Refusal::invalid_parameter("EndTime", "the range is too large"));
        }
        Ok(())
    }
}

fn days(session: &Session<'_>, body: &Parameters) -> Result<(i64, i64), Refusal> {
    let day = |name: &str| {
        let text = body.text(name)?.ok_or_else(|| Refusal::missing_parameter(name))?;
        let refusal = || Refusal::invalid_parameter(name, "a day such as 2024-11-19 is expected");
        day_start_in(session.behaviors.days, text).ok_or_else(refusal)
    };
    let (first, last) = (day("StartTime")?, day("EndTime")?);
    if last < first {
        return Err(Refusal::invalid_parameter("EndTime", "it is before StartTime"));
    }
    let days = (last - first) / DAY + 1;
    if session.behaviors.inference.max_days.is_some_and(|most| days > most) {
        return Err(Refusal::invalid_parameter("EndTime", "the range is too large"));
    }
    session.refuse_old(first)?;
    Ok((first, last))
}

/// One entry of `Filters`. All of them must hold; one without values groups only.
#[derive(Debug)]
struct Filter {
    dimension: Dimension,
    values: Vec<String>,
    like: Option<String>,
}

impl Filter {
    fn holds(&self, source: &InferenceSource<'_>) -> bool {
        let value = self.dimension.value(source);
        let like = self.like.as_deref().map(|like| like.trim_matches('%'));
        (self.values.is_empty() || self.values.iter().any(|wanted| wanted == value))
            && like.is_none_or(|like| value.contains(like))
    }
}

/// The filters whose keys exist, and whether there are others.
fn filters(body: &Parameters) -> Result<(Vec<Filter>, bool), Refusal> {
    let (mut filters, mut has_unknown) = (Vec::new(), false);
    for filter in body.objects("Filters")? {
        let key = match filter.text("Key")? {
            Some(key) => Some(key),
            None => filter.text("FieldName")?,
        };
        let Some(dimension) = key.and_then(Dimension::of_key) else {
            has_unknown = true;
            continue;
        };
        let values = filter.texts("Values")?.into_iter().map(str::to_owned).collect();
        let like = filter.text("ValueLike")?.map(str::to_owned);
        filters.push(Filter { dimension, values, like });
    }
    Ok((filters, has_unknown))
}

fn sources<'a>(
    session: &'a Session<'_>,
    project: Option<&str>,
) -> Result<Vec<InferenceSource<'a>>, Refusal> {
    let behaviors = &session.behaviors.inference;
    let account_wide = project.is_none() && behaviors.project == AbsentProject::Account;
    let mut sources: Vec<_> = if account_wide {
        let seen = session.catalogue.projects.iter();
        seen.filter(|project| session.account.sees(&project.name))
            .flat_map(inference_sources)
            .collect()
    } else {
        inference_sources(session.project(project)?)
    };
    if behaviors.plan_tokens == PlanTokens::LeftOut {
        sources.retain(|source| source.billing_status != PLAN_BILLING);
    }
    Ok(sources)
}
