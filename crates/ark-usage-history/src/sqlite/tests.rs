//! Files: versions, damage, locks, copies, full disks, and what other programs read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ark_usage_model::{AccountId, Interval, Metric, Tags, Target, Window};
use rusqlite::Connection;

use super::schema::{APPLICATION_ID, VERSION, first_version};
use super::{SqliteStore, SyncLock};
use crate::{Line, Store, StoreError, Subject, WindowAnswer};

const HOUR: i64 = 3_600;
const DAY: i64 = 1_731_945_600;

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    (folder, path)
}

fn target(ids: &[&str]) -> Target {
    let endpoint_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    Target { project: Some("p".to_owned()), endpoint_ids, ..Target::new(AccountId(0)) }
}

fn line(tags: &[(&str, &str)], metric: &'static str) -> Line {
    let pairs = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Line { tags: Tags::new(pairs), metric: Metric::from_static(metric) }
}

/// An answer in buckets from the first hour or day on; points by their number.
fn answer(
    target: &Target,
    interval: Interval,
    buckets: i64,
    lines: &[(Line, &[(i64, i64)])],
) -> WindowAnswer {
    let seconds = interval.seconds();
    let placed = |points: &[(i64, i64)]| {
        points.iter().map(|(at, value)| (DAY + at * seconds, *value)).collect()
    };
    WindowAnswer {
        subject: Subject::of("2100000001", "GetUsage", target).remove(0),
        window: Window::new(interval, DAY, DAY + (buckets - 1) * seconds).unwrap(),
        fetched_at: DAY + 99 * 86_400,
        settle: Duration::from_hours(1),
        levels: Vec::new(),
        lines: lines.iter().map(|(line, points)| (line.clone(), placed(points))).collect(),
    }
}

fn filled(path: &Path) -> SqliteStore {
    let mut store = SqliteStore::open(path).unwrap();
    let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[], "PromptTokens"), &[(0, 10), (1, 20)])];
    store.apply(&answer(&target(&[]), Interval::Hour, 24, &lines)).unwrap();
    store
}

fn points(store: &SqliteStore) -> Vec<(i64, i64)> {
    let mut points = Vec::new();
    let asked = answer(&target(&[]), Interval::Hour, 24, &[]);
    store
        .points(&asked.subject, asked.window, &|_| true, &mut |_, some| {
            points.extend(some.iter().map(|point| ((point.start - DAY) / HOUR, point.value)));
        })
        .unwrap();
    points
}

/// The file as programs without this crate see it.
fn plain(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

#[test]
fn a_closed_history_is_one_file_that_others_open() {
    let (folder, path) = folder();
    drop(filled(&path));
    let names: Vec<_> =
        folder.path().read_dir().unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["history.db"]);
    let other = plain(&path);
    let sum: i64 =
        other.query_row("SELECT sum(value) FROM usage_hour", [], |row| row.get(0)).unwrap();
    let version: u32 = other.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let id: u32 = other.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
    assert_eq!((sum, version, id), (30, VERSION, APPLICATION_ID));
    assert_eq!(SqliteStore::open(&path).unwrap().check().unwrap(), Vec::<String>::new());
}

#[test]
fn an_older_version_is_migrated_and_a_copy_kept() {
    let (_folder, path) = folder();
    drop(filled(&path));
    // The same content in a file that has had the first step only.
    let old = path.with_file_name("old.db");
    let connection = plain(&old);
    first_version(&connection);
    connection.execute("ATTACH ?1 AS newer", [path.to_str().unwrap()]).unwrap();
    for table in ["account", "slice", "subject", "span", "series", "point"] {
        connection
            .execute(&format!("INSERT INTO {table} SELECT * FROM newer.{table}"), [])
            .unwrap();
    }
    drop(connection);
    let refused = SqliteStore::open_read_only(&old).unwrap_err();
    assert_eq!(refused, StoreError::Older { found: 1, known: VERSION });

    let store = SqliteStore::open(&old).unwrap();
    let copy = old.with_file_name("old.db.version-1");
    assert_eq!(store.migrated_from(), Some(copy.as_path()));
    assert_eq!(points(&store), [(0, 10), (1, 20)]);
    drop(store);
    let view = "SELECT count(*) FROM usage_hour";
    let rows: i64 = plain(&old).query_row(view, [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2);
    // The copy is what it was: whole, and of the older version.
    let copied = plain(&copy);
    assert!(copied.query_row(view, [], |row| row.get::<_, i64>(0)).is_err());
    let rows: i64 = copied.query_row("SELECT count(*) FROM point", [], |row| row.get(0)).unwrap();
    let version: u32 = copied.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((rows, version), (2, 1));
    // Nothing is migrated twice.
    assert_eq!(SqliteStore::open(&old).unwrap().migrated_from(), None);
}

#[test]
fn files_of_others_and_of_newer_versions_are_refused_untouched() {
    let (folder, path) = folder();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database, but longer than the sixteen bytes of its header\n")
        .unwrap();
    let foreign = folder.path().join("other.db");
    plain(&foreign).execute_batch("CREATE TABLE t (x)").unwrap();
    drop(filled(&path));
    plain(&path).pragma_update(None, "user_version", VERSION + 1).unwrap();
    let newer = StoreError::Newer { found: VERSION + 1, known: VERSION };
    for (file, error) in
        [(&text, StoreError::Foreign), (&foreign, StoreError::Foreign), (&path, newer)]
    {
        let before = std::fs::read(file).unwrap();
        assert_eq!(SqliteStore::open(file).unwrap_err(), error);
        assert_eq!(SqliteStore::open_read_only(file).unwrap_err(), error);
        assert_eq!(std::fs::read(file).unwrap(), before);
    }
    let none = folder.path().join("none.db");
    assert_eq!(SqliteStore::open_read_only(&none).unwrap_err(), StoreError::NotFound);
    assert!(!none.exists());
    assert!(matches!(SqliteStore::open(folder.path()), Err(StoreError::Io(_))));
    // A file that a killed process has made and not written to is a new one.
    std::fs::write(&none, "").unwrap();
    assert!(SqliteStore::open(&none).is_ok());
}

#[test]
fn damage_is_found_and_named() {
    let (_folder, path) = folder();
    let mut store = filled(&path);
    let many: Vec<(i64, i64)> = (0..24).map(|at| (at, at)).collect();
    for number in 0..200 {
        let id = format!("ep-{number}");
        let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[], "PromptTokens"), &many)];
        store.apply(&answer(&target(&[&id]), Interval::Hour, 24, &lines)).unwrap();
    }
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    let (mut found, mut read) = (0, 0);
    for page in 1..bytes.len() / 8_192 {
        let mut damaged = bytes.clone();
        damaged[page * 8_192..page * 8_192 + 64].fill(0xa5);
        std::fs::write(&path, damaged).unwrap();
        match SqliteStore::open_read_only(&path).and_then(|store| store.check()) {
            Ok(complaints) => found += usize::from(!complaints.is_empty()),
            Err(StoreError::Damaged(_) | StoreError::Io(_)) => found += 1,
            Err(other) => panic!("page {page}: {other:?}"),
        }
        read += 1;
    }
    assert_eq!(found, read);
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let cut = SqliteStore::open(&path).and_then(|store| store.check());
    assert!(cut.is_err() || !cut.unwrap().is_empty());
}

#[test]
fn a_full_disk_takes_nothing_in_and_loses_nothing() {
    let (_folder, path) = folder();
    let mut store = filled(&path);
    let pages: u32 =
        store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection.pragma_update(None, "max_page_count", pages + 2).unwrap();
    let many: Vec<(i64, i64)> = (0..24 * 400).map(|at| (at, at)).collect();
    let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[], "PromptTokens"), &many)];
    let large = answer(&target(&[]), Interval::Hour, 24 * 400, &lines);
    assert_eq!(store.apply(&large), Err(StoreError::Full));
    assert_eq!(points(&store), [(0, 10), (1, 20)]);
    let spans = store.spans(&large.subject, large.window).unwrap();
    assert_eq!((spans.len(), spans[0].end), (1, DAY + 24 * HOUR));
    // With room again, the same answer is taken in.
    store.connection.pragma_update(None, "max_page_count", 100_000).unwrap();
    assert_eq!(store.apply(&large).unwrap().new, 24 * 400 - 2);
    assert!(store.check().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_can_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let (folder, path) = folder();
    drop(filled(&path));
    let set =
        |mode| std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(mode)).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    set(0o555);
    let read = SqliteStore::open_read_only(&path).map(|store| points(&store));
    let is_root = std::fs::write(folder.path().join("probe"), "").is_ok();
    let written = SqliteStore::open(&path).map(|_| ());
    set(0o755);
    assert_eq!(read.unwrap(), [(0, 10), (1, 20)]);
    assert!(is_root || written == Err(StoreError::ReadOnly), "{written:?}");
    let mut reader = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(reader.forget(i64::MAX), Err(StoreError::ReadOnly));
}

#[test]
fn one_sync_at_a_time_and_readers_never_wait() {
    let (_folder, path) = folder();
    let lock = SyncLock::try_new(&path).unwrap();
    assert_eq!(SyncLock::try_new(&path).unwrap_err(), StoreError::Busy);
    let mut store = filled(&path);
    let waiting = std::thread::spawn({
        let path = path.clone();
        move || SyncLock::wait(&path).map(|_| ())
    });
    let writing = store.connection.transaction().unwrap();
    writing.execute("DELETE FROM point", []).unwrap();
    let reader = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(points(&reader), [(0, 10), (1, 20)]);
    let copy = path.with_file_name("copy.db");
    reader.backup(&copy).unwrap();
    writing.rollback().unwrap();
    drop(lock);
    waiting.join().unwrap().unwrap();
    assert_eq!(points(&SqliteStore::open(&copy).unwrap()), [(0, 10), (1, 20)]);
    // A second backup replaces the first, and leaves nothing else.
    reader.backup(&copy).unwrap();
    let others = path.parent().unwrap().read_dir().unwrap().map(|one| one.unwrap().file_name());
    assert!(others.into_iter().all(|name| !name.to_string_lossy().contains("part")));
}

#[test]
fn forgetting_and_compacting_makes_the_file_smaller() {
    let (_folder, path) = folder();
    let mut store = filled(&path);
    let many: Vec<(i64, i64)> = (0..24 * 400).map(|at| (at, at)).collect();
    let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[], "PromptTokens"), &many)];
    store.apply(&answer(&target(&[]), Interval::Hour, 24 * 400, &lines)).unwrap();
    let before = store.size().unwrap();
    assert_eq!(store.forget(DAY + 399 * 86_400).unwrap().points, 24 * 399);
    store.compact().unwrap();
    assert!(store.size().unwrap() < before, "{before}");
    assert!(store.check().unwrap().is_empty());
    drop(store);
    assert_eq!(SqliteStore::open(&path).unwrap().size().unwrap(), path.metadata().unwrap().len());
}

/// The rows of a view: endpoint, bucket number, value.
fn rows(store: &SqliteStore, view: &str, seconds: i64) -> Vec<(Option<String>, i64, i64)> {
    let sql =
        format!("SELECT endpoint_id, start, value FROM {view} ORDER BY endpoint_id, start, value");
    let mut statement = store.connection.prepare(&sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((row.get(0)?, (row.get::<_, i64>(1)? - DAY) / seconds, row.get(2)?))
    };
    statement.query_map([], row).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn rows_of_views_never_overlap() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let total = line(&[], "PromptTokens");
    // The whole has 10, 20 and 5; endpoints explain 7 of the first and all of the second.
    let of_whole: &[(i64, i64)] = &[(0, 10), (1, 20), (2, 5)];
    store.apply(&answer(&target(&[]), Interval::Hour, 24, &[(total.clone(), of_whole)])).unwrap();
    for (id, of_endpoint) in [("ep-1", [(0, 4), (1, 15)]), ("ep-2", [(0, 3), (1, 5)])] {
        let lines: [(Line, &[(i64, i64)]); 1] = [(total.clone(), &of_endpoint)];
        store.apply(&answer(&target(&[id]), Interval::Hour, 24, &lines)).unwrap();
    }
    let id = |id: &str| Some(id.to_owned());
    let hours = [
        (None, 0, 3),
        (None, 2, 5),
        (id("ep-1"), 0, 4),
        (id("ep-1"), 1, 15),
        (id("ep-2"), 0, 3),
        (id("ep-2"), 1, 5),
    ];
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);
    let days = [(None, 0, 8), (id("ep-1"), 0, 19), (id("ep-2"), 0, 8)];
    assert_eq!(rows(&store, "usage_day", 86_400), days);

    // Days count where hours are missing, and only there.
    let of_days: &[(i64, i64)] = &[(0, 35), (1, 100)];
    store.apply(&answer(&target(&[]), Interval::Day, 2, &[(total.clone(), of_days)])).unwrap();
    let lines: [(Line, &[(i64, i64)]); 1] = [(total.clone(), &[(1, 40)])];
    store.apply(&answer(&target(&["ep-1"]), Interval::Day, 2, &lines)).unwrap();
    let days =
        [(None, 0, 8), (None, 1, 60), (id("ep-1"), 0, 19), (id("ep-1"), 1, 40), (id("ep-2"), 0, 8)];
    assert_eq!(rows(&store, "usage_day", 86_400), days);
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);

    // A filtered slice is in the tables only.
    let scene = Target { scenes: vec!["Batch".into()], ..target(&[]) };
    store.apply(&answer(&scene, Interval::Hour, 24, &[(total, of_whole)])).unwrap();
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);
}

#[test]
fn a_whole_beside_its_parts_and_finer_slices_count_once() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let (total, batch) = (line(&[], "T"), line(&[("Scene", "Batch")], "T"));
    let named = line(&[("EndpointId", "ep-1")], "T");
    // The service tags as it likes: in the first hour a whole beside parts, later parts alone.
    let lines: [(Line, &[(i64, i64)]); 3] = [
        (total.clone(), &[(0, 10)]),
        (batch, &[(0, 4), (1, 6)]),
        (named.clone(), &[(0, 9), (1, 7), (2, 8)]),
    ];
    store.apply(&answer(&target(&[]), Interval::Hour, 3, &lines)).unwrap();
    let id = |id: &str| Some(id.to_owned());
    let hours = [(None, 0, 10), (None, 1, 6), (id("ep-1"), 1, 7), (id("ep-1"), 2, 8)];
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);
    // The endpoint by itself is the same usage again.
    let alone: [(Line, &[(i64, i64)]); 1] = [(total, &[(2, 8)])];
    store.apply(&answer(&target(&["ep-1"]), Interval::Hour, 3, &alone)).unwrap();
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);
    // Another slice of the same usage, told apart further, for the second hour on.
    let group =
        ark_usage_model::DimensionFilter { key: "EndpointId".to_owned(), values: Vec::new() };
    let grouped = Target { filters: vec![group], ..target(&[]) };
    let lines: [(Line, &[(i64, i64)]); 1] = [(named, &[(0, 70), (1, 80)])];
    let mut finer = answer(&grouped, Interval::Hour, 2, &lines);
    finer.window = Window::new(Interval::Hour, DAY + HOUR, DAY + 2 * HOUR).unwrap();
    for (_, points) in &mut finer.lines {
        for (start, _) in points {
            *start += HOUR;
        }
    }
    store.apply(&finer).unwrap();
    let hours = [(None, 0, 10), (id("ep-1"), 1, 70), (id("ep-1"), 2, 80)];
    assert_eq!(rows(&store, "usage_hour", HOUR), hours);
}

/// The steps of SQLite that a sum over a view takes for each point.
fn steps(view: &str, series: usize) -> i32 {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let hours: Vec<(i64, i64)> = (0..48).map(|at| (at, 1_000)).collect();
    let total = [(line(&[], "T"), hours.as_slice())];
    store.apply(&answer(&target(&[]), Interval::Hour, 48, &total)).unwrap();
    // Endpoints that explain the whole, and groups of another action that name none.
    for number in 0..series {
        let id = format!("ep-{number}");
        store.apply(&answer(&target(&[&id]), Interval::Hour, 48, &total)).unwrap();
    }
    let names: Vec<String> = (0..series).map(|number| format!("key-{number}")).collect();
    let groups: Vec<_> =
        names.iter().map(|name| (line(&[("Key", name)], "T"), hours.as_slice())).collect();
    let mut grouped = answer(&target(&[]), Interval::Hour, 48, &groups);
    grouped.subject = Subject::of("2100000001", "Grouped", &target(&[])).remove(0);
    store.apply(&grouped).unwrap();

    let points = i32::try_from(48 * (2 * series + 1)).unwrap();
    let sql = format!("SELECT count(*), sum(value) FROM {view}");
    let mut statement = store.connection.prepare(&sql).unwrap();
    statement.query_row([], |row| row.get::<_, i64>(0)).unwrap();
    statement.get_status(rusqlite::StatementStatus::VmStep) / points
}

#[test]
fn views_take_the_same_time_for_each_point() {
    for view in ["usage_hour", "usage_day"] {
        let (few, many) = (steps(view, 10), steps(view, 80));
        assert!(many <= 250 && many <= few + few / 4, "{view}: {few} and {many} steps a point");
    }
}

#[test]
fn views_of_an_earlier_program_are_replaced() {
    let (_folder, path) = folder();
    drop(filled(&path));
    let other = plain(&path);
    other.execute_batch("DROP VIEW usage_day; CREATE VIEW usage_day AS SELECT 1 AS value").unwrap();
    drop(other);
    // A reader takes what is there; the next program that writes brings its own.
    drop(SqliteStore::open_read_only(&path).unwrap());
    let value = |path: &Path| -> i64 {
        plain(path).query_row("SELECT sum(value) FROM usage_day", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(value(&path), 1);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!((store.migrated_from(), value(&path)), (None, 30));
    let version = store.connection.pragma_query_value(None, "schema_version", |row| row.get(0));
    let version: i64 = version.unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    let again = store.connection.pragma_query_value(None, "schema_version", |row| row.get(0));
    assert_eq!(again, Ok(version));
}
