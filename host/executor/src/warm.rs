//! Compiles components that a node is sure to need, before anything asks for them.
//! Never in anyone's way: what comes of it shows in the log and in how soon a first step starts.

use std::sync::Arc;
use std::time::Duration;

use host_base::Code;
use tokio::sync::watch;

use crate::Executor;
use crate::executor::Shared;
use crate::run::attempt::prepare;

/// How long no run must have been at work. Compiling takes all cores, which runs under way need more.
const QUIET: Duration = Duration::from_secs(2);
/// How often is looked whether a run is at work.
const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Executor {
    /// Compiles the component of this reference in the background, once the registry has it and no run is at work.
    /// From then on one image serves every step, and after a restart the code comes from disk. `pushes` changes with
    /// each push to the registry.
    pub fn warm(&self, reference: &'static str, mut pushes: watch::Receiver<u64>) {
        let shared = self.shared.clone();
        self.shared.tasks.spawn(async move {
            let stopping = shared.stopping.clone();
            stopping.run_until_cancelled(make_warm(&shared, reference, &mut pushes)).await;
        });
    }
}

async fn make_warm(shared: &Arc<Shared>, reference: &str, pushes: &mut watch::Receiver<u64>) {
    loop {
        pushes.mark_unchanged();
        let failure = match shared.components.resolve_one(reference, shared.config.trust.of(None)).await {
            Ok(component) => {
                until_quiet(shared).await;
                match prepare(shared, &component.id).await {
                    Ok(_) => return tracing::info!(component = reference, "compiled ahead of its first step"),
                    Err(failure) => failure,
                }
            }
            Err(failure) => failure,
        };
        if failure.code != Code::ComponentNotFound {
            return tracing::warn!(component = reference, %failure, "cannot be compiled ahead of its first step");
        }
        if pushes.changed().await.is_err() {
            // The node ends, and nobody has pushed it.
            return;
        }
    }
}

/// Waits until no run has been at work for a while.
async fn until_quiet(shared: &Shared) {
    let mut quiet = Duration::ZERO;
    while quiet < QUIET {
        tokio::time::sleep(LOOK_EVERY).await;
        quiet = if shared.drives().is_empty() { quiet + LOOK_EVERY } else { Duration::ZERO };
    }
}
