//! The answer a format shows: usage, view and request.

use ark_usage_model::UsageReport;
use ark_usage_report::range::Range;
use ark_usage_report::view::action_fit::FilterFlag;
use ark_usage_report::view::{Fields, View};
use ark_usage_report::{Lang, ResultMeta, Scope, Text};
use serde::{Serialize, Serializer};
use volc_openapi::{ServiceDays, Site};

use crate::harmless::one_line;

/// Everything a format may show: the request, the usage, and the time it was complete.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The usage, with its coverage.
    pub report: &'a UsageReport,
    /// The rows and totals to show.
    pub view: &'a View,
    /// The fields rows are shown with; all when none are chosen.
    pub fields: Option<&'a Fields>,
    /// The metadata rows are described with.
    pub meta: ResultMeta<'a>,
    /// The range, with its time zone.
    pub range: &'a Range,
    /// The request, as documents repeat it.
    pub query: QueryEcho<'a>,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// Code and prose: the report's warnings and those of the command itself.
    pub warnings: &'a [(&'static str, Text)],
}

/// The request, as documents repeat it.
#[derive(Clone, Copy, Debug)]
pub struct QueryEcho<'a> {
    /// The action.
    pub api: &'a str,
    /// The site that was queried, with the days that it counts by.
    pub site: SiteEcho,
    /// The usage that was requested.
    pub scope: QueryScope<'a>,
    /// Days begin within hours, which are not taken apart.
    pub approximate_days: bool,
}

impl<'a> QueryEcho<'a> {
    /// Returns the request of an action for some usage of Volcengine.
    pub fn new(api: &'a str, scope: QueryScope<'a>) -> Self {
        Self { api, site: SiteEcho::default(), scope, approximate_days: false }
    }
}

/// The site that was queried, as documents repeat it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SiteEcho {
    /// `volcengine` or `byteplus`.
    pub site: &'static str,
    /// The days that usage was requested by: `beijing` or `utc`.
    pub site_days: &'static str,
    /// The site does not document its days.
    pub site_days_assumed: bool,
}

impl SiteEcho {
    /// Returns a site that counts by these days.
    pub fn new(site: &Site, days: ServiceDays) -> Self {
        Self {
            site: site.name,
            site_days: days.name(),
            site_days_assumed: !site.days_are_documented,
        }
    }

    /// Returns the name of the site, unless it is the default one.
    pub fn other_than_default(self) -> Option<&'static str> {
        Some(self.site).filter(|site| *site != Site::VOLCENGINE.name)
    }
}

impl Default for SiteEcho {
    /// Volcengine.
    fn default() -> Self {
        Self::new(Site::VOLCENGINE, ServiceDays::Beijing)
    }
}

/// The usage that was requested, as documents repeat it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct QueryScope<'a> {
    /// The projects whose usage is counted: the keys `scope`, `projects` and `all_projects`.
    #[serde(flatten)]
    pub counted: &'a Scope,
    /// Inference endpoints by id.
    pub endpoint_ids: &'a [String],
    /// Each endpoint by itself.
    pub all_endpoints: bool,
    /// Scenes by name.
    pub scenes: &'a [String],
    /// One batch inference job.
    pub batch_job_id: Option<&'a str>,
    /// Filters of actions that tell more apart, by name; left out without any.
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "by_name")]
    pub filters: &'a [FilterFlag],
    /// The data is made up.
    pub demo: bool,
}

fn by_name<S: Serializer>(filters: &&[FilterFlag], output: S) -> Result<S::Ok, S::Error> {
    output.collect_map(filters.iter().map(|filter| (filter.name(), &filter.values)))
}

static DEFAULT_PROJECT: Scope = Scope::default_project();

impl Default for QueryScope<'_> {
    /// Everything in the default project.
    fn default() -> Self {
        Self {
            counted: &DEFAULT_PROJECT,
            endpoint_ids: &[],
            all_endpoints: false,
            scenes: &[],
            batch_job_id: None,
            filters: &[],
            demo: false,
        }
    }
}

/// Returns the line above a table or chart that shows less than was wanted.
pub(crate) fn title_line(scope: &Scope, lang: Lang) -> String {
    scope.title().map(|title| format!("{}\n", one_line(title.in_lang(lang)))).unwrap_or_default()
}
