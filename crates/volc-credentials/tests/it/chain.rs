//! The source that wins, and what is said about the others.

use crate::common::{Home, ID, SECRET, assert_static};
use volc_credentials::{Chain, Outcome, Source, SourceError, SourceKind, VariableFamily};
use volc_sign::{Credentials, SessionToken};

/// A home in which every local source has keys of its own.
fn full_home() -> Home {
    Home::new()
        .with("VOLCENGINE_ACCESS_KEY", "AK-volcengine")
        .with("VOLCENGINE_SECRET_KEY", "s")
        .with("VOLCENGINE_SESSION_TOKEN", "t")
        .with("VOLCSTACK_ACCESS_KEY", "AK-volcstack")
        .with("VOLCSTACK_SECRET_KEY", "s")
        .with("VOLC_ACCESSKEY", "AK-volc")
        .with("VOLC_SECRETKEY", "s")
        .config(r#"{"current":"work","profiles":{"work":{"access-key":"AK-profile","secret-key":"s","region":"cn-beijing"}}}"#)
        .file(".volc/config", r#"{"ak":"AK-volc-config","sk":"s"}"#)
        .file(".volc/credentials", "[default]\naccess_key_id = AK-volc-ini\nsecret_access_key = s\n")
        .file(
            ".volcengine/credentials",
            "[default]\nvolcengine_access_key_id = AK-shared\nvolcengine_secret_access_key = s\n",
        )
}

#[test]
fn the_order_is_the_official_one() {
    let chain = Chain::official().with_explicit(Credentials::new("AK-explicit", "s"));
    let mut expected = [
        "AK-explicit",
        "AK-volcengine",
        "AK-volcstack",
        "AK-volc",
        "AK-profile",
        "AK-volc-config",
        "AK-volc-ini",
        "AK-shared",
    ]
    .into_iter();
    // Take away each winner's place in turn and see who is next.
    let home = full_home();
    for skipped in 0..chain.sources().len() {
        let rest = Chain::of(chain.sources().iter().skip(skipped).cloned());
        if !matches!(chain.sources()[skipped], Source::OidcEnvironment | Source::EcsMetadata(_)) {
            let found = home.find(&rest).unwrap();
            assert_eq!(Some(found.credentials.access_key_id()), expected.next());
        }
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn the_source_used_and_all_others_are_reported() {
    let found = full_home().with("VOLCENGINE_SECRET_KEY", "  ").find(&Chain::official()).unwrap();
    assert_eq!(found.origin.variables, ["VOLCSTACK_ACCESS_KEY", "VOLCSTACK_SECRET_KEY"]);
    let outcomes: Vec<_> = found
        .attempts
        .iter()
        .map(|attempt| (attempt.source, attempt.outcome.to_string()))
        .collect();
    assert_eq!(outcomes.len(), Chain::official().sources().len());
    assert_eq!(
        outcomes[0],
        (
            SourceKind::Environment,
            "VOLCENGINE_ACCESS_KEY is set but VOLCENGINE_SECRET_KEY is missing or empty".to_owned()
        )
    );
    assert_eq!(outcomes[1].1, "used");
    assert!(
        outcomes[2..]
            .iter()
            .all(|(_, outcome)| outcome == "not tried, an earlier source has credentials")
    );
    assert!(found.attempts[0].outcome.is_broken());
}

#[test]
fn halves_of_different_families_are_never_put_together() {
    for family in VariableFamily::ALL {
        let home = Home::new()
            .with("VOLCENGINE_ACCESS_KEY", ID)
            .with("VOLCSTACK_SECRET_ACCESS_KEY", SECRET)
            .with("VOLC_ACCESSKEY", ID);
        let outcome = home.outcome(Source::Environment(family));
        assert!(matches!(outcome, Outcome::Half { .. }), "{outcome:?}");
    }
    let home = Home::new().with("VOLCSTACK_SECRET_ACCESS_KEY", SECRET);
    assert_eq!(
        home.message(Source::Environment(VariableFamily::Volcstack)),
        "VOLCSTACK_SECRET_ACCESS_KEY is set but VOLCSTACK_ACCESS_KEY_ID or VOLCSTACK_ACCESS_KEY is missing or empty"
    );
}

#[test]
fn a_family_prefers_its_new_names_and_may_mix_them() {
    let home = Home::new()
        .with("VOLCSTACK_ACCESS_KEY_ID", ID)
        .with("VOLCSTACK_ACCESS_KEY", "other")
        .with("VOLCSTACK_SECRET_KEY", SECRET)
        .with("VOLCSTACK_SESSION_TOKEN", "t")
        .with("VOLCENGINE_SESSION_TOKEN", "of another family");
    let found = home.find(&Chain::official()).unwrap();
    assert_static(&found);
    assert_eq!(found.credentials.session_token().map(SessionToken::expose), Some("t"));
    assert_eq!(
        found.origin.variables,
        ["VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_SECRET_KEY", "VOLCSTACK_SESSION_TOKEN"]
    );
}

#[test]
fn a_named_profile_beats_keys_in_variables() {
    let found = full_home().find(&Chain::for_profile("work")).unwrap();
    assert_eq!(found.credentials.access_key_id(), "AK-profile");
    assert_eq!(found.origin.profile.as_deref(), Some("work"));
    let region = found.settings.unwrap().region.unwrap();
    assert_eq!(region.value, "cn-beijing");
    assert_eq!(region.place.key.as_deref(), Some("profiles.work.region"));
}

#[test]
fn a_named_profile_may_be_a_section_of_a_credentials_file() {
    let home = full_home().file(
        ".volcengine/credentials",
        "[other]\nvolcengine_access_key_id = AK-other\nvolcengine_secret_access_key = s\n",
    );
    let found = home.find(&Chain::for_profile("other")).unwrap();
    assert_eq!(found.credentials.access_key_id(), "AK-other");
    assert_eq!(
        home.shorten(&found.origin.to_string()),
        "profile other of ~/.volcengine/credentials"
    );
}

#[test]
fn a_named_profile_that_is_broken_ends_the_search() {
    let home = full_home().config(r#"{"profiles":{"other":{"access-key":"AK-profile"}}}"#).file(
        ".volcengine/credentials",
        "[other]\nvolcengine_access_key_id = AK-other\nvolcengine_secret_access_key = s\n",
    );
    let not_found = home.find(&Chain::for_profile("other")).unwrap_err();
    assert_eq!(not_found.attempts.len(), 1);
    assert!(matches!(not_found.failure().unwrap().outcome, Outcome::Half { .. }));
}

#[test]
fn a_named_profile_that_does_not_exist_is_an_error() {
    let not_found = full_home().find(&Chain::for_profile("nobody")).unwrap_err();
    assert_eq!(not_found.attempts.len(), 3);
    let Outcome::Failed(SourceError::UnknownProfile { known, .. }) = &not_found.attempts[0].outcome
    else {
        panic!("{not_found:?}")
    };
    assert_eq!(known, &["work"]);
}

#[test]
fn nothing_anywhere_lists_every_place() {
    let home = Home::new();
    let not_found = home.find(&Chain::official().with_process("")).unwrap_err();
    assert!(not_found.failure().is_none());
    assert_eq!(
        home.shorten(&not_found.to_string()),
        "no credentials found; places searched:
  environment variables VOLCENGINE_ACCESS_KEY, VOLCENGINE_SECRET_KEY: not set
  environment variables VOLCSTACK_ACCESS_KEY_ID, VOLCSTACK_SECRET_ACCESS_KEY: not set
  environment variables VOLC_ACCESSKEY, VOLC_SECRETKEY: not set
  environment variables VOLCENGINE_OIDC_*: VOLCENGINE_OIDC_ROLE_TRN and VOLCENGINE_OIDC_TOKEN_FILE are not set
  ~/.volcengine/config.json does not exist
  ~/.volc/config does not exist
  ~/.volc/credentials does not exist
  ~/.volcengine/credentials does not exist
  instance metadata: not queried, VOLCENGINE_ECS_METADATA is not set"
    );
}

#[test]
fn a_home_that_is_not_known_is_no_error() {
    let context = volc_credentials::SourceContext::new(volc_credentials::Environment::new());
    let not_found = Chain::official()
        .search(&context)
        .run(
            || crate::common::NOW,
            |_| -> Result<http::Response<Vec<u8>>, _> { panic!("no network") },
        )
        .unwrap_err();
    assert!(not_found.to_string().contains("~/.volc/config: the home directory is unknown"));
}

#[test]
fn explicit_halves_and_blanks() {
    let home = Home::new();
    let outcome =
        |id: &str, secret: &str| home.message(Source::Explicit(Credentials::new(id, secret)));
    assert_eq!(outcome("", " "), "not given");
    assert_eq!(
        outcome("a", ""),
        "the access key id is set but the secret access key is missing or empty"
    );
    assert_eq!(
        outcome(" ", "s"),
        "the secret access key is set but the access key id is missing or empty"
    );
}
