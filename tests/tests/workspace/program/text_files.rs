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

#[test]
fn what_never_ends_is_refused() {
    let what = "neither a file nor a pipe";
    for arguments in [
        "get --demo --yesterday --labels /dev/zero",
        "get --demo --yesterday --endpoint-id @/dev/zero",
        "get --yesterday --ca-bundle /dev/zero",
        "budget --demo --rules /dev/zero",
        "emulate --faults /dev/zero",
        "call ListEndpoints --demo -d @/dev/zero",
    ] {
        refused("cd .", arguments, &[what]);
    }
    refused("export ARK_USAGE_CONFIG=/dev/zero", "get --demo --yesterday", &[what]);
    refused("mkdir r; ln -s /dev/zero r/recording.ndjson", "get --replay r", &["--replay r", what]);
    refused("mkfifo f", "get --demo --yesterday --labels f", &["--labels f", "no program writes"]);
    refused("truncate -s 1G f", "budget --demo --rules f", &["--rules f", "larger than 64 MiB"]);
    let finished = shell("ark-usage get --demo --yesterday --endpoint-id - < /dev/zero");
    assert!(finished.stderr.contains("larger than 64 MiB"), "{finished:?}");
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
