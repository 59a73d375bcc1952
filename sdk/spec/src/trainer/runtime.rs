//! Trainer's runtimes: `ClusterTrainingRuntime` and `TrainingRuntime`.
//! Never reads more of a pod than its container.

use super::overrides::Overrides;
use super::{Keys, container, initializer, metadata_of_runtime, v2};
use crate::train_job::SuccessPolicy;
use crate::{Span, TrainJob};

pub(super) fn read(keys: &mut Keys<'_>, job: &mut TrainJob, size: &mut v2::Size, overrides: &Overrides) {
    keys.ignore("apiVersion", "it was read already");
    keys.ignore("kind", "it was read already");
    metadata_of_runtime(keys);
    keys.inside("spec", |keys| {
        keys.inside("mlPolicy", |keys| policy(keys, size, overrides));
        keys.ignore("podGroupPolicy", "all workers of a job are started together in any case");
        keys.inside("template", |keys| {
            keys.ignore("metadata", "it is a note to Kubernetes");
            keys.inside("spec", |keys| job_set(keys, job, overrides));
        });
    });
}

fn policy(keys: &mut Keys<'_>, size: &mut v2::Size, overrides: &Overrides) {
    if let Some(nodes) = keys.whole("numNodes") {
        size.nodes = nodes;
    }
    let mut processes = |keys: &mut Keys<'_>| {
        if !overrides.pass_over(keys, "numProcPerNode") {
            v2::processes(keys, size);
        }
    };
    keys.inside("torch", |keys| {
        processes(keys);
        keys.refuse_key("elasticPolicy", "write `workersMin` in a TrainJob of Sandmill's own");
    });
    keys.inside("mpi", |keys| {
        processes(keys);
        for key in ["mpiImplementation", "sshAuthMountPath", "runLauncherAsNode"] {
            keys.ignore(
                key,
                "workers meet in the node through `sandmill:collective`, without a launcher and without SSH",
            );
        }
    });
    for key in ["jax", "xgboost", "flux", "tensorflow"] {
        keys.refuse_key(key, "workers meet through `sandmill:collective`, and not as this policy says");
    }
}

/// A JobSet: only the job whose pods train is read.
fn job_set(keys: &mut Keys<'_>, job: &mut TrainJob, overrides: &Overrides) {
    keys.each("replicatedJobs", |_, keys| {
        let name = keys.text("name").unwrap_or_default();
        if initializer::of_runtime(keys, &name, job) {
            return;
        }
        if name == "launcher" {
            let message = "`launcher` starts workers by SSH, which is the node's work here".to_owned();
            return keys.refuse("name", &message, "take the job out, and name the component as the image of `node`");
        }
        if name != "node" {
            return keys.refuse(
                "name",
                &format!("`{name}` is no job of workers"),
                "workers are those of the job `node`",
            );
        }
        keys.ignore("replicas", "workers are counted by `numNodes`");
        keys.ignore("dependsOn", "data and models are there before the first worker");
        keys.inside("template", |keys| pods(keys, job, overrides));
    });
    keys.inside("successPolicy", |keys| {
        keys.ignore("targetReplicatedJobs", "there is one job of workers");
        match keys.text("operator").as_deref() {
            None | Some("All") => {}
            Some("Any") => job.spec.success = SuccessPolicy::Any,
            Some(other) => keys.refuse("operator", &format!("`{other}` is neither All nor Any"), "write one of them"),
        }
    });
    keys.inside("failurePolicy", |keys| {
        if let Some(most) = keys.whole("maxRestarts") {
            job.spec.restart.max_restarts = u32::try_from(most).unwrap_or(u32::MAX);
        }
        keys.ignore("restartStrategy", "a job goes on from its last checkpoint however it is started again");
        keys.refuse_key("rules", "a job is started again whatever ended a worker, if that may help");
    });
    keys.ignore("network", "workers meet in the node, without a network");
    keys.ignore("startupPolicy", "all workers of a job are started together");
    if let Some(seconds) = keys.whole("ttlSecondsAfterFinished") {
        job.spec.keep_for = Some(Span(seconds.saturating_mul(1_000).max(1)));
    }
}

/// A Job, with its pods' template.
fn pods(keys: &mut Keys<'_>, job: &mut TrainJob, overrides: &Overrides) {
    keys.ignore("metadata", "it is a note to Kubernetes");
    keys.inside("spec", |keys| {
        for key in ["completions", "parallelism", "completionMode"] {
            keys.ignore(key, "workers are counted by `numNodes`");
        }
        keys.ignore("backoffLimit", "`failurePolicy.maxRestarts` says how often a job is started again");
        keys.inside("template", |keys| template(keys, job, overrides));
    });
}

/// A pod's template.
pub(super) fn template(keys: &mut Keys<'_>, job: &mut TrainJob, overrides: &Overrides) {
    keys.ignore("metadata", "it is a note to Kubernetes");
    keys.inside("spec", |keys| {
        keys.each("containers", |index, keys| {
            if index > 0 {
                let name = keys.text("name").unwrap_or_default();
                keys.names().into_iter().for_each(|name| keys.ignore(&name, "the container is refused"));
                return keys.refuse("name", &format!("`{name}` is a second container"), "a worker is one guest");
            }
            container(keys, job, overrides);
        });
        for key in ["restartPolicy", "terminationGracePeriodSeconds", "schedulerName", "priorityClassName"] {
            keys.ignore(key, "it is about pods, of which there are none");
        }
        keys.refuse_key("initContainers", "data and models are fetched by the node: name them as sources");
        keys.refuse_key("volumes", "workers see no volumes: name data sets and models as sources");
    });
}
