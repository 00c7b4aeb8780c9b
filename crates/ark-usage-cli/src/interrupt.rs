//! Interruption with Ctrl-C.

/// Completes when the user interrupts the program from the keyboard.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // The handler cannot be installed; the default action then ends the program.
        std::future::pending::<()>().await;
    }
}
