//! Listening on an address that a flag names.

use std::net::{SocketAddr, TcpListener};

use ark_usage_report::text;

use crate::error::CliError;

/// Refuses an address that other machines reach, unless a flag allows it.
pub(super) fn check_address(address: SocketAddr, allows_remote: bool) -> Result<(), CliError> {
    if address.ip().is_loopback() || allows_remote {
        return Ok(());
    }
    Err(CliError::usage(text!(
        "--listen {address}: reachable from other machines",
        "--listen {address}：其他机器可以访问"
    ))
    .with_hint(text!(
        "use an address such as 127.0.0.1:8080, or pass --allow-remote",
        "请用 127.0.0.1:8080 这样的地址，或用 --allow-remote 放行"
    )))
}

/// Listens on an address.
pub(super) fn bind(address: SocketAddr) -> Result<tokio::net::TcpListener, CliError> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        tokio::net::TcpListener::from_std(listener)
    };
    listen().map_err(|error| cannot_listen(address, error))
}

/// The error of an address that is taken, or not of this machine.
pub(super) fn cannot_listen(address: SocketAddr, error: std::io::Error) -> CliError {
    CliError::internal(text!(
        "--listen {address}: cannot listen",
        "--listen {address}：无法在此监听"
    ))
    .with_source(error)
    .with_hint(text!("use port 0 for any free port", "端口写 0 则自动选用空闲端口"))
}
