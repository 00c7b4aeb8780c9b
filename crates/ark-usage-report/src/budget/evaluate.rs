//! The evaluation of a budget: usage against its limits, and a forecast.

use std::collections::BTreeMap;

use super::{BudgetRule, PeriodSpan, State};

/// Usage of one bucket that a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Start of the bucket, unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
    /// `None` when it is missing.
    pub value: Option<i128>,
    /// The state of the value.
    pub state: State,
}

/// The result of evaluating one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetStatus {
    /// The period that was judged.
    pub span: PeriodSpan,
    /// The exact sum of the values received; `None` when nothing was received.
    pub used: Option<i128>,
    /// The worst state of its parts; when it is missing, `used` may be less than the whole. It is missing
    /// unless every call was answered.
    pub state: State,
    /// None while nothing has settled.
    pub forecast: Option<Forecast>,
    /// The result.
    pub verdict: BudgetVerdict,
    /// Every call for it was answered; otherwise usage may be more than was received.
    pub complete: bool,
    /// Usage received so far is over the soft limit.
    pub over_soft: bool,
    /// The forecast is more than the hard limit.
    pub heads_over: bool,
    /// The result at the end of the period, if the forecast is right; `None` without a forecast, and where
    /// missing usage may be what exceeds a limit.
    pub forecast_verdict: Option<BudgetVerdict>,
}

/// The usage of the whole period at the rate so far: an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Usage at the end of the period, rounded half to even.
    pub value: i128,
    /// The usage it was made from, that of all buckets that have settled.
    pub settled_value: i128,
    /// The total length of these buckets, seconds.
    pub settled_seconds: i64,
    /// The rest of the period after now, seconds.
    pub remaining_seconds: i64,
}

/// The result of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum BudgetVerdict {
    /// Usage is within the limits.
    Within,
    /// Usage is over the soft limit.
    SoftExceeded,
    /// Usage is over the hard limit.
    HardExceeded,
    /// Usage received is within the hard limit, or within the soft one where there is no hard one, but
    /// some data is missing.
    Unknown,
}

impl BudgetVerdict {
    /// Returns the name in documents for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::SoftExceeded => "soft_exceeded",
            Self::HardExceeded => "hard_exceeded",
            Self::Unknown => "unknown",
        }
    }
}

/// Judges one rule by the cells it counts, at the time `now`, unix seconds. `complete` says whether every
/// call for them was answered; otherwise "not exceeded" is unknown. Usage over a soft limit without a hard
/// one is over it, whatever the missing data is.
pub fn evaluate(
    rule: &BudgetRule,
    span: PeriodSpan,
    cells: &[Cell],
    complete: bool,
    now: i64,
) -> BudgetStatus {
    let cells: Vec<Cell> = cells.iter().copied().filter(|cell| span.holds(cell.start)).collect();
    let used = cells.iter().filter_map(|cell| cell.value).reduce(i128::saturating_add);
    let forecast = forecast(&cells, span, used.unwrap_or(0), now);
    let more_than = |value: Option<i128>, limit: Option<i128>| matches!((value, limit), (Some(value), Some(limit)) if value > limit);
    let verdict = if more_than(used, rule.hard) {
        BudgetVerdict::HardExceeded
    } else if more_than(used, rule.soft) && (complete || rule.hard.is_none()) {
        BudgetVerdict::SoftExceeded
    } else if used.is_none() || !complete {
        BudgetVerdict::Unknown
    } else {
        BudgetVerdict::Within
    };
    let projected = forecast.map(|forecast| forecast.value);
    let heads_over = more_than(projected, rule.hard);
    let forecast_verdict = projected.and_then(|_| match more_than(projected, rule.soft) {
        _ if heads_over => Some(BudgetVerdict::HardExceeded),
        true => Some(BudgetVerdict::SoftExceeded),
        false => complete.then_some(BudgetVerdict::Within),
    });
    BudgetStatus {
        span,
        used,
        state: worst_state(&cells, complete),
        forecast,
        verdict,
        complete,
        over_soft: more_than(used, rule.soft),
        heads_over,
        forecast_verdict,
    }
}

/// Usage that was not received has no cell, so only `complete` tells of it.
fn worst_state(cells: &[Cell], complete: bool) -> State {
    let worst = cells.iter().map(|cell| cell.state).max().filter(|_| complete);
    worst.unwrap_or(State::Missing)
}

/// Run rate: the rate is that of the settled buckets. The rest of the period has this rate, and so has the
/// time before now that has not settled, unless its usage is more already.
fn forecast(cells: &[Cell], span: PeriodSpan, used: i128, now: i64) -> Option<Forecast> {
    let mut buckets: BTreeMap<(i64, i64), (i128, bool)> = BTreeMap::new();
    for cell in cells {
        let (value, settled) = buckets.entry((cell.start, cell.end)).or_insert((0, true));
        *value = value.checked_add(cell.value.unwrap_or(0))?;
        *settled &= cell.state == State::Final;
    }
    let settled = buckets.into_iter().filter(|(_, (_, settled))| *settled);
    let (mut settled_value, mut settled_seconds) = (0_i128, 0_i64);
    for ((start, end), (value, _)) in settled {
        settled_value = settled_value.checked_add(value)?;
        settled_seconds += end - start;
    }
    if settled_seconds <= 0 {
        return None;
    }
    let remaining_seconds = span.end.saturating_sub(now).clamp(0, span.seconds());
    let at_rate = |seconds: i64| {
        let numerator = settled_value.checked_mul(i128::from(seconds))?;
        Some(half_even(numerator, i128::from(settled_seconds)))
    };
    let onward = used.checked_add(at_rate(remaining_seconds)?)?;
    let value = at_rate(span.seconds())?.max(onward);
    Some(Forecast { value, settled_value, settled_seconds, remaining_seconds })
}

/// The quotient rounded to the nearest whole number, and to the even one of two that are as near.
/// `denominator` is more than 0.
fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (quotient, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let above = denominator - rest;
    let up = rest > above || (rest == above && quotient % 2 != 0);
    if up { quotient + 1 } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::half_even;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (numerator, denominator, quotient) in
            [(0, 7, 0), (5, 2, 2), (7, 2, 4), (10, 3, 3), (11, 3, 4), (-5, 2, -2), (-7, 2, -4)]
        {
            assert_eq!(half_even(numerator, denominator), quotient, "{numerator}/{denominator}");
        }
    }
}
