//! The file of the history: the one that a flag names, else the default one.

use std::path::{Path, PathBuf};

use ark_usage_report::text;
use volc_credentials::{Environment, UnreadableVariable};

use crate::error::CliError;
use crate::lang::{Text, TextOf as _};

/// The path of a history, and how messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryFile {
    pub(crate) path: PathBuf,
    /// A flag names it.
    pub(super) is_named: bool,
}

impl HistoryFile {
    /// Returns the file of `--history FILE`; without a name `$XDG_STATE_HOME/ark-usage/history.db`,
    /// else `~/.local/state/ark-usage/history.db`. Nothing is opened.
    pub(crate) fn new(flag: Option<&Path>, environment: &Environment) -> Result<Self, CliError> {
        if let Some(path) = flag {
            return Ok(Self { path: path.to_owned(), is_named: true });
        }
        let path = default_path(environment)?.ok_or_else(|| {
            CliError::configuration(text!(
                "--history: no home directory, so there is no default file",
                "--history：没有主目录，因此没有默认文件"
            ))
            .with_hint(text!(
                "name the file with --history=FILE, or set XDG_STATE_HOME",
                "请用 --history=FILE 指定文件，或设置 XDG_STATE_HOME"
            ))
        })?;
        Ok(Self { path, is_named: false })
    }

    /// Returns the file as messages name it: `--history FILE`.
    pub(crate) fn name(&self) -> Text {
        Text::same(format!("--history {}", self.path.display()))
    }

    /// Returns the command that fills it, with more arguments behind it: `ark-usage sync --history FILE`.
    pub(crate) fn sync_command(&self, arguments: &str) -> String {
        let path = self.path.to_string_lossy();
        let named = || format!(" --history {}", ark_usage_render::shell_word(&path));
        let history = if self.is_named { named() } else { String::new() };
        format!("ark-usage sync{history}{arguments}")
    }

    /// Refuses a file that does not exist, with the command that makes it.
    pub(crate) fn require(&self) -> Result<(), CliError> {
        self.check_kind()?;
        match std::fs::metadata(&self.path) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(self.missing()),
            Err(error) => Err(self.unusable(&Text::of_error(&error))),
        }
    }

    /// Refuses a folder, a device or a FIFO, which could be read for ever.
    pub(super) fn check_kind(&self) -> Result<(), CliError> {
        match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => {
                Err(self.unusable(&text!("this is a folder", "这是一个目录")))
            }
            Ok(found) if !found.is_file() => {
                Err(self.unusable(&text!("this is not a regular file", "这不是普通文件")))
            }
            _ => Ok(()),
        }
    }

    fn unusable(&self, problem: &Text) -> CliError {
        CliError::configuration(text!(
            "{name}: {problem}",
            "{name}：{problem}";
            name = self.name(),
            problem = problem
        ))
        .with_hint(text!(
            "name the file of a history, or remove the name for the default one",
            "请指定历史文件；去掉文件名则使用默认文件"
        ))
    }

    /// The error of a file that does not exist.
    pub(crate) fn missing(&self) -> CliError {
        CliError::configuration(text!(
            "{name}: there is no history yet",
            "{name}：还没有历史文件";
            name = self.name()
        ))
        .with_hint(text!(
            "fetch one with `{command}`",
            "请先用 `{command}` 获取",
            command = self.sync_command("")
        ))
    }
}

fn default_path(environment: &Environment) -> Result<Option<PathBuf>, UnreadableVariable> {
    // The XDG specification requires relative paths to be ignored.
    let xdg =
        environment.read("XDG_STATE_HOME")?.map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = match xdg {
        None => environment.read_home()?.map(|home| home.join(".local").join("state")),
        xdg => xdg,
    };
    Ok(folder.map(|folder| folder.join("ark-usage").join("history.db")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(variables: &[(&str, &str)]) -> String {
        let environment =
            Environment::from_variables(variables.iter().copied()).with_home("/home/me");
        HistoryFile::new(None, &environment).unwrap().path.display().to_string()
    }

    #[test]
    fn the_flag_then_xdg_then_home() {
        let home = "/home/me/.local/state/ark-usage/history.db";
        assert_eq!(path(&[("XDG_STATE_HOME", "/xdg")]), "/xdg/ark-usage/history.db");
        assert_eq!(path(&[("XDG_STATE_HOME", "relative")]), home);
        assert_eq!(path(&[]), home);
        let named = HistoryFile::new(Some(Path::new("a b.db")), &Environment::new()).unwrap();
        assert_eq!(
            named.sync_command(" --api usage"),
            "ark-usage sync --history 'a b.db' --api usage"
        );
        let error = HistoryFile::new(None, &Environment::new()).unwrap_err().to_string();
        assert!(error.contains("--history=FILE"), "{error}");
    }

    #[test]
    fn a_file_that_does_not_exist_names_the_command_that_makes_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let file = HistoryFile::new(Some(&path), &Environment::new()).unwrap();
        let error = file.require().unwrap_err().to_string();
        assert!(error.contains("ark-usage sync --history"), "{error}");
        std::fs::write(&path, "").unwrap();
        assert!(file.require().is_ok());
        let file = HistoryFile::new(Some(folder.path()), &Environment::new()).unwrap();
        assert!(file.require().unwrap_err().to_string().contains("folder"));
    }
}
