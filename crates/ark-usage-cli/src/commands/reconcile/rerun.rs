//! The commands that show both sides of a check, ready to run again.

use ark_usage_model::Tags;
use ark_usage_render::shell_word;
use ark_usage_report::range::Range;
use ark_usage_report::reconciliation::{Check, CheckKind};
use ark_usage_report::view::action_fit;

use super::fetch::ReconcileData;
use crate::actions::DEFAULT;
use crate::args::{HourEdge, ReconcileArgs};
use crate::commands::fetch::UsageRequest;
use crate::settings::is_default_base_url;

/// The parts the commands share.
#[derive(Debug)]
pub(super) struct RerunCommands<'a> {
    range: &'a Range,
    result: &'a ReconcileData,
    /// Endpoints that are no longer listed.
    unlisted: &'a [String],
    /// Flags of the server and the filters.
    common: Vec<String>,
    /// The action reports each endpoint separately.
    groups: bool,
}

impl<'a> RerunCommands<'a> {
    pub(super) fn new(
        args: &ReconcileArgs,
        request: &'a UsageRequest,
        result: &'a ReconcileData,
    ) -> Self {
        let usage_args = &args.usage;
        let groups = action_fit::groups(request.effective().action, Tags::ENDPOINT_ID);
        let mut common = Vec::new();
        let mut flag = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                common.push(format!("{name} {}", shell_word(value)));
            }
        };
        for filter in request.filters() {
            filter.values.iter().for_each(|value| flag(filter.flag, Some(value)));
        }
        flag("--tz", Some(request.range.zone_name.as_str()).filter(|zone| *zone != DEFAULT_ZONE));
        if !request.demo && !is_default_base_url(&result.base_url) {
            flag("--base-url", Some(result.base_url.to_string().trim_end_matches('/')));
        }
        flag(
            "--api",
            Some(request.effective().action.name()).filter(|name| *name != DEFAULT.name()),
        );
        flag("--region", usage_args.account.server.region.as_deref());
        flag("--service", usage_args.account.server.service.as_deref());
        if usage_args.account.query.hour_labels == HourEdge::End {
            common.push("--hour-labels end".to_owned());
        }
        if request.demo {
            common.push("--demo".to_owned());
        }
        if usage_args.account.server.allow_http {
            common.push("--allow-http".to_owned());
        }
        Self {
            range: &request.range,
            result,
            unlisted: &request.filter.endpoint_ids,
            common,
            groups,
        }
    }

    /// Returns the command for the whole, then those for the parts.
    pub(super) fn commands(&self, check: &Check) -> Vec<String> {
        let mut commands = vec![self.get(check, "-i day")];
        match check.kind {
            CheckKind::Hours => commands.push(self.get(check, "-i hour")),
            CheckKind::Endpoints => {
                if self.groups {
                    commands.push(self.get(check, "-i day --by endpoint"));
                    return commands;
                }
                commands.push(self.get(check, "-i day --all-endpoints"));
                if !self.unlisted.is_empty() {
                    let ids =
                        self.unlisted.iter().map(|id| format!(" --endpoint-id {}", shell_word(id)));
                    commands.push(self.get(check, &format!("-i day{}", ids.collect::<String>())));
                }
            }
        }
        commands
    }

    fn get(&self, check: &Check, last: &str) -> String {
        let day = self.range.bucket_label(check.start);
        let mut words = vec![format!("ark-usage get --start {day} --end {day}")];
        if let Some(target) = self.result.projects.get(check.project) {
            let account = usize::try_from(target.account.0).ok();
            let profile = account.and_then(|number| self.result.profiles.get(number));
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

const DEFAULT_ZONE: &str = "Asia/Shanghai";
