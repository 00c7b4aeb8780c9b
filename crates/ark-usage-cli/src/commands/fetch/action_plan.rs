//! The part of a request that depends on the action: its targets, and what has to be fetched beside
//! them.

use std::time::Duration;

use ark_usage_model::{DimensionFilter, Scene, Tags, Target, UsageAction};
use ark_usage_report::prices::Prices;
use ark_usage_report::view::Dimension;
use ark_usage_report::view::action_fit::{self, FilterFlag};
use ark_usage_report::{suggest, text};

use super::api_keys::is_id;
use super::breakdown::BreakdownNeeds;
use super::names::names;
use crate::actions::{ACTIONS, ActionChoice, DEFAULT, SUCCESSOR, unknown_metric};
use crate::args::{ActionArgs, FILTER_FLAGS, FilterArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// A request as one action answers it.
#[derive(Clone, Debug)]
pub(crate) struct ActionPlan {
    pub(crate) action: &'static dyn UsageAction,
    pub(crate) targets: Vec<Target>,
    pub(super) breakdown: BreakdownNeeds,
    /// The time after its end during which a bucket may change.
    pub(crate) settle: Duration,
}

/// The parts of a request that every action shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct SharedParts<'a> {
    pub(super) targets: &'a [Target],
    pub(super) by: &'a [Dimension],
    pub(super) filters: &'a [FilterFlag],
}

impl ActionPlan {
    /// Fits a request to an action: the action groups by all that it can, and the rest is fetched in
    /// parts. Refuses what the action cannot answer.
    pub(super) fn new(
        action: &'static dyn UsageAction,
        settle: Duration,
        shared: SharedParts<'_>,
    ) -> Result<Self, CliError> {
        let SharedParts { targets, by, filters } = shared;
        action_fit::check(action, by, filters, ACTIONS)?;
        let first = targets.first();
        let has_ids = first.is_some_and(|target| !target.endpoint_ids.is_empty());
        let scenes = filters.iter().find(|filter| filter.key == Tags::SCENE);
        let one_scene = scenes.is_some_and(|scenes| scenes.values.len() == 1);
        let lists = action_fit::needing_lists(action, by);
        let mut plan = Self {
            action,
            targets: targets.to_vec(),
            breakdown: BreakdownNeeds::new(&lists, has_ids, one_scene),
            settle,
        };
        for target in &mut plan.targets {
            action_fit::add_filters(target, filters);
        }
        plan.group(&action_fit::group_keys(action, by));
        Ok(plan)
    }

    /// Adds the needs of prices; `has_endpoint_ids` if the filter names endpoints.
    pub(super) fn price(&mut self, prices: &Prices, has_endpoint_ids: bool) {
        if prices.name_models() && action_fit::groups(self.action, Tags::MODEL_NAME) {
            self.group(&[Tags::MODEL_NAME, Tags::MODEL_VERSION]);
        }
        let groups_endpoints = action_fit::groups(self.action, Tags::ENDPOINT_ID);
        if groups_endpoints && prices.are_specific() {
            self.group(&[Tags::ENDPOINT_ID]);
        } else if !groups_endpoints {
            self.breakdown = self.breakdown.with_prices(prices, has_endpoint_ids);
        }
    }

    /// Adds the needs of a history: every key that the action groups by, or each endpoint beside the
    /// whole; `has_endpoint_ids` if the filter names endpoints.
    pub(super) fn keep_history(&mut self, has_endpoint_ids: bool) {
        let groups_endpoints = action_fit::groups(self.action, Tags::ENDPOINT_ID);
        let keys = self.action.dimensions().iter().filter(|dimension| dimension.group);
        self.group(&keys.map(|dimension| dimension.key).collect::<Vec<_>>());
        self.breakdown = BreakdownNeeds::of_history(!groups_endpoints && !has_endpoint_ids);
    }

    /// Lets the action group by keys, and fetches no parts beside the whole then.
    fn group(&mut self, keys: &[&str]) {
        for key in keys {
            let group = DimensionFilter { key: (*key).to_owned(), values: Vec::new() };
            for target in &mut self.targets {
                if !target.filters.iter().any(|filter| filter.key == *key) {
                    target.filters.push(group.clone());
                }
            }
        }
        self.breakdown.endpoints &= !keys.contains(&Tags::ENDPOINT_ID);
        self.breakdown.scenes &= !keys.contains(&Tags::SCENE);
    }

    /// Returns true if usage names API keys, whose names have to be listed.
    pub(super) fn names_api_keys(&self) -> bool {
        let mut filters = self.targets.iter().flat_map(|target| &target.filters);
        filters.any(|filter| filter.key == Tags::API_KEY_ID)
    }
}

/// Returns the choice of `--api`, else of the configuration.
pub(crate) fn action_choice(
    args: &ActionArgs,
    context: &Context<'_>,
) -> Result<ActionChoice, CliError> {
    let configured = context.config()?.defaults.api.as_ref();
    ActionChoice::new(args.api.as_deref(), configured.map(|setting| setting.value.as_str()))
}

/// Returns the same as far as the action knows all these metrics; notes where only another one does.
pub(super) fn choice_knowing(
    args: &ActionArgs,
    metrics: &[String],
    context: &Context<'_>,
) -> Result<ActionChoice, CliError> {
    let chosen = action_choice(args, context)?;
    let choice = chosen.knowing(metrics);
    if let (ActionChoice::Auto, ActionChoice::Only(_)) = (chosen, choice)
        && let Some(reason) = unknown_metric(DEFAULT, metrics)
    {
        context.note(switched(&reason));
    }
    Ok(choice)
}

/// Returns the filters of the command line that have no field of their own.
pub(super) fn filter_flags(args: &FilterArgs) -> Result<Vec<FilterFlag>, CliError> {
    let values = [
        &args.model,
        &args.model_version,
        &args.api_key,
        &args.billing,
        &args.batch_job_id,
        &args.scene,
    ];
    let mut all = Vec::new();
    for ((flag, key), values) in FILTER_FLAGS.into_iter().zip(values) {
        let values = names(flag, values)?;
        if !values.is_empty() {
            all.push(FilterFlag { flag, key, values });
        }
    }
    Ok(all)
}

/// Refuses names of API keys in a dry run, which cannot list any.
pub(super) fn known_keys_in_dry_run(filters: &[FilterFlag]) -> Result<(), CliError> {
    let keys = filters.iter().filter(|filter| filter.key == Tags::API_KEY_ID);
    let Some(name) = keys.flat_map(|filter| &filter.values).find(|value| !is_id(value)) else {
        return Ok(());
    };
    Err(CliError::usage(text!(
        "--api-key {name}: --dry-run needs the id, because API keys are not listed",
        "--api-key {name}：--dry-run 需要 ID，因为不会列出 API Key"
    ))
    .with_hint(text!("pass the id, apikey-…", "请写 ID：apikey-…")))
}

/// The note that another action is called.
pub(super) fn switched(reason: &Text) -> Text {
    text!(
        "note: --api auto: using {name}: {reason}",
        "注意：--api auto：改用 {name}：{reason}",
        name = SUCCESSOR.name();
        reason = reason
    )
}

/// Refuses scenes in other letters than the service's, and notes those that look mistyped; an unknown scene is
/// requested all the same, it may be new.
pub(super) fn check_scenes(scenes: &[String], context: &Context<'_>) -> Result<(), CliError> {
    let known = Scene::KNOWN;
    let known: Vec<&str> = known.iter().map(Scene::as_str).collect();
    let meant = |scene: &String| Some((scene.clone(), suggest::nearest(scene, known.clone())?));
    let unknown = scenes.iter().filter(|scene| !known.contains(&scene.as_str()));
    for (scene, meant) in unknown.filter_map(meant) {
        if scene.eq_ignore_ascii_case(meant) {
            return Err(CliError::usage(text!(
                "--scene {scene}: unknown scene",
                "--scene {scene}：未知的场景"
            ))
            .with_hint(text!("did you mean --scene {meant}?", "是否想写 --scene {meant}？")));
        }
        context.note(text!(
            "note: unknown --scene {scene}; did you mean {meant}?",
            "注意：未知的 --scene {scene}；是否想写 {meant}？"
        ));
    }
    Ok(())
}
