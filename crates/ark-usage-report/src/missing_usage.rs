//! Names of usage that was not received because calls failed, or that the history does not have.

use ark_usage_model::{Gap, TargetId, UsageReport};

use crate::lang::{Lang, Text};
use crate::range::Range;
use crate::text;

/// The usage of a report that nothing answered for: calls failed, or the history does not have it.
#[derive(Clone, Copy, Debug)]
pub struct MissingUsage<'a> {
    report: &'a UsageReport,
    /// The profile of each account, where one was named.
    profiles: &'a [Option<String>],
}

impl<'a> MissingUsage<'a> {
    /// Prepares for questions about a report; `profiles` has the profile of each account.
    pub fn new(report: &'a UsageReport, profiles: &'a [Option<String>]) -> Self {
        Self { report, profiles }
    }

    /// Returns the time of each gap and the usage it is of:
    /// `2024-11-01T00:00:00+08:00 to 2024-11-20T00:00:00+08:00, project search`. Windows that follow each other are
    /// one gap.
    pub fn gaps(self, range: &Range) -> impl Iterator<Item = Text> {
        let coverage = &self.report.coverage;
        let gaps = coverage.missing.iter().chain(&coverage.parts).filter(|gap| is_unanswered(gap));
        let mut runs: Vec<(&Gap, i64)> = Vec::new();
        for gap in gaps {
            let follows = |(one, end): &&mut (&Gap, i64)| {
                *end == gap.start
                    && (one.target, &one.metric, &one.ids) == (gap.target, &gap.metric, &gap.ids)
            };
            match runs.iter_mut().find(follows) {
                Some((_, end)) => *end = gap.end,
                None => runs.push((gap, gap.end)),
            }
        }
        runs.into_iter().map(move |(gap, end)| {
            let (start, end) = (range.rfc3339(gap.start), range.rfc3339(end));
            let place = self.place(gap.target);
            let of = Text::each(|lang| {
                let parts = place.iter().map(|part| part.in_lang(lang));
                parts.map(|part| lang.pick(format!(", {part}"), format!("，{part}"))).collect()
            });
            text!("{start} to {end}{of}", "{start} 至 {end}{of}"; of = of)
        })
    }

    /// Returns the names of some targets that lack usage, each once: `project search`.
    pub fn names(self, targets: &[TargetId]) -> Vec<Text> {
        let mut names = Vec::new();
        for gap in self.report.coverage.missing.iter().filter(|gap| is_unanswered(gap)) {
            if targets.contains(&gap.target) {
                let mut place = self.place(gap.target);
                if place.is_empty() {
                    place.push(text!("the default project", "默认项目"));
                }
                let name = joined(&place, [", ", "，"]);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Returns project, endpoint and profile of a target, as far as it names them.
    fn place(self, target: TargetId) -> Vec<Text> {
        let Some(of) = self.report.targets.get(target.index()) else { return Vec::new() };
        let project = of.project.as_ref().map(|name| text!("project {name}", "项目 {name}"));
        let endpoint = match of.endpoint_ids.as_slice() {
            [id] => Some(text!("endpoint {id}", "推理接入点 {id}")),
            _ => None,
        };
        let account = usize::try_from(of.account.0).ok();
        let profile = account.and_then(|number| self.profiles.get(number)?.as_ref());
        let profile = profile.filter(|_| self.profiles.len() > 1);
        let profile = profile.map(|name| text!("profile {name}", "使用 profile {name}"));
        [project, endpoint, profile].into_iter().flatten().collect()
    }
}

fn is_unanswered(gap: &Gap) -> bool {
    gap.reason.is_unanswered()
}

/// Joins texts with the separator of each language.
pub fn joined(texts: &[Text], [en, zh]: [&str; 2]) -> Text {
    Text::each(|lang: Lang| {
        let texts: Vec<&str> = texts.iter().map(|text| text.in_lang(lang)).collect();
        texts.join(lang.pick(en, zh))
    })
}
