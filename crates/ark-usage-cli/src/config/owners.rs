//! A configuration that names a program to run must be in the hands of its user.

use std::path::Path;

use crate::error::CliError;

/// Refuses a file that users other than this one and the superuser can change, or put another one in its
/// place, as ssh does.
#[cfg(unix)]
pub(super) fn check(path: &Path, home: Option<&Path>) -> Result<(), CliError> {
    use ark_usage_files::{ChangeablePlace, changeable_by_others};
    use ark_usage_report::text;

    let config = path.display();
    let refused = || {
        CliError::configuration(text!(
            "{config}: keys.command is not run, because other users can change this file",
            "{config}：其他用户可以更改此文件，因此不运行 keys.command"
        ))
    };
    let place = changeable_by_others(path, home).map_err(|error| refused().with_source(error))?;
    let Some(ChangeablePlace { path, mode, owner, .. }) = place else { return Ok(()) };
    let path = path.display();
    Err(match owner {
        Some(owner) => refused()
            .with_cause(text!("{path} belongs to user {owner}", "{path} 属于用户 {owner}"))
            .with_hint(text!(
                "move the file into a folder of your own, or pass --allow-unsafe-config",
                "请把文件移到自己的目录中，或加 --allow-unsafe-config"
            )),
        None => refused()
            .with_cause(text!("{path} has mode {mode:04o}", "{path} 的权限是 {mode:04o}"))
            .with_hint(text!(
                "run `chmod go-w {path}`, or pass --allow-unsafe-config",
                "请运行 `chmod go-w {path}`，或加 --allow-unsafe-config"
            )),
    })
}

/// Other systems have no such modes.
#[cfg(not(unix))]
pub(super) fn check(_path: &Path, _home: Option<&Path>) -> Result<(), CliError> {
    Ok(())
}
