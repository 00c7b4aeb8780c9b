//! No wrong number without a mark.
//!
//! - A row, bucket or total that is `final`, and in no gap of the coverage, is the truth, to the last
//!   token, as last told.
//! - One that is not may be less than the truth, never more: nothing is counted twice.
//! - What did not come stands in the coverage.
//!
//! Three things no client can know, so that a mark is all there is to ask for: which of two
//! contradicting values of one answer is right, whether lines with more tags are parts of those with
//! fewer or stand beside them when they do not add up (a warning each), and whether a target of which
//! nothing came has usage at all (a gap without a metric).

use std::collections::BTreeMap;

use ark_usage_model::{
    BucketTotal, Gap, GapReason, Metric, Row, State, Tags, Target, TargetId, UsageReport,
    UsageSeries,
};

use crate::action::{ActionKind, is_peak, repeated_metric};
use crate::run::{Part, Run, Told};
use crate::schedule::Schedule;
use crate::world::{Cell, PERCENTS, World};

/// All that is wrong with a run, one sentence each.
pub fn violations(world: &World, schedule: &Schedule, run: &Run) -> Vec<String> {
    let truth = Truth::new(world, schedule, run);
    let mut found = Vec::new();
    if !covers(schedule, run) {
        found.push("the parts of the report are not the whole window".to_owned());
    }
    for part in &run.parts {
        rows(&truth, part, &mut found);
        wholes(&truth, part, &mut found);
        totals(&truth, part, &mut found);
        coverage(&part.report, &mut found);
    }
    found
}

/// True when each bucket is in one part of the report, in order.
fn covers(schedule: &Schedule, run: &Run) -> bool {
    let parts = run.parts.iter().flat_map(|part| part.report.window.buckets());
    parts.eq(schedule.window.buckets())
}

fn rows(truth: &Truth<'_>, part: &Part, found: &mut Vec<String>) {
    let report = &part.report;
    let rows = report.rows(part.unix);
    if rows.len() != report.window.len() * report.series.len() {
        found.push("there is not one row for each bucket of each series".to_owned());
        return;
    }
    let truths: Vec<_> = report.series.iter().map(|series| truth.of(series)).collect();
    // Rows are in order of time, then of series.
    let lines = report.series.iter().zip(&truths).cycle();
    for (row, (series, cells)) in rows.iter().zip(lines) {
        if row.target != series.target || row.metric != series.metric || !is_of(row, series) {
            found.push(format!("a row of {:?} stands in the place of {:?}", row, series.tags));
        }
        judge_row(truth, report, series, row, cells, found);
    }
}

fn judge_row(
    truth: &Truth<'_>,
    report: &UsageReport,
    series: &UsageSeries,
    row: &Row,
    meanings: &[Vec<&CellTruth<'_>>],
    found: &mut Vec<String>,
) {
    let name = || format!("row of {} {:?} at {}", row.metric, series.tags, row.start);
    let value = row.value.map(i128::from);
    let listed = is_listed(report, row.target, &row.metric, row.start);
    let claimed = row.state == State::Final && !listed;
    let mut wrong = Vec::new();
    let right = meanings.iter().any(|cells| {
        let before = wrong.len();
        truth.judge(row.start, cells, claimed, value, name, &mut wrong);
        wrong.len() == before
    });
    if !right {
        found.append(&mut wrong);
    }
    if row.state == State::Missing && !listed {
        found.push(format!("{} is missing and not listed", name()));
    }
}

/// By what a row shows of a series' tags.
fn is_of(row: &Row, series: &UsageSeries) -> bool {
    let same = |key, shown: &Option<String>| {
        series.tags.get(key).is_none_or(|value| shown.as_deref() == Some(value))
    };
    let others = series.tags.iter().filter(|(key, _)| !shown_by_name(key)).count();
    same(Tags::ENDPOINT_ID, &row.endpoint_id)
        && same(Tags::ACCOUNT_ID, &row.account_id)
        && same(Tags::BATCH_JOB_ID, &row.batch_job_id)
        && same(Tags::SCENE, &row.scene)
        && same(Tags::MODEL_NAME, &row.model)
        && same(Tags::API_KEY_ID, &row.api_key_id)
        && same(Tags::BILLING_STATUS, &row.billing_status)
        && same(Tags::PROJECT, &row.project)
        && row.other.len() == others
}

/// True for tags that have a field of their own in a row.
fn shown_by_name(key: &str) -> bool {
    [
        Tags::ENDPOINT_ID,
        Tags::ACCOUNT_ID,
        Tags::BATCH_JOB_ID,
        Tags::SCENE,
        Tags::MODEL_NAME,
        Tags::API_KEY_ID,
        Tags::BILLING_STATUS,
        Tags::PROJECT,
    ]
    .contains(&key)
}

fn wholes(truth: &Truth<'_>, part: &Part, found: &mut Vec<String>) {
    let report = &part.report;
    for (target, metric) in lines(report) {
        let is_known = truth.is_known(&metric);
        let cells = truth.whole_of(target, &metric);
        let may_be_added =
            report.metrics.is_additive(&metric) || is_one_line(report, target, &metric);
        for BucketTotal { start, value, state, .. } in
            report.bucket_totals(target, &metric, part.unix)
        {
            let name = || format!("whole of {metric} of target {} at {start}", target.0);
            if !may_be_added && value.is_some() {
                found.push(format!("{} was added up", name()));
            }
            let listed = is_listed(report, target, &metric, start);
            let claimed =
                is_known && may_be_added && state == State::Final && !listed && !truth.unclear;
            truth.judge(start, &cells, claimed, value, name, found);
            if state == State::Missing && !listed {
                found.push(format!("{} is missing and not listed", name()));
            }
        }
    }
}

fn totals(truth: &Truth<'_>, part: &Part, found: &mut Vec<String>) {
    let report = &part.report;
    for total in report.totals(part.unix) {
        let targets = (0..).map(TargetId).take(report.targets.len());
        // Nothing at all came of the others, which the coverage says.
        let told = targets.filter(|target| {
            report.series.iter().any(|one| one.target == *target) || has_failed(report, *target)
        });
        let is_known = truth.is_known(&total.metric);
        let (mut told_sum, mut most_sum) = (Some(0), 0);
        for target in told {
            let cells = truth.whole_of(target, &total.metric);
            for start in report.window.buckets() {
                let value = last_told(start, &cells);
                told_sum = told_sum.zip(value).map(|(sum, value)| sum + value);
                most_sum += most(start, &cells);
            }
        }
        let name = format!("total of {}", total.metric);
        let additive = report.metrics.is_additive(&total.metric);
        if !additive && total.buckets.wanted > 1 && total.value.is_some() {
            found.push(format!("{name} was added up"));
        }
        let value = total.value.unwrap_or(0);
        let is_listed = |gap: &Gap| match &gap.metric {
            Some(metric) => *metric == total.metric,
            None => report.series.iter().any(|one| one.target == gap.target),
        };
        let listed = report.coverage.missing.iter().any(is_listed);
        let claimed =
            is_known && additive && total.state == State::Final && !listed && !truth.unclear;
        if claimed && !truth.contradictory && Some(value) != told_sum {
            found.push(format!("{name} is final and {value}, not {told_sum:?}"));
        }
        if value > most_sum {
            found.push(format!("{name} is {value}, more than there is: {most_sum}"));
        }
        if total.buckets.received > total.buckets.wanted
            || total.buckets.settling > total.buckets.received
            || (total.state != State::Missing) != (total.buckets.received == total.buckets.wanted)
        {
            found.push(format!("{name}: {:?} does not fit {:?}", total.buckets, total.state));
        }
    }
}

fn coverage(report: &UsageReport, found: &mut Vec<String>) {
    let coverage = &report.coverage;
    let failed = coverage.missing.iter().any(|gap| matches!(gap.reason, GapReason::CallFailed(_)));
    if coverage.failed != failed {
        found.push(format!("coverage.failed is {}, its gaps say {failed}", coverage.failed));
    }
    if coverage.complete != coverage.missing.is_empty() {
        found.push(format!("coverage.complete is {}, against its gaps", coverage.complete));
    }
    for (target, _) in report.targets.iter().zip(0..) {
        let id = TargetId(target_index(report, target));
        if report.series.iter().any(|series| series.target == id) {
            continue;
        }
        for start in report.window.buckets() {
            if !coverage.missing.iter().any(|gap| gap.target == id && gap.covers(start)) {
                found.push(format!("nothing of target {} came, and {start} is not listed", id.0));
            }
        }
    }
}

fn target_index(report: &UsageReport, target: &Target) -> u32 {
    let index = report.targets.iter().position(|other| other == target).unwrap_or(0);
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Targets and metrics that have a line.
fn lines(report: &UsageReport) -> Vec<(TargetId, Metric)> {
    let mut lines: Vec<_> =
        report.series.iter().map(|series| (series.target, series.metric.clone())).collect();
    lines.dedup();
    lines
}

/// True when a target has a single line of a metric.
fn is_one_line(report: &UsageReport, target: TargetId, metric: &Metric) -> bool {
    let lines = report.series.iter();
    lines.filter(|series| series.target == target && series.metric == *metric).count() == 1
}

fn has_failed(report: &UsageReport, target: TargetId) -> bool {
    let failed = |reason: &GapReason| matches!(reason, GapReason::CallFailed(_));
    report.coverage.missing.iter().any(|gap| gap.target == target && failed(&gap.reason))
}

fn is_listed(report: &UsageReport, target: TargetId, metric: &Metric, start: i64) -> bool {
    report.coverage.missing.iter().any(|gap| {
        gap.target == target
            && gap.metric.as_ref().is_none_or(|other| other == metric)
            && gap.covers(start)
    })
}

/// The truth about each target, and the values last told.
struct Truth<'a> {
    schedule: &'a Schedule,
    /// By target.
    cells: Vec<Vec<CellTruth<'a>>>,
    /// An answer contradicted itself, which was said.
    contradictory: bool,
    /// Which lines are the whole could not be told, which was said.
    unclear: bool,
}

/// One cell of the world, under each percent.
struct CellTruth<'a> {
    by_percent: [&'a Cell; PERCENTS.len()],
    /// The percent last told, by bucket.
    told: BTreeMap<i64, u64>,
}

impl<'a> Truth<'a> {
    fn new(world: &'a World, schedule: &'a Schedule, run: &Run) -> Self {
        let cells = schedule.targets.iter().zip((0..).map(TargetId)).map(|(target, id)| {
            let told: Vec<&Told> = run.told.iter().filter(|told| told.target == id).collect();
            cells_of(world, schedule, target, &told)
        });
        let warnings = run.parts.iter().flat_map(|part| &part.report.warnings);
        let said = |code| warnings.clone().any(|warning| warning.code == code);
        Self {
            schedule,
            cells: cells.collect(),
            contradictory: said("contradiction"),
            unclear: said("unclear_tags"),
        }
    }

    /// The cells a line may be the sum of. Where lines are split by batch job, one without such a tag is
    /// either the whole or what belongs to no job; the line itself does not say which.
    fn of(&self, series: &UsageSeries) -> Vec<Vec<&CellTruth<'a>>> {
        let is = |key, value: &str| series.tags.get(key).is_none_or(|wanted| value == wanted);
        let job = series.tags.get(Tags::BATCH_JOB_ID);
        // Its cells have all tags.
        let is_inference = self.schedule.action == ActionKind::InferenceUsage;
        let mut whole = self.whole_of(series.target, &series.metric);
        whole.retain(|cell| {
            let cell = cell.by_percent[0];
            is(Tags::ENDPOINT_ID, &cell.endpoint_id)
                && (is(Tags::SCENE, &cell.scene) || is_inference)
                && (job.is_none() || cell.batch_job_id.as_deref() == job || is_inference)
                && cell.tags.iter().all(|(key, value)| is(key, value))
        });
        let by_job = self.schedule.action == ActionKind::GetUsage
            && self.schedule.behaviors.tag_keys.batch_job_id;
        if job.is_some() || !by_job {
            return vec![whole];
        }
        let mut rest = whole.clone();
        rest.retain(|cell| cell.by_percent[0].batch_job_id.is_none());
        vec![whole, rest]
    }

    fn whole_of(&self, target: TargetId, metric: &Metric) -> Vec<&CellTruth<'a>> {
        let cells = self.cells.get(target.index()).into_iter().flatten();
        let metric = repeated_metric(self.schedule.action, metric.as_str());
        cells.filter(|cell| cell.by_percent[0].metric == metric).collect()
    }

    /// True for a metric of the action, false for one nobody has documented.
    fn is_known(&self, metric: &Metric) -> bool {
        repeated_metric(self.schedule.action, metric.as_str()) == metric.as_str()
    }

    fn judge(
        &self,
        start: i64,
        cells: &[&CellTruth<'_>],
        claimed: bool,
        value: Option<i128>,
        name: impl Fn() -> String,
        found: &mut Vec<String>,
    ) {
        let told = last_told(start, cells);
        if claimed && !self.contradictory && value != told {
            found.push(format!("{} is final and {value:?}, not {told:?}", name()));
        }
        let most = most(start, cells);
        if value.is_some_and(|value| value > most) {
            found.push(format!("{} is {value:?}, more than there is: {most}", name()));
        }
    }
}

/// The value as last told; nothing when some of it never was.
fn last_told(start: i64, cells: &[&CellTruth<'_>]) -> Option<i128> {
    let told = |cell: &&CellTruth<'_>| {
        let percent = cell.told.get(&start)?;
        let index = PERCENTS.iter().position(|known| known == percent)?;
        Some(cell.by_percent.get(index)?.bucket(start).collect::<Vec<i64>>())
    };
    let hours: Option<Vec<Vec<i64>>> = cells.iter().map(told).collect();
    Some(value_of(cells, &hours?))
}

/// The most it can be.
fn most(start: i64, cells: &[&CellTruth<'_>]) -> i128 {
    let most = |cell: &&CellTruth<'_>| {
        let [one, two, three] = cell.by_percent.map(|cell| cell.bucket(start));
        one.zip(two).zip(three).map(|((one, two), three)| one.max(two).max(three)).collect()
    };
    let hours: Vec<Vec<i64>> = cells.iter().map(most).collect();
    value_of(cells, &hours)
}

/// The value of a bucket, from the hours of each of its cells.
fn value_of(cells: &[&CellTruth<'_>], hours: &[Vec<i64>]) -> i128 {
    let is_peak = cells.first().is_some_and(|cell| is_peak(&cell.by_percent[0].metric));
    if !is_peak {
        return hours.iter().flatten().map(|value| i128::from(*value)).sum();
    }
    let longest = hours.iter().map(Vec::len).max().unwrap_or(0);
    let of_hour = |hour: usize| -> i128 {
        hours.iter().filter_map(|cell| cell.get(hour)).map(|value| i128::from(*value)).sum()
    };
    (0..longest).map(of_hour).max().unwrap_or(0)
}

fn cells_of<'a>(
    world: &'a World,
    schedule: &Schedule,
    target: &Target,
    told: &[&Told],
) -> Vec<CellTruth<'a>> {
    let interval = schedule.window.interval();
    let [first, second, third] =
        PERCENTS.map(|percent| world.cells(schedule.action, target, interval, percent));
    let cells = first.iter().zip(second).zip(third);
    cells
        .filter(|((cell, _), _)| cell.is_asked(target))
        .map(|((first, second), third)| {
            let place = target.endpoint_ids.iter().position(|id| *id == first.endpoint_id);
            let about =
                told.iter().filter(|told| place.is_none_or(|place| told.ids.contains(&place)));
            let buckets =
                about.flat_map(|told| told.window.buckets().map(|start| (start, told.percent)));
            CellTruth { by_percent: [first, second, third], told: buckets.collect() }
        })
        .collect()
}
