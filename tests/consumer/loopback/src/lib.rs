//! The emulator on a thread of its own, for tests that have no runtime.

use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

pub use ark_usage_emulator::{
    DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, VENDOR_DAY_COMPLETION_TOKENS, VENDOR_DAY_PROJECT,
    VENDOR_DAY_PROMPT_TOKENS, VENDOR_DAY_START,
};
use ark_usage_emulator::{Emulator, EmulatorOptions, serve};
use tokio::sync::oneshot;
use volc_sign::{Credentials, SigningTime};

/// A GetUsage request's body that the emulator answers.
pub const BODY: &str = r#"{"Interval":86400,"StartTime":1731945600,"EndTime":1731945600}"#;

/// An emulator; dropping it stops it.
pub struct Loopback {
    base_url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Loopback {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let emulator = Emulator::new(EmulatorOptions::default());
                let server = serve("127.0.0.1:0", emulator, now).await.expect("a free port");
                tell.send(server.base_url()).expect("somebody waits");
                let _ = stopped.await;
                server.shutdown().await;
            });
        });
        let base_url = told.recv().expect("the server starts");
        Self { base_url, stop: Some(stop), thread: Some(thread) }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The keys that the emulator knows.
pub fn demo_keys() -> Credentials {
    Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY)
}

fn now() -> SigningTime {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    SigningTime::from_unix(now.as_secs()).expect("before the year 10000")
}
