//! The transport of every command.

use std::sync::Arc;

use ark_usage_model::AccountId;
use ark_usage_transport::{HyperTransport, Sign, SignFailure, Transport, TransportError};
use http::{Request, Response};
use volc_sign::SigningTime;

use super::{Player, Recorder, Tape};

/// Carries requests to the network, or to a recording of it.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    /// To the network.
    Live(HyperTransport),
    /// To the network, with somebody listening.
    Recorded(HyperTransport, Arc<Recorder>),
    /// Nowhere: answers come from a recording.
    Replayed(Arc<Player>),
}

impl Wire {
    /// The network, as the run is recorded, replayed or neither.
    pub(crate) fn new(network: HyperTransport, tape: &Tape) -> Self {
        match tape {
            Tape::Off => Self::Live(network),
            Tape::Recording(recorder) => Self::Recorded(network, Arc::clone(recorder)),
            Tape::Replaying(player) => Self::Replayed(Arc::clone(player)),
        }
    }
}

impl Transport for Wire {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        match self {
            Self::Live(network) => network.send(request).await,
            Self::Recorded(network, recorder) => {
                let sent = recorder.sent(&request, asker(&request));
                sent.ended(network.send(request).await)
            }
            Self::Replayed(player) => player.answer(&request, asker(&request)).await,
        }
    }
}

/// Signs, and writes on the request in whose name: two accounts may ask the very same.
#[derive(Clone, Debug)]
pub(crate) struct Labelled<S> {
    /// Who signs.
    pub(crate) sign: S,
    /// The account's number.
    pub(crate) account: u32,
}

impl<S: Sign + Sync> Sign for Labelled<S> {
    async fn sign(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        let mut signed = self.sign.sign(account, request, time, refresh).await?;
        signed.extensions_mut().insert(Asker(self.account));
        Ok(signed)
    }
}

/// In whose name a request goes; never on the wire.
#[derive(Clone, Copy, Debug)]
struct Asker(u32);

fn asker(request: &Request<Vec<u8>>) -> u32 {
    request.extensions().get().map_or(0, |Asker(account)| *account)
}
