//! The projects whose usage is counted.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::lang::{Lang, Text};
use crate::text;

/// The projects whose usage is counted. It is resolved once, when targets are known, and every output
/// reads it.
///
/// ```
/// use ark_usage_report::{Lang, Scope};
///
/// let scope = Scope::named(["search".to_owned()]);
/// assert_eq!((scope.name(), scope.words(Lang::En).as_str()), ("named-projects", "project search"));
/// assert!(scope.warning().is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    kind: ScopeKind,
    projects: Vec<String>,
    unlisted: Vec<UnlistedAccount>,
}

/// The kind of a scope, from the widest to the narrowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum ScopeKind {
    All,
    Named,
    #[default]
    DefaultProject,
}

/// An account whose projects could not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct UnlistedAccount {
    profile: Option<String>,
    reason: Text,
}

/// The default project of an account.
pub(crate) const DEFAULT_SCOPE: Scope =
    Scope { kind: ScopeKind::DefaultProject, projects: Vec::new(), unlisted: Vec::new() };

/// The number of projects that words name one by one.
const NAMED_IN_WORDS: usize = 3;

impl Scope {
    /// The code of the [warning](Self::warning).
    pub const WARNING: &'static str = "default_project_only";

    /// Every project that keys can list.
    pub fn all(projects: impl IntoIterator<Item = String>) -> Self {
        Self { kind: ScopeKind::All, projects: projects.into_iter().collect(), ..Self::default() }
    }

    /// Projects by name.
    pub fn named(projects: impl IntoIterator<Item = String>) -> Self {
        Self { kind: ScopeKind::Named, projects: projects.into_iter().collect(), ..Self::default() }
    }

    /// The project that the service takes when a request names none.
    pub const fn default_project() -> Self {
        DEFAULT_SCOPE
    }

    /// The default project instead of every project, because those could not be listed. `profile` names
    /// the account where there are several.
    pub fn unlisted(profile: Option<String>, reason: Text) -> Self {
        Self { unlisted: vec![UnlistedAccount { profile, reason }], ..DEFAULT_SCOPE }
    }

    /// Adds the scope of another account. Both are as wide as the narrower of them.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.kind = self.kind.max(other.kind);
        let new = other.projects.into_iter().filter(|name| !self.projects.contains(name));
        let new: Vec<String> = new.collect();
        self.projects.extend(new);
        self.unlisted.extend(other.unlisted);
        self
    }

    /// Adds projects that are counted beside those of the scope.
    #[must_use]
    pub fn with_projects(mut self, names: &[String]) -> Self {
        let new = names.iter().filter(|name| !self.projects.contains(name)).cloned();
        let new: Vec<String> = new.collect();
        self.projects.extend(new);
        self
    }

    /// Reads the [name](Self::name) and the projects of a scope that was kept.
    pub fn named_as(name: &str, projects: Vec<String>) -> Option<Self> {
        match name {
            "all-projects" => Some(Self::all(projects)),
            "named-projects" => Some(Self::named(projects)),
            "default-project" => Some(Self { projects, ..DEFAULT_SCOPE }),
            _ => None,
        }
    }

    /// The accounts whose projects could not be listed, by profile, and the reason.
    pub fn unlisted_accounts(&self) -> impl Iterator<Item = (Option<&str>, &Text)> {
        self.unlisted.iter().map(|account| (account.profile.as_deref(), &account.reason))
    }

    /// `all-projects`, `named-projects` or `default-project`.
    pub const fn name(&self) -> &'static str {
        match self.kind {
            ScopeKind::All => "all-projects",
            ScopeKind::Named => "named-projects",
            ScopeKind::DefaultProject => "default-project",
        }
    }

    /// The names of the projects; none for the default project.
    pub fn projects(&self) -> &[String] {
        &self.projects
    }

    /// Returns true if every project that keys can list is counted.
    pub fn is_all(&self) -> bool {
        self.kind == ScopeKind::All
    }

    /// Returns true if usage of other projects may exist that is not counted, although it was wanted.
    pub const fn is_reduced(&self) -> bool {
        !self.unlisted.is_empty()
    }

    /// The scope in words: `all projects`, `projects chat, search`, `default project only`.
    pub fn words(&self, lang: Lang) -> String {
        let names = || self.projects.join(lang.pick(", ", "、"));
        let count = self.projects.len();
        match self.kind {
            ScopeKind::All => lang.pick("all projects", "全部项目").to_owned(),
            ScopeKind::Named if count == 1 => {
                lang.pick(format!("project {}", names()), format!("项目 {}", names()))
            }
            ScopeKind::Named if count <= NAMED_IN_WORDS => {
                lang.pick(format!("projects {}", names()), format!("项目 {}", names()))
            }
            ScopeKind::Named => lang.pick(format!("{count} projects"), format!("{count} 个项目")),
            ScopeKind::DefaultProject if self.is_reduced() => {
                lang.pick("default project only", "仅默认项目").to_owned()
            }
            ScopeKind::DefaultProject => lang.pick("default project", "默认项目").to_owned(),
        }
    }

    /// A title for outputs that have none, where they show less than was wanted.
    pub fn title(&self) -> Option<Text> {
        self.is_reduced().then(|| {
            text!(
                "default project only: other projects could not be listed",
                "仅默认项目：其他项目无法列出"
            )
        })
    }

    /// The code and the text of the warning that other projects are not counted.
    pub fn warning(&self) -> Option<(&'static str, Text)> {
        let reasons = self.unlisted.iter().map(|account| {
            let reason = &account.reason;
            match &account.profile {
                None => reason.clone(),
                Some(name) => {
                    text!("profile {name}: {reason}", "使用 profile {name}：{reason}"; reason = reason)
                }
            }
        });
        let reasons: Vec<Text> = reasons.collect();
        let message = Text::each(|lang| {
            let reasons: Vec<&str> = reasons.iter().map(|reason| reason.in_lang(lang)).collect();
            let reasons = reasons.join(lang.pick("; ", "；"));
            let message = text!(
                "only the default project is counted, because the projects could not be listed: {reasons}",
                "只统计了默认项目，因为无法列出项目：{reasons}"
            );
            message.in_lang(lang).to_owned()
        });
        self.is_reduced().then_some((Self::WARNING, message))
    }
}

impl Serialize for Scope {
    /// The keys that documents have about it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = serializer.serialize_struct("Scope", 3)?;
        keys.serialize_field("scope", self.name())?;
        keys.serialize_field("projects", &self.projects)?;
        keys.serialize_field("all_projects", &self.is_all())?;
        keys.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_accounts_are_as_wide_as_the_narrowest() {
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let all = Scope::all(names(&["default", "chat"]));
        let more = all.clone().and(Scope::all(names(&["chat", "ads"])));
        assert_eq!((more.name(), more.is_reduced()), ("all-projects", false));
        assert_eq!(more.projects(), names(&["default", "chat", "ads"]));
        assert_eq!(all.clone().and(Scope::named(names(&["ads"]))).name(), "named-projects");
        let denied = Scope::unlisted(Some("b".to_owned()), Text::same("AccessDenied"));
        let both = all.and(denied);
        assert_eq!((both.name(), both.is_reduced()), ("default-project", true));
        let (code, text) = both.warning().unwrap();
        assert_eq!(code, "default_project_only");
        assert!(text.in_lang(Lang::En).ends_with("listed: profile b: AccessDenied"), "{text:?}");
    }

    #[test]
    fn words_name_a_few_projects_and_count_many() {
        let of = |count: usize| Scope::named((0..count).map(|number| format!("p{number}")));
        assert_eq!(of(1).words(Lang::En), "project p0");
        assert_eq!(of(3).words(Lang::Zh), "项目 p0、p1、p2");
        assert_eq!(of(4).words(Lang::En), "4 projects");
        assert_eq!(Scope::default().words(Lang::En), "default project");
        let denied = Scope::unlisted(None, Text::same("x"));
        assert_eq!(denied.words(Lang::En), "default project only");
        assert!(denied.title().is_some() && Scope::default().title().is_none());
    }
}
