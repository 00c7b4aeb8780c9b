//! Sources in order.

use std::collections::VecDeque;

use volc_openapi::KeyVariables;
use volc_sign::Credentials;

use crate::exchange::MetadataRole;
use crate::process::ProcessCommand;
use crate::search::Search;
use crate::source::{Source, VariableFamily};
use crate::source_context::SourceContext;

/// Sources, tried in order until one has credentials.
#[derive(Clone, Debug)]
pub struct Chain {
    sources: Vec<Source>,
    /// A source that is configured but invalid ends the search.
    strict: bool,
}

impl Chain {
    /// These sources and no others; one is enough.
    pub fn of(sources: impl IntoIterator<Item = Source>) -> Self {
        Self { sources: sources.into_iter().collect(), strict: false }
    }

    /// The sources of the official SDKs and tools, new before old: variables, OIDC variables, the
    /// `ve` profile, the older SDKs' files, the shared credentials file, instance metadata if
    /// `VOLCENGINE_ECS_METADATA` is set.
    ///
    /// A source that is configured but invalid is skipped as in the SDKs; [`Found::attempts`](crate::Found::attempts) and
    /// [`Outcome::is_broken`](crate::Outcome::is_broken) report it.
    pub fn official() -> Self {
        let variables = VariableFamily::ALL.into_iter().map(Source::Environment);
        Self::of(variables.chain([
            Source::OidcEnvironment,
            Source::CliProfile(None),
            Source::VolcConfig,
            Source::VolcCredentials(None),
            Source::SharedCredentials(None),
            Source::EcsMetadata(MetadataRole::FromEnvironment),
        ]))
    }

    /// The variables with these names and nothing else: those of another site, whose keys no other place holds.
    ///
    /// ```
    /// use volc_credentials::Chain;
    /// use volc_openapi::Site;
    ///
    /// assert_eq!(Chain::of_variables(Site::BYTEPLUS.key_variables).sources().len(), 2);
    /// ```
    pub fn of_variables(names: &[KeyVariables]) -> Self {
        let source = |names: &KeyVariables| Source::Environment(VariableFamily::Named(*names));
        Self::of(names.iter().map(source))
    }

    /// The profile with this name: a `ve` profile, else a section of the
    /// shared or the older credentials file. Keys in variables do not count, and a profile that is
    /// there but invalid ends the search, because another account would be a surprise.
    pub fn for_profile(name: &str) -> Self {
        let name = || Some(name.to_owned());
        let sources = vec![
            Source::CliProfile(name()),
            Source::SharedCredentials(name()),
            Source::VolcCredentials(name()),
        ];
        Self { sources, strict: true }
    }

    /// Adds given values before all other sources.
    #[must_use]
    pub fn with_explicit(mut self, credentials: Credentials) -> Self {
        self.sources.insert(0, Source::Explicit(credentials));
        self
    }

    /// Adds an external process after all other sources; an empty command adds nothing.
    #[must_use]
    pub fn with_process(mut self, command: &str) -> Self {
        if !command.trim().is_empty() {
            self.sources.push(Source::Process(ProcessCommand::new(command)));
        }
        self
    }

    /// The sources in order.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Begins to probe.
    pub fn search(&self, context: &SourceContext) -> Search {
        self.search_from(None, context)
    }

    /// Begins to probe, at the source of this position first.
    pub(crate) fn search_from(&self, first: Option<usize>, context: &SourceContext) -> Search {
        let mut remaining: VecDeque<_> = self.sources.iter().cloned().enumerate().collect();
        if let Some(first) = first.and_then(|position| remaining.remove(position)) {
            remaining.push_front(first);
        }
        Search::new(remaining, self.strict, context)
    }
}
