//! Mode `console-login`: the keys of the session that `ve login` opened.

use std::path::PathBuf;

use super::{cache_file_name, login_command, read_cache};
use crate::content_problem::ContentProblem;
use crate::error::SourceError;
use crate::json::Object;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::source::{Located, Probe};
use crate::temporary::{KeyFields, Temporary};
use crate::timestamp::from_rfc3339;

/// Names the folder of the caches.
const FOLDER_VARIABLE: &str = "VOLCENGINE_LOGIN_CACHE_DIRECTORY";

/// The keys in the session's cache, while they last. An ended session is not renewed here: that
/// would spend the refresh token that the `ve` tool keeps.
pub(super) fn locate(profile: &Profile<'_>, probe: &mut Probe<'_>) -> Result<Located, Outcome> {
    let session = profile.required("login-session")?;
    let folder = match probe.environment().read(FOLDER_VARIABLE)? {
        Some(folder) => PathBuf::from(folder),
        None => profile.folder().join("login").join("cache"),
    };
    let path = folder.join(cache_file_name(&session));
    let command = login_command("ve login", profile);
    let text = read_cache(&path, &command, probe)?;
    let temporary = keys(&Object::parse(&path, &text)?, &command, probe.now)?;
    Ok(Located::Ready(temporary))
}

fn keys(cache: &Object<'_>, command: &str, now: i64) -> Result<Temporary, SourceError> {
    let place = |key| cache.place(key);
    let missing = |key| SourceError::MissingKey {
        place: place(key),
        needed_by: "mode console-login".to_owned(),
    };

    let fields: KeyFields =
        cache.object_or_text("access_token")?.ok_or_else(|| missing("access_token"))?;
    let issued_at = cache.string("issued_at")?.ok_or_else(|| missing("issued_at"))?;
    let issued_at = from_rfc3339(&issued_at)
        .ok_or_else(|| SourceError::malformed(place("issued_at"), ContentProblem::ExpectedTime))?;
    let lifetime = cache.integer("expires_in")?.ok_or_else(|| missing("expires_in"))?;
    let expires = issued_at.saturating_add(lifetime);
    if expires <= now {
        let (path, command) = (cache.path().into(), command.to_owned());
        return Err(SourceError::LoginExpired { path, expired: expires, command });
    }
    let keys = Temporary::try_from(fields)
        .map_err(|_| SourceError::malformed(place("access_token"), ContentProblem::Incomplete))?;
    Ok(Temporary { expires: Some(expires), ..keys })
}
