//! The older jobs of the Training Operator (kubeflow.org/v1): `PyTorchJob`, `TFJob` and `MPIJob`.
//! Never reads a replica that no worker of ours can be.

use super::overrides::Overrides;
use super::{Keys, metadata, runtime};
use crate::train_job::SuccessPolicy;
use crate::{Span, TrainJob};

/// Where an `MPIJob` has its replicas.
pub(super) const MPI_REPLICAS: &str = "mpiReplicaSpecs";

pub(super) fn read(keys: &mut Keys<'_>, replicas: &str, job: &mut TrainJob) {
    metadata(keys, job);
    keys.ignore("status", "it is what another platform said of the job");
    keys.inside("spec", |keys| {
        job.spec.restart.max_restarts = 3;
        keys.inside("runPolicy", |keys| run_policy(keys, job));
        job.spec.workers = 0;
        keys.inside(replicas, |keys| replica_specs(keys, job));
        processes(keys, if replicas == MPI_REPLICAS { "slotsPerWorker" } else { "nprocPerNode" }, job);
        if replicas == MPI_REPLICAS {
            mpi(keys, job);
        }
        keys.inside("elasticPolicy", |keys| elastic(keys, job));
        match keys.text("successPolicy").as_deref() {
            // By default the chief decides, or the first worker.
            None | Some("") if replicas == "tfReplicaSpecs" => job.spec.success = SuccessPolicy::First,
            None | Some("" | "AllWorkers") => {}
            Some(other) => keys.refuse("successPolicy", &format!("`{other}` is not known"), "write AllWorkers"),
        }
        keys.refuse_key("enableDynamicWorker", "write `workersMin` in a TrainJob of Sandmill's own");
    });
}

fn run_policy(keys: &mut Keys<'_>, job: &mut TrainJob) {
    keys.ignore("cleanPodPolicy", "workers of an ended job are gone in any case");
    keys.ignore("schedulingPolicy", "all workers of a job are started together in any case");
    if let Some(seconds) = keys.whole("ttlSecondsAfterFinished") {
        job.spec.keep_for = Some(Span(seconds.saturating_mul(1_000).max(1)));
    }
    job.spec.deadline = keys.whole("activeDeadlineSeconds").map(|seconds| Span(seconds.saturating_mul(1_000)));
    if let Some(most) = keys.whole("backoffLimit") {
        job.spec.restart.max_restarts = u32::try_from(most).unwrap_or(u32::MAX);
    }
    job.spec.suspend = keys.flag("suspend").unwrap_or_default();
    keys.refuse_key("managedBy", "another controller manages no jobs of this node");
}

fn replica_specs(keys: &mut Keys<'_>, job: &mut TrainJob) {
    for (name, reason) in [
        ("PS", "there are no parameter servers: workers meet through `sandmill:collective`"),
        ("Evaluator", "workers evaluate between steps: write `evaluateEverySteps` in a TrainJob of Sandmill's own"),
    ] {
        keys.refuse_key(name, reason);
    }
    // It starts the workers of an MPI job and is none; where it has a program of its own, that is refused.
    keys.inside("Launcher", |keys| {
        keys.ignore("replicas", "the node starts the workers itself");
        keys.ignore("restartPolicy", "the node starts the workers itself");
        keys.inside("template", |keys| runtime::template(keys, job, &Overrides::default()));
    });
    // The first of these is rank 0.
    for role in ["Master", "Chief", "Worker"] {
        keys.inside(role, |keys| {
            let replicas = keys.whole("replicas").unwrap_or(1);
            job.spec.workers = job.spec.workers.saturating_add(u32::try_from(replicas).unwrap_or(u32::MAX));
            match keys.text("restartPolicy").as_deref() {
                Some("Never") => job.spec.restart.max_restarts = 0,
                None | Some("OnFailure" | "Always") => {}
                Some("ExitCode") => keys.refuse("restartPolicy", "a guest has no exit code", "write OnFailure"),
                Some(other) => keys.refuse("restartPolicy", &format!("`{other}` is not known"), "write OnFailure"),
            }
            keys.inside("template", |keys| runtime::template(keys, job, &Overrides::default()));
        });
    }
}

fn processes(keys: &mut Keys<'_>, key: &str, job: &mut TrainJob) {
    match keys.text_or_whole(key) {
        None => {}
        Some(Ok(each)) => {
            job.spec.workers = job.spec.workers.saturating_mul(u32::try_from(each.max(1)).unwrap_or(u32::MAX));
        }
        Some(Err(word)) => keys.refuse(
            key,
            &format!("`{word}` processes per node depend on a machine that is not known"),
            "write how many",
        ),
    }
}

/// What an `MPIJob` says besides: how its processes find each other, which workers do without.
fn mpi(keys: &mut Keys<'_>, job: &TrainJob) {
    for key in ["mpiImplementation", "sshAuthMountPath", "launcherCreationPolicy", "runLauncherAsWorker"] {
        keys.ignore(key, "workers meet in the node through `sandmill:collective`, without a launcher and without SSH");
    }
    keys.ignore("mainContainer", "a worker is one guest");
    keys.ignore("cleanPodPolicy", "workers of an ended job are gone in any case");
    if job.spec.workers == 0 {
        let message = "there are launchers only, and these train nothing";
        keys.refuse(MPI_REPLICAS, message, "write `Worker` with its replicas, whose image is a component's reference");
    }
}

fn elastic(keys: &mut Keys<'_>, job: &mut TrainJob) {
    if let Some(least) = keys.whole("minReplicas") {
        job.spec.workers_min = Some(u32::try_from(least).unwrap_or(u32::MAX));
    }
    if let Some(most) = keys.whole("maxReplicas")
        && most != u64::from(job.spec.workers)
    {
        let message = format!("up to {most} workers, but {} replicas", job.spec.workers);
        keys.refuse("maxReplicas", &message, "a job begins with as many workers as it may have: write the same number");
    }
    if let Some(most) = keys.whole("maxRestarts") {
        job.spec.restart.max_restarts = u32::try_from(most).unwrap_or(u32::MAX);
    }
    for key in ["rdzvBackend", "rdzvHost", "rdzvPort", "rdzvId", "rdzvConf", "standalone"] {
        keys.ignore(key, "workers meet in the node, without a network");
    }
    keys.refuse_key("nProcPerNode", "write `nprocPerNode` of the job");
    keys.refuse_key("metrics", "a job does not grow by its load");
}
