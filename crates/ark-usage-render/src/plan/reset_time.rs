//! A time to go, in the two units that say most.

use ark_usage_report::Lang;

/// Returns seconds as `2 d 3 h`, `4 h 12 min` or `5 min`; less than a minute is `<1 min`.
pub(crate) fn duration_words(seconds: i64, lang: Lang) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes % 1_440 / 60, minutes % 60);
    let unit = |count: i64, en: &str, zh: &str| {
        (count > 0).then(|| format!("{count} {}", lang.pick(en, zh)))
    };
    let parts = [
        unit(days, "d", "天"),
        unit(hours, "h", "小时"),
        unit(minutes, "min", "分钟").filter(|_| days == 0),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return lang.pick("<1 min", "不到 1 分钟").to_owned();
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_at_most() {
        let cases = [
            (0, "<1 min", "不到 1 分钟"),
            (59, "<1 min", "不到 1 分钟"),
            (300, "5 min", "5 分钟"),
            (15_120, "4 h 12 min", "4 小时 12 分钟"),
            (7_200, "2 h", "2 小时"),
            (183_600, "2 d 3 h", "2 天 3 小时"),
            (86_460, "1 d", "1 天"),
        ];
        for (seconds, en, zh) in cases {
            assert_eq!(duration_words(seconds, Lang::En), en);
            assert_eq!(duration_words(seconds, Lang::Zh), zh);
        }
    }
}
