//! Whether a session's kernel is there: not yet, with what it says of itself, or not at all, with the reason.
//! Never goes back from an end; only a restart begins anew.

use std::sync::Arc;

use host_base::Failure;
use host_cap_kernel::Description;
use tokio::sync::watch;

/// How far a session's kernel is.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    Starting,
    There(KernelThere),
    Dead(Failure),
}

/// A kernel that is there.
#[derive(Clone, Debug)]
pub(super) struct KernelThere {
    pub(super) description: Arc<Description>,
    pub(super) can_save: bool,
}

/// The stage, which others can wait for.
pub(super) struct Readiness(watch::Sender<Stage>);

impl Readiness {
    pub(super) fn new() -> Self {
        Self(watch::channel(Stage::Starting).0)
    }

    pub(super) fn set(&self, stage: Stage) {
        self.0.send_replace(stage);
    }

    pub(super) fn stage(&self) -> Stage {
        self.0.borrow().clone()
    }

    /// Waits until it is there.
    ///
    /// # Errors
    /// Why it will not be.
    pub(super) async fn wait(&self) -> Result<KernelThere, Failure> {
        let mut changes = self.0.subscribe();
        loop {
            match &*changes.borrow_and_update() {
                Stage::There(there) => return Ok(there.clone()),
                Stage::Dead(failure) => return Err(failure.clone()),
                Stage::Starting => {}
            }
            // The sender is this very value.
            if changes.changed().await.is_err() {
                return Err(Failure::new(host_base::Code::Internal, "the session's kernel was given up"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
