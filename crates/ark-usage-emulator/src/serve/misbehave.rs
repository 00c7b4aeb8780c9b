//! Carries a [`SocketFault`] out: the answer is written by hand, since no HTTP library sends wrong
//! HTTP.

use std::io;
use std::time::Duration;

use http::Response;
use http::header::CONTENT_LENGTH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::closing::close;
use crate::faults::SocketFault;

/// A stalled connection is given up after that long.
const LONGEST_STALL: Duration = Duration::from_mins(10);

/// The fault a response carries.
pub(super) fn misbehaviour(response: &Response<Vec<u8>>) -> Option<SocketFault> {
    response.extensions().get().copied()
}

/// Sends `response` as its fault wants it and ends the connection. The client may well be gone by
/// then; that is its right.
pub(super) async fn send(mut stream: TcpStream, response: Response<Vec<u8>>, patience: Duration) {
    let Some(fault) = misbehaviour(&response) else { return };
    let ended = mistreat(&mut stream, &response, fault, patience).await;
    if let Ok(Ending::Reset) = ended {
        let _ = stream.set_zero_linger();
        return;
    }
    close(stream).await;
}

enum Ending {
    Reset,
    Close,
}

async fn mistreat(
    stream: &mut TcpStream,
    response: &Response<Vec<u8>>,
    fault: SocketFault,
    patience: Duration,
) -> io::Result<Ending> {
    let body = response.body().as_slice();
    let length = body.len() as u64;
    let mut out = Out { stream, patience };
    match fault {
        SocketFault::ResetBeforeBody => return Ok(Ending::Reset),
        SocketFault::ResetInBody => {
            out.head(response, length).await?;
            out.bytes(up_to(body, length / 2)).await?;
            out.let_arrive().await;
            return Ok(Ending::Reset);
        }
        SocketFault::ResetAfterBody => {
            out.head(response, length).await?;
            out.bytes(body).await?;
            out.let_arrive().await;
            return Ok(Ending::Reset);
        }
        SocketFault::Stall { after } => {
            if let Some(after) = after {
                out.head(response, length).await?;
                out.bytes(up_to(body, after)).await?;
            }
            out.until_the_client_leaves().await;
        }
        SocketFault::SlowDrip { bytes, millis } => {
            out.head(response, length).await?;
            let size = usize::try_from(bytes.max(1)).unwrap_or(usize::MAX);
            for drop in body.chunks(size) {
                out.bytes(drop).await?;
                sleep(Duration::from_millis(millis)).await;
            }
        }
        SocketFault::ContentLength { off_by } => {
            out.head(response, length.saturating_add_signed(off_by)).await?;
            out.bytes(body).await?;
        }
        SocketFault::HugeBody { bytes } => {
            out.head(response, length.max(bytes)).await?;
            out.bytes(body).await?;
            out.white_space(bytes.saturating_sub(length)).await?;
        }
        SocketFault::Delay { millis } => {
            sleep(Duration::from_millis(millis)).await;
            out.head(response, length).await?;
            out.bytes(body).await?;
        }
    }
    Ok(Ending::Close)
}

/// The raw socket, with the same patience as everywhere.
struct Out<'a> {
    stream: &'a mut TcpStream,
    patience: Duration,
}

impl Out<'_> {
    async fn head(&mut self, response: &Response<Vec<u8>>, length: u64) -> io::Result<()> {
        let status = response.status();
        let reason = status.canonical_reason().unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
        let fields = response.headers().iter().filter(|(name, _)| *name != CONTENT_LENGTH);
        for (name, value) in fields {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
        head.extend_from_slice(b"connection: close\r\n\r\n");
        self.bytes(&head).await
    }

    async fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(self.patience, self.stream.write_all(bytes)).await?
    }

    async fn white_space(&mut self, mut count: u64) -> io::Result<()> {
        let spaces = vec![b' '; 64 * 1024];
        while count > 0 {
            let piece = up_to(&spaces, count);
            self.bytes(piece).await?;
            count -= piece.len() as u64;
        }
        Ok(())
    }

    /// A reset overtakes bytes that are still on their way: they get a moment.
    async fn let_arrive(&mut self) {
        sleep(Duration::from_millis(50)).await;
    }

    async fn until_the_client_leaves(&mut self) {
        let mut rest = [0_u8; 1024];
        let reading = async { while matches!(self.stream.read(&mut rest).await, Ok(1..)) {} };
        let _ = timeout(LONGEST_STALL, reading).await;
    }
}

fn up_to(bytes: &[u8], count: u64) -> &[u8] {
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(bytes.len());
    bytes.get(..count).unwrap_or(bytes)
}
