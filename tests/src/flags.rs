//! The flags of every command, as the completions for bash list them.

use std::collections::{BTreeMap, BTreeSet};

/// The beginning of a command's name in the script, and the text between its words.
const PROGRAM: &str = "ark__usage";
const WORD: &str = "__subcmd__";

/// The words of each command, empty for the program itself, with its long flags and their other names.
pub fn flags_of_commands(script: &str) -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let lines: Vec<&str> = script.lines().map(str::trim).collect();
    for pair in lines.windows(2) {
        let [name, options] = pair else { continue };
        let Some(words) = name.strip_suffix(')').and_then(|name| name.strip_prefix(PROGRAM)) else {
            continue;
        };
        let Some(options) = options.strip_prefix("opts=\"") else { continue };
        let words: Vec<String> =
            words.split(WORD).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.iter().any(|word| word == "help") {
            continue;
        }
        let flags = options.trim_end_matches('"').split(' ').filter(|word| word.starts_with("--"));
        found.insert(words, flags.map(str::to_owned).collect());
    }
    found
}

/// The long flags in a text: `--` and letters, not within a word.
pub fn flags_in(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let words = text.split(|letter: char| !is_part(letter));
    words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_commands_have_flags_of_their_own() {
        let script = "    ark__usage)\n  opts=\"-h --help get\"\n  fi\n  ark__usage__subcmd__doctor__subcmd__probe)\n  \
                      opts=\"--demo\"\n  ark__usage__subcmd__help)\n  opts=\"\"\n";
        let found = flags_of_commands(script);
        let flags = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            found[&words].iter().cloned().collect::<Vec<_>>()
        };
        assert_eq!(found.len(), 2);
        assert_eq!(flags(&[]), ["--help"]);
        assert_eq!(flags(&["doctor", "probe"]), ["--demo"]);
    }

    #[test]
    fn flags_are_whole_words() {
        let found = flags_in("[alias: --since], `--last`. a--b, --chart=ascii -- ---");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["---", "--chart", "--last", "--since"]);
    }
}
