//! Rust sources read as tokens: comments and texts say nothing here, and what only tests see is left
//! out, wherever it stands in a file.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::sources::rust_files;

/// A source file without the parts that only tests see.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, from the folder that was read.
    pub file: PathBuf,
    tokens: Vec<TokenTree>,
}

/// A path that the code names, `use` trees spelt out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The line of its first segment.
    pub line: usize,
    /// The inline modules around it, from the outside.
    pub inside: Vec<String>,
    /// Its segments, as `crate`, `report`, `Row`.
    pub segments: Vec<String>,
}

impl Named {
    /// Do `names` stand next to each other in the path?
    pub fn mentions(&self, names: &[&str]) -> bool {
        self.segments.windows(names.len()).any(|window| window == names)
    }
}

/// Every source file under `folder`, without the files of modules that are declared for tests only.
pub fn sources(folder: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut of_tests = BTreeSet::new();
    for file in rust_files(folder) {
        let text = std::fs::read_to_string(&file).expect("a source file is readable UTF-8");
        let (tokens, modules) = without_tests(tokens(&text, &file));
        let inside = file.strip_prefix(folder).expect("the file lies in the folder").to_owned();
        let home = home(&inside);
        of_tests.extend(modules.into_iter().map(|module| home.join(module)));
        found.push(Source { file: inside, tokens });
    }
    found.retain(|source| {
        let place = source.file.with_extension("");
        !of_tests.iter().any(|module| place.starts_with(module))
    });
    found
}

impl Source {
    /// Reads one file's text.
    pub fn of(file: &str, text: &str) -> Self {
        let file = PathBuf::from(file);
        let (tokens, _) = without_tests(tokens(text, &file));
        Self { file, tokens }
    }

    /// The module that the file is: `["client", "blocking"]`, nothing for the crate's root.
    pub fn module(&self) -> Vec<String> {
        let place = home(&self.file);
        place.iter().map(|part| part.to_string_lossy().into_owned()).collect()
    }

    /// The code itself.
    pub fn tokens(&self) -> &[TokenTree] {
        &self.tokens
    }

    /// Every path in the code.
    pub fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        collect(&self.tokens, &mut Vec::new(), &mut found);
        found
    }

    /// Every type that the code defines, with its line; associated types are none.
    pub fn types(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        define(&self.tokens, &mut found);
        found
    }

    /// The literals, separated by commas, that follow the tokens `before` at once or as the first
    /// arguments in parentheses, with the line of `before`.
    pub fn literals_behind(&self, before: &[&str]) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        behind(&self.tokens, before, &mut found);
        found
    }

    /// Every text in the code, with its line, as it is written.
    pub fn literals(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        spell(&self.tokens, &mut found);
        found
    }
}

fn tokens(text: &str, file: &Path) -> Vec<TokenTree> {
    let stream: Result<TokenStream, _> = text.parse();
    let stream = stream.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    stream.into_iter().collect()
}

/// The folder of the children of the module in `file`: `a/b` for `a/b.rs` and `a/b/mod.rs`.
fn home(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref() {
        Some("lib.rs" | "main.rs" | "mod.rs") => file.parent().unwrap_or(file).to_owned(),
        _ => file.with_extension(""),
    }
}

/// The tokens without items under `#[cfg(test)]`, and the names of such modules in other files.
fn without_tests(tokens: Vec<TokenTree>) -> (Vec<TokenTree>, Vec<String>) {
    let mut kept = Vec::new();
    let mut modules = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let attribute = is_punct(&token, '#').then(|| rest.peek().and_then(group)).flatten();
        if attribute.is_some_and(is_for_tests) {
            let item = item(&mut rest);
            modules.extend(module_elsewhere(&item));
            continue;
        }
        match token {
            TokenTree::Group(group) => {
                let (inside, _) = without_tests(group.stream().into_iter().collect());
                let mut copy = Group::new(group.delimiter(), inside.into_iter().collect());
                copy.set_span(group.span());
                kept.push(TokenTree::Group(copy));
            }
            other => kept.push(other),
        }
    }
    (kept, modules)
}

/// `[cfg(test)]` or `[cfg(all(test, …))]`, but not `[cfg(any(test, …))]` or `[cfg(not(test))]`.
fn is_for_tests(attribute: &Group) -> bool {
    let text = attribute.stream().to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// The tokens up to the end of what an attribute stands before: a body, a semicolon, or the comma
/// behind a field, a variant, an arm or an element.
fn item(rest: &mut Peekable<impl Iterator<Item = TokenTree>>) -> Vec<TokenTree> {
    let mut item = Vec::new();
    // Commas within `<…>` separate arguments of a type.
    let mut angles = 0_usize;
    while let Some(token) = rest.next() {
        let arrow =
            item.last().is_some_and(|before| is_punct(before, '-') || is_punct(before, '='));
        if is_punct(&token, '<') {
            angles += 1;
        } else if is_punct(&token, '>') && !arrow {
            angles = angles.saturating_sub(1);
        }
        let body = group(&token).is_some_and(|group| group.delimiter() == Delimiter::Brace);
        let end = is_punct(&token, ';')
            || body
            || (is_punct(&token, ',') && angles == 0 && !is_item(&item));
        item.push(token);
        if end {
            // A variant or an element with braces has a comma behind them.
            if body && rest.peek().is_some_and(|next| is_punct(next, ',')) {
                item.extend(rest.next());
            }
            break;
        }
    }
    item
}

/// Words that begin an item, within which commas separate nothing.
const ITEMS: [&str; 13] = [
    "async", "const", "enum", "extern", "fn", "impl", "mod", "static", "struct", "trait", "type",
    "unsafe", "use",
];

/// Is this the beginning of an item, behind attributes and `pub(…)`?
fn is_item(tokens: &[TokenTree]) -> bool {
    let mut words = tokens.iter().filter_map(word);
    let first = words.find(|word| word != "pub");
    first.is_some_and(|word| ITEMS.contains(&word.as_str()))
}

/// The name in `mod name;`.
fn module_elsewhere(item: &[TokenTree]) -> Option<String> {
    let at = item.iter().position(|token| word(token).as_deref() == Some("mod"))?;
    let elsewhere = item.get(at + 2).is_some_and(|token| is_punct(token, ';'));
    elsewhere.then(|| item.get(at + 1).and_then(word)).flatten()
}

fn collect(tokens: &[TokenTree], inside: &mut Vec<String>, found: &mut Vec<Named>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let (Some("mod"), Some(name), Some(body)) = (
            word(token).as_deref(),
            tokens.get(at + 1).and_then(word),
            tokens.get(at + 2).and_then(group),
        ) {
            inside.push(name);
            collect(&body.stream().into_iter().collect::<Vec<_>>(), inside, found);
            inside.pop();
            at += 3;
        } else if word(token).is_some() {
            at = path(tokens, at, &[], inside, found);
        } else {
            if let Some(group) = group(token) {
                collect(&group.stream().into_iter().collect::<Vec<_>>(), inside, found);
            }
            at += 1;
        }
    }
}

/// Reads the path that begins at `at`, behind `prefix`, and returns where it ends.
fn path(
    tokens: &[TokenTree],
    mut at: usize,
    prefix: &[String],
    inside: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.span().start().line);
    let mut segments = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        if let Some(name) = word(token) {
            // `a::{self}` is `a`.
            if name != "self" || segments.is_empty() {
                segments.push(name);
            }
        } else if is_punct(token, '*') && !segments.is_empty() {
            segments.push("*".to_owned());
        } else if let Some(tree) = group(token).filter(|tree| is_tree(tree, &segments)) {
            branches(tree, &segments, inside, found);
            return at + 1;
        } else {
            break;
        }
        at += 1;
        if !is_separator(tokens, at) {
            break;
        }
        at += 2;
    }
    found.push(Named { line, inside: inside.to_vec(), segments });
    at
}

/// Each path in `{a, b::c, d::{e, f}}`, behind `prefix`.
fn branches(tree: &Group, prefix: &[String], inside: &[String], found: &mut Vec<Named>) {
    let tokens: Vec<TokenTree> = tree.stream().into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        at = path(&tokens, at, prefix, inside, found);
        // A new name (`as x`) and the comma.
        while tokens.get(at).is_some_and(|token| !is_punct(token, ',')) {
            at += 1;
        }
        at += 1;
    }
}

fn is_tree(group: &Group, segments: &[String]) -> bool {
    group.delimiter() == Delimiter::Brace && !segments.is_empty()
}

fn define(tokens: &[TokenTree], found: &mut Vec<(usize, String)>) {
    let mut associated = false;
    for (at, token) in tokens.iter().enumerate() {
        let name = word(token);
        let kind = name.as_deref().unwrap_or_default();
        associated |= matches!(kind, "impl" | "trait");
        if matches!(kind, "struct" | "enum" | "trait" | "union" | "type") {
            let named = tokens.get(at + 1).and_then(|name| Some((name, word(name)?)));
            found.extend(named.map(|(token, name)| (token.span().start().line, name)));
        }
        if let Some(body) = group(token).filter(|group| group.delimiter() == Delimiter::Brace) {
            let mut within = Vec::new();
            define(&body.stream().into_iter().collect::<Vec<_>>(), &mut within);
            // In an `impl` or a `trait` stand associated types, and no others.
            if !std::mem::take(&mut associated) {
                found.append(&mut within);
            }
        } else if is_punct(token, ';') {
            associated = false;
        }
    }
}

fn spell(tokens: &[TokenTree], found: &mut Vec<(usize, String)>) {
    for (at, token) in tokens.iter().enumerate() {
        let of_attribute = at > 0 && tokens.get(at - 1).is_some_and(|token| is_punct(token, '#'));
        match token {
            TokenTree::Literal(literal) => {
                found.push((literal.span().start().line, literal.to_string()));
            }
            // Documentation is an attribute for the compiler.
            TokenTree::Group(group) if !of_attribute => {
                spell(&group.stream().into_iter().collect::<Vec<_>>(), found);
            }
            _ => {}
        }
    }
}

fn behind(tokens: &[TokenTree], before: &[&str], found: &mut Vec<(usize, Vec<String>)>) {
    for (at, token) in tokens.iter().enumerate() {
        let window = tokens.get(at..at + before.len()).unwrap_or_default();
        if !window.is_empty() && window.iter().map(ToString::to_string).eq(before.iter().copied()) {
            let next = tokens.get(at + before.len());
            let inside = next.and_then(group).map(|group| group.stream().into_iter().collect());
            let rest: Vec<TokenTree> =
                inside.or_else(|| Some(vec![next?.clone()])).unwrap_or_default();
            let texts = leading_literals(&rest);
            if !texts.is_empty() {
                found.push((token.span().start().line, texts));
            }
        }
        if let Some(group) = group(token) {
            behind(&group.stream().into_iter().collect::<Vec<_>>(), before, found);
        }
    }
}

/// The texts that `tokens` begin with, separated by commas.
fn leading_literals(tokens: &[TokenTree]) -> Vec<String> {
    let mut found = Vec::new();
    for pair in tokens.chunks(2) {
        match pair {
            [TokenTree::Literal(text), rest @ ..] => {
                found.push(text.to_string());
                if rest.first().is_none_or(|next| !is_punct(next, ',')) {
                    break;
                }
            }
            _ => break,
        }
    }
    found.retain(|text| text.starts_with('"'));
    found
}

fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| is_punct(token, ':'));
    let behind = tokens.get(at + 2);
    let more = behind.is_some_and(|token| {
        word(token).is_some()
            || is_punct(token, '*')
            || group(token).is_some_and(|group| group.delimiter() == Delimiter::Brace)
    });
    colon(at) && colon(at + 1) && more
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string().trim_start_matches("r#").to_owned()),
        _ => None,
    }
}

fn group(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}

fn is_punct(token: &TokenTree, letter: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let paths = Source::of("a.rs", text).paths().into_iter();
        let long = paths.filter(|named| named.segments.len() > 1);
        long.map(|named| format!("{}:{}", named.line, named.segments.join("::"))).collect()
    }

    #[test]
    fn use_trees_are_spelt_out() {
        assert_eq!(
            paths("use crate::{a, b::{self, c as d}, e::*};\nuse super::super::x;"),
            ["1:crate::a", "1:crate::b", "1:crate::b::c", "1:crate::e::*", "2:super::super::x"]
        );
    }

    #[test]
    fn paths_in_expressions_types_and_macros_are_seen() {
        assert_eq!(
            paths("fn f(x: &crate::A<crate::b::C>) {\n  m!(\"{}\", crate::d::e::<u8>(1) * 2);\n}"),
            ["1:crate::A", "1:crate::b::C", "2:crate::d::e"]
        );
        assert_eq!(paths("macro_rules! m { () => { $crate::n::o } }"), ["1:crate::n::o"]);
        assert_eq!(paths("fn f() { if a == B::C { d() } }"), ["1:B::C"], "a body is no tree");
    }

    #[test]
    fn comments_texts_and_tests_say_nothing() {
        let text = "//! crate::a\n/// [`crate::b`]\nconst X: &str = \"crate::c\"; // crate::d\n\
                    #[cfg(test)]\nuse crate::e;\n#[cfg(all(test, feature = \"x\"))]\n#[rustfmt::skip]\n\
                    mod tests { use crate::f; }\nuse crate::last;\n";
        assert_eq!(paths(text), ["9:crate::last"], "what stands behind tests is seen");
    }

    #[test]
    fn only_the_field_or_element_of_tests_is_left_out() {
        for text in [
            "const A: &[u8] = &[\n  #[cfg(test)]\n  &x::y,\n  crate::seen::b,\n];",
            "fn f() { A {\n  #[cfg(test)]\n  a: vec![x::y], b: 1,\n  c: crate::seen::b }; }",
            "struct A {\n  #[cfg(test)]\n  a: Map<u8, x::Y>,\n  c: crate::seen::b }",
            "enum A {\n  #[cfg(test)]\n  B { a: x::Y },\n  C(crate::seen::b) }",
            "fn f() {\n match a {\n  #[cfg(test)] A => x::y(), B => crate::seen::b() } }",
            "#[cfg(test)]\nfn f<A, B>(a: A) -> Map<A, x::Y> where A: x::Z<A>, B: x::Z<B> {\n}\nuse crate::seen::b;",
        ] {
            let found = paths(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].ends_with(":crate::seen::b"), "{text}: {found:?}");
        }
        let last = "const A: &[u8] = &[#[cfg(test)] x::y];\nuse crate::z;";
        assert_eq!(paths(last), ["2:crate::z"], "the last element has no comma");
    }

    #[test]
    fn modules_of_tests_in_other_files_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("lib.rs", "mod a;\n#[cfg(test)]\nmod support;\n"),
            ("a.rs", "#[cfg(test)]\nmod tests;\nuse crate::b;"),
            ("a/tests.rs", "use crate::c;"),
            ("a/tests/deep.rs", "use crate::c;"),
            ("support/mod.rs", "use crate::c;"),
            ("supporting.rs", "use crate::d;"),
        ];
        for (file, text) in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let sources = sources(folder.path());
        let files: Vec<String> =
            sources.iter().map(|source| source.file.display().to_string()).collect();
        assert_eq!(files, ["a.rs", "lib.rs", "supporting.rs"]);
    }

    #[test]
    fn types_are_found_and_associated_ones_are_not() {
        let text = "pub struct A<T>(T);\nenum B {}\ntrait C { type D; }\nimpl C for A<u8> { type D = u8; }\n\
                    mod m { pub type E = u8; }\nfn f() -> impl C { struct F; }\n";
        let found: Vec<String> =
            Source::of("a.rs", text).types().into_iter().map(|(_, name)| name).collect();
        assert_eq!(found, ["A", "B", "C", "E"]);
    }

    #[test]
    fn literals_are_those_of_code() {
        let text = "/// \"doc\"\n#[doc = \"x\"]\nfn f() {\n  m!(\"a\");\n}\n";
        assert_eq!(Source::of("a.rs", text).literals(), [(4, "\"a\"".to_owned())]);
    }
}
