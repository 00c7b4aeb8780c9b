//! The numbers, for people and for machines.

use serde_json::{Value, json};

use crate::builds::Build;
use crate::cases::BARE;
use crate::goals::{self, Bound};

pub struct Report {
    pub rows: Vec<Row>,
    pub large_body_speed: f64,
    pub builds: Vec<Build>,
}

/// One case: medians and counts per operation.
pub struct Row {
    pub name: &'static str,
    pub nanoseconds: f64,
    pub allocations: Option<f64>,
    pub instructions: Option<f64>,
}

impl Report {
    /// The row of a case that is there.
    pub fn row(&self, name: &str) -> &Row {
        self.rows.iter().find(|row| row.name == name).expect("a case of this name")
    }

    pub fn all_met(&self) -> bool {
        goals::of(self).iter().all(goals::Goal::is_met)
    }

    pub fn print(&self) {
        let count = |count: Option<f64>| {
            count.map_or_else(|| "-".to_owned(), |count| format!("{count:.0}"))
        };
        println!(
            "{:<36} {:>8} {:>7} {:>12} {:>13}",
            "", "ns", "x bare", "allocations", "instructions"
        );
        for Row { name, nanoseconds, allocations, instructions } in &self.rows {
            let ratio = nanoseconds / self.row(BARE).nanoseconds;
            let (allocations, instructions) = (count(*allocations), count(*instructions));
            println!(
                "{name:<36} {nanoseconds:>8.0} {ratio:>7.2} {allocations:>12} {instructions:>13}"
            );
        }
        println!("\n{:<36} {:>8} {:>16}", "", "crates", "clean build, s");
        for Build { name, crates, seconds } in &self.builds {
            let (crates, seconds) = (count(crates.map(|crates| crates as f64)), count(*seconds));
            println!("{name:<36} {crates:>8} {seconds:>16}");
        }
        println!();
        for goal in goals::of(self) {
            let (sign, bound) = match goal.bound {
                Bound::AtMost(bound) => ("<=", bound),
                Bound::AtLeast(bound) => (">=", bound),
            };
            let mark = if goal.is_met() { "met" } else { "NOT MET" };
            println!("{:<36} {:>8.2}   goal {sign} {bound:<5} {mark}", goal.name, goal.value);
        }
        println!(
            "\nInstructions are callgrind's, which lacks the SHA instructions most processors have."
        );
    }

    pub fn json(&self) -> String {
        let case = |row: &Row| {
            json!({
                "name": row.name,
                "nanoseconds": row.nanoseconds,
                "allocations": row.allocations,
                "instructions": row.instructions,
            })
        };
        let goal = |goal: &goals::Goal| {
            let (kind, bound) = match goal.bound {
                Bound::AtMost(bound) => ("at_most", bound),
                Bound::AtLeast(bound) => ("at_least", bound),
            };
            json!({"name": goal.name, "value": goal.value, kind: bound, "met": goal.is_met()})
        };
        let build = |build: &Build| json!({"name": build.name, "crates": build.crates, "seconds": build.seconds});
        let document = json!({
            "bench": "sign",
            "cases": self.rows.iter().map(case).collect::<Value>(),
            "goals": goals::of(self).iter().map(goal).collect::<Value>(),
            "builds": self.builds.iter().map(build).collect::<Value>(),
        });
        format!("{document:#}\n")
    }
}
