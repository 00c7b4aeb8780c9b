//! Scripted faults for a schedule.

use ark_usage_emulator::FaultScript;
use ark_usage_emulator::faults::{BehaviorList, Effect, Fault, ResetAt, StatusBody, When};
use ark_usage_model::Window;

use crate::random::Random;
use crate::world::PROJECTS;

/// Up to four faults for calls about `window`. No data are later than `settle_hours`.
pub(crate) fn script(random: &mut Random, window: Window, settle_hours: u32) -> FaultScript {
    let count = random.one_of(0, &[0, 1, 1, 2, 3, 4]);
    let fault = |random: &mut Random| Fault {
        name: None,
        when: when(random, window),
        effect: effect(random, settle_hours),
    };
    FaultScript { faults: (0..count).map(|_| fault(random)).collect() }
}

fn when(random: &mut Random, window: Window) -> When {
    let mut when = When::default();
    match random.below(8) {
        0 => {
            let buckets = u32::try_from(window.len()).unwrap_or(1);
            let bucket = i64::from(random.below(buckets));
            when.window_contains = Some(window.first() + bucket * window.interval().seconds());
        }
        1 => when.min_buckets = Some(i64::from(random.between(2, 5))),
        2 => when.min_ids = Some(2),
        3 => when.project = Some(random.one_of(PROJECTS[0], &[PROJECTS[1]]).to_owned()),
        _ => {}
    }
    match random.below(8) {
        0..=3 => when.first = Some(random.between(1, 3)),
        4..=5 => when.nth = Some(random.between(1, 8)),
        6 => when.from = Some(random.between(2, 8)),
        _ => {}
    }
    when
}

fn effect(random: &mut Random, settle_hours: u32) -> Effect {
    match random.below(20) {
        0 | 1 => Effect::Throttle {
            retry_after: random.once_in(2).then(|| u64::from(random.below(4))),
            http_200: random.once_in(2),
        },
        2..=5 => error(random),
        6 | 7 => Effect::Status {
            status: random.one_of(500, &[502, 503, 504, 504, 400, 413]),
            body: random.one_of(StatusBody::Html, &[StatusBody::Envelope, StatusBody::Empty]),
            retry_after: random.once_in(4).then_some(1),
        },
        8 => Effect::HtmlPage { status: random.one_of(200, &[404, 502]) },
        9 => Effect::TruncatedJson {},
        10 => Effect::ResultNull {},
        11 => Effect::ClockOff { minutes: random.one_of(20, &[-20, 2_000]) },
        12 => elsewhere(random),
        13 | 14 => Effect::Behavior { set: behavior(random) },
        15 => Effect::Undocumented {
            fields: true,
            metrics: random.once_in(2),
            tags: random.once_in(2),
        },
        16 => Effect::LateData {
            hours: i64::from(random.between(1, settle_hours)),
            percent: random.one_of(0, &[50]),
        },
        17 => Effect::Reset {
            at: random.one_of(ResetAt::BeforeBody, &[ResetAt::InBody, ResetAt::AfterBody]),
        },
        18 => Effect::ContentLength { off_by: random.one_of(5, &[-5]) },
        _ => slow_or_large(random),
    }
}

fn elsewhere(random: &mut Random) -> Effect {
    match random.below(3) {
        0 => Effect::RevokeKey {},
        1 => {
            let location = "https://elsewhere.example.com/".to_owned();
            Effect::Redirect { location, status: 302 }
        }
        _ => Effect::GzipBomb { bytes: 10 },
    }
}

fn slow_or_large(random: &mut Random) -> Effect {
    match random.below(4) {
        0 => Effect::Stall { after: None },
        1 => Effect::SlowDrip { bytes: 1, millis: 100 },
        2 => Effect::HugeBody { bytes: 1_000 },
        _ => Effect::Delay { millis: 2_000 },
    }
}

fn error(random: &mut Random) -> Effect {
    let (status, code) = random.one_of(
        (500, "InternalError"),
        &[
            (503, "ServiceUnavailableTemp"),
            (403, "AccessDenied"),
            (403, "LackProjectPolicy"),
            (400, "InvalidParameter.EndTime"),
            (400, "InvalidParameter.EndDate"),
            (400, "InvalidParameter.EndpointIds"),
            (400, "InvalidParameter.Scenes"),
            (400, "InvalidParameter"),
            (404, "NotFound.EndpointIds"),
            (404, "NotFound.ProjectName"),
            (401, "ExpiredToken"),
            (401, "SignatureDoesNotMatch"),
            (504, "InternalServiceTimeout"),
            (418, "Teapot"),
        ],
    );
    Effect::Error {
        status: if random.once_in(3) { 200 } else { status },
        code: code.to_owned(),
        code_n: None,
        message: "A scripted fault.".to_owned(),
        retry_after: None,
    }
}

/// A behavior that the server takes up midway. Labels of hours stay: no answer can reveal them.
fn behavior(random: &mut Random) -> BehaviorList {
    let text = random.one_of(
        "values=string",
        &[
            "values=float",
            "order=unsorted",
            "duplicates=repeated",
            "duplicates=split",
            "zero-buckets=left-out",
            "tags=never",
            "tags=always",
            "tags=both",
            "tags=when-filtered",
            "end-time=exclusive",
            "end-time=inclusive",
            "errors=http-200",
        ],
    );
    BehaviorList::try_from(text.to_owned()).expect("a known switch")
}
