//! The parts of usage that have to be fetched by themselves, because the service may not tag them.

use ark_usage_report::prices::Prices;
use ark_usage_report::view::Dimension;

/// The parts that a grouping or prices need although no filter names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BreakdownNeeds {
    /// Each endpoint by itself.
    pub(super) endpoints: bool,
    /// Each scene by itself.
    pub(super) scenes: bool,
    /// Names, models and tags of endpoints.
    catalog: bool,
    /// Only prices need endpoints: without the list, usage is shown all the same.
    pub(super) for_prices: bool,
    /// A history keeps usage without the list, too.
    pub(super) for_history: bool,
}

impl BreakdownNeeds {
    /// Returns the needs of a grouping; a filter may name endpoints, and a single scene.
    pub(super) fn new(by: &[Dimension], has_endpoint_ids: bool, one_scene: bool) -> Self {
        let is_listed = |dimension: &Dimension| {
            matches!(dimension, Dimension::Model | Dimension::Tag(_)) && dimension.is_of_endpoints()
        };
        Self {
            endpoints: !has_endpoint_ids && by.iter().any(Dimension::is_of_endpoints),
            scenes: !one_scene && by.iter().any(Dimension::is_of_scenes),
            catalog: by.iter().any(is_listed),
            for_prices: false,
            for_history: false,
        }
    }

    /// Returns the needs of a history: names, and each endpoint by itself.
    pub(super) fn of_history(endpoints: bool) -> Self {
        Self { endpoints, catalog: true, for_history: true, ..Self::default() }
    }

    /// Returns true if the service has to list endpoints.
    pub(super) fn lists_endpoints(self) -> bool {
        self.endpoints || self.catalog
    }

    /// Adds the needs of prices; `has_endpoint_ids` if the filter names endpoints.
    pub(super) fn with_prices(self, prices: &Prices, has_endpoint_ids: bool) -> Self {
        let priced = Self {
            endpoints: self.endpoints || !has_endpoint_ids && prices.are_specific(),
            catalog: self.catalog || prices.name_models(),
            ..self
        };
        let for_prices = priced.lists_endpoints() && !self.lists_endpoints();
        Self { for_prices, ..priced }
    }
}
