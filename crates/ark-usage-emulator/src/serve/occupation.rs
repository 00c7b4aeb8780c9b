//! The activity of a connection, and when an idle one has to make room for those that wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// The activity of one connection.
#[derive(Clone, Debug)]
pub(super) struct Occupation(Arc<watch::Sender<Work>>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Work {
    /// A request was read whole and its answer is not there yet.
    answering: bool,
    /// The client has not taken all of an answer.
    writing: bool,
}

impl Work {
    fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Occupation {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Work::default())))
    }

    pub(super) fn set_answering(&self, answering: bool) {
        self.change(|work| Work { answering, ..work });
    }

    pub(super) fn set_writing(&self, writing: bool) {
        self.change(|work| Work { writing, ..work });
    }

    fn change(&self, next: impl FnOnce(Work) -> Work) {
        self.0.send_if_modified(|work| {
            let next = next(*work);
            std::mem::replace(work, next) != next
        });
    }

    /// Ends when others wait for a place and the connection has done nothing for `patience`.
    pub(super) async fn outstays(&self, mut crowded: watch::Receiver<bool>, patience: Duration) {
        let mut work = self.0.subscribe();
        // A sender that is gone is a server that is gone.
        while work.wait_for(|work| work.is_none()).await.is_ok() {
            let idle_in_a_crowd = async {
                sleep(patience).await;
                crowded.wait_for(|crowded| *crowded).await.is_ok()
            };
            tokio::select! {
                _ = work.wait_for(|work| !work.is_none()) => {}
                _ = idle_in_a_crowd => return,
            }
        }
    }
}
