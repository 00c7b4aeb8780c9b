//! The value of one hourly cell.

use super::metric::Metric;
use super::noise::mix;
use super::workload::{Rhythm, Workload};
use crate::calendar::{BEIJING_OFFSET, DAY, HOUR};

/// A scripted deviation from the truth: data that is late, or was revised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Adjustment {
    /// Applies to hours that start here or later.
    pub(crate) from: i64,
    /// Of the true value, in percent.
    pub(crate) percent: u64,
}

/// The usage of `workload` in the hour that starts at `hour`, as known at `now`: nothing before
/// it begins, a proportional part while it runs, all of it from its end on.
pub(crate) fn hour_value(
    workload: &Workload,
    hour: i64,
    metric: Metric,
    now: i64,
    adjustments: &[Adjustment],
) -> u64 {
    let elapsed = u64::try_from((now - hour).clamp(0, HOUR)).unwrap_or_default();
    if elapsed == 0 {
        return 0;
    }
    let share = workload.vendor_day.as_ref().and_then(|share| share.value(hour, metric));
    let full = share.unwrap_or_else(|| rhythmic_value(workload, hour, metric));
    let mut value = full * elapsed / HOUR.unsigned_abs();
    for adjustment in adjustments {
        if hour >= adjustment.from {
            value = value.saturating_mul(adjustment.percent) / 100;
        }
    }
    value
}

/// The usage of a whole hour by the rhythm. Below 2^40: `full_load` is below 2^26, each factor
/// below 2^12 and divided by 1000 at once.
pub(super) fn rhythmic_value(workload: &Workload, hour: i64, metric: Metric) -> u64 {
    let load = load_permille(workload.rhythm, hour);
    if load == 0 {
        return 0;
    }
    let hour_key = mix(workload.key, hour.cast_unsigned());
    let day = hour.saturating_add(BEIJING_OFFSET).div_euclid(DAY).cast_unsigned();
    let mood = 880 + mix(mix(workload.key, 2), day) % 241;
    let prompt = workload.full_load * load / 1000 * mood / 1000 * (800 + hour_key % 401) / 1000;
    match metric {
        Metric::PromptTokens => prompt,
        Metric::CompletionTokens => {
            let noise = 800 + mix(hour_key, 1) % 401;
            prompt * workload.completion_permille / 1000 * noise / 1000
        }
    }
}

/// The load of an hour by clock and weekday at UTC+8, in thousandths of full load.
fn load_permille(rhythm: Rhythm, hour: i64) -> u64 {
    let beijing = hour.saturating_add(BEIJING_OFFSET);
    let clock = beijing.rem_euclid(DAY) / HOUR;
    // 1970-01-01 was a Thursday: day 0 is weekday 3 counted from Monday.
    let weekday = (beijing.div_euclid(DAY) + 3).rem_euclid(7);
    let weekend = weekday >= 5;
    match rhythm {
        Rhythm::RoundTheClock => {
            let by_clock = match clock {
                0..=6 => 120,
                7..=8 => 450,
                9..=11 | 14..=17 => 1000,
                12..=13 => 700,
                18..=21 => 800,
                _ => 350,
            };
            if weekend { by_clock * 6 / 10 } else { by_clock }
        }
        Rhythm::OfficeHours => match clock {
            9..=18 if weekend => 100,
            9..=18 => 1000,
            8 | 19..=20 if !weekend => 300,
            _ => 0,
        },
        Rhythm::Night => match clock {
            1..=5 => 1000,
            0 | 6 => 400,
            _ => 0,
        },
        Rhythm::Evening => match clock {
            19..=22 if weekday % 2 == 0 => 1000,
            8..=9 => 250,
            _ => 0,
        },
    }
}
