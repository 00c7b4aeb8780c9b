//! Reading files, as a trait; [`OsFiles`] are the real ones.

mod bounded;
mod os;

use std::io;
use std::path::{Path, PathBuf};

use volc_openapi::{NotUtf8, utf8_text};

pub use self::bounded::{FileProblem, is_a_pipe, read_all, read_bounded};
pub use self::os::OsFiles;
use crate::content_problem::ContentProblem;
use crate::error::{Place, SourceError};

/// Files that sources read. Nothing is ever written.
pub trait Files: Send + Sync {
    /// The whole content of a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read; [`io::ErrorKind::NotFound`] means that it does not exist.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The permission bits of a file, where the system has such bits and the file is there.
    fn mode(&self, path: &Path) -> Option<u32>;
}

/// A file that was read and who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFacts {
    /// The path.
    pub path: PathBuf,
    /// Permission bits such as `0o600`; `None` where there are none, as on Windows.
    pub mode: Option<u32>,
    /// It is an identity provider's token, which is mounted for a whole container to read, rather
    /// than a file of this user.
    pub mounted_token: bool,
}

impl FileFacts {
    /// True when users other than the owner may read it. A file with secrets should have mode 0600.
    pub fn readable_by_others(&self) -> bool {
        self.mode.is_some_and(|mode| mode & 0o044 != 0)
    }

    /// True when others may read a file of this user: worth a warning.
    pub fn is_exposed(&self) -> bool {
        self.readable_by_others() && !self.mounted_token
    }
}

/// Reads files for one source and records them.
pub(crate) struct Reader<'a> {
    files: &'a dyn Files,
    read: Vec<FileFacts>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self { files, read: Vec::new() }
    }

    /// The text of a file, or `None` when there is no such file. A byte order mark is left out.
    pub(crate) fn text(&mut self, path: &Path) -> Result<Option<String>, SourceError> {
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                self.note(path);
                return Err(SourceError::Unreadable { path: path.into(), kind: error.kind() });
            }
        };
        self.note(path);
        let text = utf8_text(&bytes).map_err(|problem| {
            let line = match problem {
                NotUtf8::Gbk { line } | NotUtf8::Unknown { line } => line,
                _ => 1,
            };
            let problem = match problem {
                NotUtf8::Utf16 => ContentProblem::Utf16,
                _ => ContentProblem::NotUtf8,
            };
            SourceError::malformed(Place::line(path, line), problem)
        })?;
        Ok(Some(text.to_owned()))
    }

    /// Reads a token that is mounted for others too.
    pub(crate) fn mounted_token(&mut self, path: &Path) -> Result<Option<String>, SourceError> {
        let text = self.text(path);
        if let Some(facts) = self.read.last_mut().filter(|facts| facts.path == path) {
            facts.mounted_token = true;
        }
        text
    }

    /// The files read so far.
    pub(crate) fn into_facts(self) -> Vec<FileFacts> {
        self.read
    }

    fn note(&mut self, path: &Path) {
        let mode = self.files.mode(path);
        self.read.push(FileFacts { path: path.into(), mode, mounted_token: false });
    }
}
