//! The stream of a run's events, and of a training job's.
//! Never trusts a wake-up for content: history and log are read from the ledger, behind the reader's position.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use host_api::event::{Change, EventQuery, HistoryEvent, Metric, Position, Progress, StreamEvent};
use host_api::train_job::change::{JobChange, JobEvent};
use host_base::{Code, Failure, RunId};
use host_executor::{Executor, KeptEvent, LiveUpdate, MetricPoint, RunUpdate};
use host_pipeline::RunEvent;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::answer::{Answer, Refusal, bad_request};
use crate::request::{Queries, run_id};
use crate::router::Shared;
use crate::run::line_to_wire;
use crate::user::User;
use crate::value::{usage_to_wire, values_to_wire};

/// A comment is sent after this much silence, so that neither side takes the connection for dead.
const KEEP_ALIVE_SECONDS: u64 = 15;
/// The ledger is read after this long without a wake-up, should one ever be missed.
const REREAD_SECONDS: u64 = 10;
/// Entries, and log lines, read from the ledger at a time.
const READ_ITEMS: usize = 500;
/// Where a browser's reader says how far it came.
const LAST_EVENT_ID: &str = "last-event-id";

pub(crate) async fn stream(
    State(shared): State<Shared>,
    user: User,
    Path(run): Path<String>,
    Queries(query): Queries<EventQuery>,
    headers: HeaderMap,
) -> Answer<Response> {
    let run = run_id(&run)?;
    let position = position(&query, &headers)?;
    // Watched from before the first read on, so that nothing falls between the two.
    let news = shared.executor.watch(&run);
    let has_ended = shared.executor.run_record(&run).await?.finished_at_millis.is_some();
    answer(shared, Told { reader: user, run, news, has_ended, position, read: kept_event }, &query).await
}

/// What is streamed: a run, or a training job.
pub(crate) struct Told {
    /// Whoever reads, for as long as their login lasts.
    pub(crate) reader: User,
    pub(crate) run: RunId,
    pub(crate) news: Receiver<LiveUpdate>,
    /// Whether it had ended by its record.
    pub(crate) has_ended: bool,
    /// How far the reader came already.
    pub(crate) position: Position,
    /// From an entry of its history to an event.
    pub(crate) read: fn(RunUpdate) -> Result<Option<StreamEvent>, Refusal>,
}

/// The stream behind the position that the request names.
pub(crate) async fn answer(shared: Shared, told: Told, query: &EventQuery) -> Answer<Response> {
    let mut feed = Feed {
        executor: shared.executor,
        stopping: shared.stopping,
        run: told.run,
        read: told.read,
        news: told.news,
        position: told.position,
        with_logs: query.logs.unwrap_or(true),
        pending: VecDeque::new(),
        ended: told.has_ended,
    };
    feed.read().await?;
    if feed.ended && feed.pending.is_empty() {
        // For a browser's reader this is the sign not to come back.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let events = futures::stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(event), feed))
    });
    // Its reader can resume with another login.
    let reader = told.reader;
    let events = events.take_until(Box::pin(async move { reader.until_over().await }));
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(KEEP_ALIVE_SECONDS));
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

/// Where the request says that its reader is.
pub(crate) fn position(query: &EventQuery, headers: &HeaderMap) -> Answer<Position> {
    let header = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
    let Some(text) = header.or(query.after.as_deref()) else { return Ok(Position::default()) };
    text.parse().map_err(|error: host_api::event::PositionError| {
        bad_request(error.to_string(), "leave it out to begin with the run's first event")
    })
}

/// One reader of one run.
struct Feed {
    executor: Executor,
    stopping: CancellationToken,
    run: RunId,
    read: fn(RunUpdate) -> Result<Option<StreamEvent>, Refusal>,
    news: Receiver<LiveUpdate>,
    /// How far the reader is, with what is pending.
    position: Position,
    with_logs: bool,
    /// Read from the ledger and not sent yet, each with the position behind it.
    pending: VecDeque<(Position, StreamEvent)>,
    /// Whether the run had ended by the last entry read.
    ended: bool,
}

impl Feed {
    /// The next event; none once the run has ended and all is said, or the node stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((position, event)) = self.pending.pop_front() {
                return to_sse(Some(position), &event);
            }
            if let Err(refusal) = self.read().await {
                tracing::warn!(run = %self.run, ?refusal, "a stream of events broke off; its reader can resume");
                return None;
            }
            if !self.pending.is_empty() {
                continue;
            }
            if self.ended {
                return None;
            }
            if let Some(event) = self.wait().await? {
                return to_sse(None, &event);
            }
        }
    }

    /// Waits for news. `Some(None)`: the ledger may have more. `None`: the node stops.
    async fn wait(&mut self) -> Option<Option<StreamEvent>> {
        let update = tokio::select! {
            () = self.stopping.cancelled() => return None,
            update = self.news.recv() => update,
            () = tokio::time::sleep(Duration::from_secs(REREAD_SECONDS)) => return Some(None),
        };
        Some(match update {
            Ok(LiveUpdate::Progress { step, done, total, message }) => {
                Some(StreamEvent::Progress(Progress { step, done, total, message }))
            }
            Ok(LiveUpdate::Committed | LiveUpdate::Logged) | Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => {
                // Nobody speaks of the run any more for now; a retry opens a new channel.
                self.news = self.executor.watch(&self.run);
                None
            }
        })
    }

    /// Reads what the ledger has behind the position, in the order of time.
    async fn read(&mut self) -> Answer<()> {
        let mut history = Vec::new();
        for update in self.executor.events(&self.run, self.position.history, READ_ITEMS).await? {
            let (sequence, at_millis) = (update.sequence, update.at_millis);
            let Some(event) = (self.read)(update)? else { continue };
            self.ended = event.has_ended().unwrap_or(self.ended);
            history.push((sequence, at_millis, event));
        }
        let lines = if self.with_logs {
            self.executor.logs(&self.run, None, self.position.log, READ_ITEMS).await?
        } else {
            Vec::new()
        };
        let mut history = history.into_iter().peekable();
        let mut lines = lines.into_iter().map(line_to_wire).peekable();
        // Each of the two keeps its order, whatever the clock did: positions only grow.
        loop {
            let line_first = match (history.peek(), lines.peek()) {
                (Some((_, at_millis, event)), Some(line)) => {
                    line.at_millis < *at_millis || (line.at_millis == *at_millis && ends_something(event))
                }
                (None, Some(_)) => true,
                (Some(_), None) => false,
                (None, None) => return Ok(()),
            };
            if line_first {
                let Some(line) = lines.next() else { return Ok(()) };
                self.position.log = line.sequence;
                self.pending.push_back((self.position, StreamEvent::Log(line)));
            } else {
                let Some((sequence, _, event)) = history.next() else { return Ok(()) };
                self.position.history = sequence;
                self.pending.push_back((self.position, event));
            }
        }
    }
}

/// What a step said in the millisecond of its end, it said before.
const fn ends_something(event: &StreamEvent) -> bool {
    matches!(
        event,
        StreamEvent::History(HistoryEvent {
            change: Change::StepSucceeded { .. } | Change::AttemptFailed { .. } | Change::Finished { .. },
            ..
        }) | StreamEvent::Job(JobEvent {
            change: JobChange::WorkerLost { .. } | JobChange::Suspended | JobChange::Finished { .. },
            ..
        })
    )
}

fn to_sse(position: Option<Position>, event: &StreamEvent) -> Option<Event> {
    let sse = match position {
        Some(position) => Event::default().id(position.to_string()),
        None => Event::default(),
    };
    let sse = sse.event(event.name()).json_data(event);
    sse.inspect_err(|error| tracing::error!(%error, "an event cannot be written as JSON")).ok()
}

/// An entry of the ledger: a decision about the run, or a point of a series. What people attach is no event.
fn kept_event(update: RunUpdate) -> Result<Option<StreamEvent>, Refusal> {
    let RunUpdate { sequence, at_millis, event } = update;
    Ok(match KeptEvent::read(event).map_err(|error| unreadable(sequence, &error))? {
        KeptEvent::Decision(event) => {
            Some(StreamEvent::History(HistoryEvent { sequence, at_millis, change: change(*event) }))
        }
        KeptEvent::Metric(MetricPoint { step, name, index, value }) => {
            Some(StreamEvent::Metric(Metric { sequence, at_millis, step, name, index, value }))
        }
        KeptEvent::Attributes => None,
    })
}

/// Why an entry of the ledger is not told.
pub(crate) fn unreadable(sequence: u64, error: &serde_json::Error) -> Failure {
    Failure::new(Code::LedgerFailed, format!("entry {sequence} of the ledger cannot be read: {error}"))
        .with_hint("was the data folder written by a newer version of sandmill?")
}

/// From the persisted event to what callers are told.
fn change(event: RunEvent) -> Change {
    let text = |step: host_base::StepName| step.to_string();
    match event {
        RunEvent::Submitted { plan } => Change::Submitted {
            pipeline: plan.pipeline.clone(),
            steps: plan.steps().iter().map(|(name, _)| name.to_string()).collect(),
        },
        RunEvent::AttemptStarted { step, attempt } => Change::AttemptStarted { step: text(step), attempt },
        RunEvent::AttemptSucceeded { step, attempt, outputs, usage, .. } => Change::StepSucceeded {
            step: text(step),
            attempt,
            outputs: values_to_wire(outputs),
            usage: usage_to_wire(usage),
        },
        RunEvent::StepReused { step, outputs, source, .. } => {
            Change::StepReused { step: text(step), outputs: values_to_wire(outputs), source: source.to_string() }
        }
        RunEvent::AttemptFailed { step, attempt, failure, usage } => {
            Change::AttemptFailed { step: text(step), attempt, failure: failure.into(), usage: usage_to_wire(usage) }
        }
        RunEvent::AttemptInterrupted { step, attempt } => Change::AttemptInterrupted { step: text(step), attempt },
        RunEvent::RetryDue { step } => Change::RetryDue { step: text(step) },
        RunEvent::CancelRequested => Change::CancelRequested,
        RunEvent::DeadlineReached => Change::DeadlineReached,
        RunEvent::RetryRequested => Change::RetryRequested,
        RunEvent::Finished { status } => Change::Finished { status: status_name(status).to_owned() },
    }
}

const fn status_name(status: host_pipeline::RunStatus) -> &'static str {
    match status {
        host_pipeline::RunStatus::Running => "running",
        host_pipeline::RunStatus::Cancelling => "cancelling",
        host_pipeline::RunStatus::Succeeded => "succeeded",
        host_pipeline::RunStatus::Failed => "failed",
        host_pipeline::RunStatus::Cancelled => "cancelled",
    }
}
