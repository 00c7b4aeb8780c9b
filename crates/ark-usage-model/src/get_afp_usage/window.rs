//! The windows of an Agent Plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers, UnixMilliseconds};

/// A window of an Agent Plan. Its unit is AFP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct AfpWindow {
    /// The most that can be used; 0 when the window does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Decimal>,
    /// The part that is used; may exceed the quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Decimal>,
    /// The beginning of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe_time: Option<UnixMilliseconds>,
    /// The end of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_time: Option<UnixMilliseconds>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl AfpWindow {
    /// True when there is a quota, and it is more than 0.
    pub fn applies(&self) -> bool {
        self.quota.as_ref().is_some_and(|quota| !quota.is_zero() && !quota.is_negative())
    }
}

impl From<Members> for AfpWindow {
    fn from(mut members: Members) -> Self {
        Self {
            quota: members.decimal("Quota"),
            used: members.decimal("Used"),
            subscribe_time: members.milliseconds("SubscribeTime"),
            reset_time: members.milliseconds("ResetTime"),
            other: members.rest(),
        }
    }
}

/// The windows of an Agent Plan, of one person or of a seat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AfpWindows {
    /// Five hours.
    #[serde(rename = "AFPFiveHour", skip_serializing_if = "Option::is_none")]
    pub five_hour: Option<AfpWindow>,
    /// A day. It counts vision, speech and the harness only, and may be larger than the week.
    #[serde(rename = "AFPDaily", skip_serializing_if = "Option::is_none")]
    pub daily: Option<AfpWindow>,
    /// A week.
    #[serde(rename = "AFPWeekly", skip_serializing_if = "Option::is_none")]
    pub weekly: Option<AfpWindow>,
    /// A month.
    #[serde(rename = "AFPMonthly", skip_serializing_if = "Option::is_none")]
    pub monthly: Option<AfpWindow>,
    /// Windows that are not known, by their names: `AFP…`.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, AfpWindow>,
}

impl AfpWindows {
    /// The windows that were sent, by their names: known ones from the shortest to the longest, then
    /// the others.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &AfpWindow)> {
        let known = [
            ("AFPFiveHour", &self.five_hour),
            ("AFPDaily", &self.daily),
            ("AFPWeekly", &self.weekly),
            ("AFPMonthly", &self.monthly),
        ];
        let known = known.into_iter().filter_map(|(name, window)| Some((name, window.as_ref()?)));
        known.chain(self.unknown.iter().map(|(name, window)| (name.as_str(), window)))
    }

    /// Takes them out of the members beside them.
    pub(crate) fn take(members: &mut Members) -> Self {
        Self {
            five_hour: members.object("AFPFiveHour"),
            daily: members.object("AFPDaily"),
            weekly: members.object("AFPWeekly"),
            monthly: members.object("AFPMonthly"),
            unknown: members.objects_named("AFP"),
        }
    }
}
