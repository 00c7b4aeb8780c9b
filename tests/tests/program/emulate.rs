//! `ark-usage emulate`: found by its first line, used as what it prints says.

use workspace_tests::program::{DEMO_KEYS, Emulator, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];

#[test]
fn the_first_line_says_where_it_listens() {
    let sandbox = Sandbox::new();
    let emulator = Emulator::start(&sandbox, &NOW, &[]);
    let port = emulator.first_line().strip_prefix("listening on http://127.0.0.1:").unwrap();
    assert!(port.parse::<u16>().unwrap() > 0);
}

#[test]
fn the_demo_keys_it_prints_open_it() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &NOW, &[]);
    let mut command =
        client.command(&["get", "--last", "2d", "--base-url", emulator.base_url(), NOW[0], NOW[1]]);
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{finished:?}");

    let said = emulator.says(DEMO_KEYS[1].1);
    for (name, value) in DEMO_KEYS {
        assert!(said.contains(name) && said.contains(value), "{said}");
    }
}

#[test]
fn the_command_it_prints_can_be_pasted() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &NOW, &[]);
    let said = emulator.says(emulator.base_url());
    let from = said.find("VOLCENGINE_ACCESS_KEY=").unwrap();
    let pasted = said[from..].replace("\\\n", " ");
    let line = pasted.lines().next().unwrap();
    let finished = run(client.shell(line), "");
    assert_eq!(finished.status, Some(0), "{line}\n{finished:?}");
}

#[test]
fn keys_of_its_own_environment_open_it_too() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let keys = [
        ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000007"),
        ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0007"),
    ];
    let owned = keys.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let emulator = Emulator::start(&server, &NOW, &owned);
    let arguments = ["get", "--last", "2d", "--base-url", emulator.base_url(), NOW[0], NOW[1]];
    for known in [keys, DEMO_KEYS] {
        let mut command = client.command(&arguments);
        command.envs(known);
        let finished = run(command, "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
    }
    let said = emulator.says(DEMO_KEYS[1].1);
    assert!(!said.contains("fake-secret-for-tests-only-0007"), "a real secret is not repeated");
}

#[test]
fn two_seeds_are_two_worlds_and_one_seed_is_one() {
    let answer = |seed: &str| {
        let (server, client) = (Sandbox::new(), Sandbox::new());
        let emulator = Emulator::start(&server, &["--seed", seed, NOW[0], NOW[1]], &[]);
        let url = emulator.base_url();
        let mut command =
            client.command(&["get", "--month", "2024-10", "--base-url", url, NOW[0], NOW[1]]);
        command.envs(DEMO_KEYS);
        run(command, "").stdout
    };
    assert_eq!(answer("1"), answer("1"));
    assert_ne!(answer("1"), answer("2"));
}
