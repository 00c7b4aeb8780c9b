//! The fields of a row.

/// The names of the columns, in order: the keys of a row, and a cost in two.
pub const COLUMNS: [&str; 25] = [
    "start",
    "end",
    "start_unix",
    "end_unix",
    "profile",
    "account_id",
    "project",
    "endpoint_id",
    "scene",
    "batch_job_id",
    "tags",
    "endpoint_name",
    "model",
    "endpoint_tags",
    "metric",
    "value",
    "state",
    "fetched_at",
    "labels",
    "buckets",
    "previous",
    "others",
    "cost",
    "currency",
    "unpriced",
];

/// The keys of a row that are objects, with the keys in them; any key where there are none.
pub const OBJECTS: [(&str, &[&str]); 5] = [
    ("tags", &[]),
    ("endpoint_tags", &[]),
    ("labels", &[]),
    ("buckets", &["wanted", "received", "settling"]),
    ("previous", &["start", "end", "value", "state", "change", "change_percent"]),
];
