//! The sixteen everyday tasks: the command in `docs/tasks.md` does what the heading says, and its flags are found
//! in the `-h` of that command.

use std::fs;

use workspace_tests::program::{Finished, Sandbox, run};
use workspace_tests::transcript::with_clock;
use workspace_tests::workspace::root;

/// A task, in the order of the document.
struct Task {
    /// The beginning of its heading.
    heading: &'static str,
    /// The command whose `-h` has to name the words that decide.
    command: &'static str,
    words: &'static [&'static str],
    /// The end of the command; nothing for one that is not run here.
    exit: Option<i32>,
    /// Words of the output, that of the commands behind it included.
    shape: &'static [&'static str],
}

const TASKS: [Task; 16] = [
    Task {
        heading: "Last calendar week per project, as CSV",
        command: "get",
        words: &["--last-week", "--by project", "-o week.csv"],
        exit: Some(0),
        shape: &["2024-11-11T00:00:00+08:00,assistant,2042253142", "default", "search"],
    },
    Task {
        heading: "The three endpoints with the most completion tokens",
        command: "get",
        words: &["--by endpoint --top 3 --metric output"],
        exit: Some(0),
        shape: &["678,808,792   30.09%", "424,004,043", "418,734,491", "others (6)"],
    },
    Task {
        heading: "Yesterday against the day before",
        command: "get",
        words: &["--yesterday", "--by endpoint", "--compare previous"],
        exit: Some(0),
        shape: &["largest changes: ep-20240914223116-4caaa", "+14.88%"],
    },
    Task {
        heading: "Days of New York",
        command: "get",
        words: &["--tz", "America/New_York"],
        exit: Some(0),
        shape: &["2024-11-19", "(America/New_York)"],
    },
    Task {
        heading: "An alert from cron",
        command: "budget",
        words: &["--max total=20G/month", "--once"],
        exit: Some(7),
        shape: &["20,000,000,000", "OVER HARD LIMIT"],
    },
    Task {
        heading: "Chargeback by team",
        command: "get",
        words: &["--labels", "label:COLUMN", "--prices"],
        exit: Some(0),
        shape: &["growth", "search", "(unlabelled)", "cost CNY"],
    },
    Task {
        heading: "Metrics for Prometheus",
        command: "get",
        words: &["-f, --format", "prometheus", "-o"],
        exit: Some(0),
        shape: &[
            "ark_usage_last_hour_tokens",
            "ark_usage_month_to_date_tokens",
            "ark_usage_complete",
        ],
    },
    Task {
        heading: "A page for the boss",
        command: "report",
        words: &["--last-month", "--compare previous", "-o month.html"],
        exit: Some(0),
        shape: &["previous range: 2024-09-01"],
    },
    Task {
        heading: "Are the numbers complete?",
        command: "reconcile",
        words: &["reconcile --demo --last", "0 complete and equal, 6"],
        exit: Some(0),
        shape: &["project = endpoints     186    186"],
    },
    Task {
        heading: "Two accounts",
        command: "get",
        words: &["--profile <NAME>", "(repeatable)", "account"],
        exit: Some(0),
        shape: &["work", "lab", "2176272492", "2186070426"],
    },
    Task {
        heading: "A signed curl command for ListEndpoints",
        command: "sign",
        words: &["--action ListEndpoints -f curl"],
        exit: Some(0),
        shape: &["curl ", "Action=ListEndpoints", "Authorization: HMAC-SHA256"],
    },
    Task {
        heading: "Why was a signature refused?",
        command: "explain",
        words: &["Explain why a signature was refused", "explain --demo --curl @r.sh"],
        exit: Some(7),
        shape: &["SignatureDoesNotMatch", "cause: region", "cn-beijing", "fix: "],
    },
    Task {
        heading: "A heat map of last week",
        command: "get",
        words: &["--last-week -i hour --chart", "heat map"],
        exit: Some(0),
        shape: &["Mon ", "Sun ", "≤ 156,132,002"],
    },
    Task {
        heading: "One number for a script",
        command: "get",
        words: &["--totals-only --metric total -f value"],
        exit: Some(0),
        shape: &["2564389739\n"],
    },
    Task { heading: "Keep history", command: "get", words: &["-o"], exit: None, shape: &[] },
    Task {
        heading: "Model, API key, requests, cached tokens, quota",
        command: "get",
        words: &["--api", "inference: requests, API keys, cached tokens", "model"],
        exit: Some(0),
        shape: &["API key", "CacheTokensHit", "ReqCnt", "1,191,943"],
    },
];

/// The headings of the document with the commands of their first transcript.
fn sections() -> Vec<(String, Vec<String>)> {
    let document = fs::read_to_string(root().join("docs/tasks.md")).unwrap();
    let parts = document.split("\n## ").skip(1);
    let section = |part: &str| {
        let (heading, text) = part.split_once('\n').unwrap();
        let block = text.split("```console\n").nth(1).and_then(|text| text.split("```").next());
        let lines = block.unwrap_or_default().lines();
        let commands = lines.filter_map(|line| line.strip_prefix("$ ").map(str::to_owned));
        (heading.to_owned(), commands.collect())
    };
    parts.map(section).collect()
}

/// Runs the commands in one folder, as a reader would paste them.
fn paste(commands: &[String]) -> Finished {
    // The code of the last program counts, not that of what shows its output.
    let last = commands.iter().rposition(|line| line.contains("ark-usage ")).unwrap();
    let mut script = String::from("set -o pipefail\n");
    for (place, line) in commands.iter().map(|line| with_clock(line)).enumerate() {
        script.push_str(line.trim_end_matches("; echo $?"));
        script.push('\n');
        if place == last {
            script.push_str("code=$?\n");
        }
    }
    script.push_str("exit $code\n");
    let sandbox = Sandbox::new();
    run(sandbox.shell(&format!("bash -c {}", quoted(&script))), "")
}

fn quoted(script: &str) -> String {
    format!("'{}'", script.replace('\'', r"'\''"))
}

#[test]
fn the_command_of_each_task_does_it() {
    let sections = sections();
    assert_eq!(sections.len(), TASKS.len());
    let mut found = Vec::new();
    for (task, (heading, commands)) in TASKS.iter().zip(&sections) {
        assert!(heading.starts_with(task.heading), "{heading:?} is not {:?}", task.heading);
        let Some(exit) = task.exit else { continue };
        let finished = paste(commands);
        let shown = format!("{}{}", finished.stdout, finished.stderr);
        let missing: Vec<_> = task.shape.iter().filter(|words| !shown.contains(**words)).collect();
        if finished.status != Some(exit) || !missing.is_empty() {
            found.push(format!("{heading}: lacks {missing:?}, ended with {finished:#?}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_task_is_found_in_short_help() {
    let mut found = Vec::new();
    for task in &TASKS {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(&[task.command, "-h"]);
        command.env("COLUMNS", "80");
        let help = run(command, "").stdout;
        let missing = task.words.iter().filter(|words| !help.contains(**words));
        found.extend(missing.map(|words| {
            format!("{}: `ark-usage {} -h` lacks {words:?}", task.heading, task.command)
        }));
    }
    assert!(
        found.is_empty(),
        "{}\nname them in an example of `-h` or in SHOWN of args/short_help.rs",
        found.join("\n")
    );
}
