//! The emulator on a socket: HTTP/1.1 through hyper, with limits that hold against broken and slow
//! clients, and scripted misbehaviour on the raw socket.

mod closing;
mod compression;
mod connection;
mod limits;
mod misbehave;
mod occupation;
mod patient_stream;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use volc_sign::SigningTime;

use self::connection::Context;
pub use self::limits::Limits;
use crate::emulator::Emulator;

/// A running emulator. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    local_addr: SocketAddr,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// The address it listens on; the port is known even when port 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// `http://` and [`Server::local_addr`]: the base URL to give to clients.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.local_addr)
    }

    /// Closes the listener and every connection, and returns when that is done.
    pub async fn shutdown(self) {
        // The receiver is gone only when the task has ended, which is what is wanted.
        let _ = self.stop.send(());
        let _ = self.accepting.await;
    }

    /// Serves for as long as the runtime lives.
    pub async fn join(self) {
        let _ = self.accepting.await;
        drop(self.stop);
    }
}

/// Listens on `address` with the default [`Limits`] and answers with [`Emulator::handle`] at the
/// instants `clock` names.
///
/// Must be called within a tokio runtime with time and I/O enabled; connections are its tasks.
///
/// ```
/// use ark_usage_emulator::{Emulator, EmulatorOptions, serve};
/// use volc_sign::SigningTime;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::new(EmulatorOptions::default());
/// // A clock that stands still makes every answer repeatable.
/// let now = SigningTime::from_unix(1_732_013_137)?;
/// let server = serve("127.0.0.1:0", emulator, move || now).await?;
/// println!("listening on {}", server.base_url());
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When the address cannot be listened on, for example because the port is taken.
pub async fn serve(
    address: impl ToSocketAddrs,
    emulator: impl Into<Arc<Emulator>>,
    clock: impl Fn() -> SigningTime + Send + Sync + 'static,
) -> io::Result<Server> {
    serve_on(TcpListener::bind(address).await?, emulator, clock, Limits::default())
}

/// [`serve`] on a listener that exists already, with limits of one's own.
///
/// # Errors
///
/// When the listener cannot tell its address.
pub fn serve_on(
    listener: TcpListener,
    emulator: impl Into<Arc<Emulator>>,
    clock: impl Fn() -> SigningTime + Send + Sync + 'static,
    limits: Limits,
) -> io::Result<Server> {
    let emulator = emulator.into();
    serve_handler(listener, limits, move |request| emulator.handle(request, clock()))
}

/// Serves answers of any function, with the same limits: a small server that slow, broken and many
/// clients cannot take down.
///
/// # Errors
///
/// When the listener cannot tell its address.
pub fn serve_handler(
    listener: TcpListener,
    limits: Limits,
    handler: impl Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync + 'static,
) -> io::Result<Server> {
    let local_addr = listener.local_addr()?;
    let crowded = watch::Sender::new(false);
    let context = Context { handler: Box::new(handler), limits, crowded };
    let (stop, stopped) = oneshot::channel();
    let accepting = tokio::spawn(accept(listener, Arc::new(context), stopped));
    Ok(Server { local_addr, stop, accepting })
}

async fn accept(listener: TcpListener, context: Arc<Context>, mut stopped: oneshot::Receiver<()>) {
    // Dropped at the end, which aborts what is still open.
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(context.limits.max_connections));
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // The client went away in the queue, or the process has no more descriptors: neither is
            // a reason to stop, the second one to breathe.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let place = tokio::select! {
            _ = &mut stopped => break,
            place = place(&places, &context) => place,
        };
        let context = Arc::clone(&context);
        connections.spawn(async move {
            let _place = place;
            converse(stream, &context).await;
        });
    }
    connections.shutdown().await;
}

/// A place for one more connection. In a full house further clients wait in the listener's queue, and
/// connections that do nothing are told.
async fn place(places: &Arc<Semaphore>, context: &Context) -> Option<OwnedSemaphorePermit> {
    if let Ok(place) = Arc::clone(places).try_acquire_owned() {
        return Some(place);
    }
    context.crowded.send_replace(true);
    let place = Arc::clone(places).acquire_owned().await;
    context.crowded.send_replace(false);
    // It is never closed.
    place.ok()
}

async fn converse(stream: TcpStream, context: &Arc<Context>) {
    // Answers are small and complete: waiting for more to send only costs time.
    let _ = stream.set_nodelay(true);
    connection::run(stream, context).await;
}
