//! The commands that show both sides of a check, ready to run again.

use ark_usage_model::{Tags, Target, UsageAction};
use ark_usage_render::shell_word;
use ark_usage_report::range::Range;
use ark_usage_report::reconciliation::{Check, CheckKind};
use ark_usage_report::view::action_fit;
use volc_openapi::BaseUrl;

use crate::actions::DEFAULT;
use crate::args::{HourEdge, ReconcileArgs};
use crate::commands::fetch::UsageRequest;

/// The projects compared, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparedPlace<'a> {
    pub(super) projects: &'a [Target],
    /// The profile of each account, `None` for the default one.
    pub(super) profiles: &'a [Option<String>],
    pub(super) base_url: &'a BaseUrl,
}

/// The parts the commands share.
#[derive(Debug)]
pub(super) struct RerunCommands<'a> {
    range: &'a Range,
    place: ComparedPlace<'a>,
    /// Endpoints that are no longer listed.
    unlisted: &'a [String],
    /// Flags of the server and the filters.
    common: Vec<String>,
}

impl<'a> RerunCommands<'a> {
    pub(super) fn new(
        args: &ReconcileArgs,
        request: &'a UsageRequest,
        place: ComparedPlace<'a>,
    ) -> Self {
        let usage_args = &args.usage;
        let mut common = Vec::new();
        let mut flag = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                common.push(format!("{name} {}", shell_word(value)));
            }
        };
        for filter in request.filters() {
            filter.values.iter().for_each(|value| flag(filter.flag, Some(value)));
        }
        let (zone, usual) = (request.range.zone_name.as_str(), request.site.days.value.zone());
        flag("--tz", Some(zone).filter(|zone| *zone != usual));
        let base_url = place.base_url.to_string();
        let base_url = base_url.trim_end_matches('/');
        if !request.demo && !request.has_usual_address(base_url) {
            flag("--base-url", Some(base_url));
        }
        flag("--region", usage_args.account.server.region.as_deref());
        flag("--service", usage_args.account.server.service.as_deref());
        common.extend(request.site.flags());
        if usage_args.account.query.hour_labels == HourEdge::End {
            common.push("--hour-labels end".to_owned());
        }
        if request.demo {
            common.push("--demo".to_owned());
        }
        if usage_args.account.server.allow_http {
            common.push("--allow-http".to_owned());
        }
        Self { range: &request.range, place, unlisted: &request.filter.endpoint_ids, common }
    }

    /// Returns the command for the whole, then those for the parts.
    pub(super) fn commands(&self, check: &Check, action: &dyn UsageAction) -> Vec<String> {
        let name = Some(action.name()).filter(|name| *name != DEFAULT.name());
        let api = name.map(|name| format!("--api {name} ")).unwrap_or_default();
        let get = |last: &str| self.get((check.start, check.project), &format!("{api}{last}"));
        let mut commands = vec![get("-i day")];
        match check.kind {
            CheckKind::Hours => commands.push(get("-i hour")),
            CheckKind::Endpoints => {
                if action_fit::groups(action, Tags::ENDPOINT_ID) {
                    commands.push(get("-i day --by endpoint"));
                    return commands;
                }
                commands.push(get("-i day --all-endpoints"));
                if !self.unlisted.is_empty() {
                    let ids =
                        self.unlisted.iter().map(|id| format!(" --endpoint-id {}", shell_word(id)));
                    commands.push(get(&format!("-i day{}", ids.collect::<String>())));
                }
            }
        }
        commands
    }

    /// Returns the command for a day and a project, with its last flags.
    pub(super) fn get(&self, (start, project): (i64, usize), last: &str) -> String {
        let day = self.range.bucket_label(start);
        let mut words = vec![format!("ark-usage get --start {day} --end {day}")];
        let ComparedPlace { projects, profiles, .. } = self.place;
        if let Some(target) = projects.get(project) {
            let account = usize::try_from(target.account.0).ok();
            let profile = account.and_then(|number| profiles.get(number));
            let profile = profile.and_then(Option::as_deref);
            words.extend(profile.map(|name| format!("--profile {}", shell_word(name))));
            let project = target.project.as_deref();
            words.extend(project.map(|name| format!("--project {}", shell_word(name))));
        }
        words.extend(self.common.iter().cloned());
        words.push(last.to_owned());
        words.join(" ")
    }
}
