//! The help of every command: `-h` fits a screen, its examples work, `--help` has everything.

use workspace_tests::program::{DEMO_KEYS, Finished, Sandbox, run};
use workspace_tests::transcript::{NOW, with_clock};

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// The lines of a screen.
const SCREEN: usize = 40;

/// Beginnings of examples that are not run.
const NOT_RUN: [(&str, &str); 8] = [
    ("ark-usage doctor", "asks the real service"),
    ("ark-usage get --last-week --by project", "asks the real service"),
    ("ark-usage call DescribeVpcs", "asks the real service"),
    ("ark-usage conformance", "tests a program of the reader"),
    ("ark-usage emulate", "runs until it is stopped"),
    ("ark-usage history push --remote-write http:", "needs a receiver"),
    ("ark-usage serve", "runs until it is stopped"),
    ("ark-usage man get | man", "opens a pager"),
];

/// The words of every command, the program itself first, by the manual pages it has.
fn commands() -> Vec<Vec<String>> {
    let sandbox = Sandbox::new();
    run(sandbox.command(&["man", "--dir", "."]), "");
    let files = std::fs::read_dir(sandbox.folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let pages = names.filter_map(|name| name.strip_suffix(".1").map(str::to_owned));
    let words = |page: String| page.split('-').skip(2).map(str::to_owned).collect();
    let mut commands: Vec<Vec<String>> = pages.map(words).collect();
    commands.sort();
    assert!(commands.len() > 18, "{commands:?}");
    commands
}

/// The help of a command on a screen of `width` columns.
fn help(words: &[String], flag: &str, lang: &str, width: &str) -> Finished {
    let words: Vec<&str> = words.iter().map(String::as_str).chain([flag, "--lang", lang]).collect();
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&words);
    command.env("COLUMNS", width);
    let finished = run(command, "");
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""), "{words:?}");
    finished
}

/// The examples of a help text, one string for one that goes on in the next lines.
fn examples(help: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in help.lines() {
        let goes_on = found.last().is_some_and(|example| example.ends_with('\\'));
        if goes_on {
            let example = found.last_mut().unwrap();
            example.pop();
            example.push_str(line.trim_start());
        } else if line.starts_with("  ark-usage ") {
            found.push(line.trim().to_owned());
        }
    }
    // A comment stands behind three spaces.
    found.iter().map(|line| line.split("   ").next().unwrap().to_owned()).collect()
}

#[test]
fn every_short_help_fits_a_screen() {
    let mut found = Vec::new();
    for words in commands() {
        for (lang, width) in LANGUAGES.into_iter().flat_map(|lang| [(lang, "80"), (lang, "100")]) {
            let text = help(&words, "-h", lang, width).stdout;
            let (lines, name) = (text.lines().count(), words.join(" "));
            if lines > SCREEN {
                found.push(format!(
                    "`ark-usage {name} -h` in {lang} has {lines} lines of {width} columns; {SCREEN} fit a screen"
                ));
            }
            let last = text.lines().last().unwrap();
            assert!(last.contains("--help"), "{name}: {last:?} does not name --help");
        }
    }
    assert!(
        found.is_empty(),
        "{}\n-h shows the flags of SHOWN in args/short_help.rs: a new flag is in --help only, unless it is \
         listed there. Replace a flag of less use, or shorten texts that wrap",
        found.join("\n")
    );
}

#[test]
fn examples_of_short_help_do_not_wrap() {
    let (mut count, mut found) = (0, Vec::new());
    for words in commands() {
        for lang in LANGUAGES {
            let narrow = help(&words, "-h", lang, "80").stdout;
            let wide = help(&words, "-h", lang, "300").stdout;
            let lines = wide.lines().filter(|line| line.starts_with("  ark-usage "));
            let lines: Vec<&str> = lines.collect();
            count += lines.len();
            let wrapped =
                lines.into_iter().filter(|line| narrow.lines().all(|narrow| narrow != *line));
            found.extend(wrapped.map(str::to_owned));
        }
    }
    assert!(count > 30, "only {count} examples were found");
    assert!(found.is_empty(), "longer than 80 columns:\n{}", found.join("\n"));
}

#[test]
fn help_names_the_variables_of_keys() {
    let mut about_keys = 0;
    for words in commands() {
        for (lang, flag) in LANGUAGES.into_iter().flat_map(|lang| [(lang, "-h"), (lang, "--help")])
        {
            let text = help(&words, flag, lang, "100").stdout;
            let speaks_of_keys = words.is_empty() || text.contains("--profile <");
            let named = DEMO_KEYS.iter().all(|(variable, _)| text.contains(variable));
            assert!(named || !speaks_of_keys, "{words:?} {flag} in {lang}");
            about_keys += usize::from(speaks_of_keys);
        }
    }
    assert!(about_keys > 20, "only {about_keys} texts speak of keys");
}

#[test]
fn examples_of_help_work_as_they_stand() {
    let (mut count, mut failed) = (0, Vec::new());
    for (words, flag) in
        commands().into_iter().flat_map(|words| [(words.clone(), "-h"), (words, "--help")])
    {
        let sandbox = folder_of_a_reader();
        for example in examples(&help(&words, flag, "en", "300").stdout) {
            let is_left_out = |(beginning, _): &(&str, &str)| example.starts_with(beginning);
            // A sign of omission stands for something of the reader's.
            if NOT_RUN.iter().any(is_left_out) || example.contains('…') {
                continue;
            }
            failed.extend(failure(&sandbox, &example));
            count += 1;
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(count > 15, "only {count} examples were run");
}

/// A home directory with the folders for completions, a body to sign and a signed request.
fn folder_of_a_reader() -> Sandbox {
    let sandbox = Sandbox::new();
    for folder in [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"]
    {
        std::fs::create_dir_all(sandbox.folder().join(folder)).unwrap();
    }
    sandbox.write("body.json", "{}");
    let mut sign = sandbox.command(&["sign", "--demo", "--action", "ListEndpoints", "-f", "curl"]);
    sign.args(["--now", NOW]);
    sandbox.write("request.sh", &run(sign, "").stdout);
    sandbox
}

/// Runs an example as a reader would paste it; returns what is wrong with its end.
fn failure(sandbox: &Sandbox, example: &str) -> Option<String> {
    let mut shell = sandbox.shell(&with_clock(example));
    shell.envs(DEMO_KEYS).env("PROFILE", "profile.ps1").env("HTTPS_PROXY", "http://127.0.0.1:1");
    let finished = run(shell, "");
    // 7 says what a budget is there to say.
    let is_success = matches!(finished.status, Some(0 | 7));
    let is_right = is_success && !finished.stderr.contains("error:");
    (!is_right).then(|| format!("{example}: {:?} {}", finished.status, finished.stderr))
}
