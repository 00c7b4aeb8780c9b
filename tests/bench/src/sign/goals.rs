//! The goals for the figures.

use crate::cases::{
    AWS, BARE, BARE_COLD, COLD, NO_BODY, REQSIGN_AWS, REQSIGN_TOS, REQSIGN_TOS_NO_BODY, VERIFY,
    VERIFY_COLD, WARM,
};
use crate::report::Report;

/// One promise, and how it stands.
pub struct Goal {
    pub name: &'static str,
    pub value: f64,
    pub bound: Bound,
}

#[derive(Clone, Copy)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(bound) => self.value <= bound,
            Bound::AtLeast(bound) => self.value >= bound,
        }
    }
}

pub fn of(report: &Report) -> Vec<Goal> {
    use Bound::{AtLeast, AtMost};
    let ratio = |name, above, below, bound| Goal {
        name,
        value: report.row(above).nanoseconds / report.row(below).nanoseconds,
        bound,
    };
    let mut goals = vec![
        ratio("signing / bare calls", WARM, BARE, AtMost(2.0)),
        ratio("verifying / bare calls", VERIFY, BARE, AtMost(2.7)),
        ratio("verifying / bare calls, cold key", VERIFY_COLD, BARE_COLD, AtMost(2.5)),
        ratio("aws-sigv4 / signing", AWS, WARM, AtLeast(4.5)),
        ratio("aws-sigv4 / signing, cold key", AWS, COLD, AtLeast(2.5)),
        ratio("reqsign-aws-v4 / signing", REQSIGN_AWS, WARM, AtLeast(3.7)),
        ratio("reqsign-volcengine-tos / signing", REQSIGN_TOS, WARM, AtLeast(3.5)),
        ratio("the same, neither hashing a body", REQSIGN_TOS_NO_BODY, NO_BODY, AtLeast(3.2)),
        Goal {
            name: "speed of a 64 MiB body / hash",
            value: report.large_body_speed,
            bound: AtLeast(0.95),
        },
    ];
    if let Some(allocations) = report.row(WARM).allocations {
        goals.push(Goal { name: "allocations of signing", value: allocations, bound: AtMost(6.0) });
    }
    goals
}
