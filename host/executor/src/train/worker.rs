//! A worker: a task that owns a living guest and does what it is told, one order after the other.
//! Never decides; each order ends in one event.

use std::sync::Arc;

use host_base::{ArtifactRef, Failure};
use host_cap_train::{Spec, Trainee};
use host_collective::Seat;
use host_runtime::{CallLimits, CallRequest, PreparedComponent, SharedObserver};
use host_training::{Checkpoint, Event};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::executor::Shared;
use crate::train::checkpoints::{JobCheckpoints, unusable};

/// What a worker is told to do, for which group.
#[derive(Debug)]
pub(crate) enum Order {
    Restore { generation: u64, checkpoint: Arc<Checkpoint> },
    Step { generation: u64 },
    Evaluate { generation: u64 },
    WriteCheckpoint { generation: u64 },
    WriteModel { generation: u64 },
}

/// How a drive holds a worker. Dropping it ends the worker once its call is over; cancelling ends it at once.
pub(crate) struct WorkerHandle {
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    pub(crate) seat: Seat,
    pub(crate) cancel: CancellationToken,
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// What a worker needs to begin.
pub(crate) struct NewWorker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) component: Arc<PreparedComponent>,
    pub(crate) request: CallRequest,
    pub(crate) observer: SharedObserver,
    pub(crate) spec: Spec,
    pub(crate) checkpoints: JobCheckpoints,
    pub(crate) events: mpsc::UnboundedSender<Event>,
    pub(crate) generation: u64,
    pub(crate) seat: Seat,
}

impl NewWorker {
    /// Starts the worker's task. Its first event is that it is ready, or why not.
    pub(crate) fn start(self) -> WorkerHandle {
        let (orders, queue) = mpsc::unbounded_channel();
        let cancel = self.shared.stopping.child_token();
        let handle = WorkerHandle { orders, seat: self.seat.clone(), cancel: cancel.clone() };
        let tasks = self.shared.tasks.clone();
        tasks.spawn(work(self, queue, cancel));
        handle
    }
}

async fn work(new: NewWorker, mut orders: mpsc::UnboundedReceiver<Order>, cancel: CancellationToken) {
    let NewWorker { shared, component, request, observer, spec, checkpoints, events, generation, .. } = new;
    let rank = spec.rank;
    // Nobody listens once the drive is over.
    let tell = |event: Event| drop(events.send(event));
    let started = async {
        let mut trainee = Trainee::start(&shared.sandbox, &component, &request, observer, cancel.clone()).await?;
        trainee.init(spec).await?;
        Ok::<_, Failure>(trainee)
    };
    let mut trainee = match Box::pin(started).await {
        Ok(trainee) => trainee,
        Err(failure) => return tell(Event::WorkerFailed { generation, rank, failure, alive: false }),
    };
    tell(Event::Ready { generation, rank });
    while let Some(Some(order)) = cancel.run_until_cancelled(orders.recv()).await {
        let (generation, done) = carry_out(&shared, &mut trainee, order, rank, &checkpoints).await;
        match done {
            Ok(event) => tell(event),
            Err(failure) => {
                let alive = trainee.is_alive();
                tell(Event::WorkerFailed { generation, rank, failure, alive });
                if !alive {
                    return;
                }
            }
        }
    }
}

async fn carry_out(
    shared: &Shared,
    trainee: &mut Trainee,
    order: Order,
    rank: u32,
    checkpoints: &JobCheckpoints,
) -> (u64, Result<Event, Failure>) {
    match order {
        Order::Step { generation } => {
            let stepped = trainee.step().await;
            (
                generation,
                stepped.map(|stepped| {
                    let (metrics, done) = (stepped.metrics, stepped.done);
                    Event::Stepped { generation, rank, metrics, done }
                }),
            )
        }
        Order::Evaluate { generation } => {
            let measured = trainee.evaluate().await;
            (generation, measured.map(|metrics| Event::Evaluated { generation, rank, metrics }))
        }
        Order::WriteCheckpoint { generation } => {
            trainee.keep_artifacts_in(checkpoints.artifacts(shared.components.registry_and_blobs().1.clone()));
            let written = trainee.checkpoint().await;
            trainee.keep_artifacts_in(shared.artifacts.clone());
            (generation, written.map(|artifact| Event::CheckpointWritten { generation, artifact }))
        }
        Order::Restore { generation, checkpoint } => {
            let done = restore(shared, trainee, &checkpoint, checkpoints).await;
            (
                generation,
                done.map(|refused| match refused {
                    None => Event::Restored { generation, rank },
                    Some(failure) => {
                        let digest = checkpoint.artifact.digest.clone();
                        Event::CheckpointUnusable { generation, digest, failure }
                    }
                }),
            )
        }
        Order::WriteModel { generation } => {
            let written = trainee.finish().await;
            (generation, written.map(|artifact| Event::ModelWritten { generation, artifact }))
        }
    }
}

/// Goes back to a checkpoint; why it is of no use, where it is not.
async fn restore(
    shared: &Shared,
    trainee: &mut Trainee,
    checkpoint: &Checkpoint,
    checkpoints: &JobCheckpoints,
) -> Result<Option<Failure>, Failure> {
    if let Err(failure) = checkpoints.check(checkpoint.step, &checkpoint.artifact).await {
        return Ok(Some(failure));
    }
    trainee.keep_artifacts_in(checkpoints.artifacts(shared.components.registry_and_blobs().1.clone()));
    let restored = trainee.restore(checkpoint.artifact.clone()).await;
    trainee.keep_artifacts_in(shared.artifacts.clone());
    match restored {
        Ok(()) => Ok(None),
        // A guest that was ended by it says as much as one that refuses it.
        Err(failure) if failure.code != host_base::Code::Cancelled => {
            Ok(Some(unusable(checkpoint.step, &failure.message)))
        }
        Err(failure) => Err(failure),
    }
}

/// How long workers wait for each other: less than one call may take, so that who waits for a worker that hangs comes
/// back by itself.
pub(crate) const fn group_deadline_millis(limits: CallLimits) -> u64 {
    let millis = limits.wall_millis_max / 10 * 9;
    if millis == 0 { 1 } else { millis }
}

/// The model of a job, or its checkpoint, as the views show it.
pub(crate) fn worker_name(rank: u32) -> String {
    format!("worker-{rank}")
}

/// The artifact behind a planned source.
pub(crate) fn found(
    source: &host_training::PlannedSource,
    fetched: &std::collections::BTreeMap<String, ArtifactRef>,
) -> Option<ArtifactRef> {
    match source {
        host_training::PlannedSource::Artifact(artifact) => Some(artifact.clone()),
        host_training::PlannedSource::Uri(uri) => fetched.get(uri).cloned(),
    }
}
