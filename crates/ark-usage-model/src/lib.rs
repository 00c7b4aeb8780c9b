//! GetUsage as values.
