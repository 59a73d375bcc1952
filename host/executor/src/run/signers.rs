//! Who vouched for a run's components, as its first event tells.
//! Never asks a registry again: what counted at submission is what the lineage shows.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use host_base::{ComponentId, Failure, RunId};
use host_pipeline::{RunEvent, Signer};
use host_training::Record;

use crate::Executor;
use crate::run::facts::component_text;
use crate::run::ledger_failure;
use crate::train::kept_event::KeptJobEvent;

/// Runs whose signers are kept in memory; past that all are forgotten and read from the ledger again.
const RUNS_KEPT_MAX: usize = 64;

/// The signers of a run's components, by the component's reference with its digest.
pub type Signers = BTreeMap<String, Signer>;

/// Signers by run. A plan never changes, and a large one is not to be read again for every page of its steps.
#[derive(Default)]
pub(crate) struct KnownSigners(Mutex<HashMap<RunId, Arc<Signers>>>);

impl Executor {
    /// The signers of a run's components, by the component's reference with its digest, as its steps name it.
    /// Components that no trusted key signed are not among them.
    pub async fn signers(&self, run: &RunId) -> Result<Arc<Signers>, Failure> {
        let known = &self.shared.signers.0;
        if let Some(signers) = known.lock().unwrap_or_else(PoisonError::into_inner).get(run) {
            return Ok(signers.clone());
        }
        let first = self.shared.ledger.entries(run, 0, 1).await.map_err(ledger_failure)?;
        let Some(first) = first.into_iter().next() else { return Ok(Arc::default()) };
        let signers: Arc<Signers> = Arc::new(signed(first.event));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= RUNS_KEPT_MAX {
            known.clear();
        }
        known.insert(run.clone(), signers.clone());
        Ok(signers)
    }
}

/// Who signed what a submission carries out: a pipeline's steps, or a training job's one component.
fn signed(submission: serde_json::Value) -> Signers {
    if let Ok(KeptJobEvent::Record(record)) = KeptJobEvent::read(submission.clone())
        && let Record::Submitted { plan } = *record
    {
        let ComponentId { reference, digest, signer, .. } = &plan.component;
        return signer.iter().map(|signer| (format!("{reference}@{digest}"), signer.clone())).collect();
    }
    let Ok(RunEvent::Submitted { plan }) = serde_json::from_value(submission) else { return Signers::default() };
    let steps = plan.steps().into_iter();
    steps.filter_map(|(_, step)| Some((component_text(step), step.component.signer.clone()?))).collect()
}
