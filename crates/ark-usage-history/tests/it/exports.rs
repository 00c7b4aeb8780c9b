//! Exports: rows that add up to the whole, months, and partitions that have not changed.

use std::convert::Infallible;
use std::time::Duration;

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{
    Contents, Line, Month, Partition, Sink, Store as _, Subject, UsageRow, WindowAnswer,
};
use ark_usage_model::{AccountId, Interval, Metric, Tags, Target, Window};
use proptest::prelude::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// 2024-11-30T00:00:00+08:00: the next day is in another month.
const FIRST: i64 = 1_732_896_000;
const ALL: (i64, i64) = (i64::MIN, i64::MAX);

/// A row without names: endpoint, start, end, value.
type Row = (Option<String>, i64, i64, i64);

#[derive(Default)]
struct Kept {
    partitions: Vec<(Partition, Contents, Vec<Row>)>,
    known: Vec<Contents>,
    committed: usize,
}

impl Sink for Kept {
    type Error = Infallible;

    fn begin(&mut self, partition: &Partition, contents: &Contents) -> Result<bool, Infallible> {
        if self.known.contains(contents) {
            return Ok(false);
        }
        self.partitions.push((partition.clone(), contents.clone(), Vec::new()));
        Ok(true)
    }

    fn row(&mut self, row: &UsageRow<'_>) -> Result<(), Infallible> {
        let (_, _, rows) = self.partitions.last_mut().unwrap();
        rows.push((row.series.endpoint_id.clone(), row.start, row.end, row.value));
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Infallible> {
        self.committed += 1;
        Ok(())
    }
}

fn exported(store: &SqliteStore, known: &[Contents]) -> Kept {
    let mut sink = Kept { known: known.to_vec(), ..Kept::default() };
    store.export(ALL, &mut sink).unwrap();
    assert_eq!(sink.committed, sink.partitions.len());
    sink
}

fn answered(
    endpoint: Option<&str>,
    interval: Interval,
    (start, buckets): (i64, i64),
    values: &[i64],
    fetched_at: i64,
) -> WindowAnswer {
    let endpoint_ids = endpoint.map(str::to_owned).into_iter().collect();
    let target =
        Target { project: Some("p".to_owned()), endpoint_ids, ..Target::new(AccountId(0)) };
    let seconds = interval.seconds();
    let line = Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS };
    let points = (0..).zip(values).map(|(at, value)| (start + at * seconds, *value)).collect();
    WindowAnswer {
        subject: Subject::of("2100000001", "GetUsage", &target).remove(0),
        window: Window::new(interval, start, start + (buckets - 1) * seconds).unwrap(),
        fetched_at,
        settle: Duration::from_hours(1),
        levels: Vec::new(),
        lines: vec![(line, points)],
    }
}

fn store(answers: &[WindowAnswer]) -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("history.db")).unwrap();
    for answer in answers {
        store.apply(answer).unwrap();
    }
    (folder, store)
}

fn sum(kept: &Kept) -> i64 {
    kept.partitions.iter().flat_map(|(_, _, rows)| rows).map(|row| row.3).sum()
}

#[test]
fn months_are_partitions_and_rows_carry_what_no_endpoint_explains() {
    let late = FIRST + 9 * DAY;
    let (_folder, store) = store(&[
        answered(None, Interval::Hour, (FIRST, 48), &[10; 48], late),
        answered(Some("ep-1"), Interval::Hour, (FIRST, 48), &[4; 48], late),
    ]);
    let kept = exported(&store, &[]);
    let months: Vec<_> = kept.partitions.iter().map(|(partition, ..)| partition.month).collect();
    assert_eq!(months, [Month { year: 2024, month: 11 }, Month { year: 2024, month: 12 }]);
    let (_, contents, rows) = &kept.partitions[0];
    assert_eq!((contents.rows, contents.settling, rows.len()), (48, 0, 48));
    assert!(rows.contains(&(None, FIRST, FIRST + HOUR, 6)), "{rows:?}");
    assert!(rows.contains(&(Some("ep-1".to_owned()), FIRST, FIRST + HOUR, 4)), "{rows:?}");
    assert_eq!(sum(&kept), 480);
}

#[test]
fn only_what_changed_is_exported_again() {
    let late = FIRST + 9 * DAY;
    let (_folder, mut store) =
        store(&[answered(None, Interval::Hour, (FIRST, 48), &[10; 48], late)]);
    let known: Vec<_> =
        exported(&store, &[]).partitions.into_iter().map(|(_, contents, _)| contents).collect();
    assert!(exported(&store, &known).partitions.is_empty());
    let revised = answered(None, Interval::Hour, (FIRST + DAY, 1), &[11], late + 1);
    store.apply(&revised).unwrap();
    let kept = exported(&store, &known);
    let months: Vec<_> = kept.partitions.iter().map(|(partition, ..)| partition.month).collect();
    assert_eq!(months, [Month { year: 2024, month: 12 }]);
    assert_eq!(sum(&kept), 241);
}

#[test]
fn a_range_takes_the_months_it_touches() {
    let (_folder, store) =
        store(&[answered(None, Interval::Hour, (FIRST, 48), &[10; 48], FIRST + 9 * DAY)]);
    let mut sink = Kept::default();
    store.export((FIRST + DAY - 1, FIRST + DAY), &mut sink).unwrap();
    assert_eq!(sum(&sink), 240);
    assert_eq!(sink.partitions[0].0.month, Month { year: 2024, month: 11 });
    store.export((FIRST + 90 * DAY, FIRST + 91 * DAY), &mut sink).unwrap();
    store.export((FIRST - 91 * DAY, FIRST - 90 * DAY), &mut sink).unwrap();
    assert_eq!(sink.partitions.len(), 1);
}

#[test]
fn a_day_stands_in_for_hours_that_were_not_all_answered() {
    let late = FIRST + 9 * DAY;
    let (_folder, store) = store(&[
        // Of the first day 20 hours are known, of the second all.
        answered(None, Interval::Hour, (FIRST, 20), &[1; 20], late),
        answered(None, Interval::Hour, (FIRST + DAY, 24), &[1; 24], late),
        answered(None, Interval::Day, (FIRST, 2), &[100, 100], late),
    ]);
    let kept = exported(&store, &[]);
    let rows: Vec<_> = kept.partitions.iter().map(|(_, _, rows)| rows.as_slice()).collect();
    assert_eq!(rows[0], [(None, FIRST, FIRST + DAY, 100)]);
    assert_eq!((rows[1].len(), sum(&kept)), (24, 124));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever was answered in which order: rows do not overlap, and with the whole answered they add up to it.
    #[test]
    fn rows_add_up_to_the_whole(
        whole in prop::collection::vec(0_i64..1_000, 72),
        endpoints in prop::collection::vec(prop::collection::vec(0_i64..500, 1..72), 0..3),
        days in prop::collection::vec(0_i64..20_000, 0..3),
    ) {
        let late = FIRST + 9 * DAY;
        let mut answers = vec![answered(None, Interval::Hour, (FIRST, 72), &whole, late)];
        for (number, values) in endpoints.iter().enumerate() {
            let id = format!("ep-{number}");
            answers.push(answered(Some(&id), Interval::Hour, (FIRST, 72), values, late));
        }
        if !days.is_empty() {
            let count = i64::try_from(days.len()).unwrap();
            answers.push(answered(None, Interval::Day, (FIRST, count), &days, late));
        }
        let (_folder, store) = store(&answers);
        let kept = exported(&store, &[]);
        prop_assert_eq!(sum(&kept), whole.iter().sum::<i64>());
        let mut places: Vec<_> = kept.partitions.iter()
            .flat_map(|(_, _, rows)| rows.iter().map(|row| (row.0.clone(), row.1)))
            .collect();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), all);
    }
}
