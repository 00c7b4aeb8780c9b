//! The structure of a Markdown page: headings, links, tables and code; and the comparison of a page
//! with its translation.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::File;

const FENCE: &str = "```";

/// A page, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Level and text of each heading.
    pub headings: Vec<(usize, String)>,
    /// Targets of links and pictures, outside code.
    pub links: Vec<String>,
    /// The number of lines of each table.
    pub tables: Vec<usize>,
    /// The blocks of code.
    pub code: Vec<Code>,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The word behind the opening fence.
    pub kind: String,
    /// Its lines.
    pub lines: Vec<String>,
}

impl Page {
    /// Parses `text`.
    pub fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut inside = false;
        let mut in_table = false;
        for line in text.lines() {
            if let Some(kind) = line.strip_prefix(FENCE) {
                inside = !inside;
                if inside {
                    page.code.push(Code { kind: kind.to_owned(), lines: Vec::new() });
                }
            } else if inside {
                page.code.last_mut().expect("a block was opened").lines.push(line.to_owned());
            } else {
                let was_in_table = std::mem::replace(&mut in_table, line.starts_with('|'));
                page.read(line, was_in_table);
            }
        }
        page
    }

    /// The anchors of its headings, as GitHub makes them.
    pub fn anchors(&self) -> BTreeSet<String> {
        self.headings.iter().map(|(_, text)| anchor(text)).collect()
    }

    /// The commands of its transcripts.
    pub fn commands(&self) -> Vec<&str> {
        let transcripts = self.code.iter().filter(|code| code.kind == "console");
        transcripts
            .flat_map(|code| code.lines.iter())
            .filter_map(|l| l.strip_prefix("$ "))
            .collect()
    }

    fn read(&mut self, line: &str, in_table: bool) {
        let level = line.chars().take_while(|c| *c == '#').count();
        if let Some(text) = line.get(level..).and_then(|rest| rest.strip_prefix(' '))
            && level > 0
        {
            self.headings.push((level, text.to_owned()));
        }
        if line.starts_with('|') {
            match self.tables.last_mut() {
                Some(rows) if in_table => *rows += 1,
                _ => self.tables.push(1),
            }
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        self.links.extend(targets.map(str::to_owned));
    }
}

/// Everything in which `chinese` is built differently from `english`, one sentence each.
pub fn differences(english: &File, chinese: &File) -> Vec<String> {
    let (one, other) = (Page::parse(&english.text), Page::parse(&chinese.text));
    let mut found = Vec::new();
    let mut compare = |what: &str, one: String, other: String| {
        if one != other {
            found.push(format!("{}: other {what}\n  {one}\n  {other}", chinese.path));
        }
    };
    let levels = |page: &Page| {
        let marks = page.headings.iter().map(|(level, _)| "#".repeat(*level));
        marks.collect::<Vec<_>>().join(" ")
    };
    compare("headings", levels(&one), levels(&other));
    compare("tables", format!("{:?}", one.tables), format!("{:?}", other.tables));
    let kinds =
        |page: &Page| page.code.iter().map(|c| c.kind.clone()).collect::<Vec<_>>().join(" ");
    compare("code", kinds(&one), kinds(&other));
    compare("commands", one.commands().join("\n  "), other.commands().join("\n  "));
    compare("SQL", sql(&one), sql(&other));
    compare("links", links(&one), links(&other));
    found
}

/// Links of the Chinese `page` to English pages that exist in Chinese, but for the one to itself in
/// English. `translated` holds the names of pages that exist in both.
pub fn links_to_english(page: &File, translated: &BTreeSet<String>) -> Vec<String> {
    let own = name(&page.path).replace(".zh-CN.md", ".md");
    let links = Page::parse(&page.text).links;
    let files = links.iter().map(|link| link.split('#').next().unwrap_or_default());
    let wrong = files.filter(|file| !file.contains("crates/") && !file.contains("tests/"));
    let wrong = wrong.filter(|file| translated.contains(name(file)) && **file != own);
    wrong.map(|file| format!("{}: {file} exists in Chinese", page.path)).collect()
}

/// Lines of examples that set the clock: a reader who pastes one gets old numbers.
pub fn examples_with_a_clock(page: &File) -> Vec<String> {
    let code = Page::parse(&page.text).code;
    let examples = code.iter().filter(|code| ["sh", "console"].contains(&code.kind.as_str()));
    let lines = examples.flat_map(|code| &code.lines).filter(|line| line.contains("--now"));
    lines.map(|line| format!("{}: {line}", page.path)).collect()
}

/// Lines of prose with words that hide those a reader would search for.
pub fn veiled_words(page: &File) -> Vec<String> {
    const WORDS: [&str; 9] = [
        "whoever",
        "nobody",
        "somebody",
        "what came",
        "what comes",
        "not come",
        "told apart",
        "tells apart",
        "what there is",
    ];
    let mut inside = false;
    let prose = page.text.lines().filter(|line| {
        inside ^= line.starts_with(FENCE);
        !inside
    });
    // Code is named as it is.
    let words = |line: &str| line.split('`').step_by(2).collect::<String>().to_lowercase();
    let veiled = |line: &&str| WORDS.iter().any(|word| words(line).contains(word));
    prose.filter(veiled).map(|line| format!("{}: {line}", page.path)).collect()
}

/// The statements of a page, which are the same in both languages: some are run by a test.
fn sql(page: &Page) -> String {
    let blocks = page.code.iter().filter(|code| code.kind == "sql");
    blocks.map(|code| code.lines.join("\n  ")).collect::<Vec<_>>().join("\n\n  ")
}

/// The targets of links, each with how often it occurs, the same for both languages.
fn links(page: &Page) -> String {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for link in &page.links {
        let file = link.split('#').next().unwrap_or_default();
        *counted.entry(file.replace(".zh-CN.", ".")).or_default() += 1;
    }
    counted.iter().map(|(file, count)| format!("{file} x{count}")).collect::<Vec<_>>().join(" ")
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "# `get`, a page\n\n[中文](x.zh-CN.md), [a](a.md#b)\n\n| a |\n|---|\n\n\
                           text\n\n| b |\n\n```console\n$ one\n1\n```\n";
    const CHINESE: &str = "# `get`\n\n[English](x.md), [a](a.zh-CN.md#c)\n\n| a |\n|---|\n\n\
                           文字\n\n| b |\n\n```console\n$ one\n一\n```\n";

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn difference(chinese: &str) -> Vec<String> {
        differences(&file("docs/x.md", ENGLISH), &file("docs/x.zh-CN.md", chinese))
    }

    #[test]
    fn anchors_are_those_of_github() {
        let page =
            Page::parse("# `ark-usage sign`, `verify`\n## 限流、重试与超时\n```sh\n# no\n```\n");
        let anchors: Vec<String> = page.anchors().into_iter().collect();
        assert_eq!(anchors, ["ark-usage-sign-verify", "限流重试与超时"]);
    }

    #[test]
    fn pages_of_the_same_structure_agree() {
        assert_eq!(difference(CHINESE), [""; 0]);
    }

    #[test]
    fn another_structure_is_found() {
        let found = |from: &str, to: &str| difference(&CHINESE.replace(from, to)).len();
        assert_eq!(found("# `get`", "## `get`"), 1);
        assert_eq!(found("|---|\n", ""), 1);
        assert_eq!(found("$ one", "$ two"), 1);
        assert_eq!(found("a.zh-CN.md", "b.md"), 1);
        assert_eq!(found("```console\n$ one\n一\n```\n", ""), 2);
    }

    #[test]
    fn links_to_the_other_language_are_found() {
        let translated = BTreeSet::from(["x.md".to_owned(), "a.md".to_owned()]);
        let page = |text: &str| file("docs/x.zh-CN.md", text);
        assert_eq!(links_to_english(&page(CHINESE), &translated), [""; 0]);
        let wrong = CHINESE.replace("a.zh-CN.md", "a.md");
        let expected = ["docs/x.zh-CN.md: a.md exists in Chinese"];
        assert_eq!(links_to_english(&page(&wrong), &translated), expected);
    }

    #[test]
    fn veiled_words_are_found_in_prose() {
        let page = file("a.md", "Nobody knows `x`.\n`nobody`\n```text\nnobody\n```\nwelcome\n");
        assert_eq!(veiled_words(&page), ["a.md: Nobody knows `x`."]);
    }

    #[test]
    fn clocks_in_examples_are_found() {
        let page = file("a.md", "`--now T`\n```sh\nark-usage get --now 1\n```\n");
        assert_eq!(examples_with_a_clock(&page), ["a.md: ark-usage get --now 1"]);
    }
}
