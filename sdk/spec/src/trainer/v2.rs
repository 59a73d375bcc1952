//! Trainer's own `TrainJob` (trainer.kubeflow.org/v1alpha1).
//! Never reads a runtime itself.

use serde_json::Value as Json;

use super::overrides::Overrides;
use super::{Keys, arguments, environment, initializer, metadata, resources, runtime};
use crate::train_job::WORKERS_MAX;
use crate::{Span, TrainJob};

/// How many workers a runtime and a job ask for, each of which may name one part only.
pub(super) struct Size {
    pub(super) nodes: u64,
    /// Processes per node: each is a worker.
    pub(super) processes: u64,
}

impl Size {
    /// What is trained with where neither names anything.
    const fn smallest() -> Self {
        Self { nodes: 1, processes: 1 }
    }

    /// More than may be are as many as are refused.
    fn workers(&self) -> u32 {
        let workers = self.nodes.saturating_mul(self.processes).min(u64::from(WORKERS_MAX) + 1);
        u32::try_from(workers).unwrap_or(u32::MAX)
    }
}

/// The controller that a job may name as the one that manages it.
const OWN_CONTROLLER: &str = "trainer.kubeflow.org/trainjob-controller";

pub(super) fn read<'json>(keys: &mut Keys<'json>, runtimes: &'json [Json], job: &mut TrainJob) {
    metadata(keys, job);
    keys.ignore("status", "it is what another platform said of the job");
    keys.inside("spec", |keys| {
        let mut size = Size::smallest();
        runtime_of(keys, runtimes, job, &mut size);
        initializer::of_job(keys, job);
        keys.inside("trainer", |keys| trainer(keys, job, &mut size));
        job.spec.workers = size.workers();
        job.spec.suspend = keys.flag("suspend").unwrap_or_default();
        job.spec.deadline = keys.whole("activeDeadlineSeconds").map(|seconds| Span(seconds.saturating_mul(1_000)));
        if let Some(manager) = keys.text("managedBy")
            && manager != OWN_CONTROLLER
        {
            keys.refuse("managedBy", &format!("`{manager}` manages no jobs of this node"), "take it out");
        }
        keys.ignore("labels", "it is a note to Kubernetes");
        keys.ignore("annotations", "it is a note to Kubernetes");
        for key in ["runtimePatches", "podTemplateOverrides", "podSpecOverrides"] {
            keys.refuse_key(key, "workers are guests of the node, and there is no pod to patch");
        }
    });
}

/// The runtime that the job refers to, which stands in the same file.
fn runtime_of<'json>(keys: &mut Keys<'json>, runtimes: &'json [Json], job: &mut TrainJob, size: &mut Size) {
    let (mut name, mut kind) = (None, "ClusterTrainingRuntime".to_owned());
    keys.inside("runtimeRef", |keys| {
        name = keys.text("name");
        kind = keys.text("kind").unwrap_or_else(|| kind.clone());
        keys.ignore("apiGroup", "runtimes of other groups are not read in any case");
    });
    let found = runtimes.iter().find(|runtime| {
        runtime["kind"].as_str() == Some(&kind)
            && name.as_deref().is_some_and(|name| runtime["metadata"]["name"] == name)
    });
    match (found, &name) {
        (Some(found), Some(name)) => {
            let overrides = Overrides::of(keys.peek("trainer"));
            keys.beside(found, &format!("{kind} {name}"), |keys| runtime::read(keys, job, size, &overrides));
        }
        (None, Some(name)) if keys.peek("trainer")["image"].is_string() => {
            keys.told(format!("spec.runtimeRef: `{name}` is not in the file, and the job names its image itself"));
        }
        (None, Some(name)) => keys.refuse(
            "runtimeRef",
            &format!("there is no {kind} `{name}` in the file"),
            "put the runtime's manifest into the file, behind a line `---`",
        ),
        (_, None) => keys.refuse("runtimeRef", "the job refers to no runtime", "write `runtimeRef: {name: …}`"),
    }
}

/// What the job says goes before what its runtime says, field by field; variables do so one by one.
fn trainer(keys: &mut Keys<'_>, job: &mut TrainJob, size: &mut Size) {
    if let Some(image) = keys.text("image") {
        job.spec.component = image;
    }
    keys.refuse_key("command", "a component has no command: it exports init, step, checkpoint, restore and finish");
    arguments(keys, job);
    environment(keys, job);
    if let Some(nodes) = keys.whole("numNodes") {
        size.nodes = nodes;
    }
    processes(keys, size);
    keys.inside("resourcesPerNode", |keys| resources(keys, job));
}

pub(super) fn processes(keys: &mut Keys<'_>, size: &mut Size) {
    match keys.text_or_whole("numProcPerNode") {
        None => {}
        Some(Ok(each)) => size.processes = each.max(1),
        Some(Err(word)) => keys.refuse(
            "numProcPerNode",
            &format!("`{word}` processes per node depend on a machine that is not known"),
            "write how many",
        ),
    }
}
