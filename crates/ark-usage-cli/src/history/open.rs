//! Opening the file of the history for writing, and what can go wrong with it.

use std::path::PathBuf;

use ark_usage_files::FileLock;
use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{Store as _, StoreError, kept_since};
use ark_usage_report::text;

use super::HistoryFile;
use crate::error::CliError;
use crate::lang::Text;

impl HistoryFile {
    /// Locks the history against other writers; `None` while another process writes to it.
    pub(crate) fn try_lock(&self) -> Result<Option<FileLock>, CliError> {
        self.check_kind()?;
        self.make_folder()?;
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        FileLock::try_lock(&PathBuf::from(path)).map_err(|error| {
            let hint =
                text!("choose a file in a folder that you can write to", "请选择可写目录中的文件");
            self.unwritable().with_source(error).with_hint(hint)
        })
    }

    /// Makes the folder of the default file, for its owner alone.
    fn make_folder(&self) -> Result<(), CliError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let Some(folder) = folder.filter(|folder| !folder.exists()) else { return Ok(()) };
        if self.is_named {
            let (name, folder) = (self.name(), folder.display());
            return Err(CliError::usage(text!(
                "{name}: the folder {folder} does not exist",
                "{name}：目录 {folder} 不存在";
                name = name
            ))
            .with_hint(text!("create the folder first", "请先创建该目录")));
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| self.unwritable().with_source(error))
    }

    /// Opens the history to write to it: makes it where there is none, and brings one of an older version
    /// up to date, with a copy beside it.
    pub(crate) fn open_to_write(&self, _: &FileLock) -> Result<SqliteStore, CliError> {
        SqliteStore::open(&self.path).map_err(|error| self.failed(error))
    }

    /// Opens the history to read it; it has to exist.
    pub(crate) fn open_to_read(&self) -> Result<SqliteStore, CliError> {
        self.require()?;
        self.opened().map_err(|error| self.failed(error))
    }

    fn opened(&self) -> Result<SqliteStore, StoreError> {
        match SqliteStore::open_read_only(&self.path) {
            // A process that was killed left a change half done, which only a writer can undo.
            Err(StoreError::ReadOnly) => SqliteStore::open(&self.path),
            opened => opened,
        }
    }

    /// Returns the start of the first bucket that is kept, if there is a history.
    pub(crate) fn first(&self) -> Result<Option<i64>, CliError> {
        // An empty file is one that is about to be filled.
        if std::fs::metadata(&self.path).map_or(true, |found| found.is_file() && found.len() == 0) {
            return Ok(None);
        }
        let store = match self.opened() {
            // A sync ended before anything was in the file.
            Err(StoreError::NotFound) => return Ok(None),
            opened => opened.map_err(|error| self.failed(error))?,
        };
        let mut first = None;
        for account in store.accounts().map_err(|error| self.failed(error))? {
            let since = kept_since(&store, &account).map_err(|error| self.failed(error))?;
            first = first.into_iter().chain(since).min();
        }
        Ok(first)
    }

    /// Returns a command about it: `ark-usage history revisions --history FILE`.
    pub(crate) fn history_command(&self, topic: &str) -> String {
        let path = self.path.to_string_lossy();
        let path = ark_usage_render::shell_word(&path);
        let history = if self.is_named { format!(" --history {path}") } else { String::new() };
        format!("ark-usage history {topic}{history}")
    }

    fn unwritable(&self) -> CliError {
        CliError::internal(text!(
            "{name}: cannot write the history",
            "{name}：无法写入历史文件";
            name = self.name()
        ))
    }

    /// The error of another process that writes to the history.
    pub(crate) fn busy(&self) -> CliError {
        CliError::busy(text!(
            "{name}: another process is writing to this history",
            "{name}：另一个进程正在写这份历史";
            name = self.name()
        ))
        .with_hint(text!(
            "try again later, or pass --wait to sync",
            "请稍后重试；sync 可用 --wait 等待"
        ))
    }

    /// The error of a store that could not be read or written.
    pub(crate) fn failed(&self, error: StoreError) -> CliError {
        let name = self.name();
        let refused = |problem: Text, hint: Text| {
            let words =
                text!("{name}: {problem}", "{name}：{problem}"; name = name, problem = problem);
            CliError::configuration(words).with_hint(hint)
        };
        match error {
            StoreError::NotFound => self.missing(),
            StoreError::Busy => self.busy(),
            StoreError::Foreign => refused(
                text!("this file is not a history", "这个文件不是历史"),
                text!("choose another file; nothing was changed", "请选择其他文件；没有任何改动"),
            ),
            StoreError::Newer { found, known } => refused(
                text!(
                    "the history has version {found}, and this program knows up to {known}",
                    "历史的版本是 {found}，本程序最高支持 {known}"
                ),
                text!("update ark-usage; nothing was changed", "请升级 ark-usage；没有任何改动"),
            ),
            StoreError::Older { found, known } => refused(
                text!(
                    "the history has version {found} and must be brought to version {known} first",
                    "历史的版本是 {found}，须先升级到 {known}"
                ),
                text!(
                    "run `{command}`; it keeps a copy of the old file",
                    "请运行 `{command}`；旧文件会保留一份副本",
                    command = self.sync_command("")
                ),
            ),
            StoreError::Damaged(problem) => refused(
                text!("the history is damaged: {problem}", "历史文件已损坏：{problem}"),
                text!(
                    "move it away and restore a copy of `ark-usage history backup`; `{command}` begins a new one",
                    "请将其移走，并恢复 `ark-usage history backup` 的副本；`{command}` 会新建一份",
                    command = self.sync_command("")
                ),
            ),
            StoreError::Full => self
                .unwritable()
                .with_cause(text!("no space is left on the device", "设备上没有剩余空间"))
                .with_hint(text!(
                    "free some space; everything taken in before is kept",
                    "请腾出空间；此前写入的数据均已保存"
                )),
            StoreError::ReadOnly => self
                .unwritable()
                .with_cause(text!("the file or its folder is read-only", "文件或其目录为只读"))
                .with_hint(text!(
                    "make them writable, or choose another file with --history FILE",
                    "请使其可写，或用 --history FILE 选择其他文件"
                )),
            other => self.unwritable().with_source(other).with_hint(text!(
                "check the disk, its free space and limits of file sizes (`ulimit -f`); everything taken in before is kept",
                "请检查磁盘、剩余空间和文件大小限制（`ulimit -f`）；此前写入的数据均已保存"
            )),
        }
    }
}
