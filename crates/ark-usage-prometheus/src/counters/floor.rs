//! The values a server has shown: none of its counters falls while it runs.

use std::collections::BTreeMap;

use super::{SeriesKey, SeriesTotal, UsageTotals};

/// The counters as they were shown last. Totals of a store fall only when something is removed from it: old
/// buckets, which are counted on, or the file is replaced by an older one, after which a counter waits until
/// its total has caught up.
#[derive(Clone, Debug, Default)]
pub struct CounterFloor(BTreeMap<SeriesKey, ShownTotal>);

/// A counter as it was shown.
#[derive(Clone, Copy, Debug)]
struct ShownTotal {
    counted: i128,
    first: Option<i64>,
    /// The usage of buckets that the store has forgotten since.
    forgotten: i128,
}

impl CounterFloor {
    /// Raises the counters of totals to those shown before, and keeps them for the next time.
    pub fn hold(&mut self, totals: &mut UsageTotals) {
        for (key, total) in &mut totals.series {
            let shown = self.0.get(key).copied();
            let shown = shown.map_or_else(|| ShownTotal::new(total), |shown| shown.next(total));
            self.0.insert(key.clone(), shown);
            total.overcounted =
                total.overcounted.saturating_add(shown.counted - total.counted - shown.forgotten);
            total.counted = shown.counted;
        }
    }
}

impl ShownTotal {
    const fn new(total: &SeriesTotal) -> Self {
        Self { counted: total.counted, first: total.first, forgotten: 0 }
    }

    fn next(self, total: &SeriesTotal) -> Self {
        let counted = total.counted.saturating_add(self.forgotten);
        let lost = self.counted.saturating_sub(counted).max(0);
        let was_forgotten = lost > 0 && total.first > self.first;
        let forgotten = self.forgotten + if was_forgotten { lost } else { 0 };
        Self { counted: counted.max(self.counted), first: total.first, forgotten }
    }
}
