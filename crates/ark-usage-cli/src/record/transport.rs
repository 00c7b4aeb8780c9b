//! The transport of every command.

use ark_usage_transport::{
    HyperTransport, RecordingTransport, ReplayTransport, Transport, TransportError,
};
use http::{Request, Response};

use super::RecordMode;
use crate::clock::WallClock;
use crate::history::KeptUsage;

/// Sends requests to the network, or answers them from a recording or a history.
#[derive(Clone, Debug)]
pub(crate) enum CommandTransport {
    /// To the network.
    Live(HyperTransport),
    /// To the network, recorded.
    Recorded(RecordingTransport<HyperTransport, WallClock>),
    /// Nowhere: answers come from a recording.
    Replayed(ReplayTransport),
    /// Nowhere: answers come from a history.
    Kept(KeptUsage),
}

impl CommandTransport {
    /// The network, as the run uses recordings.
    pub(crate) fn new(network: HyperTransport, mode: &RecordMode) -> Self {
        match mode {
            RecordMode::Off => Self::Live(network),
            RecordMode::Recording(recording) => {
                Self::Recorded(RecordingTransport::new(network, recording.recorder.clone()))
            }
            RecordMode::Replaying(replay) => Self::Replayed(replay.transport.clone()),
            RecordMode::Kept(kept) => Self::Kept(kept.clone()),
        }
    }
}

impl Transport for CommandTransport {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        match self {
            Self::Live(network) => network.send(request).await,
            Self::Recorded(network) => network.send(request).await,
            // Also a `BlockingTransport`, so the trait is named.
            Self::Replayed(replay) => Transport::send(replay, request).await,
            Self::Kept(kept) => kept.send(request).await,
        }
    }
}
