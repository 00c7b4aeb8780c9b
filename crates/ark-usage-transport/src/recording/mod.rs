//! Recording exchanges, and replaying them without a network.
//!
//! While a run is recorded, its wall clock moves only when it is woken (by a response, the end of a
//! delay, an interruption), and each such instant is kept; so a replay shows the same times. A replay
//! does not wait for delays: its time jumps to the next recorded event.

mod calls;
mod error;
mod failure;
mod file;
mod recorder;
mod replay;

pub use self::calls::{RecordedCall, recorded_calls};
pub use self::error::{NotRecorded, RecordingError};
pub use self::recorder::{Recorder, RecordingTransport};
pub use self::replay::ReplayTransport;
