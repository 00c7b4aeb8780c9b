//! The figures measured, with their goals.

use std::fmt;

/// One number.
pub struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    goal: Option<Goal>,
}

/// The goal of a figure.
enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Figure {
    /// A number that is noted.
    pub fn noted(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit, goal: None }
    }

    /// A number that should not be larger.
    pub fn at_most(name: &'static str, value: f64, unit: &'static str, goal: f64) -> Self {
        Self { name, value, unit, goal: Some(Goal::AtMost(goal)) }
    }

    /// A number that should not be smaller.
    pub fn at_least(name: &'static str, value: f64, unit: &'static str, goal: f64) -> Self {
        Self { name, value, unit, goal: Some(Goal::AtLeast(goal)) }
    }

    /// As a member of the document.
    pub fn json(&self) -> serde_json::Value {
        let (at_most, goal) = match self.goal {
            Some(Goal::AtMost(goal)) => (Some(true), Some(goal)),
            Some(Goal::AtLeast(goal)) => (Some(false), Some(goal)),
            None => (None, None),
        };
        serde_json::json!({
            "name": self.name, "value": self.value, "unit": self.unit, "goal": goal,
            "at_most": at_most,
        })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<34} {:>10.3} {:<10}", self.name, self.value, self.unit)?;
        let (sign, goal, met) = match self.goal {
            Some(Goal::AtMost(goal)) => ("<=", goal, self.value <= goal),
            Some(Goal::AtLeast(goal)) => (">=", goal, self.value >= goal),
            None => return Ok(()),
        };
        write!(f, "goal {sign} {goal:<8} {}", if met { "met" } else { "NOT MET" })
    }
}
