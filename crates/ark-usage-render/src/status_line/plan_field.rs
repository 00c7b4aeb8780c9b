//! Fields about plans: `{plan}`, `{plan.week.percent}`, `{plan.coding.resets_in}`.

use ark_usage_report::Lang;
use ark_usage_report::plan::{
    PlanKind, PlanNumber, PlanState, PlanStatus, PlanWindow, QuotaWindow, WindowOfPlan,
    limiting_windows, worst_window,
};
use jiff::Timestamp;

use super::template::{MORE, NOTHING};
use crate::plan::{duration_words, in_threes, percent_text};

/// A field about plans: which windows it is about, and what it shows of the fullest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlanField {
    plan: Option<PlanKind>,
    window: Option<QuotaWindow>,
    value: PlanFieldValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlanFieldValue {
    /// The percent with its sign.
    Usual,
    Percent,
    Used,
    Quota,
    Left,
    ResetsIn,
    /// The name of the window.
    Window,
    /// The state of the plan.
    State,
    /// The type of the plan.
    Type,
}

/// The first word of every such field.
const PLAN: &str = "plan";

impl PlanField {
    /// Reads a field: `plan`, then a plan, a window and a value, each where it is wanted.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let mut words = name.split('.').peekable();
        words.next().filter(|first| *first == PLAN)?;
        let plan = words.peek().and_then(|word| PlanKind::named(word));
        if plan.is_some() {
            words.next();
        }
        let window = words.peek().and_then(|word| QuotaWindow::named(word));
        if window.is_some() {
            words.next();
        }
        let value = match words.next() {
            None => PlanFieldValue::Usual,
            Some("percent") => PlanFieldValue::Percent,
            Some("used") => PlanFieldValue::Used,
            Some("quota") => PlanFieldValue::Quota,
            Some("left") => PlanFieldValue::Left,
            Some("resets_in") => PlanFieldValue::ResetsIn,
            Some("window") => PlanFieldValue::Window,
            Some("state") => PlanFieldValue::State,
            Some("type") => PlanFieldValue::Type,
            Some(_) => return None,
        };
        words.next().is_none().then_some(Self { plan, window, value })
    }

    /// Returns its text. A number that plans may change which could not be read has a `+`.
    pub(super) fn write(&self, plans: &[PlanStatus], now: i64, lang: Lang) -> String {
        let worst = worst_window(self.windows(plans));
        let window = worst.map(|found| found.window);
        let number = |number: Option<PlanNumber>| number.map(|number| in_threes(&number));
        let text = match self.value {
            PlanFieldValue::State => return self.states(plans, lang),
            PlanFieldValue::Type => self.types(plans),
            PlanFieldValue::Usual => {
                let percent = window.and_then(PlanWindow::percent);
                percent.map(|percent| self.marked(&short_percent(&percent), plans) + "%")
            }
            PlanFieldValue::Percent => {
                let percent = window.and_then(PlanWindow::percent);
                percent.map(|percent| self.marked(&short_percent(&percent), plans))
            }
            PlanFieldValue::Used => number(window.and_then(|window| window.used.clone())),
            PlanFieldValue::Quota => number(window.and_then(|window| window.quota.clone())),
            PlanFieldValue::Left => window.and_then(|window| {
                let percent = || window.left_percent().map(|left| short_percent(&left) + "%");
                number(window.left()).or_else(percent)
            }),
            PlanFieldValue::ResetsIn => {
                let now = Timestamp::from_second(now).unwrap_or_default();
                let seconds = window.and_then(|window| window.resets_in(now));
                seconds.map(|seconds| duration_words(seconds, lang))
            }
            PlanFieldValue::Window => window.map(|window| window.window.words(lang).to_owned()),
        };
        text.unwrap_or_else(|| NOTHING.to_owned())
    }

    /// The windows it is about. The day of the Agent Plan counts where it is named only.
    fn windows<'a>(
        &'a self,
        plans: &'a [PlanStatus],
    ) -> Box<dyn Iterator<Item = WindowOfPlan<'a>> + 'a> {
        let is_wanted = |found: &WindowOfPlan<'_>| {
            self.plan.is_none_or(|plan| plan == found.status.plan)
                && self.window.as_ref().is_none_or(|window| *window == found.window.window)
        };
        if self.window != Some(QuotaWindow::Day) {
            return Box::new(limiting_windows(plans).filter(is_wanted));
        }
        let all = plans.iter().flat_map(|status| {
            status.windows.iter().map(move |window| WindowOfPlan { status, window })
        });
        Box::new(all.filter(is_wanted))
    }

    fn plans<'a>(&'a self, plans: &'a [PlanStatus]) -> impl Iterator<Item = &'a PlanStatus> {
        plans.iter().filter(|status| self.plan.is_none_or(|plan| plan == status.plan))
    }

    fn marked(&self, percent: &str, plans: &[PlanStatus]) -> String {
        let is_open = self.plans(plans).any(|status| !status.state.is_known());
        format!("{percent}{}", if is_open { MORE } else { "" })
    }

    /// The states of its plans, each once; of both, those of active plans only where there is one.
    fn states(&self, plans: &[PlanStatus], lang: Lang) -> String {
        let mut states: Vec<PlanState> = self.plans(plans).map(|status| status.state).collect();
        states.sort_unstable();
        states.dedup();
        if states.contains(&PlanState::Active) {
            states.retain(|state| *state != PlanState::NotSubscribed);
        }
        let words: Vec<&str> = states.into_iter().map(|state| state.words(lang)).collect();
        if words.is_empty() { NOTHING.to_owned() } else { words.join(", ") }
    }

    fn types(&self, plans: &[PlanStatus]) -> Option<String> {
        let types: Vec<&str> =
            self.plans(plans).filter_map(|status| status.plan_type.as_deref()).collect();
        (!types.is_empty()).then(|| types.join(", "))
    }
}

/// `62.20` as `62.2`, `5.00` as `5`.
fn short_percent(percent: &PlanNumber) -> String {
    let text = percent_text(percent);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if text.contains('.') && !text.starts_with('<') { short.to_owned() } else { text }
}
