//! A document and parameters become a run. Acknowledged once the ledger holds it.
//! Never starts a step before that.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Code, Failure, RunId, Value};
use host_ledger::{Fact, RunAttributes};
use host_pipeline::{Call, ComponentId, Plan, RunEvent};
use registry_oci::Digest;

use crate::Executor;
use crate::executor::Shared;
use crate::run::drive::{Departure, Drive};
use crate::run::ledger_failure;
use crate::run::start::Introduction;

impl Executor {
    /// Accepts a run. When this returns, the run is durable and at work; all problems are returned at once.
    pub async fn submit(&self, document: &str, parameters: BTreeMap<String, Value>) -> Result<RunId, Vec<Failure>> {
        let work = self.document_work(document, parameters).await?;
        self.start_work(work, Introduction::default()).await
    }

    /// An id for a run that is about to be accepted.
    pub(crate) fn new_run(&self) -> Result<RunId, Failure> {
        Ok(RunId::new(self.shared.clock.now_millis(), random_bits()?))
    }

    /// Accepts a run of a plan that was made before.
    pub(crate) async fn submit_plan(&self, plan: Arc<Plan>, introduction: Introduction) -> Result<RunId, Failure> {
        let run = match introduction.run {
            Some(run) => run,
            None => self.new_run()?,
        };
        self.accept(run.clone(), plan, introduction.attributes).await?;
        Ok(run)
    }

    /// The same under an id that the plan may name.
    pub(crate) async fn accept(&self, run: RunId, plan: Arc<Plan>, attributes: RunAttributes) -> Result<(), Failure> {
        let shared = &self.shared;
        if shared.stopping.is_cancelled() {
            return Err(Failure::new(Code::Conflict, "the node is stopping and accepts no more runs")
                .with_hint("submit again once it is back")
                .retryable());
        }
        warm_up(shared, &plan);
        let event = RunEvent::Submitted { plan: plan.clone() };
        let mut state = host_pipeline::start(plan);
        let advanced = host_pipeline::advance(&mut state, &event);
        let began_at_millis = shared.clock.now_millis();
        let mut entry = crate::run::facts::entry(&run, began_at_millis, &event, &state, &advanced)?;
        entry.facts.push(Fact::RunAttributes(attributes));
        shared.ledger.append(vec![entry]).await.map_err(ledger_failure)?;
        let (happening, commands) = (Vec::new(), advanced.commands);
        Drive::start(shared, run.clone(), Departure { state, happening, commands, began_at_millis });
        Ok(())
    }

    /// Artifacts named by digest must be here, or the run would fail in the middle.
    pub(crate) async fn check_artifacts(&self, parameters: &BTreeMap<String, Value>) -> Result<(), Vec<Failure>> {
        let mut failures = Vec::new();
        for (name, value) in parameters {
            for artifact in value.artifacts() {
                match self.shared.artifacts.size_bytes(&artifact.digest).await {
                    Ok(Some(_)) => {}
                    Ok(None) => failures.push(not_uploaded(name, &artifact.digest)),
                    Err(error) => failures.push(error.to_failure()),
                }
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(failures) }
    }
}

fn not_uploaded(parameter: &str, digest: &Digest) -> Failure {
    Failure::new(Code::ArtifactNotFound, format!("parameter `{parameter}` names {digest}, which is not kept here"))
        .with_hint(format!("upload the file with the run: --param {parameter}=@FILE"))
}

/// Compiles the plan's components beside the submission, so that first steps find them ready.
fn warm_up(shared: &Arc<Shared>, plan: &Plan) {
    let components: BTreeMap<Digest, ComponentId> = plan
        .steps()
        .iter()
        .filter(|(_, step)| !matches!(step.call, Call::Import(_)))
        .map(|(_, step)| (step.component.digest.clone(), step.component.clone()))
        .collect();
    for component in components.into_values() {
        let (shared, stopping) = (shared.clone(), shared.stopping.clone());
        let tasks = shared.tasks.clone();
        tasks.spawn(async move {
            // What fails here fails again, and is reported, in the step that needs it.
            let prepare = super::attempt::prepare(&shared, &component);
            drop(stopping.run_until_cancelled(prepare).await);
        });
    }
}

/// 128 bits from the operating system, to tell apart runs of the same millisecond.
pub(crate) fn random_bits() -> Result<u128, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(Code::Internal, format!("the operating system gave no random bytes for a run id: {error}"))
    })?;
    Ok(u128::from_ne_bytes(bytes))
}
