//! The behaviors of plans: the shapes of `GetAFPUsage` and `GetCodingPlanUsage` that were captured or
//! that other clients read.

use super::BehaviorError;
use super::error::choose;

/// One answer to every open question about plans.
///
/// The default of each is what captured traffic shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanBehaviors {
    /// `plans=usual|both|agent|coding|none|expired`: the plans of an account.
    pub plans: PlanHolding,
    /// `afp-values=number|text`: how quotas and usage of an Agent Plan are written.
    pub afp_values: NumberForm,
    /// `afp-absent=zero|null|missing`: the answer without an Agent Plan.
    pub afp_absent: AbsentAgentPlan,
    /// `afp-used=usual|over|none`: the usage of an Agent Plan.
    pub afp_used: PlanUse,
    /// `afp-type=title|lower|unknown`: the type of a plan.
    pub afp_type: PlanTypeText,
    /// `afp-reset=usual|zero|absent`: the times of an Agent Plan's windows.
    pub afp_reset: AfpTimes,
    /// `afp-extra=none|window`: whether there is an unknown window.
    pub afp_extra: ExtraWindow,
    /// `coding-values=number|text`: how percentages of a Coding Plan are written.
    pub coding_values: NumberForm,
    /// `coding-absent=empty|null|missing`: the answer without a Coding Plan.
    pub coding_absent: AbsentCodingPlan,
    /// `coding-order=usual|shuffled`: the order of windows.
    pub coding_order: WindowOrder,
    /// `coding-level=lower|title|unknown`: the names of windows.
    pub coding_level: LevelText,
    /// `coding-reset=usual|minus-one|zero`: the times of windows.
    pub coding_reset: CodingTimes,
    /// `coding-percent=usual|tiny|over`: the percentages.
    pub coding_percent: CodingPercent,
    /// `coding-rewards=present|absent`: whether there are `Cap` and rewards.
    pub coding_rewards: Rewards,
}

impl PlanBehaviors {
    /// Sets one of these switches.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviorError> {
        match name {
            "plans" => self.plans = choose(name, value, &PlanHolding::CHOICES)?,
            "afp-values" => self.afp_values = choose(name, value, &NumberForm::CHOICES)?,
            "afp-absent" => self.afp_absent = choose(name, value, &AbsentAgentPlan::CHOICES)?,
            "afp-used" => self.afp_used = choose(name, value, &PlanUse::CHOICES)?,
            "afp-type" => self.afp_type = choose(name, value, &PlanTypeText::CHOICES)?,
            "afp-reset" => self.afp_reset = choose(name, value, &AfpTimes::CHOICES)?,
            "afp-extra" => self.afp_extra = choose(name, value, &ExtraWindow::CHOICES)?,
            "coding-values" => self.coding_values = choose(name, value, &NumberForm::CHOICES)?,
            "coding-absent" => {
                self.coding_absent = choose(name, value, &AbsentCodingPlan::CHOICES)?;
            }
            "coding-order" => self.coding_order = choose(name, value, &WindowOrder::CHOICES)?,
            "coding-level" => self.coding_level = choose(name, value, &LevelText::CHOICES)?,
            "coding-reset" => self.coding_reset = choose(name, value, &CodingTimes::CHOICES)?,
            "coding-percent" => {
                self.coding_percent = choose(name, value, &CodingPercent::CHOICES)?;
            }
            "coding-rewards" => self.coding_rewards = choose(name, value, &Rewards::CHOICES)?,
            _ => return Err(BehaviorError::UnknownSwitch { name: name.to_owned() }),
        }
        Ok(())
    }
}

/// The plans of an account.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanHolding {
    /// The demo account has both, made-up accounts have both, one or none.
    #[default]
    Usual,
    /// Both.
    Both,
    /// The Agent Plan.
    Agent,
    /// The Coding Plan.
    Coding,
    /// Neither.
    None,
    /// Both, and both have ended.
    Expired,
}

impl PlanHolding {
    const CHOICES: [(&str, Self); 6] = [
        ("usual", Self::Usual),
        ("both", Self::Both),
        ("agent", Self::Agent),
        ("coding", Self::Coding),
        ("none", Self::None),
        ("expired", Self::Expired),
    ];
}

/// The form of a number with a fraction.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberForm {
    /// `1.9221`
    #[default]
    Number,
    /// `"1.9221"`
    Text,
}

impl NumberForm {
    pub(super) const CHOICES: [(&'static str, Self); 2] =
        [("number", Self::Number), ("text", Self::Text)];
}

/// The answer of `GetAFPUsage` without a plan.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AbsentAgentPlan {
    /// Windows with a quota of 0, and an empty type.
    #[default]
    Zero,
    /// `"Result": null`
    Null,
    /// No `Result`.
    Missing,
}

impl AbsentAgentPlan {
    const CHOICES: [(&str, Self); 3] =
        [("zero", Self::Zero), ("null", Self::Null), ("missing", Self::Missing)];
}

/// The usage of an Agent Plan's windows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanUse {
    /// That of its models.
    #[default]
    Usual,
    /// One AFP more than the quota.
    Over,
    /// 0.
    None,
}

impl PlanUse {
    const CHOICES: [(&str, Self); 3] =
        [("usual", Self::Usual), ("over", Self::Over), ("none", Self::None)];
}

/// The text of an Agent Plan's type.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanTypeText {
    /// `Medium`
    #[default]
    Title,
    /// `medium`
    Lower,
    /// An unknown type.
    Unknown,
}

impl PlanTypeText {
    const CHOICES: [(&str, Self); 3] =
        [("title", Self::Title), ("lower", Self::Lower), ("unknown", Self::Unknown)];
}

/// The times of an Agent Plan's windows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfpTimes {
    /// Milliseconds.
    #[default]
    Usual,
    /// 0.
    Zero,
    /// No times.
    Absent,
}

impl AfpTimes {
    const CHOICES: [(&str, Self); 3] =
        [("usual", Self::Usual), ("zero", Self::Zero), ("absent", Self::Absent)];
}

/// An unknown window of an Agent Plan.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtraWindow {
    /// There is none.
    #[default]
    None,
    /// `AFPYearly`, twelve months' quota.
    Window,
}

impl ExtraWindow {
    const CHOICES: [(&str, Self); 2] = [("none", Self::None), ("window", Self::Window)];
}

/// The answer of `GetCodingPlanUsage` without a plan.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AbsentCodingPlan {
    /// No windows.
    #[default]
    Empty,
    /// `"Result": null`
    Null,
    /// No `Result`.
    Missing,
}

impl AbsentCodingPlan {
    const CHOICES: [(&str, Self); 3] =
        [("empty", Self::Empty), ("null", Self::Null), ("missing", Self::Missing)];
}

/// The order of a Coding Plan's windows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowOrder {
    /// From the shortest to the longest.
    #[default]
    Usual,
    /// Another.
    Shuffled,
}

impl WindowOrder {
    const CHOICES: [(&str, Self); 2] = [("usual", Self::Usual), ("shuffled", Self::Shuffled)];
}

/// The names of a Coding Plan's windows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelText {
    /// `session`, `weekly`, `monthly`
    #[default]
    Lower,
    /// `Session`, `Weekly`, `Monthly`
    Title,
    /// As the first, and an unknown one: `yearly`.
    Unknown,
}

impl LevelText {
    const CHOICES: [(&str, Self); 3] =
        [("lower", Self::Lower), ("title", Self::Title), ("unknown", Self::Unknown)];
}

/// The times of a Coding Plan's windows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodingTimes {
    /// Seconds; -1 for five hours without usage.
    #[default]
    Usual,
    /// -1 everywhere.
    MinusOne,
    /// 0 everywhere.
    Zero,
}

impl CodingTimes {
    const CHOICES: [(&str, Self); 3] =
        [("usual", Self::Usual), ("minus-one", Self::MinusOne), ("zero", Self::Zero)];
}

/// The percentages of a Coding Plan.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodingPercent {
    /// Those of its tokens.
    #[default]
    Usual,
    /// 0.000029
    Tiny,
    /// 101
    Over,
}

impl CodingPercent {
    const CHOICES: [(&str, Self); 3] =
        [("usual", Self::Usual), ("tiny", Self::Tiny), ("over", Self::Over)];
}

/// `Cap`, `RewardTotalPercent` and `HasReward`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rewards {
    /// They are there.
    #[default]
    Present,
    /// They are not.
    Absent,
}

impl Rewards {
    const CHOICES: [(&str, Self); 2] = [("present", Self::Present), ("absent", Self::Absent)];
}
