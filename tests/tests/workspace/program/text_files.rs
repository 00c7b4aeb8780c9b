//! Files that are no text, or no files: what cannot be written into a case.

use workspace_tests::program::{Finished, Sandbox, run};

fn refused(prepare: &str, arguments: &str, facts: &[&str]) {
    let finished = shell(&format!("{prepare}; exec ark-usage {arguments}"));
    assert!(matches!(finished.status, Some(2 | 3)), "{arguments}: {finished:?}");
    assert_eq!(finished.stdout, "", "{arguments}");
    for fact in facts {
        assert!(finished.stderr.contains(fact), "{arguments}: no {fact} in {}", finished.stderr);
    }
}

fn shell(line: &str) -> Finished {
    run(Sandbox::new().shell(line), "")
}

#[test]
fn other_encodings_are_named_with_what_to_do() {
    let gbk = r"printf 'endpoint_id,team\nep-1,\324\366\263\244\n' > file";
    let wide = r"printf '\377\376e\000n\000' > file";
    let demo = "get --demo --yesterday";
    let hint = "CSV UTF-8";
    refused(gbk, &format!("{demo} --labels file"), &["--labels file", "line 2", "GBK", hint]);
    for flag in ["--labels ", "--prices ", "--endpoint-id @"] {
        let named = format!("{flag}file");
        refused(wide, &format!("{demo} {named}"), &[&named, "UTF-16", hint]);
    }
    refused(wide, "call ListEndpoints --demo -d @file", &["-d @file", "UTF-16"]);
    refused(wide, "budget --demo --rules file", &["--rules file", "UTF-16"]);
    refused(wide, "emulate --faults file", &["--faults file", "UTF-16"]);
    refused("cd .", "--lang zh budget --demo --rules /dev/zero", &["既不是文件"]);
}

/// Inputs whose cases have no file with a byte order mark: what to prepare, and the arguments that
/// read the file `f`, of which the mark may change nothing.
const MARKED: [(&str, &str); 4] = [
    (
        "ark-usage get --demo --yesterday --now 2024-11-20T04:00:00Z -q --record r > out; mv r/recording.ndjson f; \
         ln -s ../f r/recording.ndjson",
        "get --yesterday --replay r",
    ),
    (
        "printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' > f",
        "get --yesterday --ca-bundle f",
    ),
    (
        "export VOLCENGINE_ACCESS_KEY=AKLTEXAMPLE VOLCENGINE_SECRET_KEY=x; \
         printf 'GET\n/\n\nhost:open.volcengineapi.com\n\nhost\nx\n' > f",
        "explain GET https://open.volcengineapi.com/ --server-canonical f",
    ),
    (
        "mkdir .volcengine; ln -s ../f .volcengine/config.json; \
         printf '{\"profiles\": {\"work\": {\"mode\": \"no-such\"}}}' > f",
        "get --yesterday --profile work",
    ),
];

#[test]
fn a_mark_in_front_changes_nothing() {
    for (prepare, arguments) in MARKED {
        let call = format!("ark-usage {arguments}");
        let finished = shell(&format!(
            "{prepare}; {call} > plain 2>&1; echo $?; printf '\\357\\273\\277' | cat - f > g; mv g f; \
             {call} > marked 2>&1; echo $?; cmp plain marked && cat plain"
        ));
        let lines: Vec<&str> = finished.stdout.lines().collect();
        assert!(lines.len() > 2 && lines[0] == lines[1], "{arguments}: {finished:?}");
        assert_eq!(finished.status, Some(0), "{arguments}: {finished:?}");
        assert!(!finished.stdout.contains("credentials found"), "{arguments}: {finished:?}");
    }
}

/// Every input that is a file: what to prepare for the file `$F`, and the arguments that read it.
const INPUTS: [(&str, &str); 16] = [
    ("export ARK_USAGE_CONFIG=$F", "get --demo --yesterday"),
    (
        "mkdir -p .config/ark-usage; ln -s $F .config/ark-usage/config.toml",
        "get --demo --yesterday",
    ),
    ("", "get --demo --yesterday --labels $F"),
    ("", "get --demo --yesterday --prices $F"),
    ("", "get --demo --yesterday --endpoint-id @$F"),
    ("", "statusline --demo --prices $F --template {cost} --errors"),
    (
        "printf '[defaults]\nprices = \"%s\"\n' $F > c; export ARK_USAGE_CONFIG=c",
        "get --demo --yesterday",
    ),
    ("", "budget --demo --rules $F"),
    ("", "emulate --faults $F"),
    ("", "get --yesterday --ca-bundle $F"),
    (
        "export SSL_CERT_FILE=$F VOLCENGINE_ACCESS_KEY=AKLTEXAMPLE VOLCENGINE_SECRET_KEY=x",
        "get --yesterday --timeout 1s",
    ),
    ("", "call ListEndpoints --demo -d @$F"),
    ("", "explain GET https://open.volcengineapi.com/ --server-canonical $F"),
    ("mkdir r; ln -s $F r/recording.ndjson", "get --replay r"),
    ("mkdir .volcengine; ln -s $F .volcengine/config.json", "get --yesterday --profile work"),
    (
        "export VOLCENGINE_OIDC_ROLE_TRN=trn:iam::1:role/x VOLCENGINE_OIDC_TOKEN_FILE=$F",
        "get --yesterday --timeout 1s",
    ),
];

/// Files that are none, or far too much of one.
const FILES: [(&str, &str); 6] = [
    ("device", "F=/dev/zero"),
    ("link to a device", "ln -s /dev/zero f; F=$PWD/f"),
    ("FIFO", "mkfifo f; F=$PWD/f"),
    ("endless pipe", "mkfifo f; yes ep-1 > f 2> /dev/null & F=$PWD/f"),
    ("sparse gigabyte", "truncate -s 1G f; F=$PWD/f"),
    ("folder", "mkdir f; F=$PWD/f"),
];

/// The time that every refusal takes at most, on a busy machine.
const LIMIT: &str = "timeout 20";

#[test]
fn what_never_ends_is_refused() {
    let check = |(prepare, arguments): (&str, &str)| {
        for (kind, file) in FILES {
            // The recording's bound is half a gigabyte, which takes its time through a pipe.
            if kind == "endless pipe" && arguments.contains("--replay") {
                continue;
            }
            let finished = shell(&format!("{file}; {prepare}\n{LIMIT} ark-usage {arguments}"));
            let what = format!("{kind}: {prepare} {arguments}: {finished:?}");
            assert!(matches!(finished.status, Some(2 | 3)), "{what}");
            assert_eq!(finished.stdout, "", "{what}");
            assert!(finished.stderr.contains("error: "), "{what}");
        }
    };
    std::thread::scope(|scope| {
        for input in INPUTS {
            scope.spawn(move || check(input));
        }
    });
    refused("truncate -s 1G f", "budget --demo --rules f", &["--rules f", "larger than 64 MiB"]);
    refused("mkfifo f", "get --demo --yesterday --labels f", &["--labels f", "no program writes"]);
    refused("cd .", "get --demo --labels /dev/zero", &["neither a file nor a pipe"]);
    let finished = shell("ark-usage get --demo --yesterday --endpoint-id - < /dev/zero");
    assert!(finished.stderr.contains("larger than 64 MiB"), "{finished:?}");
}

#[test]
fn a_memory_of_the_status_line_that_is_no_file_is_passed_over() {
    for (kind, file) in FILES {
        let finished = shell(&format!(
            "ark-usage statusline --demo > line; {file}; cd .cache/ark-usage && \
             for old in *; do rm $old; ln -s $F $old; done; cd ../..; \
             {LIMIT} ark-usage statusline --demo > line; echo $?; cat line"
        ));
        // The demo's day goes on between two lines, so the numbers may not be the same.
        assert_eq!(finished.status, Some(0), "{kind}: {finished:?}");
        assert!(finished.stdout.starts_with("0\n"), "{kind}: {finished:?}");
        assert!(finished.stdout.contains(" tokens today, "), "{kind}: {finished:?}");
    }
}

#[test]
fn a_pipe_with_a_writer_is_a_file() {
    let finished = shell(
        "mkfifo f; printf 'endpoint_id,team\\nep-20240707121820-d13ab,x\\n' > f & \
         while [ ! -p f ]; do :; done; ark-usage get --demo --yesterday --labels f --by label:team -q",
    );
    assert_eq!(finished.status, Some(0), "{finished:?}");
    assert!(finished.stdout.contains("\nx "), "{finished:?}");
}

#[test]
fn prices_of_the_status_line_may_come_through_a_pipe() {
    let finished = shell(
        "mkfifo f; printf '[[price]]\\nmetric = \"PromptTokens\"\\nprice = 1\\nper = 1000000\\ncurrency = \"CNY\"\\n' > f & \
         while [ ! -p f ]; do :; done; ark-usage statusline --demo --prices f --template '{cost}' --errors",
    );
    assert!(finished.stdout.contains("CNY"), "{finished:?}");
}
