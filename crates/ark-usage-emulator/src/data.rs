//! Usage as a pure function of seed, account, project, endpoint, scene, batch job, hour and
//! metric.
//!
//! Nothing is stored but names, so any range can be asked, past or running. Everything reported is
//! a sum of the same hourly cells: a day is the sum of its hours, the whole is the sum of its
//! endpoints, an endpoint is the sum of its scenes, to the last token.

mod agent_usage;
mod api_key;
mod catalogue;
mod catalogues;
mod coding_usage;
mod free_usage;
mod inference;
mod made_up;
mod metric;
mod noise;
mod plan;
mod plan_window;
mod usage;
mod vendor_day;
mod vendor_day_spread;
mod workload;

pub(crate) use agent_usage::{AFP_TOKENS, AgentModel, agent_models, tokens_within};
pub(crate) use api_key::ApiKey;
pub use catalogue::CatalogueSize;
pub(crate) use catalogue::{Catalogue, Project};
pub(crate) use catalogues::Catalogues;
pub(crate) use coding_usage::{key_tokens, plan_tokens};
pub(crate) use free_usage::model_tokens;
pub(crate) use inference::{Counts, InferenceSource, PLAN_BILLING, hour_counts, inference_sources};
pub(crate) use made_up::{is_made_up, made_up_id};
pub(crate) use metric::{METRICS, Metric};
pub(crate) use noise::{fold_text, mix};
pub(crate) use plan::{AccountPlans, AgentPlan, CodingPlan};
pub(crate) use plan_window::PlanWindow;
pub(crate) use usage::{Adjustment, hour_value};
pub use vendor_day::{
    VENDOR_DAY_COMPLETION_TOKENS, VENDOR_DAY_PROJECT, VENDOR_DAY_PROMPT_TOKENS, VENDOR_DAY_START,
};
pub(crate) use workload::{Endpoint, Workload};
