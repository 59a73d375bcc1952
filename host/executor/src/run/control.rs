//! Requests to a run: cancel it, try it again.
//! Never changes a run itself; the request is an event like any other.

use std::collections::BTreeMap;
use std::time::Duration;

use host_base::{Code, Failure, RunId};
use host_pipeline::{Call, Plan, RunEvent};

use crate::executor::Shared;
use crate::run::drive::{Departure, Drive};
use crate::run::history::no_such_run;
use crate::run::ledger_failure;
use crate::{Executor, LiveUpdate};

/// Longest wait until a request is committed.
const COMMIT_WAIT_MAX: Duration = Duration::from_secs(5);

impl Executor {
    /// Asks a run to end. Its attempts are stopped; what succeeded stays. Returns before it has ended.
    pub async fn cancel(&self, run: &RunId) -> Result<(), Failure> {
        let handle = self.shared.drives().get(run).cloned();
        let sent = handle.is_some_and(|handle| handle.events.send(RunEvent::CancelRequested).is_ok());
        if sent { Ok(()) } else { Err(not_at_work(&self.shared, run, "cancelled").await) }
    }

    /// Tries a finished run again: steps that failed, were skipped or cancelled. What succeeded stays.
    pub async fn retry(&self, run: &RunId) -> Result<(), Failure> {
        let shared = &self.shared;
        let record = shared.ledger.run(run).await.map_err(ledger_failure)?.ok_or_else(|| no_such_run(run))?;
        if record.finished_at_millis.is_none() || shared.drives().contains_key(run) {
            return Err(Failure::new(Code::Conflict, format!("run {run} has not ended yet"))
                .with_hint(format!("wait for it with `sandmill run watch {run}`, or cancel it first")));
        }
        if record.status == "succeeded" {
            return Err(Failure::new(Code::Conflict, format!("run {run} succeeded: there is nothing to try again"))
                .with_hint("submit the pipeline again for a new run"));
        }
        let state = host_pipeline::replay(&super::resume::history(shared, run).await?.events)?;
        still_trusted(shared, &state.plan).await?;
        let (happening, began_at_millis) = (vec![RunEvent::RetryRequested], shared.clock.now_millis());
        let mut news = shared.live.watch(run);
        Drive::start(shared, run.clone(), Departure { state, happening, commands: Vec::new(), began_at_millis });
        // Whoever asked and then waits for the end must not read the one that was before. The request is the first
        // that is committed; where the disk refuses for long, the run is at work all the same.
        let committed = async { while matches!(news.recv().await, Ok(news) if news != LiveUpdate::Committed) {} };
        let committed = tokio::time::timeout(COMMIT_WAIT_MAX, committed);
        // Both a node that stops and the time that is over end the wait only.
        let _ = shared.stopping.run_until_cancelled(committed).await;
        Ok(())
    }
}

/// Refuses a plan of which the policy no longer trusts a component: keys and rules may have changed since it was made.
async fn still_trusted(shared: &Shared, plan: &Plan) -> Result<(), Failure> {
    let Some(trust) = shared.config.trust.of(plan.namespace.as_deref()) else { return Ok(()) };
    let steps = plan.steps().into_iter().filter(|(_, step)| !matches!(step.call, Call::Import(_)));
    let components: BTreeMap<_, _> = steps.map(|(_, step)| (&step.component.manifest, &step.component)).collect();
    for component in components.into_values() {
        shared.components.check_again(component, trust).await?;
    }
    Ok(())
}

async fn not_at_work(shared: &Shared, run: &RunId, what: &str) -> Failure {
    match shared.ledger.run(run).await {
        Ok(Some(record)) => {
            let message = format!("run {run} is {} and cannot be {what}", record.status);
            Failure::new(Code::Conflict, message).with_hint(format!("look at it with `sandmill run show {run}`"))
        }
        Ok(None) => no_such_run(run),
        Err(error) => ledger_failure(error),
    }
}
