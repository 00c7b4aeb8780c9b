//! A file that was named by mistake: no error repeats what is secret in it.

use workspace_tests::program::{Sandbox, run};

/// Files that hold secrets, each with the beginnings of what must not be repeated.
const FILES: [(&str, &[&str]); 9] = [
    (
        r#"{"current": "work", "profiles": {"work": {"access-key": "AKLTEXAMPLE0000000001", "secret-key": "fake-secret-0001"}}}"#,
        &["AKLTE", "fake-"],
    ),
    ("VOLCENGINE_SECRET_KEY=\"fake-secret-0001\"\nOTHER=1\n", &["fake-"]),
    (
        "[default]\naccess_key_id = AKLTEXAMPLE0000000001\nsecret = fake-secret-0001\n",
        &["AKLTE", "fake-"],
    ),
    ("root:$6$saltsaltsalt$hashhashhash0001:19000:0:99999:7:::\n", &["salts", "hashh"]),
    ("user,password\nadmin,hunter2hunter2\nadmin,hunter2hunter2\n", &["hunte"]),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n", &["eyJhb", "eyJzd", "c2lnb"]),
    ("-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8\n", &["MIIBV"]),
    ("endpoint_id,endpoint_id\nfake-secret-0001,fake-secret-0001\n", &["fake-"]),
    ("endpoint_id,a\nfake-secret-0001,b\nfake-secret-0001,b\n", &["fake-"]),
];

const INPUTS: [&str; 11] = [
    "get --demo --yesterday --labels f",
    "get --demo --yesterday --prices f",
    "get --demo --yesterday --endpoint-id @f",
    "get --demo --yesterday --endpoint-id - < f",
    "budget --demo --rules f",
    "emulate --faults f",
    "get --yesterday --ca-bundle f",
    "call ListEndpoints --demo -d @f",
    "get --replay r",
    "explain GET https://open.volcengineapi.com/ --server-canonical f",
    "explain GET https://open.volcengineapi.com/ --server-string-to-sign f",
];

#[test]
fn no_error_repeats_a_secret_of_a_wrong_file() {
    for (text, secrets) in FILES {
        let sandbox = Sandbox::new();
        sandbox.write("f", text);
        sandbox.write("r/recording.ndjson", text);
        let config = "ARK_USAGE_CONFIG=f ark-usage get --demo --yesterday".to_owned();
        let lines = INPUTS.iter().map(|input| format!("ark-usage {input}"));
        for line in lines.chain([config]) {
            // A file of JSON is a body like any other.
            if text.starts_with('{') && line.contains("-d @f") {
                continue;
            }
            let finished = run(sandbox.shell(&line), "");
            let what = format!("{line}: {text}: {finished:?}");
            assert!(matches!(finished.status, Some(2 | 3)), "{what}");
            for secret in secrets {
                assert!(!finished.stderr.contains(secret), "{secret}: {what}");
                assert!(!finished.stdout.contains(secret), "{secret}: {what}");
            }
        }
    }
}

#[test]
fn slips_in_the_right_file_are_named() {
    for (text, line, named) in [
        ("endpiont_id,team\nep-1,a\n", INPUTS[0], "endpiont_id"),
        ("endpoint_id,team\nep-1,a\nep-1,b\n", INPUTS[0], "ep-1 is already on line 2"),
        ("[[price]]\nprize = 1\n", INPUTS[1], "unknown key price.prize"),
        ("ep-1\nep 2\n", INPUTS[2], "line 2: \"ep 2\""),
        ("[[budget]]\nmetric = \"total\"\nperiod = \"year\"\n", INPUTS[4], "unknown period year"),
        ("[[fault]]\neffect = { kind = \"delai\" }\n", INPUTS[5], "line 2: unknown kind delai"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("f", text);
        let finished = run(sandbox.shell(&format!("ark-usage {line}")), "");
        assert!(finished.stderr.contains(named), "{line}: {finished:?}");
    }
}
