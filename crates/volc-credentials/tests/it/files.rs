//! The older SDKs' files and the shared credentials file.

use std::io;
use std::path::Path;

use crate::common::{Home, ID, NOW, SECRET, TOKEN, assert_static};
use volc_credentials::{Chain, Files, OsFiles, Outcome, Source, SourceError};

fn find(home: &Home, source: Source) -> volc_credentials::Found {
    home.find(&Chain::of([source])).unwrap()
}

#[test]
fn volc_config_in_both_spellings() {
    for content in [
        format!(r#"{{"ak":"{ID}","sk":"{SECRET}"}}"#),
        format!(r#"{{"VOLC_ACCESSKEY":"{ID}","VOLC_SECRETKEY":"{SECRET}"}}"#),
        format!(r#"{{"ak":"","sk":"x","VOLC_ACCESSKEY":"{ID}","VOLC_SECRETKEY":" {SECRET} "}}"#),
        format!("\u{feff}{{\"ak\":\"{ID}\",\"sk\":\"{SECRET}\"}}"),
    ] {
        assert_static(&find(&Home::new().file(".volc/config", content), Source::VolcConfig));
    }
}

#[test]
fn volc_config_halves_are_not_mixed_across_spellings() {
    let home =
        Home::new().file(".volc/config", "{\n \"ak\": \"a\",\n \"VOLC_SECRETKEY\": \"s\"\n}");
    assert_eq!(
        home.message(Source::VolcConfig),
        "~/.volc/config line 2, key ak is set but sk is missing or empty"
    );
    let home = Home::new().file(".volc/config", "{}");
    assert_eq!(home.message(Source::VolcConfig), "~/.volc/config holds no keys");
}

#[test]
fn malformed_files_name_line_and_key_and_never_the_value() {
    let home = Home::new().file(".volc/config", "{\n \"ak\": 5,\n \"sk\": \"s3cret\"\n}");
    assert_eq!(
        home.message(Source::VolcConfig),
        "~/.volc/config line 2, key ak: expected a text in quotes"
    );
    let home = Home::new().file(".volc/config", "{\n \"ak\": \"a\"\n \"sk\": \"s3cret\"\n}");
    assert_eq!(home.message(Source::VolcConfig), "~/.volc/config line 3: not valid JSON");
    let home = Home::new().file(".volc/config", b"{\n\n\"ak\": \"\xff\"}");
    assert_eq!(home.message(Source::VolcConfig), "~/.volc/config line 3: not UTF-8 text");
    let home = Home::new().file(".volc/credentials", "[default]\naccess_key_id AK\n");
    assert_eq!(
        home.message(Source::VolcCredentials(None)),
        "~/.volc/credentials line 2: expected key = value"
    );
}

#[test]
fn ini_files_and_their_sections() {
    let volc = format!(
        "[default]\naccess_key_id={ID}\nsecret_access_key={SECRET}\n[b]\naccess_key_id=B\nsecret_access_key=s\n"
    );
    let home = Home::new().file(".volc/credentials", volc);
    assert_static(&find(&home, Source::VolcCredentials(None)));
    let found = find(&home, Source::VolcCredentials(Some("b".to_owned())));
    assert_eq!(found.credentials.access_key_id(), "B");

    let shared = format!(
        "[work]\nvolcengine_access_key_id = {ID}\nvolcengine_secret_access_key = {SECRET}\nvolcengine_session_token = {TOKEN}\n"
    );
    let home = Home::new().file("elsewhere", shared).with("VOLCSTACK_PROFILE", "work");
    let path = home.path("elsewhere").display().to_string();
    let home = home.with("VOLCSTACK_SHARED_CREDENTIALS_FILE", path);
    let found = find(&home, Source::SharedCredentials(None));
    assert_static(&found);
    assert_eq!(found.credentials.session_token().map(volc_sign::SessionToken::expose), Some(TOKEN));
    assert_eq!(found.origin.profile.as_deref(), Some("work"));
}

#[test]
fn ini_halves_and_gaps() {
    let home = Home::new()
        .file(".volc/credentials", "\n[default]\naccess_key_id = AK\nsecret_access_key =\n");
    assert_eq!(
        home.message(Source::VolcCredentials(None)),
        "~/.volc/credentials line 3, key default.access_key_id is set but default.secret_access_key is missing or empty"
    );
    let home = Home::new().file(".volc/credentials", "\n[default]\nregion = x\n");
    assert_eq!(
        home.message(Source::VolcCredentials(None)),
        "~/.volc/credentials line 2, key default.access_key_id is missing or empty; profile default needs it"
    );
    let home = Home::new().file(".volc/credentials", "[a]\n[b]\n");
    assert_eq!(
        home.message(Source::VolcCredentials(None)),
        "~/.volc/credentials has no section default"
    );
    assert_eq!(
        home.message(Source::VolcCredentials(Some("c".to_owned()))),
        "~/.volc/credentials has no profile c; known profiles: a, b"
    );
}

#[test]
fn a_file_that_a_variable_names_must_be_there() {
    for (variable, source) in [
        ("VOLCSTACK_SHARED_CREDENTIALS_FILE", Source::SharedCredentials(None)),
        ("VOLCENGINE_CLI_CONFIG_FILE", Source::CliProfile(None)),
    ] {
        let home = Home::new();
        let path = home.path("gone").display().to_string();
        let home = home.with(variable, path);
        assert_eq!(home.message(source), "~/gone cannot be read: no such file");
    }
}

/// Files that nobody may read: a superuser may read any, so they are made up.
struct Forbidden;

impl Files for Forbidden {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn mode(&self, _: &Path) -> Option<u32> {
        Some(0o000)
    }
}

#[test]
fn unreadable_files_are_failures_and_not_absences() {
    let home = Home::new();
    let not_found = Chain::official()
        .search(&home.context().with_files(Forbidden))
        .run(|| NOW, |_| -> Result<http::Response<Vec<u8>>, _> { panic!("no network") })
        .unwrap_err();
    let failed: Vec<_> = not_found
        .attempts
        .iter()
        .filter(|attempt| matches!(&attempt.outcome, Outcome::Failed(SourceError::Unreadable { kind, .. }) if *kind == io::ErrorKind::PermissionDenied))
        .collect();
    assert_eq!(failed.len(), 4);
    assert_eq!(failed[0].files[0].mode, Some(0));
}

#[test]
fn folders_and_huge_files_are_refused() {
    let home = Home::new().file(".volc/config/file", "");
    assert!(matches!(home.error(Source::VolcConfig), SourceError::Unreadable { .. }));
    let home = Home::new().file(".volc/config", vec![b' '; (1 << 20) + 1]);
    assert_eq!(home.message(Source::VolcConfig), "~/.volc/config cannot be read: file too large");
}

#[cfg(unix)]
#[test]
fn the_mode_of_a_file_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new().file(".volc/config", r#"{"ak":"a","sk":"s"}"#);
    for (mode, others) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(home.path(".volc/config"), permissions).unwrap();
        let found = find(&home, Source::VolcConfig);
        let facts = &found.attempts[0].files[0];
        assert_eq!((facts.mode, facts.readable_by_others()), (Some(mode), others));
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read_and_one_without_a_writer_is_not_waited_for() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let (path, silent) = (folder.path().join("token"), folder.path().join("silent"));
    let status = Command::new("mkfifo").arg(&path).arg(&silent).status().unwrap();
    assert!(status.success());
    let missing = OsFiles::new().read(&silent).unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::TimedOut);
    let writer = path.clone();
    let writer = std::thread::spawn(move || std::fs::write(writer, "token").unwrap());
    assert_eq!(OsFiles::new().read(&path).unwrap(), b"token");
    writer.join().unwrap();
    let device = OsFiles::new().read(Path::new("/dev/zero")).unwrap_err();
    assert_eq!(device.kind(), io::ErrorKind::Unsupported);
}
