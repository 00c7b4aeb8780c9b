//! `ark-usage budget` in cron: a mail exactly when something is wrong, and once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};
use workspace_tests::workspace::root;

const NOW: &str = "2024-11-20T04:00:00Z";

/// Limits on made-up usage of November 2024, with the level they reach at [`NOW`].
const KEPT: &str = "metric = 'total'\nperiod = 'month'\nsoft = '100G'\nhard = '200G'\n";
const AHEAD: &str = "metric = 'total'\nperiod = 'month'\nhard = '40G'\n";
const SOFT: &str = "metric = 'total'\nperiod = 'month'\nsoft = '30G'\nhard = '200G'\n";
const HARD: &str = "metric = 'total'\nperiod = 'month'\nhard = '30G'\n";
const UNKNOWN: &str = "metric = 'Totl'\nperiod = 'month'\nhard = '30G'\n";

/// Runs a command as cron does: with sh, and with no variables but a few.
fn cron(sandbox: &Sandbox, line: &str, keys: &[(&str, &str)]) -> Finished {
    let mut command = sandbox.shell(line);
    command.env_remove("LANG").env("LOGNAME", "nobody").env("SHELL", "/bin/sh");
    command.envs(keys.iter().copied());
    run(command, "")
}

/// The commands of the crontab lines in a document.
fn crontab(document: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let is_time = |word: &&str| word.bytes().all(|byte| byte == b'*' || byte.is_ascii_digit());
    let command = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let times = words.iter().take_while(|word| is_time(word)).count();
        let (_, command) = line.split_once("  ")?;
        (times == 5 && words.get(5) == Some(&"ark-usage")).then(|| command.trim().to_owned())
    };
    text.lines().filter_map(command).collect()
}

#[test]
fn crontab_lines_of_the_documents_mail_exactly_when_something_is_wrong() {
    let lines = crontab("docs/budget.md");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines, crontab("docs/budget.zh-CN.md"));
    for (rule, status, facts) in [
        (KEPT, 0, &[][..]),
        (AHEAD, 0, &["forecast", "40,000,000,000", "93.8%"]),
        (SOFT, 0, &["soft limit of 30,000,000,000"]),
        (HARD, 7, &["hard limit of 30,000,000,000", "125.1%"]),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("budget.toml", &format!("[[budget]]\nname = 'team'\n{rule}"));
        let line = format!("{} --demo --now {NOW}", lines[0]);
        let first = cron(&sandbox, &line, &[]);
        assert_eq!((first.status, first.stderr.as_str()), (Some(status), ""), "{rule}: {first:?}");
        assert_eq!(first.stdout.is_empty(), facts.is_empty(), "{rule}: {first:?}");
        let described = ["team: ", "month 2024-11-01 … 2024-11-30", "all projects", "made-up data"];
        for fact in facts.iter().chain(described.iter().filter(|_| !facts.is_empty())) {
            assert!(first.stdout.contains(fact), "{fact}: {first:?}");
        }
        let second = cron(&sandbox, &line, &[]);
        assert_eq!(second, Finished { stdout: String::new(), ..first }, "{rule}");
    }
    let sandbox = Sandbox::new();
    sandbox.write("budget.toml", &format!("[[budget]]\nname = 'team'\n{UNKNOWN}"));
    let unknown = cron(&sandbox, &format!("{} --demo --now {NOW}", lines[0]), &[]);
    assert_eq!(unknown.status, Some(2), "{unknown:?}");
    assert!(unknown.stderr.contains("Totl"), "{unknown:?}");
    let sandbox = Sandbox::new();
    let missing = cron(&sandbox, &format!("{} --demo --now {NOW}", lines[0]), &[]);
    assert_eq!(missing.status, Some(2), "{missing:?}");
    assert!(missing.stderr.contains("budget.toml"), "{missing:?}");
    let every_day = format!("{} --demo --now {NOW}", lines[1]);
    let [first, second] = [0, 1].map(|_| cron(&sandbox, &every_day, &[]));
    assert_eq!(first.status, Some(7), "{first:?}");
    assert!(first.stdout.contains("20,000,000,000") && first == second, "{first:?} {second:?}");
}

fn at(sandbox: &Sandbox, now: &str, rule: &str, more: &str) -> Finished {
    sandbox.write("b.toml", &format!("[[budget]]\nname = 'team'\n{rule}"));
    let line = format!("ark-usage budget --demo --now {now} --rules b.toml --once s.json {more}");
    cron(sandbox, &line, &[])
}

#[test]
fn a_higher_level_and_the_next_period_are_new() {
    let sandbox = Sandbox::new();
    let rule = "metric = 'total'\nperiod = 'month'\nsoft = '30G'\nhard = '50G'\n";
    let says = |now: &str| at(&sandbox, now, rule, "").stdout;
    assert!(
        says("2024-11-15T04:00:00Z")
            .contains("the forecast is over the hard limit of 50,000,000,000")
    );
    assert_eq!(says("2024-11-16T04:00:00Z"), "");
    assert!(says("2024-11-20T04:00:00Z").contains("over the soft limit"));
    assert_eq!(says("2024-11-21T04:00:00Z"), "");
    assert!(says("2024-11-29T04:00:00Z").contains("over the hard limit"));
    assert_eq!(says("2024-11-30T15:00:00Z"), "");
    assert!(says("2024-12-20T04:00:00Z").contains("month 2024-12-01 … 2024-12-31"));
    let said = sandbox.read("s.json").unwrap();
    assert_eq!(said.matches("\"name\"").count(), 1, "November is forgotten: {said}");
    // A limit that is changed is another one.
    let changed = at(&sandbox, "2024-12-20T04:00:00Z", &rule.replace("30G", "29G"), "");
    assert!(changed.stdout.contains("soft limit of 29,000,000,000"), "{changed:?}");
}

#[test]
fn the_crontab_line_of_the_tasks_mails_once() {
    for document in ["docs/tasks.md", "docs/tasks.zh-CN.md"] {
        let [line] = &crontab(document)[..] else { panic!("one line in {document}") };
        let sandbox = Sandbox::new();
        let line = format!("{line} --demo --now {NOW}");
        let [first, second] = [0, 1].map(|_| cron(&sandbox, &line, &[]));
        assert!(first.stdout.contains("20,000,000,000"), "{first:?}");
        assert_eq!(second, Finished { stdout: String::new(), ..first });
    }
}

#[test]
fn a_warning_that_is_marked_was_printed() {
    let sandbox = Sandbox::new();
    let [first, second] = [0, 1].map(|_| at(&sandbox, NOW, SOFT, "-q -f json"));
    assert!(first.stderr.contains("over the soft limit"), "{first:?}");
    assert_eq!((second.status, second.stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_account_without_a_number_is_named_by_its_key() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write(
        "faults.toml",
        "[[fault]]\nwhen = { action = 'GetCallerIdentity' }\n\
         effect = { kind = 'error', status = 403, code = 'AccessDenied' }\n",
    );
    let emulator = Emulator::start(&server, &["--now", NOW, "--faults", "faults.toml"], &[]);
    let line = format!(
        "ark-usage budget --base-url {} --now {NOW} --max total=35G/month -f alerts",
        emulator.base_url()
    );
    let finished = cron(&client, &line, &DEMO_KEYS);
    assert!(finished.stdout.contains("; access key AKLT"), "{finished:?}");
    assert!(!finished.stdout.contains(DEMO_KEYS[0].1), "{finished:?}");
}

#[test]
fn documents_are_printed_every_time_and_messages_once() {
    let sandbox = Sandbox::new();
    let [first, second] = [0, 1].map(|_| at(&sandbox, NOW, HARD, "-f table"));
    assert_eq!(first.status, Some(7), "{first:?}");
    assert!(first.stdout.contains("OVER HARD LIMIT") && first.stdout == second.stdout);
    assert!(first.stderr.contains("team: ") && !second.stderr.contains("team: "), "{second:?}");
}

#[test]
fn alerts_while_nothing_is_known_are_not_lost() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    // The first run may list no projects, the second may, the third may not.
    server.write(
        "faults.toml",
        "[[fault]]\nwhen = { action = 'ListProjects', nth = 1 }\n\
         effect = { kind = 'error', status = 403, code = 'AccessDenied' }\n\
         [[fault]]\nwhen = { action = 'ListProjects', from = 3 }\n\
         effect = { kind = 'error', status = 403, code = 'AccessDenied' }\n",
    );
    let emulator = Emulator::start(&server, &["--now", NOW, "--faults", "faults.toml"], &[]);
    let line = format!(
        "ark-usage budget --base-url {} --now {NOW} --max total=35G/month --once s.json",
        emulator.base_url()
    );
    let runs: Vec<Finished> = (0..4).map(|_| cron(&client, &line, &DEMO_KEYS)).collect();
    assert_eq!(runs.iter().map(|run| run.status).collect::<Vec<_>>(), [6, 7, 6, 6].map(Some));
    let [denied, known, again, same] = &runs[..] else { panic!("{runs:?}") };
    assert!(
        denied.stdout.contains("default project only") && denied.stderr.contains("AccessDenied")
    );
    assert!(known.stdout.contains("over the hard limit of 35,000,000,000"), "{known:?}");
    assert!(known.stdout.contains("all projects; account 2"), "{known:?}");
    assert!(again.stdout.contains("cannot be checked"), "{again:?}");
    assert_eq!((same.stdout.as_str(), same.stderr.as_str()), ("", ""));
}

#[test]
fn the_file_is_private_and_written_whole() {
    let sandbox = Sandbox::new();
    let mode = || {
        let file = fs::metadata(sandbox.folder().join("s.json")).unwrap();
        file.permissions().mode() & 0o777
    };
    let kept = at(&sandbox, NOW, KEPT, "");
    assert_eq!((kept.status, sandbox.read("s.json")), (Some(0), None), "nothing was said");
    sandbox.write("s.json", "");
    assert!(at(&sandbox, NOW, HARD, "").stdout.contains("team: "));
    assert_eq!(mode(), 0o600);
    let before = sandbox.read("s.json").unwrap();
    assert!(!before.contains("37531812633"), "no usage is kept: {before}");
    let names = fs::read_dir(sandbox.folder()).unwrap().count();
    assert_eq!(names, 2, "rules and alerts, and no debris");
    // A folder that takes no file is found before anything is sent or printed.
    let line = format!("ark-usage budget --demo --now {NOW} --rules b.toml --once nowhere/s.json");
    let nowhere = cron(&sandbox, &line, &[]);
    assert_eq!((nowhere.status, nowhere.stdout.as_str()), (Some(2), ""), "{nowhere:?}");
    assert!(nowhere.stderr.contains("--once nowhere/s.json"), "{nowhere:?}");
}

#[test]
fn files_that_are_damaged_or_of_something_else_are_left_alone() {
    let sandbox = Sandbox::new();
    assert!(at(&sandbox, NOW, HARD, "").stdout.contains("team: "));
    let whole = sandbox.read("s.json").unwrap();
    let half = &whole[..whole.len() / 2];
    let newer = whole.replace("\"schema_version\": 1", "\"schema_version\": 9");
    for (text, fact) in [
        (half, "damaged"),
        (newer.as_str(), "version 9"),
        ("some notes\n", "not written by --once"),
        ("[1, 2]", "not written by --once"),
    ] {
        sandbox.write("s.json", text);
        let refused = at(&sandbox, NOW, HARD, "");
        assert_eq!((refused.status, refused.stdout.as_str()), (Some(2), ""), "{text}: {refused:?}");
        assert!(refused.stderr.contains("--once s.json: ") && refused.stderr.contains(fact));
        assert!(refused.stderr.contains("hint: "), "{refused:?}");
        assert_eq!(sandbox.read("s.json").unwrap(), text);
    }
    fs::write(sandbox.folder().join("s.json"), b"\xff\xfe\0").unwrap();
    assert!(at(&sandbox, NOW, HARD, "").stderr.contains("not written by --once"));
}

#[test]
fn examples_are_files_that_work() {
    let sandbox = Sandbox::new();
    for lang in ["en", "zh"] {
        let line = format!(
            "ark-usage budget --example --lang {lang} > b.toml && \
             ark-usage get --prices --example --lang {lang} > p.toml && \
             ark-usage budget --demo --now {NOW} --rules b.toml -q && exit 1; \
             ark-usage get --demo --now {NOW} --last 1d --prices p.toml -q"
        );
        let finished = cron(&sandbox, &line, &[]);
        assert_eq!(finished.status, Some(0), "{finished:?}");
        assert!(
            finished.stdout.contains("CompletionTokens/day") && finished.stdout.contains("CNY")
        );
        assert!(sandbox.read("b.toml").unwrap().starts_with("# "));
        if lang == "en" {
            let published = fs::read_to_string(root().join("docs/prices.example.toml")).unwrap();
            assert_eq!(sandbox.read("p.toml").unwrap(), published);
        }
    }
    let into_a_file = cron(&sandbox, "ark-usage budget --example -o new.toml", &[]);
    assert_eq!((into_a_file.status, into_a_file.stdout.as_str()), (Some(0), ""));
    assert!(sandbox.read("new.toml").unwrap().contains("[[budget]]"));
}
