//! Histories: some syncs of the same usage over days, with faults, kills, revisions and late data, and
//! what the store holds afterwards.
//!
//! The truth is kept beside the store in the simplest way there is: for each bucket the last value of a
//! report, and whether one was answered. Kills fall between transactions; a store in a file is opened
//! again after each.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ark_usage_emulator::{
    Behaviors, EndTime, FaultScript, SampleOrder, TagRule, ValueForm, ZeroBuckets,
};
use ark_usage_history::{
    Answer, Line, PlanRule, Question, Span, Store, StoredPoint, Subject, WindowAnswer, answer,
    group_by_window, plan, windows_of_report,
};
use ark_usage_model::{
    AccountId, DimensionFilter, Interval, QueryOptions, Tags, Target, UsageAction, UsageReport,
    Window,
};

use crate::action::ActionKind;
use crate::random::Random;
use crate::run::run;
use crate::schedule::{Order, Revision, Schedule};
use crate::world::{HOURS, ORIGIN, PERCENTS, PROJECTS, World};

const HOUR: i64 = 3_600;
const ACCOUNT: &str = "2100000001";

/// The syncs of a history, described.
#[derive(Clone, Debug)]
pub struct HistorySchedule {
    /// The action.
    pub action: ActionKind,
    /// The targets: projects, and for an action that cannot group by endpoint their endpoints.
    pub targets: Vec<Target>,
    /// The hours that are kept.
    pub wanted: Window,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
    /// The time during which known buckets are asked for again.
    pub recheck: Duration,
    /// The server's answers to open questions.
    pub behaviors: Behaviors,
    /// The syncs, one after the other.
    pub syncs: Vec<Sync>,
}

/// One sync, described.
#[derive(Clone, Debug)]
pub struct Sync {
    /// The server's time when it begins, unix seconds.
    pub server: i64,
    /// Seconds by which this machine's clock is ahead.
    pub clock_ahead: i64,
    /// The faults.
    pub faults: FaultScript,
    /// Of the true values, the percent that the service gives from now on.
    pub percent: u64,
    /// Reports are taken in parts.
    pub streamed: bool,
    /// Each query is ended after so many responses.
    pub interrupt_after: Option<u32>,
    /// The process is killed after so many transactions.
    pub kill_after: Option<u32>,
    /// The choice of the response taken first.
    pub order: Order,
}

impl HistorySchedule {
    /// The schedule of a seed.
    pub fn of_seed(world: &World, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let action = random.one_of(ActionKind::GetUsage, &[ActionKind::InferenceUsage]);
        let settle_hours = random.between(1, 3);
        let length = random.between(2, 24);
        let first = ORIGIN + HOUR * i64::from(random.between(1, HOURS - length - 1));
        let last = first + HOUR * i64::from(length - 1);
        let wanted = Window::new(Interval::Hour, first, last).expect("aligned");
        let projects = random.one_of(1, &[1, 2]);
        let mut targets = Vec::new();
        for project in PROJECTS.into_iter().take(projects) {
            targets.extend(targets_of(world, action, project));
        }
        let is_clean = random.once_in(3);
        let mut server = wanted.first() - 2 * HOUR;
        let (mut percent, count) = (PERCENTS[0], random.between(2, 4));
        let mut syncs: Vec<Sync> = Vec::new();
        for _ in 0..count {
            server += HOUR * i64::from(random.between(1, length)) + i64::from(random.below(3_600));
            if random.once_in(4) {
                percent = random.one_of(PERCENTS[1], &[PERCENTS[2]]);
            }
            syncs.push(sync(&mut random, server, percent, wanted, settle_hours, is_clean));
        }
        Self {
            action,
            targets,
            wanted,
            settle: Duration::from_hours(u64::from(settle_hours)),
            recheck: Duration::from_hours(u64::from(random.below(12))),
            behaviors: behaviors(&mut random),
            syncs,
        }
    }

    /// True when no fault, kill or wrong clock disturbs it.
    fn is_clean(&self) -> bool {
        self.syncs.iter().all(|sync| {
            sync.faults.faults.is_empty() && sync.kill_after.is_none() && sync.clock_ahead == 0
        })
    }

    fn rule(&self, now: i64) -> PlanRule {
        PlanRule { now, settle: self.settle, recheck: self.recheck }
    }
}

fn targets_of(world: &World, action: ActionKind, project: &str) -> Vec<Target> {
    let mut whole = Target { project: Some(project.to_owned()), ..Target::new(AccountId(0)) };
    if action == ActionKind::InferenceUsage {
        let keys = [Tags::ENDPOINT_ID, Tags::API_KEY_ID, Tags::MODEL_NAME];
        let group = |key: &str| DimensionFilter { key: key.to_owned(), values: Vec::new() };
        whole.filters = keys.into_iter().map(group).collect();
        return vec![whole];
    }
    let ids = world.endpoint_ids(0, Some(project)).into_iter();
    let endpoints = ids.map(|id| Target { endpoint_ids: vec![id], ..whole.clone() });
    let endpoints: Vec<Target> = endpoints.collect();
    [vec![whole], endpoints].concat()
}

fn sync(
    random: &mut Random,
    server: i64,
    percent: u64,
    wanted: Window,
    settle_hours: u32,
    is_clean: bool,
) -> Sync {
    let undisturbed = Sync {
        server,
        clock_ahead: 0,
        faults: FaultScript { faults: Vec::new() },
        percent,
        streamed: random.once_in(3),
        interrupt_after: None,
        kill_after: None,
        order: random.one_of(Order::Oldest, &[Order::Newest, Order::Random]),
    };
    if is_clean {
        return undisturbed;
    }
    Sync {
        clock_ahead: random.one_of(0, &[0, 0, 0, 40, -40, 1_300, -1_300, 90_000, -90_000]),
        faults: crate::faults::script(random, wanted, settle_hours),
        interrupt_after: random.once_in(6).then(|| random.below(8)),
        kill_after: random.once_in(4).then(|| random.below(8)),
        ..undisturbed
    }
}

fn behaviors(random: &mut Random) -> Behaviors {
    Behaviors {
        end_time: random.one_of(EndTime::Inclusive, &[EndTime::Exclusive]),
        zero_buckets: random.one_of(ZeroBuckets::Kept, &[ZeroBuckets::LeftOut]),
        values: random.one_of(ValueForm::Integer, &[ValueForm::String, ValueForm::Float]),
        order: random.one_of(SampleOrder::Ascending, &[SampleOrder::Unsorted]),
        tags: random
            .one_of(TagRule::WhenFiltered, &[TagRule::Never, TagRule::Always, TagRule::Both]),
        ..Behaviors::default()
    }
}

/// The values last reported, kept in the simplest way.
type LastReported = BTreeMap<Subject, SubjectTruth>;

/// The values last reported for one subject.
#[derive(Debug, Default, PartialEq, Eq)]
struct SubjectTruth {
    /// The last value of each bucket.
    points: BTreeMap<Line, BTreeMap<i64, i64>>,
    /// When each bucket was answered last.
    answered: BTreeMap<i64, i64>,
}

/// The course of a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryRun {
    /// Requests sent.
    pub sent: usize,
    /// Points that were new or revised.
    pub taken_in: u64,
    /// Points revised.
    pub revised: u64,
    /// Buckets of subjects that were never answered, at the end.
    pub missing: usize,
}

/// Carries a schedule out and checks the store after each sync.
///
/// `reopen` is called after each kill, for a store that can be opened again.
///
/// # Errors
///
/// One sentence for each thing that is wrong.
pub fn check_history<S: Store>(
    world: &World,
    schedule: &HistorySchedule,
    mut store: S,
    reopen: &mut dyn FnMut(S) -> S,
) -> Result<HistoryRun, Vec<String>> {
    let mut truth = LastReported::default();
    let mut course = HistoryRun::default();
    for sync in &schedule.syncs {
        carry_out(world, schedule, sync, &mut store, &mut truth, &mut course)
            .map_err(|why| vec![why])?;
        if sync.kill_after.is_some() {
            store = reopen(store);
        }
        let found = violations(schedule, &store, &truth);
        if !found.is_empty() {
            return Err(found);
        }
    }
    let found =
        if schedule.is_clean() { against_world(world, schedule, &store) } else { Vec::new() };
    let buckets = schedule.wanted.len() * schedule.targets.len();
    course.missing = buckets - truth.values().map(|one| one.answered.len()).sum::<usize>();
    if found.is_empty() { Ok(course) } else { Err(found) }
}

/// One sync: plans, asks, and takes in until it is done or killed.
fn carry_out(
    world: &World,
    schedule: &HistorySchedule,
    sync: &Sync,
    store: &mut dyn Store,
    truth: &mut LastReported,
    course: &mut HistoryRun,
) -> Result<(), String> {
    let name = schedule.action.usage_action().name();
    let subjects = schedule.targets.iter().flat_map(|target| Subject::of(ACCOUNT, name, target));
    let mut plans = Vec::new();
    for subject in subjects {
        let spans = store.spans(&subject, schedule.wanted).map_err(|error| error.to_string())?;
        // Before a response, this machine's clock is all there is.
        let now = sync.server + sync.clock_ahead;
        plans.push((subject, plan(&spans, schedule.wanted, schedule.rule(now))));
    }
    let mut left = sync.kill_after.unwrap_or(u32::MAX);
    for (place, (window, subjects)) in group_by_window(plans).into_iter().enumerate() {
        // A query takes a minute or less.
        let query =
            query(schedule, sync, window, &subjects, i64::try_from(place).unwrap_or(0) * 60);
        let run = run(world, &query)?;
        course.sent += run.sent;
        for part in &run.parts {
            let begun = part.report.server_time(query.unix);
            let answers =
                windows_of_report(&part.report, name, &|_| Some(ACCOUNT.to_owned()), begun);
            nothing_is_lost(&part.report, &answers)?;
            for answer in &answers {
                if left == 0 {
                    return Ok(());
                }
                left -= 1;
                let intake = store.apply_latest(answer).map_err(|error| error.to_string())?;
                course.taken_in += intake.new + intake.revised;
                course.revised += intake.revised;
                let truth = truth.entry(answer.subject.clone()).or_default();
                truth.take_in(&part.report, name, answer);
            }
        }
    }
    Ok(())
}

/// The query of one window.
fn query(
    schedule: &HistorySchedule,
    sync: &Sync,
    window: Window,
    subjects: &[Subject],
    later: i64,
) -> Schedule {
    let seed = u64::try_from(sync.server + window.first()).unwrap_or(0);
    let targets = subjects.iter().map(|subject| subject.target(AccountId(0)));
    Schedule {
        seed,
        action: schedule.action,
        targets: targets.collect(),
        window,
        options: QueryOptions {
            max_window_hours: 7,
            settle: schedule.settle,
            seed,
            ..QueryOptions::default()
        },
        unix: sync.server + sync.clock_ahead + later,
        clock_ahead: sync.clock_ahead,
        behaviors: schedule.behaviors.clone(),
        calls_per_second: None,
        faults: sync.faults.clone(),
        revision: (sync.percent != 100).then_some(Revision { from: 1, percent: sync.percent }),
        order: sync.order,
        latency: Duration::from_millis(900),
        echoes: false,
        streamed: sync.streamed,
        interrupt_after: sync.interrupt_after,
    }
}

/// Every point of a report is in an answer.
fn nothing_is_lost(report: &UsageReport, answers: &[WindowAnswer]) -> Result<(), String> {
    let reported: usize = report.series.iter().map(|series| series.points.len()).sum();
    let taken: usize =
        answers.iter().flat_map(|answer| &answer.lines).map(|(_, points)| points.len()).sum();
    if reported == taken { Ok(()) } else { Err(format!("{reported} points, {taken} in answers")) }
}

impl SubjectTruth {
    /// Takes over what a report says about the subject and window of an answer.
    fn take_in(&mut self, report: &UsageReport, action: &str, answer: &WindowAnswer) {
        self.answered.extend(answer.window.buckets().map(|start| (start, answer.fetched_at)));
        for series in &report.series {
            let Some(target) = report.targets.get(series.target.index()) else { continue };
            if !Subject::of(ACCOUNT, action, target).contains(&answer.subject) {
                continue;
            }
            let points = series.points.iter().filter(|(start, _)| answer.window.contains(*start));
            let points: Vec<(i64, i64)> =
                points.map(|(start, point)| (start, point.value)).collect();
            if !points.is_empty() {
                let line = Line { tags: series.tags.clone(), metric: series.metric.clone() };
                self.points.entry(line).or_default().extend(points);
            }
        }
    }

    /// The same as a store has it.
    fn of(store: &dyn Store, subject: &Subject, spans: &[Span], wanted: Window) -> Self {
        let mut kept = Self::default();
        for span in spans {
            let starts = wanted.buckets().filter(|start| (span.start..span.end).contains(start));
            kept.answered.extend(starts.map(|start| (start, span.fetched_at)));
        }
        let mut take = |line: &Line, points: &[StoredPoint]| {
            let values = points.iter().map(|point| (point.start, point.value));
            kept.points.entry(line.clone()).or_default().extend(values);
        };
        store.points(subject, wanted, &|_| true, &mut take).expect("it can be read");
        kept
    }

    /// The first difference in words.
    fn difference(&self, kept: &Self) -> String {
        let lines: BTreeSet<&Line> = self.points.keys().chain(kept.points.keys()).collect();
        for line in lines {
            let (said, stored) = (self.points.get(line), kept.points.get(line));
            if said != stored {
                return format!("{line:?}: the service last said {said:?}, kept is {stored:?}");
            }
        }
        format!("answered are {:?}, kept is {:?}", self.answered, kept.answered)
    }
}

/// All in which a store differs from the truth.
fn violations(schedule: &HistorySchedule, store: &dyn Store, truth: &LastReported) -> Vec<String> {
    let mut found = Vec::new();
    let subjects = store.subjects(ACCOUNT).expect("it can be read");
    let kept: BTreeSet<&Subject> = subjects.iter().map(|(subject, _)| subject).collect();
    if !kept.iter().copied().eq(truth.keys()) {
        found.push("the subjects are not those that were answered".to_owned());
    }
    for (subject, truth) in truth {
        let spans = store.spans(subject, schedule.wanted).expect("it can be read");
        let kept = SubjectTruth::of(store, subject, &spans, schedule.wanted);
        if kept != *truth {
            found.push(format!("{subject:?}: {}", truth.difference(&kept)));
        }
        found.extend(asked_in_vain(schedule, &spans));
    }
    found
}

/// Buckets that a later sync would ask for although they are known and final.
fn asked_in_vain(schedule: &HistorySchedule, spans: &[Span]) -> Vec<String> {
    let later = schedule.wanted.end() + 90 * 86_400;
    let settle = i64::try_from(schedule.settle.as_secs()).unwrap_or(0);
    let windows = plan(spans, schedule.wanted, schedule.rule(later));
    let is_asked = |start: i64| windows.iter().any(|window| window.contains(start));
    let is_final = |start: i64| {
        spans.iter().any(|span| {
            (span.start..span.end).contains(&start) && start + HOUR + settle <= span.fetched_at
        })
    };
    let wrong = schedule.wanted.buckets().filter(|start| is_asked(*start) == is_final(*start));
    wrong.map(|start| format!("{start}: asked for although final, or left although not")).collect()
}

/// All in which answers differ from the true usage, where nothing was disturbed.
fn against_world(world: &World, schedule: &HistorySchedule, store: &dyn Store) -> Vec<String> {
    let action: &dyn UsageAction = schedule.action.usage_action();
    let percents: BTreeSet<u64> = schedule.syncs.iter().map(|sync| sync.percent).collect();
    let mut found = Vec::new();
    for target in &schedule.targets {
        // Nothing told apart: the whole of the target, from whatever is kept.
        let coarse = Target { filters: Vec::new(), ..target.clone() };
        let question = Question {
            account_id: ACCOUNT,
            action: action.name(),
            metrics: action.metrics(),
            target: &coarse,
            window: schedule.wanted,
            settle: schedule.settle,
        };
        let Ok(answer) = answer(store, &question) else { return vec!["no answer".to_owned()] };
        let mut truths: BTreeMap<(i64, &str), BTreeSet<i64>> = BTreeMap::new();
        for percent in percents.iter().chain([&100]) {
            let mut sums: BTreeMap<(i64, &str), i64> = BTreeMap::new();
            let cells = world.cells(schedule.action, target, Interval::Hour, *percent).iter();
            for cell in cells.filter(|cell| cell.is_asked(&coarse)) {
                for start in schedule.wanted.buckets() {
                    let key = (start, cell.metric.as_str());
                    *sums.entry(key).or_default() += cell.bucket(start).sum::<i64>();
                }
            }
            for (key, sum) in sums {
                truths.entry(key).or_default().insert(sum);
            }
        }
        for ((start, metric), sum) in final_totals(&answer, schedule.settle) {
            let expected = truths.get(&(start, metric));
            if expected.is_none_or(|expected| !expected.contains(&sum)) {
                found
                    .push(format!("{coarse:?}: {metric} at {start} is {sum}, not of {expected:?}"));
            }
        }
    }
    found
}

/// The totals of an answer by bucket and metric, of buckets that have settled: the line that names no
/// endpoint, or the sum of those that do.
fn final_totals(answer: &Answer, settle: Duration) -> BTreeMap<(i64, &str), i64> {
    let settle = i64::try_from(settle.as_secs()).unwrap_or(0);
    let (mut wholes, mut totals) = (BTreeMap::new(), BTreeMap::new());
    for one in &answer.lines {
        let is_whole = one.line.tags.get(Tags::ENDPOINT_ID).is_none();
        for point in &one.points {
            if point.start + HOUR + settle <= point.fetched_at {
                let sums = if is_whole { &mut wholes } else { &mut totals };
                *sums.entry((point.start, one.line.metric.as_str())).or_default() += point.value;
            }
        }
    }
    totals.extend(wholes);
    totals
}
