//! Training manifests of Kubeflow, read as TrainJob documents: Trainer's `TrainJob` with its runtime, and the older
//! `PyTorchJob`, `TFJob` and `MPIJob`. The image is a component's reference.
//! Never drops a key: what has no meaning here is refused, and what changes nothing here is told with the reason.

mod initializer;
mod keys;
mod operator;
mod overrides;
mod runtime;
mod v2;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::document::{self, DocumentError, Problem, ProblemKind};
use crate::pipeline::{ApiVersion, Metadata};
use crate::train_job::{CheckpointPolicy, NotANumber, RestartPolicy, SuccessPolicy, TrainJobKind, TrainJobSpec};
use crate::{DeviceGrant, Grants, StepLimits, TrainJob};

pub(crate) use keys::Keys;
use overrides::Overrides;

/// Groups of the manifests that are read.
const GROUPS: [&str; 2] = ["trainer.kubeflow.org/", "kubeflow.org/"];

/// A manifest as a document of Sandmill's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// What it means here.
    pub job: TrainJob,
    /// What it asks of another platform that changes nothing here, and why.
    pub ignored: Vec<String>,
}

/// Whether a text is a manifest of Kubeflow's rather than a document of Sandmill's own.
#[must_use]
pub fn is_manifest(text: &str) -> bool {
    let Ok(trees) = document::parse_all(text) else { return false };
    trees.iter().any(|tree| {
        let version = tree.value.get("apiVersion").map(|version| version.value.to_json());
        version
            .as_ref()
            .and_then(Json::as_str)
            .is_some_and(|version| GROUPS.iter().any(|group| version.starts_with(group)))
    })
}

/// Reads a manifest, and the runtimes behind it in the same text.
///
/// # Errors
/// Everything in it that is not read here, with its place.
pub fn convert(text: &str) -> Result<Converted, DocumentError> {
    let trees = document::parse_all(text)?;
    let documents: Vec<Json> =
        trees.iter().filter(|tree| !tree.value.is_null()).map(|tree| tree.value.to_json()).collect();
    let kind = |document: &Json| document["kind"].as_str().unwrap_or_default().to_owned();
    let (runtimes, jobs): (Vec<Json>, Vec<Json>) = documents
        .into_iter()
        .partition(|document| matches!(kind(document).as_str(), "ClusterTrainingRuntime" | "TrainingRuntime"));
    let [job] = jobs.as_slice() else {
        let message = format!("the file holds {} jobs, and one is read at a time", jobs.len());
        return Err(document::whole(message, "keep one job, and the runtimes that it refers to").into());
    };
    let mut keys = Keys::of(job);
    let version = keys.text("apiVersion").unwrap_or_default();
    let kind = keys.text("kind").unwrap_or_default();
    let mut job = empty();
    match (version.as_str(), kind.as_str()) {
        ("trainer.kubeflow.org/v1alpha1", "TrainJob") => v2::read(&mut keys, &runtimes, &mut job),
        ("kubeflow.org/v1", "PyTorchJob") => operator::read(&mut keys, "pytorchReplicaSpecs", &mut job),
        ("kubeflow.org/v1", "TFJob") => operator::read(&mut keys, "tfReplicaSpecs", &mut job),
        ("kubeflow.org/v1" | "kubeflow.org/v2beta1", "MPIJob") => {
            operator::read(&mut keys, operator::MPI_REPLICAS, &mut job);
        }
        (version, kind) => {
            let message = format!("a `{kind}` of `{version}` is not read here");
            let hint = "TrainJob of trainer.kubeflow.org/v1alpha1, PyTorchJob, TFJob and MPIJob of kubeflow.org/v1 are";
            return Err(document::whole(message, hint).into());
        }
    }
    if job.spec.component.is_empty() {
        keys.refuse("spec", "no container names an image", "name the component's reference as the image");
    }
    let (ignored, problems) = keys.finish();
    if !problems.is_empty() {
        return Err(DocumentError { problems });
    }
    // Read again as what it became, so that every rule of the own form holds for it as well.
    TrainJob::parse(&job.to_yaml()).map(|job| Converted { job, ignored })
}

fn empty() -> TrainJob {
    TrainJob {
        api_version: ApiVersion::V1,
        kind: TrainJobKind::TrainJob,
        metadata: Metadata { name: String::new(), description: None, namespace: None },
        spec: TrainJobSpec {
            component: String::new(),
            workers: 1,
            seed: 0,
            settings: BTreeMap::new(),
            data_sets: BTreeMap::new(),
            models: BTreeMap::new(),
            grants: Grants::default(),
            limits: StepLimits::default(),
            step_timeout: None,
            steps_max: None,
            evaluate_every_steps: None,
            checkpoint: CheckpointPolicy::default(),
            restart: RestartPolicy::default(),
            workers_min: None,
            success: SuccessPolicy::All,
            not_a_number: NotANumber::Fail,
            early_stop: None,
            suspend: false,
            deadline: None,
            keep_for: None,
        },
    }
}

/// Name, namespace; labels and annotations mean something to Kubernetes only.
fn metadata(keys: &mut Keys<'_>, job: &mut TrainJob) {
    keys.inside("metadata", |keys| {
        job.metadata.name = keys.text("name").or_else(|| keys.text("generateName")).unwrap_or_default();
        job.metadata.name = job.metadata.name.trim_end_matches('-').to_owned();
        job.metadata.namespace = keys.text("namespace");
        for key in ["labels", "annotations"] {
            keys.ignore(key, "it is a note to Kubernetes");
        }
    });
}

/// A runtime's name was read already.
fn metadata_of_runtime(keys: &mut Keys<'_>) {
    keys.inside("metadata", |keys| {
        for key in ["name", "namespace", "labels", "annotations"] {
            keys.ignore(key, "it is a note to Kubernetes");
        }
    });
}

/// One container: the component, settings, environment, memory; but for what the job says itself.
fn container(keys: &mut Keys<'_>, job: &mut TrainJob, overrides: &Overrides) {
    keys.ignore("name", "a worker is named by its rank");
    if !overrides.pass_over(keys, "image")
        && let Some(image) = keys.text("image")
    {
        if job.spec.component.is_empty() || job.spec.component == image {
            job.spec.component = image;
        } else {
            let message = format!("the image `{image}` is another than `{}`", job.spec.component);
            keys.refuse("image", &message, "all workers of a job are guests of one component");
        }
    }
    keys.ignore("imagePullPolicy", "a component is named by its digest once the job is submitted");
    keys.ignore("ports", "workers meet in the node, without a network");
    keys.refuse_key("command", "a component has no command: it exports init, step, checkpoint, restore and finish");
    if !overrides.pass_over(keys, "args") {
        arguments(keys, job);
    }
    environment(keys, job);
    if !overrides.pass_over(keys, "resources") {
        keys.inside("resources", |keys| resources(keys, job));
    }
}

/// `--name=value` is a setting.
fn arguments(keys: &mut Keys<'_>, job: &mut TrainJob) {
    for (index, argument) in keys.list("args").into_iter().enumerate() {
        let written = argument.as_str().and_then(|text| text.strip_prefix("--")?.split_once('='));
        match written {
            Some((name, value)) => {
                job.spec.settings.insert(name.to_owned(), setting(value));
            }
            None => keys.refuse(
                &format!("args[{index}]"),
                &format!("{argument} is no setting"),
                "write arguments as --name=value: they become the component's settings",
            ),
        }
    }
}

/// What a text is as a setting: true or false, a number, or itself.
fn setting(text: &str) -> Json {
    match serde_json::from_str::<Json>(text) {
        Ok(value) if value.is_boolean() || value.is_number() => value,
        _ => Json::String(text.to_owned()),
    }
}

fn environment(keys: &mut Keys<'_>, job: &mut TrainJob) {
    job.spec.grants.environment.extend(variables(keys));
}

/// A container's variables, by name; of two with one name the later one counts.
fn variables(keys: &mut Keys<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (index, variable) in keys.list("env").into_iter().enumerate() {
        let place = format!("env[{index}]");
        let plain = variable["name"].as_str().zip(variable["value"].as_str());
        match (plain, variable.as_object().map(Map::len)) {
            (Some((name, value)), Some(2)) => {
                found.insert(name.to_owned(), value.to_owned());
            }
            _ => keys.refuse(&place, "only variables with a `name` and a `value` are read", "write the value itself"),
        }
    }
    found
}

/// What Kubernetes calls graphics adapters.
const GPUS: [&str; 2] = ["nvidia.com/gpu", "amd.com/gpu"];

/// A graphics adapter is a device of the worker's own, where the node's policy lends one.
fn device(keys: &mut Keys<'_>, job: &mut TrainJob) {
    for name in GPUS {
        match keys.quantity(name) {
            None | Some(0) => {}
            Some(1) => job.spec.grants.device = Some(DeviceGrant::default()),
            Some(count) => keys.refuse(
                name,
                &format!("a worker computes on one device, and this asks for {count}"),
                "write 1, and as many more workers",
            ),
        }
    }
}

/// The limit on memory, or the request where there is no limit.
fn resources(keys: &mut Keys<'_>, job: &mut TrainJob) {
    for part in ["requests", "limits"] {
        keys.inside(part, |keys| {
            if let Some(memory) = keys.quantity("memory") {
                job.spec.limits.memory = Some(crate::ByteSize(memory));
            }
            keys.ignore("cpu", "workers share the node's cores");
            device(keys, job);
            for other in keys.names() {
                keys.refuse_key(&other, "a node lends workers memory and graphics adapters, and no other resource");
            }
        });
    }
}

/// A problem of a manifest, whose place is told by its path.
fn problem(path: String, message: &str, hint: &str) -> Problem {
    Problem {
        kind: ProblemKind::InvalidValue,
        line: 0,
        column: 0,
        path,
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
    }
}

#[cfg(test)]
mod tests;
