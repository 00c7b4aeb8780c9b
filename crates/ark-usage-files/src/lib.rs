//! Output files: written whole or not at all, with no more rights than a new file has.
//!
//! [`OutputFile::open`] finds out how a path is written before anything else is done, and refuses
//! what a shell's `>` refuses:
//!
//! | the path is | it is written |
//! |---|---|
//! | a file, or nothing yet | beside, and put in its place by [`OutputFile::finish`] |
//! | a link | as what it leads to, which need not exist |
//! | a file that is mounted, or in a folder that takes no new file | over the old content, by [`OutputFile::finish`] |
//! | a device, a FIFO, or an open descriptor such as `/dev/stdout` | at once, as it was opened |
//!
//! On Linux a file has no name before it is complete, so that no end of the process leaves a part
//! of it. Where a name is needed, [`discard_unfinished`] removes it.
//!
//! # Example
//!
//! ```
//! use std::io::Write as _;
//!
//! use ark_usage_files::{FileAccess, OutputFile};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("usage.csv");
//! let mut file = OutputFile::open(&path, FileAccess::Usual)?;
//! file.write_all(b"day,tokens\n")?;
//! file.finish()?;
//! assert_eq!(std::fs::read(&path)?, b"day,tokens\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(unix)]
mod attributes;
#[cfg(unix)]
mod descriptor;
mod error;
mod file_lock;
mod output_file;
#[cfg(unix)]
mod ownership;
mod scratch;
mod target;

#[cfg(unix)]
pub use crate::descriptor::check_stdout;
pub use crate::error::OpenError;
pub use crate::file_lock::FileLock;
pub use crate::output_file::{FileAccess, OutputFile};
#[cfg(unix)]
pub use crate::ownership::{ChangeablePlace, changeable_by_others};
pub use crate::scratch::discard_unfinished;
pub use crate::target::is_stdout;
