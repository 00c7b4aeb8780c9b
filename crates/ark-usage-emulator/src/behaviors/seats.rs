//! The behaviors of seats, of the details of a plan's usage, and of free usage and packs.

use super::error::choose;
use super::{BehaviorError, Listing, NumberForm};

/// One answer to every open question about seats, details and free usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatBehaviors {
    /// `seats-limit`, `seats-paging` and `seats-total`: the pages of `ListSeatInfos` and
    /// `ListSeatAFPUsage`.
    pub listing: Listing,
    /// `seat-holding=usual|none`: whether there are seats.
    pub holding: SeatHolding,
    /// `seat-result=direct|wrapped`: whether `GetSeatInfoUsage` has its fields in `Result` or in
    /// `Result.SeatInfoUsage`.
    pub result: SeatResult,
    /// `seat-list=data|items`: the member that holds seats.
    pub list: SeatMember,
    /// `seat-values=number|text`: how percentages of seats are written.
    pub values: NumberForm,
    /// `seat-percent=usual|over`: the percentages of seats.
    pub percent: SeatPercent,
    /// `details-rows=whole|split`: whether a row of `GetUsageDetails` comes in two parts.
    pub details_rows: DetailRows,
    /// `details-values=number|text`: how usage is written there.
    pub details_values: NumberForm,
    /// `quota-values=usual|number|text`: how free usage, caps and packs are written.
    pub quota_values: QuotaForm,
    /// `quota-balance=usual|arrears`: the account's balance.
    pub balance: Balance,
}

impl SeatBehaviors {
    /// Sets one of these switches.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviorError> {
        match name {
            "seats-limit" | "seats-paging" | "seats-total" => self.listing.set(name, value)?,
            "seat-holding" => self.holding = choose(name, value, &SeatHolding::CHOICES)?,
            "seat-result" => self.result = choose(name, value, &SeatResult::CHOICES)?,
            "seat-list" => self.list = choose(name, value, &SeatMember::CHOICES)?,
            "seat-values" => self.values = choose(name, value, &NumberForm::CHOICES)?,
            "seat-percent" => self.percent = choose(name, value, &SeatPercent::CHOICES)?,
            "details-rows" => self.details_rows = choose(name, value, &DetailRows::CHOICES)?,
            "details-values" => self.details_values = choose(name, value, &NumberForm::CHOICES)?,
            "quota-values" => self.quota_values = choose(name, value, &QuotaForm::CHOICES)?,
            "quota-balance" => self.balance = choose(name, value, &Balance::CHOICES)?,
            _ => return Err(BehaviorError::UnknownSwitch { name: name.to_owned() }),
        }
        Ok(())
    }
}

/// The seats of an account.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeatHolding {
    /// One of each kind for every API key.
    #[default]
    Usual,
    /// None.
    None,
}

impl SeatHolding {
    const CHOICES: [(&str, Self); 2] = [("usual", Self::Usual), ("none", Self::None)];
}

/// The place of a seat's usage in the answer of `GetSeatInfoUsage`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeatResult {
    /// `Result`
    #[default]
    Direct,
    /// `Result.SeatInfoUsage`
    Wrapped,
}

impl SeatResult {
    const CHOICES: [(&str, Self); 2] = [("direct", Self::Direct), ("wrapped", Self::Wrapped)];
}

/// The member that holds seats.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeatMember {
    /// `Data`
    #[default]
    Data,
    /// `Items`
    Items,
}

impl SeatMember {
    const CHOICES: [(&str, Self); 2] = [("data", Self::Data), ("items", Self::Items)];
}

/// The percentages of a Coding Plan's seats.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeatPercent {
    /// Those of the tokens of its API key.
    #[default]
    Usual,
    /// 101
    Over,
}

impl SeatPercent {
    const CHOICES: [(&str, Self); 2] = [("usual", Self::Usual), ("over", Self::Over)];
}

/// The rows of `GetUsageDetails`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DetailRows {
    /// One for each time, model and kind of billing.
    #[default]
    Whole,
    /// Two, which add up to it.
    Split,
}

impl DetailRows {
    const CHOICES: [(&str, Self); 2] = [("whole", Self::Whole), ("split", Self::Split)];
}

/// The form of free usage, caps and packs.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuotaForm {
    /// Numbers from Ark, text from billing.
    #[default]
    Usual,
    /// Numbers.
    Number,
    /// Text.
    Text,
}

impl QuotaForm {
    const CHOICES: [(&str, Self); 3] =
        [("usual", Self::Usual), ("number", Self::Number), ("text", Self::Text)];

    /// The form of an answer of Ark, or of billing.
    pub(crate) fn of(self, is_billing: bool) -> NumberForm {
        match self {
            Self::Usual if is_billing => NumberForm::Text,
            Self::Text => NumberForm::Text,
            Self::Usual | Self::Number => NumberForm::Number,
        }
    }
}

/// The balance of an account.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Balance {
    /// Some money is left.
    #[default]
    Usual,
    /// Money is owed.
    Arrears,
}

impl Balance {
    const CHOICES: [(&str, Self); 2] = [("usual", Self::Usual), ("arrears", Self::Arrears)];
}
