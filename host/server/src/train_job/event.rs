//! The stream of a training job's events: that of a run, whose history reads otherwise.
//! Never a stream of its own; `crate::event` resumes, waits and ends.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use host_api::event::{EventQuery, Metric, StreamEvent};
use host_api::train_job::change::{JobChange, JobEvent, Points};
use host_executor::{JobPoints, JobRecord, KeptJobEvent, MetricPoint, RunUpdate};

use super::{checkpoint_to_wire, word};
use crate::answer::{Answer, Refusal};
use crate::event::{self, Told, unreadable};
use crate::request::{Queries, run_id};
use crate::router::Shared;
use crate::user::User;
use crate::value::artifact_to_wire;

pub(crate) async fn stream(
    State(shared): State<Shared>,
    user: User,
    Path(job): Path<String>,
    Queries(query): Queries<EventQuery>,
    headers: HeaderMap,
) -> Answer<Response> {
    let job = run_id(&job)?;
    let position = event::position(&query, &headers)?;
    // Watched from before the first read on, so that nothing falls between the two.
    let news = shared.executor.watch(&job);
    let has_ended = shared.executor.job_record(&job).await?.finished_at_millis.is_some();
    event::answer(shared, Told { reader: user, run: job, news, has_ended, position, read: kept_event }, &query).await
}

/// An entry of the ledger: a record, or what was measured. What people attach is no event.
fn kept_event(update: RunUpdate) -> Result<Option<StreamEvent>, Refusal> {
    let RunUpdate { sequence, at_millis, event } = update;
    Ok(match KeptJobEvent::read(event).map_err(|error| unreadable(sequence, &error))? {
        KeptJobEvent::Record(record) => {
            Some(StreamEvent::Job(JobEvent { sequence, at_millis, change: change(*record) }))
        }
        KeptJobEvent::Points(JobPoints { series, step, points }) => Some(StreamEvent::Points(Points {
            sequence,
            at_millis,
            step: series,
            index: step,
            values: points.into_iter().collect(),
        })),
        KeptJobEvent::Metric(MetricPoint { step, name, index, value }) => {
            Some(StreamEvent::Metric(Metric { sequence, at_millis, step, name, index, value }))
        }
        KeptJobEvent::Attributes => None,
    })
}

/// From the persisted record to what callers are told.
fn change(record: JobRecord) -> JobChange {
    match record {
        JobRecord::Submitted { plan } => {
            JobChange::Submitted { name: plan.name.clone(), workers: plan.workers, suspended: plan.suspend }
        }
        JobRecord::Fetched { uri, artifact } => JobChange::Fetched { uri, artifact: artifact_to_wire(artifact) },
        JobRecord::Began { generation, size, restarts, from_step } => {
            JobChange::GroupBegan { generation, size, restarts, from_step }
        }
        JobRecord::Checkpointed { checkpoint } => {
            JobChange::CheckpointWritten { checkpoint: checkpoint_to_wire(&checkpoint) }
        }
        JobRecord::CheckpointRefused { digest, failure } => {
            JobChange::CheckpointRefused { digest: digest.to_string(), failure: failure.into() }
        }
        JobRecord::Evaluated { step, metrics } => JobChange::Evaluated { step, metrics },
        JobRecord::WorkerLost { rank, step, failure } => JobChange::WorkerLost { rank, step, failure: failure.into() },
        JobRecord::Interrupted => JobChange::Interrupted,
        JobRecord::SuspendRequested => JobChange::SuspendRequested,
        JobRecord::Suspended => JobChange::Suspended,
        JobRecord::ResumeRequested => JobChange::ResumeRequested,
        JobRecord::Ending { step, reason } => JobChange::Ending { step, reason: word(reason) },
        JobRecord::Finished { status, step, failure, model } => JobChange::Finished {
            status: word(status),
            step,
            failure: failure.map(Into::into),
            model: model.map(artifact_to_wire),
        },
    }
}
