//! One run, described: everything in it follows from a seed.

use std::time::Duration;

use ark_usage_emulator::{
    Behaviors, Duplicates, EndTime, ErrorStatus, FaultScript, HourLabels, SampleOrder, TagKeys,
    TagRule, Unaligned, ValueForm, ZeroBuckets,
};
use ark_usage_model::{
    AccountId, DimensionFilter, HourLabels as Labels, Interval, QueryOptions, Scene, Tags, Target,
    Window,
};
use volc_openapi::RetryPolicy;

use crate::action::ActionKind;
use crate::random::Random;
use crate::world::{DAYS, HOURS, ORIGIN, PERCENTS, PROJECTS, World};

/// One run, described.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Decides what is left to chance while it runs.
    pub seed: u64,
    /// The action.
    pub action: ActionKind,
    /// The targets.
    pub targets: Vec<Target>,
    /// The condition.
    pub window: Window,
    /// The options of the query.
    pub options: QueryOptions,
    /// This machine's clock when the query begins, unix seconds.
    pub unix: i64,
    /// By how many seconds this machine's clock is ahead of the server's.
    pub clock_ahead: i64,
    /// The server's answers to open questions.
    pub behaviors: Behaviors,
    /// Calls per second and account.
    pub calls_per_second: Option<u32>,
    /// The faults.
    pub faults: FaultScript,
    /// The time at which values change for good.
    pub revision: Option<Revision>,
    /// The choice of the answer taken first.
    pub order: Order,
    /// The longest an answer takes.
    pub latency: Duration,
    /// Each answer is fed twice, and so are those nobody waits for any more.
    pub echoes: bool,
    /// Parts of the report are taken as they are finished.
    pub streamed: bool,
    /// The query is ended after so many answers.
    pub interrupt_after: Option<u32>,
}

/// From some call on the values are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The call, counted from 1.
    pub from: u32,
    /// Of the true value, one of the world's percents.
    pub percent: u64,
}

/// The choice of the answer taken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "oldest, newest, or neither")]
pub enum Order {
    /// That of the exchange that has been out longest.
    Oldest,
    /// That of the one sent last.
    Newest,
    /// Any.
    Random,
}

impl Schedule {
    /// The schedule of a seed.
    pub fn of_seed(world: &World, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let interval = random.one_of(Interval::Day, &[Interval::Hour]);
        let window = window(&mut random, interval);
        let targets = targets(&mut random, world);
        let behaviors = behaviors(&mut random, interval);
        // At least an hour: that is how wrong a clock may be before anybody notices.
        let settle_hours = random.between(1, 4);
        let mut options = options(&mut random, settle_hours);
        if behaviors.hour_labels == HourLabels::End {
            options.hour_labels = Labels::End;
        }
        let faults = crate::faults::script(&mut random, window, settle_hours);
        let mut schedule = Self {
            seed: random.number(),
            action: ActionKind::GetUsage,
            unix: begin(&mut random, window),
            clock_ahead: random.one_of(0, &[0, 0, 0, 0, 40, -40, 1_300, -1_300, 90_000, -90_000]),
            calls_per_second: random.once_in(6).then(|| random.between(1, 3)),
            revision: random.once_in(4).then(|| Revision {
                from: random.between(2, 8),
                percent: random.one_of(PERCENTS[1], &[PERCENTS[2]]),
            }),
            order: random.one_of(Order::Oldest, &[Order::Newest, Order::Random, Order::Random]),
            latency: Duration::from_millis(random.one_of(50, &[1, 900, 5_000])),
            echoes: random.once_in(4),
            streamed: random.once_in(3),
            interrupt_after: random.once_in(6).then(|| random.below(12)),
            targets,
            window,
            options,
            behaviors,
            faults,
        };
        if random.once_in(3) {
            if random.once_in(3) {
                crate::inference::turn(&mut schedule, world, &mut random);
            } else {
                schedule.ask_for_a_table(&mut random);
            }
        }
        schedule
    }

    /// Turns to the action that answers in a table, with groupings of its own.
    fn ask_for_a_table(&mut self, random: &mut Random) {
        self.action = ActionKind::UsageTable;
        for target in &mut self.targets {
            target.batch_job_id = None;
            for key in [Tags::ENDPOINT_ID, Tags::SCENE] {
                if random.once_in(2) {
                    let group = DimensionFilter { key: key.to_owned(), values: Vec::new() };
                    target.filters.push(group);
                }
            }
        }
    }
}

fn window(random: &mut Random, interval: Interval) -> Window {
    let (all, most) = if interval == Interval::Day { (DAYS, 9) } else { (HOURS, 12) };
    let length = random.between(1, most);
    // The world goes on for a bucket more on both sides.
    let first = random.between(1, all - length - 1);
    let start = ORIGIN + interval.seconds() * i64::from(first);
    let last = start + interval.seconds() * i64::from(length - 1);
    Window::new(interval, start, last).expect("aligned")
}

/// Mostly long after the window; sometimes while it runs, or before it begins.
fn begin(random: &mut Random, window: Window) -> i64 {
    let span = u32::try_from(window.end() - window.first()).unwrap_or(u32::MAX);
    match random.below(4) {
        0 => window.first() - 3_600 + i64::from(random.below(span + 10_800)),
        1 => window.end() + i64::from(random.below(6 * 3_600)),
        _ => window.end() + 5 * 86_400,
    }
}

/// Up to three that do not overlap.
fn targets(random: &mut Random, world: &World) -> Vec<Target> {
    let count = random.one_of(1, &[1, 1, 2, 3]);
    let mut places: Vec<(u32, &str)> =
        (0..2).flat_map(|account| PROJECTS.map(|project| (account, project))).collect();
    let mut targets = Vec::new();
    for _ in 0..count {
        let chosen = random.below(u32::try_from(places.len()).unwrap_or(1));
        let (account, project) = places.remove(usize::try_from(chosen).unwrap_or(0));
        targets.push(target(random, world, account, project));
    }
    targets
}

fn target(random: &mut Random, world: &World, account: u32, project: &str) -> Target {
    let mut target = Target {
        // Saying nothing means the default project.
        project: (project != "default" || random.once_in(2)).then(|| project.to_owned()),
        ..Target::new(AccountId(account))
    };
    if random.once_in(2) {
        let mut ids = world.endpoint_ids(account, target.project.as_deref());
        while ids.len() > 1 && random.once_in(4) {
            ids.remove(usize::try_from(random.below(2)).unwrap_or(0));
        }
        target.endpoint_ids = ids;
    }
    if random.once_in(8) {
        target.scenes = vec![random.one_of("Ordinary", &["Batch", "BatchChat"])]
            .into_iter()
            .map(Scene::from)
            .collect();
    } else if random.once_in(12) {
        target.batch_job_id = world.batch_jobs(&target).into_iter().next();
    }
    target
}

fn options(random: &mut Random, settle_hours: u32) -> QueryOptions {
    QueryOptions {
        max_window_days: random.between(1, 6),
        max_window_hours: random.between(1, 8),
        max_ids: random.between(1, 3),
        concurrency: random.between(1, 5),
        max_in_flight: random.one_of(64, &[1, 2]),
        rate: random.once_in(5).then(|| f64::from(random.between(1, 20))),
        retry: RetryPolicy { max_retries: random.between(0, 3), ..RetryPolicy::default() },
        deadline: random
            .once_in(10)
            .then(|| Duration::from_millis(u64::from(random.below(20_000)))),
        settle: Duration::from_hours(u64::from(settle_hours)),
        seed: random.number(),
        ..QueryOptions::default()
    }
}

fn behaviors(random: &mut Random, interval: Interval) -> Behaviors {
    Behaviors {
        hour_labels: random.one_of(HourLabels::Start, &[HourLabels::End]),
        end_time: random.one_of(EndTime::Inclusive, &[EndTime::Exclusive]),
        zero_buckets: random.one_of(ZeroBuckets::Kept, &[ZeroBuckets::LeftOut]),
        values: random.one_of(ValueForm::Integer, &[ValueForm::String, ValueForm::Float]),
        errors: random.one_of(ErrorStatus::Own, &[ErrorStatus::Ok]),
        order: random.one_of(SampleOrder::Ascending, &[SampleOrder::Unsorted]),
        duplicates: random.one_of(
            Duplicates::None,
            &[Duplicates::None, Duplicates::None, Duplicates::Repeated, Duplicates::Split],
        ),
        tags: random
            .one_of(TagRule::WhenFiltered, &[TagRule::Never, TagRule::Always, TagRule::Both]),
        tag_keys: tag_keys(random),
        unaligned: random.one_of(Unaligned::Refused, &[Unaligned::Floored]),
        max_range: random.once_in(4).then(|| interval.seconds() * i64::from(random.between(1, 6))),
        max_ids: random.once_in(4).then(|| usize::try_from(random.between(1, 2)).unwrap_or(1)),
        // No list is read here.
        ..Behaviors::default()
    }
}

fn tag_keys(random: &mut Random) -> TagKeys {
    let mut keys = TagKeys::default();
    if random.once_in(3) {
        keys = TagKeys {
            endpoint_id: random.once_in(2),
            account_id: random.once_in(2),
            scene: random.once_in(2),
            batch_job_id: random.once_in(2),
        };
    }
    keys
}
