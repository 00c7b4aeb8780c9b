//! Signs that word processors and input methods put where a command line wants others: dashes, wide letters and
//! commas, curly quotes.

use crate::lang::Text;
use crate::text;

/// Returns what to write instead of a word of a command line with such a sign, and the name of the sign; nothing
/// for a word without one.
///
/// ```
/// use ark_usage_report::{Lang, look_alike};
///
/// let hint = look_alike("endpoint，model").unwrap();
/// assert_eq!(hint.in_lang(Lang::En), "'，' is a full-width ',' (U+FF0C): write endpoint,model");
/// assert_eq!(look_alike("endpoint,model"), None);
/// ```
pub fn look_alike(word: &str) -> Option<Text> {
    let (sign, _) = word.chars().find_map(|sign| Some((sign, plain(sign)?)))?;
    let written = with_plain_dashes(word);
    let written: String = written.chars().map(|sign| plain(sign).unwrap_or(sign)).collect();
    let code = u32::from(sign);
    let name = name(sign);
    Some(text!(
        "'{sign}' is {name} (U+{code:04X}): write {written}",
        "“{sign}”是{name}（U+{code:04X}）：请写 {written}";
        name = name
    ))
}

/// Returns the sign of ASCII that a sign looks like.
fn plain(sign: char) -> Option<char> {
    Some(match sign {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0)?,
        '、' => ',',
        '。' => '.',
        '‘' | '’' | '‚' | '‛' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '″' => '"',
        '\u{a0}' | '\u{3000}' => ' ',
        _ => return None,
    })
}

/// Returns a word that begins with dashes as an option begins: editors make one dash of two.
fn with_plain_dashes(word: &str) -> String {
    let is_dash = |sign: char| sign == '-' || plain(sign) == Some('-');
    let name = word.trim_start_matches(is_dash);
    match (word.len() == name.len(), name.chars().nth(1).is_some()) {
        (true, _) => word.to_owned(),
        // A number or a letter has one dash.
        (false, true) if !name.starts_with(|sign: char| sign.is_ascii_digit()) => {
            format!("--{name}")
        }
        _ => format!("-{name}"),
    }
}

fn name(sign: char) -> Text {
    match sign {
        '\u{2013}' => text!("an en dash", "短破折号"),
        '\u{2014}' => text!("an em dash", "破折号"),
        '\u{2212}' => text!("a minus sign", "数学减号"),
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = plain(sign).unwrap_or(sign);
            text!("a full-width '{plain}'", "全角的“{plain}”")
        }
        '\u{a0}' => text!("a no-break space", "不换行空格"),
        '\u{3000}' => text!("a full-width space", "全角空格"),
        _ => match plain(sign) {
            Some('-') => text!("another dash than '-'", "另一种连字符"),
            Some('\'' | '"') => text!("a curly quote", "弯引号"),
            Some(plain) => text!("not '{plain}'", "不是“{plain}”"),
            None => text!("another sign", "另一个字符"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn words_are_written_as_they_are_meant() {
        for (word, written, name) in [
            ("–-demo", "--demo", "an en dash (U+2013)"),
            ("—demo", "--demo", "an em dash (U+2014)"),
            ("–f", "-f", "an en dash"),
            ("−05:00", "-05:00", "a minus sign"),
            ("７d", "7d", "a full-width '7' (U+FF17)"),
            ("--by=endpoint，model", "--by=endpoint,model", "a full-width ','"),
            ("a、b", "a,b", "not ','"),
            ("“a”", "\"a\"", "a curly quote"),
            ("7d\u{3000}", "7d ", "a full-width space"),
        ] {
            let hint = look_alike(word).unwrap();
            let hint = hint.in_lang(Lang::En);
            assert!(hint.ends_with(&format!(": write {written}")), "{hint}");
            assert!(hint.contains(name), "{hint}");
        }
        for word in ["--demo", "客户", "é", "", "-"] {
            assert_eq!(look_alike(word), None);
        }
    }
}
