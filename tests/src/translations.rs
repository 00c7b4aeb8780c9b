//! The Chinese of the libraries' errors, by variant. Their enums may grow, so other crates have to match
//! them with a wildcard, and the compiler does not miss an arm; this reads enums and arms instead.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::code::Source;

/// Methods that look into a text. A translation that needs one reads prose.
const READING: [&str; 14] = [
    "contains",
    "ends_with",
    "find",
    "matches",
    "replace",
    "replacen",
    "rfind",
    "rsplit",
    "rsplit_once",
    "split",
    "split_once",
    "starts_with",
    "strip_prefix",
    "strip_suffix",
];

/// The arms of a type's translation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translation {
    /// Variants of which every arm says something in Chinese, or passes on to what does.
    pub translated: BTreeSet<String>,
    /// Variants with an arm that does not.
    pub quoted: BTreeSet<String>,
}

/// The translations in a source: `impl InChinese for X`, by type.
pub fn translations(source: &Source) -> BTreeMap<String, Translation> {
    let mut found = BTreeMap::new();
    for window in source.tokens().windows(4) {
        let [name, is_for, of, TokenTree::Group(body)] = window else { continue };
        if name.to_string() == "InChinese" && is_for.to_string() == "for" {
            let mut translation = Translation::default();
            arms(body.stream(), "Self", &mut translation);
            if translation == Translation::default() {
                // A function beside it names the variants.
                arms(source.tokens().iter().cloned().collect(), &of.to_string(), &mut translation);
            }
            let Translation { translated, quoted } = &mut translation;
            translated.retain(|variant| !quoted.contains(variant));
            found.insert(of.to_string(), translation);
        }
    }
    found
}

/// The variants of the enum with this name, if a source defines it.
pub fn variants(sources: &[Source], name: &str) -> Option<BTreeSet<String>> {
    let body = sources.iter().find_map(|source| {
        source.tokens().windows(3).find_map(|window| match window {
            [kind, of, TokenTree::Group(body)] => {
                (kind.to_string() == "enum" && of.to_string() == name).then(|| body.stream())
            }
            _ => None,
        })
    })?;
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let names = tokens.split(|token| is(token, ',')).filter_map(|variant| {
        variant.iter().find_map(|token| match token {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        })
    });
    Some(names.collect())
}

/// Calls of methods that look into a text, as `file:line: method`.
pub fn reads_prose(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    calls(source.tokens(), &mut |line, method| {
        if READING.contains(&method) {
            found.push(format!("{}:{line}: {method}", source.file.display()));
        }
    });
    found
}

/// Reads the arms of every `match` in `stream` that name variants of `of`.
fn arms(stream: TokenStream, of: &str, found: &mut Translation) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        let end = tokens[at..].windows(2).position(|pair| is(&pair[0], '=') && is(&pair[1], '>'));
        let Some(end) = end.map(|end| at + end) else { break };
        let body = end + 2;
        let is_block = tokens.get(body).is_some_and(is_braced);
        let rest = &tokens[body..];
        let length = if is_block { 1 } else { rest.iter().take_while(|t| !is(t, ',')).count() };
        let says = rest[..length].iter().any(is_chinese);
        for variant in named(&tokens[at..end], of) {
            if says { &mut found.translated } else { &mut found.quoted }.insert(variant);
        }
        at = body + length;
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            arms(group.stream(), of, found);
        }
    }
}

/// The variants that a pattern names: `Self::A | Self::B(x)`.
fn named(pattern: &[TokenTree], of: &str) -> Vec<String> {
    let names = pattern
        .windows(4)
        .filter(|window| window[0].to_string() == of && is(&window[1], ':') && is(&window[2], ':'));
    names.map(|window| window[3].to_string()).collect()
}

/// Holds a Chinese text, or passes on to another translation.
fn is_chinese(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.stream().into_iter().any(|token| is_chinese(&token)),
        TokenTree::Ident(name) => name == "zh",
        TokenTree::Literal(text) => {
            text.to_string().chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
        }
        TokenTree::Punct(_) => false,
    }
}

fn calls(tokens: &[TokenTree], found: &mut impl FnMut(usize, &str)) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                calls(&group.stream().into_iter().collect::<Vec<_>>(), found);
            }
            TokenTree::Ident(name) if at > 0 && is(&tokens[at - 1], '.') => {
                found(name.span().start().line, &name.to_string());
            }
            _ => {}
        }
    }
}

fn is(token: &TokenTree, letter: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == letter)
}

fn is_braced(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if is_brace(group))
}

fn is_brace(group: &Group) -> bool {
    group.delimiter() == Delimiter::Brace
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arms_without_chinese_are_told_from_those_with_it() {
        let text = "impl InChinese for A { fn zh(&self) -> String { match self {\n\
                    Self::B => \"错误\".to_owned(), Self::C(x) => x.zh(),\n\
                    Self::D { x } => { format!(\"错 {x}\") } Self::E => x.to_string(),\n\
                    Self::F { y: 1 } => \"一\", Self::F { .. } => \"one\", other => other.to_string() } } }";
        let found = translations(&Source::of("a.rs", text));
        let names = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let translated = names(&["B", "C", "D"]);
        let expected = Translation { translated, quoted: names(&["E", "F"]) };
        assert_eq!(found["A"], expected);
        let text = "impl InChinese for A { fn zh(&self) -> String { name(*self) } }\n\
                    fn name(a: A) -> S { match a { A::B => (\"一\", 1), A::C => \"one\", _ => \"\" } }";
        let found = translations(&Source::of("a.rs", text));
        let expected = Translation { translated: names(&["B"]), quoted: names(&["C"]) };
        assert_eq!(found["A"], expected, "a function that the translation calls");
    }

    #[test]
    fn variants_are_those_of_the_enum() {
        let text =
            "/// One.\npub enum A {\n/// B, or C.\nB(u8, D),\n#[error(\"x, y\")]\nC { x: D }, E }";
        let found = variants(&[Source::of("a.rs", text)], "A").unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["B", "C", "E"]);
        assert_eq!(variants(&[Source::of("a.rs", text)], "D"), None);
    }

    #[test]
    fn looking_into_a_text_is_found() {
        let text = "fn f(x: &X) {\n x.to_string().strip_prefix(\"the \"); g(|y| y.replace(\" or \", \"或\")) }";
        let found = reads_prose(&Source::of("a.rs", text));
        assert_eq!(found, ["a.rs:2: strip_prefix", "a.rs:2: replace"]);
    }
}
