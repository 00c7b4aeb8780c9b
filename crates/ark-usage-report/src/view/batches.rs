//! Rows passed on in batches, so that a long range takes no more memory than its points.

use super::group::Grouping;
use super::times::Times;
use super::{View, ViewRow, ViewSpec, line_rows_within, notes, shares};
use crate::usage_data::UsageData;

/// The number of rows that are made at once, about.
const ROWS_AT_ONCE: usize = 2_000;

impl View {
    /// Passes on the lines as received.
    pub(super) fn pass_lines<E>(
        &mut self,
        spec: &ViewSpec,
        asked: &UsageData,
        now_unix: i64,
        take: &mut impl FnMut(Vec<ViewRow>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (report, meta, labels) = (&asked.report, asked.meta(), spec.labels.as_ref());
        self.show(spec, report.metrics);
        for piece in report.window.pieces(ROWS_AT_ONCE / report.series.len().max(1)) {
            let rows = line_rows_within(report, piece, &meta, labels, now_unix);
            take(self.shown(spec, rows, report.metrics))?;
        }
        Ok(())
    }

    /// Passes on groups by time and then by key. Returns true when some rows are of no account.
    pub(super) fn pass_groups<E>(
        &mut self,
        spec: &ViewSpec,
        asked: &UsageData,
        grouping: &Grouping<'_>,
        take: &mut impl FnMut(Vec<ViewRow>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let report = &asked.report;
        let declared = report.metrics;
        let times = Times::new(&asked.range, report.window, spec.units(&asked.range));
        self.notes.extend(notes::cut(&self.by, &asked.range, &times.spans));
        self.show(spec, declared);
        let summed = spec.sums_buckets(asked);
        let mut has_nameless = false;
        for spans in times.spans.chunks((ROWS_AT_ONCE / report.series.len().max(1)).max(1)) {
            let ends = spans.first().zip(spans.last());
            let window = ends.and_then(|(first, last)| report.window.part(first.start, last.end));
            let Some(window) = window else { continue };
            let mut groups = grouping.groups(report, &times, window);
            for group in groups.iter_mut().filter(|_| spec.has_total()) {
                group.add_total(declared);
            }
            let mut rows = groups.into_iter().flat_map(|group| group.rows(summed, declared));
            loop {
                let some: Vec<ViewRow> = rows.by_ref().take(ROWS_AT_ONCE).collect();
                if some.is_empty() {
                    break;
                }
                let mut some = self.shown(spec, some, declared);
                for row in &mut some {
                    row.dimensions = report.dimensions;
                }
                has_nameless |= some.iter().any(ViewRow::is_of_no_account);
                take(some)?;
            }
        }
        Ok(has_nameless)
    }

    /// Adds shares to rows, and leaves out the metrics that are not shown.
    pub(super) fn shown(
        &self,
        spec: &ViewSpec,
        mut rows: Vec<ViewRow>,
        declared: ark_usage_model::MetricTable,
    ) -> Vec<ViewRow> {
        rows.retain(|row| spec.shows(&row.metric));
        shares::add_shares(&mut rows, &self.totals, declared);
        rows
    }
}
