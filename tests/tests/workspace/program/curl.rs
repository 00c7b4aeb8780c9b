//! `sign -f curl`: what a shell makes of the command, and what a server makes of the request.

use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];
const BODY: &str = r#"{"Interval":86400,"StartTime":1731859200,"EndTime":1731859200}"#;

/// The command for a request.
fn command(sandbox: &Sandbox, arguments: &[&str], stdin: &str) -> Finished {
    let mut command = sandbox.command(&["sign"]);
    command.args(arguments).args(["-f", "curl", NOW[0], NOW[1]]).envs(DEMO_KEYS);
    let finished = run(command, stdin);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished
}

/// The arguments curl would get from the shell.
fn arguments_of(sandbox: &Sandbox, command: &str) -> Vec<String> {
    const END: &str = "\u{1f}";
    let curl = format!("curl() {{ for argument; do printf '%s{END}' \"$argument\"; done; }}");
    let finished = run(sandbox.shell(&format!("{curl}\n{command}")), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished.stdout.split_terminator(END).map(str::to_owned).collect()
}

#[test]
fn nothing_means_anything_to_the_shell() {
    let sandbox = Sandbox::new();
    let hostile = "'; touch broken; $(touch broken) `touch broken` \"$HOME\" \\ ! * ~ #\n&& | > x";
    let url = "https://open.volcengineapi.com/a/../b?a='$(touch+broken)'&b=`touch`&c={x,y}[1-3]";
    let header = format!("X-Custom: {}", hostile.replace('\n', " "));
    let made = command(&sandbox, &["POST", url, "-H", &header, "-d", hostile], "");
    let arguments = arguments_of(&sandbox, &made.stdout);
    assert!(arguments.contains(&url.to_owned()), "{arguments:?}");
    assert!(arguments.contains(&header), "{arguments:?}");
    assert_eq!(arguments.last().unwrap(), hostile);
    assert!(!sandbox.folder().join("broken").exists());
}

#[test]
fn a_body_that_does_not_fit_a_command_is_piped_to_it() {
    let sandbox = Sandbox::new();
    for body in ["x".repeat(200_000), "a\0b".to_owned()] {
        let made = command(&sandbox, &["POST", "https://h/", "-d", "@-"], &body);
        assert!(made.stdout.ends_with("--data-binary @-\n"), "{}", made.stdout);
        assert!(made.stderr.contains("standard input"), "{}", made.stderr);
    }
}

/// Without curl, the tests above have to do.
#[test]
fn curl_sends_what_was_signed() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    if run(client.shell("command -v curl"), "").status != Some(0) {
        return;
    }
    let emulator = Emulator::start(&server, &NOW, &[]);
    client.write("my body.json", BODY);
    let usage = format!("{}/?Action=GetUsage&Version=2024-01-01", emulator.base_url());
    let odd = format!(
        "{}/a/../b?x={{a,b}}[1-2]&Action=GetUsage&Version=2024-01-01&y=a+b&&z",
        emulator.base_url()
    );
    let projects =
        format!("{}/?Action=ListProjects&Version=2021-08-01&Query=%e7%94%a8", emulator.base_url());
    let json = "Content-Type: application/json";
    let requests: [&[&str]; 8] = [
        &["POST", &usage, "-H", json, "-d", BODY],
        &["POST", &usage, "-d", BODY],
        &[
            "POST",
            &usage,
            "-d",
            "@my body.json",
            "-H",
            "X-Empty:",
            "--signed-headers",
            "x-empty,x-date",
        ],
        &["POST", &usage, "-d", "@-"],
        &["POST", &usage, "-d", BODY, "--presign"],
        &["POST", &odd, "-d", BODY],
        &["GET", &projects, "--service", "iam"],
        &["GET", &projects, "--service", "iam", "--presign", "--expires-in", "60"],
    ];
    for request in requests {
        let made = command(&client, request, BODY);
        let line = made.stdout.replacen("curl ", "curl --silent --fail-with-body ", 1);
        let finished = run(client.shell(&line), "");
        assert_eq!(finished.status, Some(0), "{request:?}\n{line}\n{finished:?}");
        assert!(finished.stdout.contains("\"Result\""), "{request:?}\n{line}\n{finished:?}");
    }
}
