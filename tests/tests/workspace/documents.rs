//! The documents are true and complete: transcripts are run again, pictures drawn again, and pages
//! of both languages held beside each other.
//!
//! `UPDATE_DOCS=1` (`cargo xtask docs`) writes what the program prints into the documents instead.

use std::collections::BTreeSet;

use workspace_tests::flags::{flags_in, flags_of_commands};
use workspace_tests::pages::{
    Page, differences, examples_with_a_clock, links_to_english, veiled_words,
};
use workspace_tests::picture::terminal;
use workspace_tests::program::{Sandbox, run};
use workspace_tests::tidy::{File, files};
use workspace_tests::transcript::{
    Entry, Language, blocks, difference, replay, rewrite, with_clock,
};
use workspace_tests::workspace::root;

#[test]
fn transcripts_in_english_show_what_happens() {
    check_transcripts(Language::English);
}

#[test]
fn transcripts_in_chinese_show_what_happens() {
    check_transcripts(Language::Chinese);
}

#[test]
fn pictures_show_what_happens() {
    check_picture("docs/get.svg", Language::English, "ark-usage in a terminal");
    check_picture("docs/get.zh-CN.svg", Language::Chinese, "终端中的 ark-usage");
}

#[test]
fn every_page_exists_in_both_languages_with_the_same_structure() {
    let pages = pages();
    let mut found = Vec::new();
    for page in pages.iter().filter(|page| Language::of(&page.path) == Language::English) {
        let path = page.path.replace(".md", ".zh-CN.md");
        match pages.iter().find(|other| other.path == path) {
            Some(chinese) => found.extend(differences(page, chinese)),
            None => found.push(format!("{path} is missing")),
        }
    }
    let english = pages.iter().filter(|page| Language::of(&page.path) == Language::English);
    let names = english.map(|page| page.path.rsplit('/').next().unwrap().to_owned());
    let names: BTreeSet<String> = names.collect();
    for page in pages.iter().filter(|page| Language::of(&page.path) == Language::Chinese) {
        let english = page.path.replace(".zh-CN.md", ".md");
        if !pages.iter().any(|other| other.path == english) {
            found.push(format!("{english} is missing"));
        }
        found.extend(links_to_english(page, &names));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_index_links_every_page() {
    let pages = pages();
    let index = pages.iter().find(|page| page.path == "docs/README.md").unwrap();
    let links = Page::parse(&index.text).links;
    let names = pages.iter().filter_map(|page| page.path.strip_prefix("docs/"));
    let names = names.filter(|name| !name.ends_with(".zh-CN.md") && *name != "README.md");
    let missing: Vec<&str> = names.filter(|name| !links.iter().any(|link| link == name)).collect();
    assert!(missing.is_empty(), "docs/README.md does not link {missing:?}");
}

#[test]
fn the_front_page_is_short() {
    for page in pages().iter().filter(|page| !page.path.contains('/')) {
        let lines = page.text.lines().count();
        assert!(lines <= 200, "{} has {lines} lines", page.path);
    }
}

#[test]
fn examples_leave_the_clock_alone() {
    // The vendor's own request has a time of its own.
    let pages = pages();
    let pages = pages.iter().filter(|page| !page.path.starts_with("docs/conformance."));
    let found: Vec<String> = pages.flat_map(examples_with_a_clock).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn pages_use_the_words_a_reader_searches_for() {
    let found: Vec<String> = pages().iter().flat_map(veiled_words).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The completions of fish name every command and every flag on a line of its own. Every flag has to
/// be on some page, and every flag of an example has to exist.
#[test]
fn every_command_and_flag_is_documented() {
    let sandbox = Sandbox::new();
    let completions = run(sandbox.command(&["completions", "fish"]), "").stdout;
    let lines: Vec<&str> = completions.lines().filter(|l| l.starts_with("complete ")).collect();
    let flags = lines.iter().filter_map(|line| line.split(" -l ").nth(1)?.split(' ').next());
    let flags: BTreeSet<String> = flags.map(|flag| format!("--{flag}")).collect();
    let top =
        lines.iter().filter(|line| line.contains("needs_command\" ") && !line.contains(" -l "));
    let commands = top.filter_map(|line| line.split("-a \"").nth(1)?.split('"').next());
    let commands: BTreeSet<String> = commands.map(|name| format!("`{name}`")).collect();
    assert!(flags.len() > 80 && commands.len() > 12, "{flags:?} {commands:?}");

    for language in [Language::English, Language::Chinese] {
        let pages: Vec<File> =
            pages().into_iter().filter(|page| Language::of(&page.path) == language).collect();
        let text: String = pages.iter().map(|page| page.text.as_str()).collect();
        let named: BTreeSet<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
        let missing: Vec<_> = flags.iter().filter(|flag| !named.contains(flag.as_str())).collect();
        assert!(missing.is_empty(), "no page in {language:?} mentions {missing:?}");
        let unknown = flags_of_examples(&pages).filter(|flag| !flags.contains(flag));
        let unknown: BTreeSet<String> = unknown.collect();
        assert!(
            unknown.is_empty(),
            "examples in {language:?} have flags that do not exist: {unknown:?}"
        );
        let front = pages.iter().find(|page| !page.path.contains('/')).unwrap();
        // `help` explains itself.
        let commands = commands.iter().filter(|name| *name != "`help`");
        let missing: Vec<_> = commands.filter(|name| !front.text.contains(*name)).collect();
        assert!(missing.is_empty(), "{} does not mention {missing:?}", front.path);
    }
}

/// A flag that `get` does not have is described on the page of its command.
#[test]
fn flags_of_a_command_are_on_its_page() {
    const PAGES: [(&str, &str); 4] = [
        ("verify", "sign"),
        ("explain", "sign"),
        ("conformance", "conformance-kit"),
        ("history push", "push"),
    ];
    let script = run(Sandbox::new().command(&["completions", "bash"]), "").stdout;
    let commands = flags_of_commands(&script);
    let everywhere = &commands[&vec!["get".to_owned()]];
    let (mut found, mut pages) = (Vec::new(), 0);
    for (words, flags) in commands.iter().filter(|(words, _)| !words.is_empty()) {
        let command = words.join(" ");
        let of_command = |(name, _): &&(&str, &str)| *name == command || *name == words[0];
        let name = PAGES.iter().find(of_command).map_or(&*words[0], |it| it.1);
        for path in [format!("docs/{name}.md"), format!("docs/{name}.zh-CN.md")] {
            // Commands without a page have a place on that of the installation or the configuration.
            let Ok(page) = std::fs::read_to_string(root().join(&path)) else { continue };
            pages += 1;
            let known = flags_in(&page);
            let own = flags.difference(everywhere);
            let missing: Vec<_> = own.filter(|flag| !known.contains(*flag)).collect();
            if !missing.is_empty() {
                found.push(format!("{path} does not describe {missing:?} of {words:?}"));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(pages > 20, "only {pages} pages were read");
}

/// The long flags of `ark-usage` in the examples of `pages`.
fn flags_of_examples(pages: &[File]) -> impl Iterator<Item = String> {
    let code = pages.iter().flat_map(|page| Page::parse(&page.text).code);
    let examples = code.filter(|code| ["sh", "console"].contains(&code.kind.as_str()));
    let lines = examples.flat_map(|code| code.lines);
    let commands =
        lines.filter(|line| line.starts_with("ark-usage ") || line.contains("$ ark-usage"));
    let words = commands
        .flat_map(|line| line.split([' ', '=', ';', '|']).map(str::to_owned).collect::<Vec<_>>());
    words.filter(|word| word.len() > 2 && word.starts_with("--"))
}

fn check_transcripts(language: Language) {
    let files = files(&root());
    let documents = files.iter().filter(|file| file.has_extension("md"));
    let documents = documents.filter(|file| Language::of(&file.path) == language);
    let mut found = Vec::new();
    let mut entries = 0;
    for document in documents {
        let written = blocks(&document.text);
        let now: Vec<Vec<Entry>> = written.iter().map(|block| replay(block, language)).collect();
        entries += written.iter().flatten().count();
        if updating() {
            keep(&document.path, &document.text, &rewrite(&document.text, &now));
            continue;
        }
        let pairs = written.iter().flatten().zip(now.iter().flatten());
        let differences = pairs.filter_map(|(written, now)| difference(written, now));
        found.extend(differences.map(|difference| format!("{}\n{difference}", document.path)));
    }
    assert!(entries > 20, "only {entries} commands were found");
    assert!(found.is_empty(), "`cargo xtask docs` accepts these:\n{}", found.join("\n"));
}

fn check_picture(path: &str, language: Language, title: &str) {
    let commands =
        ["ark-usage get --demo --last 7d", "ark-usage get --demo --last 7d --by model --chart -q"];
    let sandbox = Sandbox::new();
    let session = |command: &str| {
        let mut shell = sandbox.shell(&with_clock(&format!("{command} --color always 2>&1")));
        shell.env("LANG", language.locale()).env("COLUMNS", "84");
        (command.to_owned(), run(shell, "").stdout)
    };
    let now = terminal(title, &commands.map(session));
    let written = std::fs::read_to_string(root().join(path)).unwrap_or_default();
    if updating() {
        keep(path, &written, &now);
        return;
    }
    assert!(written == now, "{path} shows something else; `cargo xtask docs` draws it again");
}

/// The pages that exist in both languages.
fn pages() -> Vec<File> {
    let files = files(&root());
    let is_page = |path: &str| {
        let name = path.strip_prefix("docs/").unwrap_or(path);
        !name.contains('/') && (name != path || name.starts_with("README"))
    };
    let pages = files.into_iter().filter(|file| file.has_extension("md") && is_page(&file.path));
    let pages: Vec<File> = pages.collect();
    assert!(pages.len() > 20, "only {} pages were found", pages.len());
    pages
}

/// Are documents to be rewritten?
fn updating() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let set = |name| std::env::var_os(name).is_some();
    set("UPDATE_DOCS") || set("UPDATE_CASES")
}

fn keep(path: &str, written: &str, now: &str) {
    if now != written {
        std::fs::write(root().join(path), now).unwrap();
    }
}
