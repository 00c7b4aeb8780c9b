//! The view: fetched usage, grouped, sorted, compared and labelled.
//!
//! A [`ViewSpec`] describes a [`View`], which every format takes. With default options a row is one bucket
//! of all usage.
//!
//! Nothing counts twice: whatever rows are summed by, they add up to the totals, because a whole
//! beside its parts is the whole, and what the parts do not explain has a row of its own.

pub mod action_fit;
mod batches;
mod compare;
mod costs;
mod csv_records;
mod dimension;
mod fields;
mod group;
mod labels;
mod latest;
mod metric_columns;
mod metric_names;
mod metrics;
mod notes;
mod only_value;
mod order;
mod row;
mod row_fields;
mod shares;
mod spec;
mod times;
mod unmatched;
mod unmatched_prices;
mod wide_fields;
mod words;

use std::convert::Infallible;

use ark_usage_model::{Interval, Metric, MetricTable, Total, UsageReport, Window};

use self::group::{Group, Grouping, Keys};
use self::row::RowNames;
use self::times::Times;
use crate::lang::Text;
use crate::range::Range;
use crate::result_meta::ResultMeta;
use crate::usage_data::UsageData;

pub use self::compare::{Comparison, Driver};
pub use self::costs::CostSummary;
pub use self::dimension::Dimension;
pub use self::fields::Fields;
pub use self::labels::Labels;
pub use self::latest::{LatestUsage, LatestWindow};
pub use self::metric_columns::MetricColumns;
pub use self::metric_names::UnknownMetric;
pub use self::metrics::{MetricChoice, TOTAL_TOKENS, cost_is_in_total};
pub use self::notes::unlabelled;
pub use self::order::Sort;
pub use self::row::{Previous, TotalRow, ViewRow};
pub use self::row_fields::{
    CURRENCY, FieldKind, FieldValue, ROW_FIELDS, RowField, columns, percent,
};
pub use self::spec::{ViewOptions, ViewSpec};
pub use self::times::TimeSpan;
pub use self::unmatched::unmatched_labels;
pub use self::unmatched_prices::unmatched_prices;
pub use self::wide_fields::{COMPARED, VALUE_FIELDS};
pub use self::words::{interval_name, metric_order, state_name};

/// A view of usage: rows, totals, costs and notes.
#[derive(Clone, Debug)]
pub struct View {
    /// The dimensions its rows are summed by; empty when a row is one bucket, and when all is one.
    pub by: Vec<Dimension>,
    /// All usage of a metric is one row.
    pub totals_only: bool,
    /// The metrics that were chosen to be shown; empty for all.
    pub chosen: Vec<Metric>,
    /// The metric that rows are ranked by, where one is named.
    pub ranked_by: Option<Metric>,
    /// The rows, sorted.
    pub rows: Vec<ViewRow>,
    /// The totals of all usage, one for each metric; they do not depend on `by`.
    pub totals: Vec<TotalRow>,
    /// The total cost, when prices were given.
    pub costs: Option<CostSummary>,
    /// The comparison with the previous range, where one was requested.
    pub comparison: Option<Comparison>,
    /// Notes for people, beside the warnings.
    pub notes: Vec<Text>,
}

impl View {
    /// Builds the view of fetched usage. `now_unix` is the time it was complete: later buckets still settle.
    pub fn new(spec: &ViewSpec, asked: &UsageData, now_unix: i64) -> Self {
        let mut rows = Vec::new();
        let Ok(view) = Self::pass_rows(spec, asked, now_unix, |some| {
            rows.extend(some);
            Ok::<(), Infallible>(())
        });
        Self { rows, ..view }
    }

    /// Builds the view of fetched usage without keeping its rows: `take` gets them batch by batch, in order. Rows
    /// that are sorted, compared or cut to the largest ones are one batch.
    pub fn pass_rows<E>(
        spec: &ViewSpec,
        asked: &UsageData,
        now_unix: i64,
        mut take: impl FnMut(Vec<ViewRow>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let facts = asked.meta();
        let mut view = Self {
            by: spec.by.clone(),
            totals_only: spec.totals_only,
            chosen: spec.metrics.as_ref().map_or_else(Vec::new, |it| it.metrics().to_vec()),
            ranked_by: spec.ranking_metric(asked.report.metrics),
            rows: Vec::new(),
            totals: asked.report.totals(now_unix).into_iter().map(total).collect(),
            costs: None,
            comparison: None,
            notes: notes::unlabelled_of(spec, asked).into_iter().collect(),
        };
        view.costs = costs::add(&mut view.totals, asked, spec.labels.as_ref(), now_unix);
        view.notes.extend(view.costs.as_ref().and_then(notes::unpriced));
        view.notes.extend(notes::unknown_tags(&spec.by, asked));
        if spec.lines && spec.leaves_rows(&asked.range) {
            view.pass_lines(spec, asked, now_unix, &mut take)?;
            return Ok(view);
        }
        let labels = spec.labels.as_ref();
        let names =
            if spec.has_buckets() { RowNames::shared(&facts, labels) } else { RowNames::default() };
        let grouping = Grouping { facts, labels, keys: spec.keys(), names: &names, now_unix };
        let has_nameless = if spec.orders_rows() || asked.previous.is_some() {
            let rows = view.sum(spec, asked, &grouping);
            let has_nameless = rows.iter().any(ViewRow::is_of_no_account);
            take(rows)?;
            has_nameless
        } else {
            view.pass_groups(spec, asked, &grouping, &mut take)?
        };
        view.notes.extend(notes::accounts(spec.totals_only || has_nameless, asked));
        Ok(view)
    }

    /// Returns all rows in their order.
    fn sum(&mut self, spec: &ViewSpec, asked: &UsageData, grouping: &Grouping<'_>) -> Vec<ViewRow> {
        let range = &asked.range;
        let units = spec.units(range);
        let times = Times::new(range, asked.report.window, units);
        let declared = asked.report.metrics;
        let mut groups = grouping.groups(&asked.report, &times, asked.report.window);
        let add_total = |groups: &mut [Group]| {
            for group in groups.iter_mut().filter(|_| spec.has_total()) {
                group.add_total(declared);
            }
        };
        add_total(&mut groups);
        if let Some(report) = &asked.previous {
            let then = Times::new(range, report.window, units);
            let mut before = grouping.groups(report, &then, report.window);
            add_total(&mut before);
            let failed = |report: &UsageReport| {
                let mut gaps = report.coverage.missing.iter();
                gaps.any(|gap| gap.reason.hides_usage())
            };
            let now = (groups.as_slice(), failed(&asked.report));
            let drivers = compare::drivers(now, (&before, failed(report)));
            compare::compare(&mut groups, before, &times, &then);
            for group in &mut groups {
                group.mark_total(declared);
            }
            let (alone, before) = (times.alone(&then), then.alone(&times));
            self.notes.extend(notes::unlike(range, report.window, &alone, &before));
            self.notes.extend(notes::clock_changed(range, &times, report.window));
            compare::total(&mut self.totals, report, grouping.now_unix);
            let span = TimeSpan { start: report.window.first(), end: report.window.end() };
            self.comparison = Some(Comparison { span, drivers });
        }
        self.notes.extend(notes::cut(&self.by, range, &times.spans));
        let groups = self.order(spec, groups, declared);
        let summed = spec.sums_buckets(asked);
        let rows = groups.into_iter().flat_map(|group| group.rows(summed, declared)).collect();
        self.show(spec, declared);
        let mut rows = self.shown(spec, rows, declared);
        for row in &mut rows {
            row.dimensions = asked.report.dimensions;
        }
        self.notes.extend(notes::compared(self, declared));
        rows
    }

    /// Adds totals, then leaves out those of metrics that are not shown.
    fn show(&mut self, spec: &ViewSpec, declared: MetricTable) {
        if spec.has_total() {
            shares::add_total_of_tokens(&mut self.totals, declared);
        }
        shares::add_totals(&mut self.totals, declared);
        if let (Some(costs), Some(chosen)) = (&mut self.costs, &spec.metrics) {
            costs.keep(chosen, &self.totals, declared);
        }
        self.totals.retain(|total| spec.shows(&total.metric));
        if let Some(comparison) = &mut self.comparison {
            comparison.drivers.retain(|driver| spec.shows(&driver.metric));
        }
    }

    /// Rounds every cost to so many digits behind the point. Costs that are added up later must not be
    /// rounded before.
    pub fn round_costs(&mut self, places: u32) {
        let of_rows = self.rows.iter_mut().filter_map(|row| row.cost.as_mut());
        let of_totals = self.totals.iter_mut().filter_map(|total| total.cost.as_mut());
        let of_all = self.costs.iter_mut().map(|costs| &mut costs.total);
        of_rows.chain(of_totals).chain(of_all).for_each(|cost| cost.round(places));
    }

    fn order(
        &mut self,
        spec: &ViewSpec,
        mut groups: Vec<Group>,
        declared: MetricTable,
    ) -> Vec<Group> {
        let named = spec.sort.as_ref().and_then(Sort::metric).and(self.ranked_by.as_ref());
        self.notes.extend(named.and_then(|metric| notes::no_such_metric(metric, &groups)));
        let ranked = self.ranked_by.clone();
        let metric = ranked.or_else(|| order::first_metric(&groups, declared));
        if let Some(count) = spec.top {
            let keyed = self.by.iter().any(|one| !one.is_time());
            let by_change = spec.sort.as_ref().is_some_and(Sort::is_by_change);
            groups = order::top(groups, count, metric.as_ref(), keyed, by_change);
        }
        if let Some(sort) = &spec.sort {
            order::sort(&mut groups, sort, metric.as_ref());
        }
        groups
    }
}

/// Returns a row for each bucket and metric of a part of a report, as a [`View`] without dimensions has
/// them. All of the usage is in one target.
pub fn bucket_rows(
    part: &UsageReport,
    meta: &ResultMeta<'_>,
    labels: Option<&Labels>,
    range: &Range,
    now_unix: i64,
) -> Vec<ViewRow> {
    let names = RowNames::shared(meta, labels);
    let keys = Keys::Of(&[]);
    let grouping = Grouping { facts: *meta, labels, keys, names: &names, now_unix };
    let times = Times::new(range, part.window, unit(range.rows));
    let groups = grouping.groups(part, &times, part.window).into_iter();
    let rows = groups.flat_map(|group| group.rows(false, meta.metrics));
    rows.map(|row| ViewRow { dimensions: meta.dimensions, ..row }).collect()
}

/// Returns the lines of a part of a report as they were received, wholes and parts alike.
pub fn line_rows(
    part: &UsageReport,
    meta: &ResultMeta<'_>,
    labels: Option<&Labels>,
    now_unix: i64,
) -> Vec<ViewRow> {
    line_rows_within(part, part.window, meta, labels, now_unix)
}

/// Returns the lines of the buckets of a window.
fn line_rows_within(
    report: &UsageReport,
    window: Window,
    meta: &ResultMeta<'_>,
    labels: Option<&Labels>,
    now_unix: i64,
) -> Vec<ViewRow> {
    let lines = report.rows_within(window, now_unix);
    let totals = shares::totals_of_lines(&lines, meta.metrics);
    let rows = lines.into_iter().zip(totals);
    rows.map(|(line, total)| ViewRow { total, ..ViewRow::plain(meta, labels, line) }).collect()
}

/// Returns the time dimension of rows with a bucket each.
const fn unit(rows: Interval) -> &'static [Dimension] {
    match rows {
        Interval::Day => &[Dimension::Day],
        Interval::Hour => &[Dimension::Hour],
    }
}

fn total(total: Total) -> TotalRow {
    let Total { metric, value, state, buckets, .. } = total;
    TotalRow { metric, value, total: None, state, buckets, previous: None, cost: None }
}
