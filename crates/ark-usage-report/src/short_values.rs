//! Messages that repeat a long value.

use volc_openapi::Excerpt;

/// The length from which a value is long, and the letters of it that are shown.
const LONG: usize = Excerpt::NAME;
const SHOWN: usize = 60;

/// Returns a message in which long values of a command line are shortened: their beginning says which is meant.
///
/// ```
/// let value = "x".repeat(1_200);
/// let message = format!("--tz {value}: unknown time zone");
/// let shown = ark_usage_report::with_short_values(&message, [value.as_str()]);
/// assert_eq!(shown, format!("--tz {}…: unknown time zone", "x".repeat(60)));
/// ```
pub fn with_short_values<'a>(
    message: &str,
    arguments: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut shown = message.to_owned();
    if message.len() <= LONG {
        return shown;
    }
    for argument in arguments.into_iter().filter(|argument| argument.len() > LONG) {
        let value = argument.split_once('=').map_or(argument, |(_, value)| value);
        for part in [argument, value].into_iter().chain(value.split([',', ':', '='])) {
            for written in [part.to_owned(), part.escape_debug().to_string()] {
                let end = written.char_indices().nth(SHOWN).map(|(end, _)| end);
                if let Some(beginning) =
                    end.filter(|_| written.len() > LONG).and_then(|end| written.get(..end))
                {
                    shown = shown.replace(&written, &format!("{beginning}…"));
                }
            }
        }
    }
    shown
}

/// Returns a message in which the empty value of a flag is shown as `""`.
///
/// ```
/// let shown = ark_usage_report::with_empty_values("error: --tz : unknown time zone");
/// assert_eq!(shown, "error: --tz \"\": unknown time zone");
/// ```
pub fn with_empty_values(message: &str) -> String {
    for colon in [": ", "："] {
        let Some((before, after)) = message.split_once(&format!(" {colon}")) else { continue };
        let flag = before.rsplit([' ', '\n', '：']).next().unwrap_or_default();
        if flag.starts_with("--") {
            return format!("{before} \"\"{colon}{after}");
        }
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_are_shown() {
        for (message, shown) in [
            ("错误：--month ：不是年和月", "错误：--month \"\"：不是年和月"),
            ("error: --by x: a : b", "error: --by x: a : b"),
            ("error: nothing", "error: nothing"),
        ] {
            assert_eq!(with_empty_values(message), shown);
        }
    }

    #[test]
    fn only_long_values_are_shortened() {
        let long = "月".repeat(300);
        let message = format!("--by {long}: unknown dimension; see {long}");
        let list = format!("--by=day,{long}");
        let shown = with_short_values(&message, ["get", list.as_str()]);
        assert_eq!(shown.matches('…').count(), 2, "{shown}");
        assert!(shown.chars().count() < 200, "{shown}");
        let quoted = "a\"b".repeat(200);
        let shown = with_short_values(&format!("{quoted:?}: not JSON"), [quoted.as_str()]);
        assert!(shown.len() < 100 && shown.ends_with("…\": not JSON"), "{shown}");
        assert_eq!(with_short_values("short", ["short"]), "short");
    }
}
