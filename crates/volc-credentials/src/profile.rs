//! Profiles of the `ve` tool (`~/.volcengine/config.json`).

mod config_file;
mod mode;
mod settings;

pub(crate) use self::config_file::{ConfigFile, Profile};
pub use self::mode::Mode;
pub(crate) use self::settings::base_url;
pub use self::settings::{ProfileSettings, ProxyUrl, Setting};

use crate::error::SourceError;
use crate::files::Reader;
use crate::outcome::Outcome;
use crate::source_context::SourceContext;

/// Returns the settings of a profile of the `ve` tool besides its credentials: of the one named, else
/// of the one that variables or the file select. `None` without a file or a selection.
///
/// # Errors
///
/// The file cannot be read or is invalid, or has no profile of this name.
pub fn profile_settings(
    context: &SourceContext,
    name: Option<&str>,
) -> Result<Option<ProfileSettings>, SourceError> {
    let mut reader = Reader::new(context.files());
    let settings = ConfigFile::read(context.environment(), &mut reader)
        .and_then(|file| Ok(ProfileSettings::of(&file.profile(name, context.environment())?)?));
    or_absent(settings)
}

/// Returns the names of the profiles in the file of the `ve` tool; none without it.
pub(crate) fn names_in_config(
    context: &SourceContext,
    reader: &mut Reader<'_>,
) -> Result<Vec<String>, SourceError> {
    let names =
        ConfigFile::read(context.environment(), reader).and_then(|file| Ok(file.profile_names()?));
    Ok(or_absent(names)?.unwrap_or_default())
}

/// A place that is not there is no error.
pub(crate) fn or_absent<T>(result: Result<T, Outcome>) -> Result<Option<T>, SourceError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Outcome::Failed(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
