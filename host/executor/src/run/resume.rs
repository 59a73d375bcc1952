//! Brings runs back from their history, after a crash or to try them again.
//! Never guesses: what is not in the ledger did not happen.

use std::sync::Arc;

use host_base::{Code, Failure, Millis, RunId};
use host_ledger::Entry;
use host_pipeline::RunEvent;

use crate::executor::Shared;
use crate::run::drive::{Departure, Drive};
use crate::run::kept_event::KeptEvent;
use crate::run::ledger_failure;
use crate::train::TRAIN_JOB_KIND;

/// Entries read at once.
const ENTRIES_PER_READ: usize = 1_000;

/// Goes on with every unfinished run. One that cannot be read is reported and left alone.
pub(crate) async fn resume_unfinished(shared: &Arc<Shared>) -> Result<usize, Failure> {
    let runs = shared.ledger.unfinished_runs().await.map_err(ledger_failure)?;
    shared.workspaces.keep_only(&runs).await;
    let mut resumed = 0;
    for run in runs {
        let is_job = matches!(shared.ledger.run(&run).await, Ok(Some(record)) if record.kind == TRAIN_JOB_KIND);
        let went_on = if is_job { crate::train::resume::go_on(shared, &run).await } else { resume(shared, &run).await };
        match went_on {
            Ok(()) => resumed += 1,
            Err(failure) => tracing::error!(%run, %failure, "a run could not be resumed and is left as it is"),
        }
    }
    Ok(resumed)
}

async fn resume(shared: &Arc<Shared>, run: &RunId) -> Result<(), Failure> {
    let History { events, began_at_millis } = history(shared, run).await?;
    let recovered = host_pipeline::recover(&events)?;
    tracing::info!(%run, interrupted = recovered.events.len(), "resuming a run");
    let (state, happening, commands) = (recovered.state, recovered.events, recovered.commands);
    Drive::start(shared, run.clone(), Departure { state, happening, commands, began_at_millis });
    Ok(())
}

/// A run's whole history.
pub(crate) struct History {
    /// What happened, oldest first.
    pub(crate) events: Vec<RunEvent>,
    /// When the run was submitted, or last asked to be tried again.
    pub(crate) began_at_millis: Millis,
}

/// Reads a run's whole history.
pub(crate) async fn history(shared: &Shared, run: &RunId) -> Result<History, Failure> {
    let mut history = History { events: Vec::new(), began_at_millis: 0 };
    let mut after = 0;
    loop {
        let entries = shared.ledger.entries(run, after, ENTRIES_PER_READ).await.map_err(ledger_failure)?;
        let Some(last) = entries.last() else { return Ok(history) };
        after = last.sequence;
        for entry in entries {
            let at_millis = entry.at_millis;
            let Some(event) = event(entry)? else { continue };
            if matches!(event, RunEvent::Submitted { .. } | RunEvent::RetryRequested) {
                history.began_at_millis = at_millis;
            }
            history.events.push(event);
        }
    }
}

/// The decider's event in an entry; none in an entry that carries no decision.
pub(crate) fn event(entry: Entry) -> Result<Option<RunEvent>, Failure> {
    let sequence = entry.sequence;
    match KeptEvent::read(entry.event) {
        Ok(KeptEvent::Decision(event)) => Ok(Some(*event)),
        Ok(KeptEvent::Metric(_) | KeptEvent::Attributes) => Ok(None),
        Err(error) => {
            let message = format!("entry {sequence} of the ledger cannot be read: {error}");
            Err(Failure::new(Code::LedgerFailed, message).with_hint("was it written by a newer version of sandmill?"))
        }
    }
}
