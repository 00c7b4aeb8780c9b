//! Splits requests that are too large: which failures mean that, and the reaction to them.
//!
//! A refusal names a field, a time-out names nothing. Either may mean "too much" or "wrong", which
//! one bucket and one endpoint id tell apart: when that small *probe* is refused as well, the
//! request is wrong; when it works, the refused part is halved. When something of that kind worked
//! already, less than the refused part, no probe is needed.

use volc_openapi::{CodeClass, ResponseError, TransportFailure};

use crate::Axis;
use crate::action::UsageAction;
use crate::query::answer::ResponseFault;
use crate::query::job::{Job, Kind, Refused};
use crate::query::{Progress, UsageQuery};
use crate::report::CallFailure;

/// Time-outs of one job after which it counts as too large.
const TIMEOUTS: u32 = 2;

/// The axis whose size a refused parameter carries, if it carries one.
pub(super) fn axis_of(action: &dyn UsageAction, parameter: &str) -> Option<Axis> {
    let begins_with = |prefix: &str| {
        parameter.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    let known = action.size_parameters().iter().find(|(prefix, _)| begins_with(prefix));
    known.map(|(_, axis)| *axis)
}

/// The subject of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RefusedParameter {
    Axis(Axis),
    /// It names no parameter.
    Unnamed,
}

impl RefusedParameter {
    /// The parameter that was refused, if the request was refused and not the account.
    fn of(action: &dyn UsageAction, fault: &ResponseFault) -> Option<Self> {
        let ResponseFault::Response(ResponseError::Api(error)) = fault else { return None };
        match fault.class()? {
            CodeClass::BadParameter(_) if error.error_code().head() == "MissingParameter" => None,
            CodeClass::BadParameter(None) => Some(Self::Unnamed),
            CodeClass::BadParameter(Some(name)) => axis_of(action, name).map(Self::Axis),
            // One id of a list that does not exist: halving finds it.
            CodeClass::NotFound(Some(name)) => {
                axis_of(action, name).filter(|axis| *axis == Axis::EndpointIds).map(Self::Axis)
            }
            _ => None,
        }
    }

    fn is(self, axis: Axis) -> bool {
        self == Self::Unnamed || self == Self::Axis(axis)
    }
}

/// The axis along which a job may be too large after a failure, and true when that is certain.
pub(super) fn too_much(
    action: &dyn UsageAction,
    fault: &ResponseFault,
    job: &Job,
) -> Option<(Axis, bool)> {
    let can_be_split = |axis| action.size_parameters().iter().any(|(_, other)| *other == axis);
    let larger = |axis| (can_be_split(axis) && job.size(axis) > 1).then_some(axis);
    let any = || larger(Axis::Buckets).or_else(|| larger(Axis::EndpointIds));
    if matches!(job.kind, Kind::Tail) {
        // One bucket, with ids that worked a moment ago.
        return None;
    }
    match RefusedParameter::of(action, fault) {
        Some(RefusedParameter::Axis(axis)) => return larger(axis).map(|axis| (axis, false)),
        Some(RefusedParameter::Unnamed) => return any().map(|axis| (axis, false)),
        None => {}
    }
    if matches!(fault, ResponseFault::Transport(TransportFailure::BodyTooLarge))
        || fault.status() == Some(413)
    {
        return any().map(|axis| (axis, true));
    }
    if fault.failure().is_timeout() && job.tried.timeouts >= TIMEOUTS {
        return any().map(|axis| (axis, false));
    }
    None
}

/// True when the service refused the request, not the account.
pub(super) fn is_refusal(action: &dyn UsageAction, fault: &ResponseFault) -> bool {
    RefusedParameter::of(action, fault).is_some()
}

impl UsageQuery {
    /// True when a refusal may be due to an `EndTime` in the future: the job asked beyond its last
    /// bucket, which is still running.
    pub(super) fn asked_too_far(&self, fault: &ResponseFault, job: &Job, further: i64) -> bool {
        let beyond = further > 0 || self.labels_are_ends();
        beyond
            && !job.tried.stay
            && !matches!(job.kind, Kind::Tail)
            && job.window.end() > self.server_now()
            && RefusedParameter::of(self.action, fault)
                .is_some_and(|refused| refused.is(Axis::Buckets))
    }

    /// Halves a job that was refused as too large, at once or after a probe.
    pub(super) fn narrow(
        &mut self,
        place: usize,
        job: Job,
        axis: Axis,
        certain: bool,
        fault: ResponseFault,
    ) -> Progress {
        let why = CallFailure::from(fault);
        let Some(queue) = self.queues.get_mut(place) else { return Progress::Ignored };
        let largest = queue.largest(axis);
        if certain || (largest >= 1 && largest < job.size(axis)) {
            let from = job.size(axis);
            let to = queue.halve(&job, axis);
            return Progress::Narrowed { axis, from, to };
        }
        queue.park(Refused { job, axis, why: why.clone(), second: false });
        Progress::Probing { why }
    }

    /// A probe has failed as well.
    pub(super) fn probe_failed(
        &mut self,
        place: usize,
        refused: Refused,
        fault: &ResponseFault,
    ) -> Progress {
        // A probe that fails for a reason of its own says nothing about size.
        let same_axis = RefusedParameter::of(self.action, fault)
            .is_none_or(|parameter| parameter.is(refused.axis));
        if !same_axis {
            return self.too_large(place, refused);
        }
        let Some(queue) = self.queues.get_mut(place) else { return Progress::Ignored };
        if refused.axis == Axis::EndpointIds && !refused.second && is_refusal(self.action, fault) {
            // The first id may be the only wrong one.
            let why = refused.why.clone();
            queue.park(Refused { second: true, ..refused });
            queue.probe_done();
            return Progress::Probing { why };
        }
        queue.probe_done();
        let Refused { job, why, .. } = refused;
        self.fail_job(&job, &why);
        Progress::Failed(why)
    }
}
