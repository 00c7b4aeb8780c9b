//! Asking for less: which failures mean that a request was too large, and what to do then.
//!
//! A refusal names a field, a time-out names nothing. Either may mean "too much" or "wrong", which
//! one bucket and one endpoint id tell apart: when that small *probe* is refused as well, the
//! request is wrong; when it works, the refused part is halved. When something of that kind worked
//! already, less than the refused part, no probe is needed.

use volc_openapi::{CodeClass, ResponseError, TransportFailure};

use crate::CallFailure;
use crate::query::answer::Trouble;
use crate::query::job::{Job, Kind, Refused};
use crate::query::{Axis, Progress, UsageQuery};

/// Time-outs of one job after which it counts as too large.
const TIMEOUTS: u32 = 2;

/// The parameter that was refused, as an axis; `None` when it is neither.
pub(super) fn axis_of(parameter: &str) -> Option<Axis> {
    let name = parameter.to_ascii_lowercase();
    if name.starts_with("endpointid") {
        return Some(Axis::EndpointIds);
    }
    ["starttime", "endtime", "interval"]
        .iter()
        .any(|known| name.starts_with(known))
        .then_some(Axis::Buckets)
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Axis(Axis),
    /// It names no parameter.
    Unnamed,
}

impl About {
    /// What the service refused, if it refused what was asked and not who asked.
    fn of(trouble: &Trouble) -> Option<Self> {
        let Trouble::Response(ResponseError::Api(error)) = trouble else { return None };
        match trouble.class()? {
            CodeClass::BadParameter(_) if error.error_code().head() == "MissingParameter" => None,
            CodeClass::BadParameter(None) => Some(Self::Unnamed),
            CodeClass::BadParameter(Some(name)) => axis_of(name).map(Self::Axis),
            // One id of a list that does not exist: halving finds it.
            CodeClass::NotFound(Some(name)) => {
                axis_of(name).filter(|axis| *axis == Axis::EndpointIds).map(Self::Axis)
            }
            _ => None,
        }
    }

    fn is(self, axis: Axis) -> bool {
        self == Self::Unnamed || self == Self::Axis(axis)
    }
}

/// Whether a failure may mean that a job asked for too much, and of what; with whether that is
/// certain.
pub(super) fn too_much(trouble: &Trouble, job: &Job) -> Option<(Axis, bool)> {
    let larger = |axis| (job.size(axis) > 1).then_some(axis);
    let any = || larger(Axis::Buckets).or_else(|| larger(Axis::EndpointIds));
    if matches!(job.kind, Kind::Tail) {
        // One bucket, with ids that worked a moment ago.
        return None;
    }
    match About::of(trouble) {
        Some(About::Axis(axis)) => return larger(axis).map(|axis| (axis, false)),
        Some(About::Unnamed) => return any().map(|axis| (axis, false)),
        None => {}
    }
    if matches!(trouble, Trouble::Transport(TransportFailure::BodyTooLarge))
        || trouble.status() == Some(413)
    {
        return any().map(|axis| (axis, true));
    }
    if trouble.failure().is_timeout() && job.tried.timeouts >= TIMEOUTS {
        return any().map(|axis| (axis, false));
    }
    None
}

/// Whether the service refused what was asked, not who asked.
pub(super) fn is_refusal(trouble: &Trouble) -> bool {
    About::of(trouble).is_some()
}

impl UsageQuery {
    /// Whether a refusal may be due to an `EndTime` that has not come yet: the job asked beyond its
    /// last bucket, which is still running.
    pub(super) fn asked_too_far(&self, trouble: &Trouble, job: &Job, further: i64) -> bool {
        let beyond = further > 0 || self.labels_are_ends();
        beyond
            && !job.tried.stay
            && !matches!(job.kind, Kind::Tail)
            && job.window.end() > self.began()
            && About::of(trouble).is_some_and(|about| about.is(Axis::Buckets))
    }

    /// Halves a job that was refused as too large, at once or after a probe.
    pub(super) fn narrow(
        &mut self,
        place: usize,
        job: Job,
        axis: Axis,
        certain: bool,
        trouble: Trouble,
    ) -> Progress {
        let why = CallFailure::from(trouble);
        let Some(lane) = self.lanes.get_mut(place) else { return Progress::Ignored };
        let largest = lane.largest(axis);
        if certain || (largest >= 1 && largest < job.size(axis)) {
            let from = job.size(axis);
            let to = lane.halve(&job, axis);
            return Progress::Narrowed { axis, from, to };
        }
        lane.park(Refused { job, axis, why: why.clone(), second: false });
        Progress::Probing { why }
    }

    /// A probe has failed as well.
    pub(super) fn probe_failed(
        &mut self,
        place: usize,
        refused: Refused,
        trouble: &Trouble,
    ) -> Progress {
        // A probe that fails for a reason of its own says nothing about size.
        let same_axis = About::of(trouble).is_none_or(|about| about.is(refused.axis));
        if !same_axis {
            return self.too_large(place, refused);
        }
        let Some(lane) = self.lanes.get_mut(place) else { return Progress::Ignored };
        if refused.axis == Axis::EndpointIds && !refused.second && is_refusal(trouble) {
            // The first id may be the only wrong one.
            let why = refused.why.clone();
            lane.park(Refused { second: true, ..refused });
            lane.probe_done();
            return Progress::Probing { why };
        }
        lane.probe_done();
        let Refused { job, why, .. } = refused;
        self.fail_job(&job, &why);
        Progress::Failed(why)
    }
}
