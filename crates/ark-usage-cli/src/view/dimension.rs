//! What rows can be summed by.

/// One thing rows can be summed by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(dead_code, reason = "`--by`, which makes them, comes with the next change")]
pub(crate) enum Dimension {
    Hour,
    Day,
    Week,
    Month,
    Endpoint,
    Model,
    Project,
    Scene,
    BatchJob,
    Account,
    Profile,
    /// A tag of the service, or of the endpoint.
    Tag(String),
    /// A column of `--labels`.
    Label(String),
}

impl Dimension {
    /// Its name, as it is written.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Hour => "hour".to_owned(),
            Self::Day => "day".to_owned(),
            Self::Week => "week".to_owned(),
            Self::Month => "month".to_owned(),
            Self::Endpoint => "endpoint".to_owned(),
            Self::Model => "model".to_owned(),
            Self::Project => "project".to_owned(),
            Self::Scene => "scene".to_owned(),
            Self::BatchJob => "batch-job".to_owned(),
            Self::Account => "account".to_owned(),
            Self::Profile => "profile".to_owned(),
            Self::Tag(key) => format!("tag:{key}"),
            Self::Label(key) => format!("label:{key}"),
        }
    }
}
