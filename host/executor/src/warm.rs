//! Compiles components that a node is sure to need, before anything asks for them.
//! Never in anyone's way: what comes of it shows in the log and in how soon a first step starts.

use std::sync::Arc;
use std::time::Duration;

use host_base::Code;

use crate::Executor;
use crate::executor::Shared;
use crate::run::attempt::prepare;

/// How often the registry is asked for a component that it does not have yet.
const ASK_EVERY: Duration = Duration::from_secs(2);

impl Executor {
    /// Compiles the component of this reference in the background, once the registry has it. From then on
    /// one image serves every step, and after a restart the code comes from disk.
    pub fn warm(&self, reference: &'static str) {
        let shared = self.shared.clone();
        self.shared.tasks.spawn(async move {
            let stopping = shared.stopping.clone();
            stopping.run_until_cancelled(make_warm(&shared, reference)).await;
        });
    }
}

async fn make_warm(shared: &Arc<Shared>, reference: &str) {
    loop {
        let prepared = match shared.components.resolve_one(reference).await {
            Ok(component) => prepare(shared, &component.id.digest).await.map(drop),
            Err(failure) => Err(failure),
        };
        match prepared {
            Ok(()) => return tracing::info!(component = reference, "compiled ahead of its first step"),
            Err(failure) if failure.code == Code::ComponentNotFound => tokio::time::sleep(ASK_EVERY).await,
            Err(failure) => {
                return tracing::warn!(component = reference, %failure, "cannot be compiled ahead of its first step");
            }
        }
    }
}
