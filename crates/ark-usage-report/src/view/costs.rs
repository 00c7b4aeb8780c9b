//! The total cost by prices, however rows are summed.

use std::collections::BTreeMap;

use ark_usage_model::{Attribution, Metric, MetricTable, State, Tags};

use super::row::RowNames;
use super::{Labels, MetricChoice, TOTAL_TOKENS, TotalRow, cost_is_in_total};
use crate::prices::{Cost, PricedValue, Prices, Unpriced, UnpricedKey};
use crate::usage_data::UsageData;

/// The total cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostSummary {
    /// All metrics together, by currency.
    pub total: Cost,
    /// The worst state of what is in it.
    pub state: State,
    /// Usage without a price.
    pub unpriced: Unpriced,
}

impl CostSummary {
    /// Leaves out the costs of metrics that are not shown.
    pub(super) fn keep(
        &mut self,
        chosen: &MetricChoice,
        totals: &[TotalRow],
        declared: MetricTable,
    ) {
        let all_tokens = chosen.contains(&TOTAL_TOKENS);
        let counts = |metric: &Metric| {
            let is_in_total = all_tokens && cost_is_in_total(metric, &declared.unit(metric));
            *metric != TOTAL_TOKENS && (is_in_total || chosen.contains(metric))
        };
        let counted = || totals.iter().filter(|total| counts(&total.metric));
        self.total = Cost::default();
        counted().filter_map(|total| total.cost.as_ref()).for_each(|cost| self.total.add(cost));
        self.state = counted().map(|total| total.state).max().unwrap_or(State::Missing);
        self.unpriced.retain(counts);
    }
}

/// Prices everything, told apart by endpoint as far as it can be, and writes into each total what
/// it costs. So the sum is the same, whatever rows are summed by.
pub(super) fn add(
    totals: &mut [TotalRow],
    asked: &UsageData,
    labels: Option<&Labels>,
    now_unix: i64,
) -> Option<CostSummary> {
    let prices = asked.prices.as_ref()?;
    let mut by_metric: BTreeMap<Metric, Cost> = BTreeMap::new();
    let mut unpriced = Unpriced::default();
    for share in asked.report.attribute(&[Tags::ENDPOINT_ID], now_unix) {
        let names = RowNames::of_line(&asked.meta(), labels, share.target, share.label.clone());
        let cost = of_share(prices, &share, &names, &asked.report.metrics);
        let of = UnpricedKey {
            metric: share.metric.clone(),
            project: names.project,
            endpoint_id: names.endpoint_id,
            model: names.model,
        };
        unpriced.add(of, cost.unpriced);
        by_metric.entry(share.metric).or_default().add(&cost);
    }
    let mut total = Cost::default();
    for cost in by_metric.values() {
        total.add(cost);
    }
    for row in &mut *totals {
        row.cost = Some(by_metric.remove(&row.metric).unwrap_or_default());
    }
    let state = totals.iter().map(|row| row.state).max().unwrap_or(State::Missing);
    Some(CostSummary { total, state, unpriced })
}

fn of_share(
    prices: &Prices,
    share: &Attribution,
    names: &RowNames,
    declared: &MetricTable,
) -> Cost {
    let mut sum = Cost::default();
    for cell in &share.cells {
        let Some(value) = cell.value else { continue };
        let priced = PricedValue {
            start: cell.start,
            metric: &share.metric,
            endpoint_id: names.endpoint_id.as_deref(),
            labels: names.labels.as_ref(),
            model: names.model.as_deref(),
        };
        sum.add(&prices.cost(&priced, value, declared));
    }
    sum
}
