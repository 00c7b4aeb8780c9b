//! Finds out if a response includes the bucket that starts at `EndTime`, for actions whose documents
//! do not say. Answers decide.
//!
//! A call asks with `EndTime` at the start of its last bucket. When that bucket comes, the service
//! counts it in, and no more is to be found out. When it does not, although it has begun, it is
//! asked for once more, alone, with `EndTime` one interval further on (a *tail*). When it comes
//! then, the service does not count `EndTime` in, and all later calls ask one interval further at
//! once; what they get too much is dropped. Asking too far is always right, so a wrong guess costs
//! a bucket of traffic and nothing else.
//!
//! While nothing is known, one tail at a time is enough; the others are held back until it is, or
//! until nothing else is left to do. New parts wait for the first tail, because its answer is likely
//! to tell how to ask for them; when it does not, they wait no more.

use crate::query::job::Job;

/// The rule for `EndTime` as far as it is known, and the tails that wait for it.
#[derive(Clone, Debug, Default)]
pub(super) struct EndTime {
    rule: EndRule,
    /// True when a tail is queued or out while nothing is known.
    asking: bool,
    /// True when a tail was answered.
    asked: bool,
    held: Vec<Job>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum EndRule {
    #[default]
    Unknown,
    /// The bucket that starts at `EndTime` comes.
    Inclusive,
    /// It does not.
    Exclusive,
}

/// The observation of a response's end.
#[derive(Clone, Copy, Debug)]
pub(super) struct EndTimeObservation {
    /// The number of intervals beyond its last bucket it asked.
    pub(super) further: i64,
    /// Its last bucket was in the response.
    pub(super) last: bool,
    /// The bucket at its `EndTime` was in the response.
    pub(super) end: bool,
}

impl EndTime {
    /// Nothing is known; or, where it is documented, that both ends are included.
    pub(super) fn new(open: bool) -> Self {
        let rule = if open { EndRule::Unknown } else { EndRule::Inclusive };
        Self { rule, ..Self::default() }
    }

    /// The number of intervals beyond its last bucket a part asks.
    pub(super) fn further(&self) -> i64 {
        i64::from(self.rule == EndRule::Exclusive)
    }

    /// True when the first tail is queued or out.
    pub(super) fn is_first_doubt(&self) -> bool {
        self.asking && !self.asked
    }

    /// Learns from a part's answer. Gives back what is to be asked next, and whether the last
    /// bucket is in doubt.
    pub(super) fn part_answered(
        &mut self,
        job: &Job,
        observed: EndTimeObservation,
    ) -> (Vec<Job>, bool) {
        if observed.end && self.rule == EndRule::Unknown {
            self.rule = EndRule::Inclusive;
            self.asking = false;
            self.held.clear();
        }
        let doubt = !observed.last && observed.further == 0 && self.rule != EndRule::Inclusive;
        if !doubt {
            return (Vec::new(), false);
        }
        let tail = job.tail();
        if self.rule == EndRule::Unknown && self.asking {
            self.held.push(tail);
            return (Vec::new(), true);
        }
        self.asking = self.rule == EndRule::Unknown;
        (vec![tail], true)
    }

    /// Learns from a tail's answer; gives back what is to be asked next.
    pub(super) fn tail_answered(&mut self, observed: EndTimeObservation) -> Vec<Job> {
        if self.rule == EndRule::Unknown {
            if observed.end {
                self.rule = EndRule::Inclusive;
            } else if observed.last {
                self.rule = EndRule::Exclusive;
            }
        }
        self.next()
    }

    /// A tail failed; gives back what is to be asked next.
    pub(super) fn tail_failed(&mut self) -> Vec<Job> {
        self.next()
    }

    /// Nothing else is left to do: gives back all that was held.
    pub(super) fn release(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.held)
    }

    /// The start of the first bucket in doubt.
    pub(super) fn first_held(&self) -> Option<i64> {
        self.held.iter().map(Job::first).min()
    }

    /// Takes out the held tails that match.
    pub(super) fn take(&mut self, wanted: impl Fn(&Job) -> bool) -> Vec<Job> {
        let (taken, kept) = std::mem::take(&mut self.held).into_iter().partition(wanted);
        self.held = kept;
        taken
    }

    fn next(&mut self) -> Vec<Job> {
        self.asking = false;
        self.asked = true;
        match self.rule {
            EndRule::Inclusive => {
                self.held.clear();
                Vec::new()
            }
            EndRule::Exclusive => std::mem::take(&mut self.held),
            EndRule::Unknown => {
                let next = self.held.pop();
                self.asking = next.is_some();
                next.into_iter().collect()
            }
        }
    }
}
