//! Ctrl-C.

/// Completes when the user interrupts the program from the keyboard.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // No way to hear of it on this machine; the default action then ends the program.
        std::future::pending::<()>().await;
    }
}
