//! One attempt of one step: an earlier result is looked for, else the guest is called.
//! Never tells the ledger itself: it reports events to the run's drive.

pub(crate) mod kfp;

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactRef, Code, Failure, RunId, StepName, Usage, Value};
use host_pipeline::kfp::{AttemptNames, Imported, RunNames};
use host_pipeline::{Call, ComponentId, Layout, PlannedStep, ResolvedInputs, RunEvent, cache_key, own_cache_key};
use host_runtime::{CallRequest, CallTarget, CommandCall, PreparedComponent, SharedObserver, StepContext};
use registry_oci::Digest;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::executor::Shared;
use crate::import::access::Access;
use crate::load::Waiting;
use crate::run::attempt::kfp::{KeptShown, Lent};
use crate::run::observer::ObserverMaker;

/// Everything one attempt needs.
pub(crate) struct Attempt {
    pub(crate) shared: Arc<Shared>,
    pub(crate) run: RunId,
    /// The pipeline's name.
    pub(crate) pipeline: String,
    pub(crate) step: StepName,
    pub(crate) planned: PlannedStep,
    pub(crate) attempt: u32,
    pub(crate) inputs: ResolvedInputs,
    pub(crate) observer: ObserverMaker,
    pub(crate) events: mpsc::UnboundedSender<RunEvent>,
    /// Cancelled when the run is, or when the node stops.
    pub(crate) cancel: CancellationToken,
    /// Of a compiled pipeline's run.
    pub(crate) names: Option<RunNames>,
}

/// How far a step comes without a guest.
enum Before {
    /// The guest is to be called; with this layout, where it is a function of Python or of a compiled pipeline.
    Call(Option<Box<Layout>>),
    /// No guest is called: the content is fetched, and is the output of this name.
    Import(Box<(String, Imported)>),
}

impl Attempt {
    /// Makes the attempt and reports how it ended; a node that stops reports nothing.
    pub(crate) async fn make(self) {
        let step = &self.planned;
        let permits = self.shared.permits.clone();
        let waiting = Waiting::begin(&self.shared);
        let Some(Ok(_permit)) = self.cancel.run_until_cancelled(permits.acquire_owned()).await else {
            return self.end(Err(cancelled()), None, Usage::default());
        };
        drop(waiting);
        let kept = match kfp::kept(&self.shared.kept, &step.call) {
            Ok(kept) => kept,
            Err(failure) => return self.end(Err(failure), None, Usage::default()),
        };
        let key = step.cache.then(|| match &step.cache_key {
            Some(own) => own_cache_key(&self.pipeline, own),
            None => cache_key(&step.component.digest, &step.call, &self.inputs, &step.grants, kept.hash.as_deref()),
        });
        if let Some(key) = &key
            && let Some(event) = self.reuse(key).await
        {
            return self.report(event);
        }
        self.report(RunEvent::AttemptStarted { step: self.step.clone(), attempt: self.attempt });
        let layout = match self.prepared_inputs(step) {
            Ok(Before::Call(layout)) => layout,
            Ok(Before::Import(imported)) => return self.import(*imported, key).await,
            Err(failure) => return self.end(Err(failure), None, Usage::default()),
        };
        let ready = async {
            let component = prepare(&self.shared, &step.component).await?;
            Ok((component, kfp::lent(&self.shared, &self.run, layout.as_deref()).await?))
        };
        let (component, lent) = match self.cancel.run_until_cancelled(ready).await {
            Some(Ok(ready)) => ready,
            Some(Err(failure)) => return self.end(Err(failure), None, Usage::default()),
            None => return self.end(Err(cancelled()), None, Usage::default()),
        };
        let observer: SharedObserver = self.observer.observer(self.step.clone(), self.attempt);
        let request = self.request(step, layout.as_deref(), lent, kept);
        let report = self.shared.sandbox.call(&component, request, observer, self.cancel.clone()).await;
        let outcome = match &layout {
            Some(layout) => report.outcome.and_then(|found| kfp::outputs(layout, found)),
            None => report.outcome,
        };
        self.end(outcome, key, report.usage);
    }

    /// What a step with a layout needs before its guest is called. An import calls none.
    fn prepared_inputs(&self, step: &PlannedStep) -> Result<Before, Failure> {
        let laid_out = |layout: Layout| Before::Call(Some(Box::new(layout)));
        match (&step.call, &self.inputs, &self.names) {
            (Call::Python(call), ResolvedInputs::Function { arguments }, _) => {
                host_pipeline::python::layout(call, arguments).map(laid_out)
            }
            (Call::Import(import), ResolvedInputs::Kfp { inputs }, Some(run)) => {
                let imported = host_pipeline::kfp::import(import, inputs, run)?;
                Ok(Before::Import(Box::new((import.output.clone(), imported))))
            }
            (Call::Kfp(call), ResolvedInputs::Kfp { inputs }, Some(run)) => {
                let names = AttemptNames { run, step: &self.step, attempt: self.attempt };
                host_pipeline::kfp::layout(call, inputs, &names).map(laid_out)
            }
            _ => Ok(Before::Call(None)),
        }
    }

    /// Ends the attempt with the content that an importer names.
    async fn import(&self, (output, imported): (String, Imported), key: Option<Digest>) {
        let access = match &self.planned.call {
            Call::Import(import) => Access::of_import(&self.shared.kept, &import.kept_variables),
            _ => Ok(None),
        };
        let (shared, uri, limits) = (self.shared.clone(), imported.uri.clone(), self.planned.limits.clone());
        let content = async { kfp::content(shared, uri, access?, limits).await };
        let found = self.cancel.run_until_cancelled(Box::pin(content)).await.unwrap_or_else(|| Err(cancelled()));
        let outputs = found.map(|content| BTreeMap::from([(output, Value::Artifact(imported.with_content(content)))]));
        self.end(outputs, key, Usage::default());
    }

    /// An earlier result under this key, if all its artifacts are still here.
    async fn reuse(&self, key: &Digest) -> Option<RunEvent> {
        let found = match self.shared.ledger.cached(&key.to_string()).await {
            Ok(found) => found?,
            Err(error) => {
                tracing::warn!(run = %self.run, step = %self.step, %error, "the cache could not be asked; the step runs");
                return None;
            }
        };
        let outputs: BTreeMap<String, Value> = serde_json::from_value(found.outputs).ok()?;
        for value in outputs.values() {
            for artifact in value.artifacts() {
                if !matches!(self.shared.artifacts.size_bytes(&artifact.digest).await, Ok(Some(_))) {
                    return None;
                }
            }
        }
        Some(RunEvent::StepReused { step: self.step.clone(), outputs, cache_key: key.clone(), source: found.run })
    }

    fn request(&self, step: &PlannedStep, layout: Option<&Layout>, lent: Lent, kept: KeptShown) -> CallRequest {
        CallRequest {
            target: match layout {
                Some(layout) => CallTarget::Command(kfp::call(layout, lent, kept)),
                None => target(&self.step, step, self.inputs.clone()),
            },
            grants: step.grants.clone(),
            limits: step.limits.clone(),
            context: StepContext {
                run: self.run.to_string(),
                pipeline: self.pipeline.clone(),
                step: self.step.to_string(),
                attempt: self.attempt,
            },
            lent: host_runtime::Lent::default(),
        }
    }

    fn end(&self, outcome: Result<BTreeMap<String, Value>, Failure>, cache_key: Option<Digest>, usage: Usage) {
        if self.shared.stopping.is_cancelled() && matches!(&outcome, Err(failure) if failure.code == Code::Cancelled) {
            // Not a failure: the attempt is found interrupted, and made again, after the restart.
            return;
        }
        let (name, attempt) = (self.step.clone(), self.attempt);
        self.report(match outcome {
            Ok(outputs) => RunEvent::AttemptSucceeded { step: name, attempt, outputs, cache_key, usage },
            Err(failure) => RunEvent::AttemptFailed { step: name, attempt, failure, usage },
        });
    }

    fn report(&self, event: RunEvent) {
        // Nobody listens when the node stops; then the report is made again after the restart.
        let _ = self.events.send(event);
    }
}

/// The component, compiled and ready to be called; compiled now if this node never did.
pub(crate) async fn prepare(shared: &Shared, component: &ComponentId) -> Result<Arc<PreparedComponent>, Failure> {
    shared.sandbox.prepare(&component.digest, || shared.components.bytes(component)).await
}

fn target(name: &StepName, step: &PlannedStep, inputs: ResolvedInputs) -> CallTarget {
    match (&step.call, inputs) {
        (Call::Function { signature, .. }, ResolvedInputs::Function { arguments }) => {
            CallTarget::Function { signature: signature.clone(), arguments }
        }
        (Call::Command { outputs, .. }, ResolvedInputs::Command { args, inputs }) => {
            let argv = std::iter::once(name.to_string()).chain(args).collect();
            CallTarget::Command(CommandCall::named(argv, artifacts_of(inputs), outputs))
        }
        // `advance` resolves a step's inputs from the same call, so the two cannot differ in kind;
        // if they ever did, the sandbox refuses the empty call by its missing arguments.
        (Call::Function { signature, .. }, _) => {
            CallTarget::Function { signature: signature.clone(), arguments: Vec::new() }
        }
        (Call::Command { outputs, .. }, _) => {
            CallTarget::Command(CommandCall::named(Vec::new(), BTreeMap::new(), outputs))
        }
        // These have a layout, or end without a call.
        (Call::Python(_) | Call::Kfp(_) | Call::Import(_), _) => CallTarget::Command(CommandCall::default()),
    }
}

/// A command's inputs are artifacts by the plan's type check.
fn artifacts_of(inputs: BTreeMap<String, Value>) -> BTreeMap<String, ArtifactRef> {
    let artifact = |(name, value)| match value {
        Value::Artifact(artifact) => Some((name, artifact)),
        Value::Plain(_) | Value::List(_) => None,
    };
    inputs.into_iter().filter_map(artifact).collect()
}

fn cancelled() -> Failure {
    Failure::new(Code::Cancelled, "the run was cancelled").with_hint("try it again with `sandmill run retry`")
}
