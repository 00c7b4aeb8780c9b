//! The contract of a store, and its errors.

use ark_usage_model::{Interval, Window};

use crate::{
    Delivered, Intake, Line, Names, Revision, Sample, Span, StoredPoint, Subject, WindowAnswer,
};

/// A store of usage: in [memory](crate::MemoryStore), or in a file.
///
/// Every method that changes something is one transaction: after an error, or an end of the process
/// in the middle, all of it is there or nothing.
pub trait Store {
    /// Takes in an answer: its points, and that its window was answered. Of two values of one bucket
    /// the one fetched later is kept, the other stays as a former value. A point that the service no
    /// longer returns is kept as it is. Taking in an answer again changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was taken in.
    fn apply(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError>;

    /// Takes in an answer that has just come. It counts before everything that is stored, also where
    /// that has a later time: a clock was wrong then. A sync uses this, an import [`apply`](Self::apply).
    /// Only this one counts the points that are [no longer returned](Intake::no_longer_returned).
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was taken in.
    fn apply_latest(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError>;

    /// Remembers names of an account; those it does not mention [stay](Names::update).
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was changed.
    fn remember(&mut self, account_id: &str, names: &Names) -> Result<(), StoreError>;

    /// The numbers of all accounts, sorted.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn accounts(&self) -> Result<Vec<String>, StoreError>;

    /// The names of an account; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn names(&self, account_id: &str) -> Result<Names, StoreError>;

    /// The subjects of an account that were answered at least once, sorted.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn subjects(&self, account_id: &str) -> Result<Vec<(Subject, Interval)>, StoreError>;

    /// The answered spans of a subject that share buckets with a window, in order, not cut to it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn spans(&self, subject: &Subject, window: Window) -> Result<Vec<Span>, StoreError>;

    /// Hands out the points of a subject in a window, some at a time: series by series in the order
    /// of their lines, each in order of time. Series that `wanted` refuses are not read.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn points(
        &self,
        subject: &Subject,
        window: Window,
        wanted: &dyn Fn(&Line) -> bool,
        each: &mut dyn FnMut(&Line, &[StoredPoint]),
    ) -> Result<(), StoreError>;

    /// Hands out the points with former values whose buckets start from `start` on and before `end`,
    /// sorted by subject, interval, line and time.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn revisions(
        &self,
        start: i64,
        end: i64,
        each: &mut dyn FnMut(&Revision),
    ) -> Result<(), StoreError>;

    /// Hands out the samples that a receiver was sent, some at a time: series by series in the order of
    /// their names, each in order of time.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn delivered(
        &self,
        receiver: &str,
        each: &mut dyn FnMut(&str, &[Delivered]),
    ) -> Result<(), StoreError>;

    /// Writes down that these samples are sent to a receiver next. Each series and time comes once. After
    /// a crash they are [in flight](Delivered::in_flight): the receiver may have them or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was written, so nothing should be sent.
    fn begin_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError>;

    /// Writes down that a receiver has confirmed these samples, which were begun.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; they stay in flight.
    fn complete_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError>;

    /// Removes everything about buckets that end by an instant: points, former values, spans. Names
    /// stay, and what was delivered stays written down: fetched again, it is not sent again.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was removed.
    fn forget(&mut self, before: i64) -> Result<Forgotten, StoreError>;
}

/// The number of points and former values that were removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Points.
    pub points: u64,
    /// Former values.
    pub former_values: u64,
}

/// The failure of a store. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file; a first sync makes it.
    #[error("there is no such file")]
    NotFound,
    /// The file belongs to something else; choose another one.
    #[error("the file is not a usage history")]
    Foreign,
    /// The file was written by a newer version of this crate; use that version.
    #[error("the file has version {found}, and this program knows up to {known}")]
    Newer {
        /// The version of the file.
        found: u32,
        /// The newest version that is known.
        known: u32,
    },
    /// The file was written by an older version; opening it for writing migrates it.
    #[error("the file has version {found} and must be migrated to {known} first")]
    Older {
        /// The version of the file.
        found: u32,
        /// The version that is needed.
        known: u32,
    },
    /// The file is damaged; restore a backup, or copy out what is left.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// Another process writes to the file; wait for it.
    #[error("another process is writing to the file")]
    Busy,
    /// There is no room left.
    #[error("no space is left for the file")]
    Full,
    /// The file or its folder cannot be written to.
    #[error("the file cannot be written")]
    ReadOnly,
    /// The system refused something else.
    #[error("{0}")]
    Io(String),
}
