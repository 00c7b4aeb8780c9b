//! The names of all profiles, wherever they are.

use std::collections::BTreeSet;

use crate::error::SourceError;
use crate::files::Reader;
use crate::profile::{names_in_config, or_absent};
use crate::source::sections_with_keys;
use crate::source_context::SourceContext;

/// Returns the names of all profiles, sorted, each once: those that
/// [`Chain::for_profile`](crate::Chain::for_profile) finds. They are the profiles of the `ve` tool, and the
/// sections with keys in the shared and in the older credentials file.
///
/// # Errors
///
/// One of the files cannot be read or is invalid.
///
/// ```
/// use volc_credentials::{Environment, SourceContext, profile_names};
///
/// let nowhere = SourceContext::new(Environment::new());
/// assert!(profile_names(&nowhere)?.is_empty());
/// # Ok::<(), volc_credentials::SourceError>(())
/// ```
pub fn profile_names(context: &SourceContext) -> Result<Vec<String>, SourceError> {
    let mut reader = Reader::new(context.files());
    let mut names: BTreeSet<String> = names_in_config(context, &mut reader)?.into_iter().collect();
    for sections in sections_with_keys(context.environment(), &mut reader) {
        names.extend(or_absent(sections)?.unwrap_or_default());
    }
    Ok(names.into_iter().collect())
}
