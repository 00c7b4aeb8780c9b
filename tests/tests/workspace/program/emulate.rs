//! `ark-usage emulate`: found by its first line, used as what it prints says.

use std::io::Write;
use std::net::TcpStream;

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

/// The keys on standard error, and the file of profiles, lead to the same accounts.
#[test]
fn each_account_has_keys_to_paste_and_a_profile() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let more = ["--accounts", "3", "--write-profiles", "accounts.json", NOW[0], NOW[1]];
    let emulator = Emulator::start(&server, &more, &[]);
    let said = emulator.says("Ctrl-C");
    let call = "ark-usage call GetCallerIdentity --service sts";
    for id in ["2100000001", "2101000002", "2101000003"] {
        let exports = said.split(&format!("account {id}")).nth(1).unwrap();
        let exports = exports.lines().find(|line| line.contains("export ")).unwrap();
        let line =
            format!("{exports}\n{call} --base-url {} {} {}", emulator.base_url(), NOW[0], NOW[1]);
        let finished = run(client.shell(&line), "");
        assert_eq!(finished.status, Some(0), "{line}\n{finished:?}");
        assert!(finished.stdout.contains(id), "{finished:?}");
    }
    let from = said.find("VOLCENGINE_CLI_CONFIG_FILE=").unwrap();
    let pasted = said[from..].replace("\\\n", " ");
    let line = pasted.lines().next().unwrap();
    let finished = run(client.shell(line), "");
    assert_eq!(finished.status, Some(0), "{line}\n{finished:?}");
}

/// Its own file is replaced, by one that only its owner may read.
#[cfg(unix)]
#[test]
fn its_own_profiles_are_replaced_by_a_private_file() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let server = Sandbox::new();
    server.write("accounts.json", "");
    let path = server.folder().join("accounts.json");
    let mut files = Vec::new();
    for accounts in ["2", "3", "3"] {
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let more = ["--accounts", accounts, "--write-profiles", "accounts.json", NOW[0], NOW[1]];
        let emulator = Emulator::start(&server, &more, &[]);
        let text = server.read("accounts.json").unwrap();
        assert!(text.contains(&format!("account-{accounts}")), "{text}");
        assert!(text.contains(emulator.base_url()), "{text}");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        files.push(text);
    }
    assert!(files[0] != files[1] && !files[0].contains("account-3"), "{files:?}");
}

/// A thousand accounts cost next to nothing until they are asked about.
#[test]
fn a_thousand_accounts_start_at_once() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let more = ["--accounts", "1000", "--write-profiles", "accounts.json", NOW[0], NOW[1]];
    let emulator = Emulator::start(&server, &more, &[]);
    let said = emulator.says("Ctrl-C");
    assert!(said.lines().count() < 60, "{said}");
    let file = server.folder().join("accounts.json");
    for (profile, id) in [("account-0001", "2100000001"), ("account-1000", "2101001000")] {
        let call = ["call", "GetCallerIdentity", "--service", "sts", "--profile", profile];
        let mut command = client.command(&call);
        command.args(NOW).env("VOLCENGINE_CLI_CONFIG_FILE", &file);
        let finished = run(command, "");
        assert!(finished.stdout.contains(id), "{finished:?}");
    }
    if let Some(peak) = emulator.peak_memory() {
        assert!(peak < 64 * 1024, "{peak} KiB");
    }
}

/// A thousand clients that say nothing, some that say half, some far too much: the next one is
/// answered, and all of them together cost little.
#[test]
fn hostile_clients_cost_neither_answers_nor_much_memory() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &NOW, &[]);
    let address = emulator.base_url().strip_prefix("http://").unwrap();
    let connect = || TcpStream::connect(address).unwrap();
    let say = |bytes: &[u8]| {
        let mut stream = connect();
        // It may have had enough before all is written.
        let _ = stream.write_all(bytes);
        stream
    };

    let unfinished = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
    let large = [&unfinished[..], &vec![b' '; 999_999]].concat();
    let endless = [b"GET / HTTP/1.1\r\nhost: x\r\nx: ", &vec![b'a'; 1_000_000][..]].concat();
    let mut held: Vec<TcpStream> = (0..32).map(|_| say(&large)).collect();
    held.extend((0..32).map(|_| say(&endless)));
    // A process may hold some thousand descriptors at least, and so may the emulator.
    held.extend((0..800).map(|count| if count % 2 == 0 { connect() } else { say(b"POST / HT") }));

    let mut command =
        client.command(&["get", "--last", "2d", "--base-url", emulator.base_url(), NOW[0], NOW[1]]);
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    if let Some(peak) = emulator.peak_memory() {
        assert!(peak < 128 * 1024, "{peak} KiB");
    }
    drop(held);
}
