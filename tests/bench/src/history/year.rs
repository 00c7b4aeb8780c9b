//! A year of usage: what is written to both files.

use ark_usage_model::{Interval, Metric, Window};

pub const ENDPOINTS: usize = 200;
pub const METRICS: [Metric; 2] = [Metric::PROMPT_TOKENS, Metric::COMPLETION_TOKENS];
pub const HOURS: i64 = 8_760;
/// 2024-11-19T00:00:00+08:00.
pub const START: i64 = 1_731_945_600;
pub const HOUR: i64 = 3_600;
pub const POINTS: i64 = 200 * 2 * HOURS;

/// The windows a sync asks for one after the other: 31 days each, the last one shorter.
pub fn windows() -> impl Iterator<Item = Window> {
    let step = 31 * 24;
    (0..HOURS).step_by(step as usize).map(move |first| {
        let last = (first + step - 1).min(HOURS - 1);
        Window::new(Interval::Hour, START + first * HOUR, START + last * HOUR).expect("hours")
    })
}

pub fn endpoint(number: usize) -> String {
    format!("ep-20241119{number:06}-x7k2q")
}

/// Tokens of an hour: up to a hundred million, and less at night.
pub fn value(endpoint: usize, metric: usize, start: i64) -> i64 {
    let seed = (endpoint * 7 + metric) as i64 * 2_654_435_761 + start * 40_503;
    let mixed = seed ^ (seed >> 17);
    let day = (start / HOUR) % 24;
    mixed.rem_euclid(4_000_000) * (1 + day) / 2
}
