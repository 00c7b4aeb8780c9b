//! Keeping credentials fresh.

use std::path::Path;
use std::sync::{Arc, Mutex};

use volc_credentials::{
    Chain, Found, Freshness, NotFound, ProcessCommand, ProcessFailure, Processes, Refresher,
    Search, Source, SourceContext, Step,
};
use volc_sign::Credentials;

use crate::common::{Home, ID, LATER_UNIX, NOW, SECRET};

/// A program whose output the test sets.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Option<String>>>);

impl Output {
    fn set(&self, id: &str, expires: i64) {
        let json = format!(
            r#"{{"AccessKeyId":"{id}","SecretAccessKey":"s","SessionToken":"t","Expiration":{expires}}}"#
        );
        *self.0.lock().unwrap() = Some(json);
    }

    fn fail(&self) {
        *self.0.lock().unwrap() = None;
    }
}

impl Processes for Output {
    fn run(&self, _: &str, _: &[String]) -> Result<Vec<u8>, ProcessFailure> {
        let output = self.0.lock().unwrap().clone();
        output.map(String::into_bytes).ok_or(ProcessFailure::TimedOut)
    }
}

fn refresher(output: &Output) -> Refresher {
    let context = Home::new().context().with_processes(output.clone());
    Refresher::new(Chain::of([Source::Process(ProcessCommand::new("helper"))]), context)
}

fn done(mut search: Search, now: i64) -> Result<Found, NotFound> {
    match search.poll(now) {
        Step::Done(result) => result,
        step => panic!("{step:?}"),
    }
}

fn id(found: &Found) -> &str {
    found.credentials.access_key_id()
}

#[test]
fn credentials_are_replaced_ahead_of_their_end() {
    let output = Output::default();
    let mut refresher = refresher(&output);
    output.set("one", LATER_UNIX);
    let search = refresher.begin_refresh(NOW).unwrap();
    assert_eq!(id(refresher.finish_refresh(NOW, done(search, NOW)).unwrap()), "one");

    let due = LATER_UNIX - 60;
    assert_eq!(refresher.freshness(due - 1), Freshness::Fresh);
    assert!(refresher.begin_refresh(due - 1).is_none());
    assert_eq!(refresher.freshness(due), Freshness::Due);
    assert_eq!(refresher.current(due).map(id), Some("one"));

    output.set("two", LATER_UNIX + 3600);
    let search = refresher.begin_refresh(due).unwrap();
    assert!(refresher.begin_refresh(due).is_none(), "one at a time");
    assert_eq!(id(refresher.finish_refresh(due, done(search, due)).unwrap()), "two");
    assert_eq!(refresher.freshness(due), Freshness::Fresh);
}

#[test]
fn the_old_ones_serve_while_they_last_when_the_source_fails() {
    let output = Output::default();
    let mut refresher = refresher(&output);
    output.set("one", LATER_UNIX);
    let search = refresher.begin_refresh(NOW).unwrap();
    refresher.finish_refresh(NOW, done(search, NOW)).unwrap();

    let due = LATER_UNIX - 60;
    output.fail();
    let search = refresher.begin_refresh(due).unwrap();
    assert_eq!(id(refresher.finish_refresh(due, done(search, due)).unwrap()), "one");
    assert!(refresher.begin_refresh(due + 9).is_none(), "the source is left alone for a while");
    drop(refresher.begin_refresh(due + 10).unwrap());

    assert_eq!(refresher.freshness(LATER_UNIX), Freshness::Expired);
    assert!(refresher.current(LATER_UNIX).is_none());
    let search = refresher.begin_refresh(LATER_UNIX).unwrap();
    let failed = done(search, LATER_UNIX);
    assert!(refresher.finish_refresh(LATER_UNIX, failed).is_err());
    assert!(refresher.begin_refresh(LATER_UNIX).is_some(), "now it is pressing");
}

#[test]
fn a_search_that_is_dropped_makes_way_for_another() {
    let output = Output::default();
    let mut refresher = refresher(&output);
    let search = refresher.begin_refresh(NOW).unwrap();
    assert!(refresher.begin_refresh(NOW).is_none());
    drop(search);
    assert!(refresher.begin_refresh(NOW).is_some());
}

#[test]
fn rejected_credentials_are_looked_for_again() {
    let output = Output::default();
    let mut refresher = refresher(&output);
    output.set("one", LATER_UNIX);
    let search = refresher.begin_refresh(NOW).unwrap();
    refresher.finish_refresh(NOW, done(search, NOW)).unwrap();

    assert!(refresher.reject("one"));
    assert_eq!(refresher.freshness(NOW), Freshness::Expired);
    assert!(refresher.current(NOW).is_none());
    output.set("two", LATER_UNIX);
    let search = refresher.begin_refresh(NOW).unwrap();
    refresher.finish_refresh(NOW, done(search, NOW)).unwrap();

    // A request that was signed before the refresh comes back late: the new ones stay.
    assert!(refresher.reject("one"));
    assert_eq!(refresher.current(NOW).map(id), Some("two"));
}

#[test]
fn values_that_cannot_change_are_not_looked_for_again() {
    let chain = Chain::official().with_explicit(Credentials::new(ID, SECRET));
    let mut refresher = Refresher::new(chain, Home::new().context());
    let search = refresher.begin_refresh(NOW).unwrap();
    refresher.finish_refresh(NOW, done(search, NOW)).unwrap();
    assert!(!refresher.reject(ID));
    assert_eq!(refresher.freshness(i64::MAX), Freshness::Fresh);
}

#[test]
fn the_last_source_used_is_tried_first() {
    let home =
        Home::new().file(".volc/credentials", "[default]\naccess_key_id=B\nsecret_access_key=s\n");
    let config: &Path = &home.path(".volc/config");
    let mut refresher = Refresher::new(
        Chain::of([Source::VolcConfig, Source::VolcCredentials(None)]),
        SourceContext::clone(&home.context()),
    );
    let search = refresher.begin_refresh(NOW).unwrap();
    refresher.finish_refresh(NOW, done(search, NOW)).unwrap();

    std::fs::write(config, r#"{"ak":"A","sk":"s"}"#).unwrap();
    assert!(refresher.reject("B"));
    let search = refresher.begin_refresh(NOW).unwrap();
    let found = done(search, NOW).unwrap();
    assert_eq!(id(&found), "B");

    std::fs::remove_file(home.path(".volc/credentials")).unwrap();
    refresher.finish_refresh(NOW, Ok(found)).unwrap();
    assert!(refresher.reject("B"));
    let search = refresher.begin_refresh(NOW).unwrap();
    assert_eq!(id(&done(search, NOW).unwrap()), "A");
}

/// Searches and refreshers travel between threads and live in async tasks.
#[test]
fn everything_can_be_sent_and_shared() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Search>();
    check::<Refresher>();
    check::<Step>();
    check::<SourceContext>();
}
