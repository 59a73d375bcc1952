//! The loop that drives one job: an event comes in, `advance` says what to do, it is done.
//! Never decides anything. A job that waits has a drive too, which does nothing.

use std::sync::Arc;
use std::time::Duration;

use host_base::{ArtifactRef, Failure, Millis, RunId, StepName};
use host_cap_train::{Setting, Spec};
use host_collective::{SameProcess, Seat, SharedTransport};
use host_ledger::{Fact, NewEntry};
use host_runtime::{CallLimits, CallRequest, CallTarget, Lent, PreparedComponent, StepContext};
use host_training::{Advanced, Checkpoint, Command, Event, JobState, JobStatus, Plan, Record};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;

use crate::LiveUpdate;
use crate::executor::Shared;
use crate::import::access::Access;
use crate::run::attempt::kfp::content;
use crate::run::journal::Journal;
use crate::run::observer::RunLog;
use crate::train::checkpoints::JobCheckpoints;
use crate::train::facts;
use crate::train::kept_event::points_entry;
use crate::train::worker::{NewWorker, Order, WorkerHandle, found, group_deadline_millis, worker_name};

/// Points of series that one job may have in the ledger; past that, only every hundredth step is kept.
const POINTS_MAX: u64 = 200_000;
const STEPS_KEPT_ONE_IN: u64 = 100;

/// How the rest of the executor reaches a job.
#[derive(Clone)]
pub(crate) struct JobHandle {
    pub(crate) events: mpsc::UnboundedSender<Event>,
}

/// One job.
pub(crate) struct JobDrive {
    shared: Arc<Shared>,
    job: RunId,
    state: JobState,
    journal: Journal,
    log: RunLog,
    handle: JobHandle,
    events: mpsc::UnboundedReceiver<Event>,
    checkpoints: JobCheckpoints,
    workers: Vec<WorkerHandle>,
    group: Option<SharedTransport>,
    component: Option<Arc<PreparedComponent>>,
    /// Room for its workers on this node, held as long as there are any.
    room: Option<OwnedSemaphorePermit>,
    points: u64,
    /// Ends the timers.
    over: CancellationToken,
}

/// Where a drive takes a job over.
pub(crate) struct Departure {
    pub(crate) state: JobState,
    /// What follows from how it came to this.
    pub(crate) advanced: Advanced,
    /// An event that happens first.
    pub(crate) happening: Option<Event>,
    /// When the job was submitted, or last asked to go on.
    pub(crate) began_at_millis: Millis,
}

impl JobDrive {
    /// Starts to drive a job.
    pub(crate) fn start(shared: &Arc<Shared>, job: RunId, checkpoints: JobCheckpoints, departure: Departure) {
        // Unbounded, yet bounded in fact: each worker answers one order at a time.
        let (sender, events) = mpsc::unbounded_channel();
        let handle = JobHandle { events: sender };
        shared.jobs().insert(job.clone(), handle.clone());
        let journal = Journal::start(shared.clone(), job.clone());
        let log = RunLog::start(shared.clone(), job.clone());
        let over = shared.stopping.child_token();
        let Departure { state, advanced, happening, began_at_millis } = departure;
        watch_time(shared, &state.plan, began_at_millis, &handle, &over);
        let drive = Self {
            shared: shared.clone(),
            job,
            state,
            journal,
            log,
            handle,
            events,
            checkpoints,
            workers: Vec::new(),
            group: None,
            component: None,
            room: None,
            points: 0,
            over,
        };
        shared.tasks.spawn(drive.drive(advanced, happening));
    }

    async fn drive(mut self, advanced: Advanced, happening: Option<Event>) {
        self.follow(advanced).await;
        if let Some(event) = happening {
            self.happen(event).await;
        }
        let stopping = self.shared.stopping.clone();
        while !self.state.kept.status.is_final() {
            // The handle holds a sender, so the channel stays open.
            let Some(Some(event)) = stopping.run_until_cancelled(self.events.recv()).await else { break };
            self.happen(event).await;
        }
        self.over.cancel();
        self.workers.clear();
        self.shared.jobs().remove(&self.job);
        // Log lines first: whoever sees the job ended finds its log complete.
        self.log.close().await;
        let is_final = self.state.kept.status.is_final();
        self.journal.close().await;
        if is_final {
            self.checkpoints.keep_only(&self.state.kept.checkpoints).await;
        }
        if let (true, Some(keep_for)) = (is_final, self.state.plan.keep_for_millis) {
            super::resume::forget_later(&self.shared, self.job.clone(), keep_for);
        }
    }

    async fn happen(&mut self, event: Event) {
        self.keep_points(&event).await;
        let advanced = host_training::advance(&mut self.state, event);
        self.follow(advanced).await;
    }

    async fn follow(&mut self, advanced: Advanced) {
        for record in advanced.records {
            self.record(&record).await;
        }
        for command in advanced.commands {
            self.carry_out(command).await;
        }
    }

    async fn record(&mut self, record: &Record) {
        let now = self.shared.clock.now_millis();
        match facts::entry(&self.job, now, record, &self.state) {
            Ok(entry) => self.journal.append(entry).await,
            Err(failure) => tracing::error!(job = %self.job, %failure, "a record could not be written down"),
        }
    }

    /// What workers measure goes to the ledger as points of series, beside the records.
    async fn keep_points(&mut self, event: &Event) {
        let (series, step, metrics) = match event {
            Event::Stepped { generation, rank, metrics, .. } if *generation == self.state.kept.generation => {
                (worker_name(*rank), self.state.step() + 1, metrics)
            }
            Event::Evaluated { generation, rank: 0, metrics } if *generation == self.state.kept.generation => {
                ("evaluation".to_owned(), self.state.step(), metrics)
            }
            _ => return,
        };
        if metrics.is_empty() || (self.points >= POINTS_MAX && !step.is_multiple_of(STEPS_KEPT_ONE_IN)) {
            return;
        }
        self.points += metrics.len() as u64;
        let finite = |value: f64| value.is_finite().then_some(value);
        let facts: Vec<Fact> = metrics
            .iter()
            .map(|(name, value)| Fact::Metric {
                step: series.clone(),
                name: name.clone(),
                index: step,
                value: finite(*value),
            })
            .collect();
        let event = points_entry(&series, step, metrics);
        let entry = NewEntry { run: self.job.clone(), at_millis: self.shared.clock.now_millis(), event, facts };
        self.journal.append(entry).await;
    }

    async fn carry_out(&mut self, command: Command) {
        match command {
            Command::Fetch { uri } => self.fetch(uri),
            Command::StartWorkers { generation, size, ranks } => self.start_workers(generation, size, &ranks).await,
            Command::Restore { generation, checkpoint } => {
                let checkpoint: Arc<Checkpoint> = Arc::from(checkpoint);
                self.order_all(|| Order::Restore { generation, checkpoint: checkpoint.clone() });
            }
            Command::Step { generation } => self.order_all(|| Order::Step { generation }),
            Command::Evaluate { generation } => self.order_all(|| Order::Evaluate { generation }),
            Command::WriteCheckpoint { generation } => self.order_first(Order::WriteCheckpoint { generation }),
            Command::WriteModel { generation } => self.order_first(Order::WriteModel { generation }),
            Command::Dissolve { .. } => {
                if let Some(group) = &self.group {
                    group.dissolve();
                }
            }
            Command::StopWorkers => {
                self.workers.clear();
                self.group = None;
                self.room = None;
            }
            Command::DropCheckpoint { artifact } => self.drop_checkpoint(artifact),
        }
    }

    fn order_all(&self, order: impl Fn() -> Order) {
        for worker in &self.workers {
            // A worker that is gone has said so.
            let _ = worker.orders.send(order());
        }
    }

    fn order_first(&self, order: Order) {
        if let Some(first) = self.workers.first() {
            let _ = first.orders.send(order);
        }
    }

    fn fetch(&self, uri: String) {
        let (shared, events, over) = (self.shared.clone(), self.handle.events.clone(), self.over.clone());
        let limits = self.state.plan.limits.clone();
        let named = self.state.plan.accesses.get(&uri);
        let access = named.map(|named| Access::of_job(&shared.kept, named)).transpose();
        self.shared.tasks.spawn(async move {
            let content = async { content(shared, uri.clone(), access?, limits).await };
            let event = match over.run_until_cancelled(Box::pin(content)).await {
                Some(Ok(artifact)) => Event::Fetched { uri, artifact },
                Some(Err(failure)) => Event::FetchFailed { failure },
                None => return,
            };
            let _ = events.send(event);
        });
    }

    /// Forms the group. Waits for room on the node first, for all workers at once: half a group trains nothing.
    async fn start_workers(&mut self, generation: u64, size: u32, ranks: &[u32]) {
        if self.room.is_none() {
            let most = u32::try_from(self.shared.config.workers_at_once_max).unwrap_or(u32::MAX);
            let wanted = self.state.plan.workers.min(most);
            let room = self.shared.worker_permits.clone().acquire_many_owned(wanted);
            let stopping = self.shared.stopping.clone();
            tokio::pin!(room);
            loop {
                tokio::select! {
                    biased;
                    () = stopping.cancelled() => return,
                    permit = &mut room => {
                        self.room = permit.ok();
                        break;
                    }
                    // Whoever asks the job to end or to wait must not wait for room themselves.
                    Some(event) = self.events.recv() => {
                        let advanced = host_training::advance(&mut self.state, event);
                        for record in advanced.records {
                            self.record(&record).await;
                        }
                        if self.state.kept.generation != generation || self.state.kept.status != JobStatus::Running {
                            return;
                        }
                    }
                }
            }
        }
        let component = match self.component().await {
            Ok(component) => component,
            Err(failure) => {
                let _ = self.handle.events.send(Event::FetchFailed { failure });
                return;
            }
        };
        let limits = CallLimits::of(&self.state.plan.limits);
        let group = SameProcess::group(size, generation, group_deadline_millis(limits));
        self.group = Some(group.clone());
        for (rank, worker) in (0u32..).zip(&self.workers) {
            if !ranks.contains(&rank) {
                worker.seat.assign(group.clone(), rank);
            }
        }
        for rank in ranks {
            let worker = self.new_worker(&component, &group, generation, size, *rank).start();
            match self.workers.get_mut(*rank as usize) {
                Some(place) => *place = worker,
                None => self.workers.push(worker),
            }
        }
    }

    async fn component(&mut self) -> Result<Arc<PreparedComponent>, Failure> {
        if let Some(component) = &self.component {
            return Ok(component.clone());
        }
        let component = crate::run::attempt::prepare(&self.shared, &self.state.plan.component).await?;
        self.component = Some(component.clone());
        Ok(component)
    }

    fn new_worker(
        &self,
        component: &Arc<PreparedComponent>,
        group: &SharedTransport,
        generation: u64,
        size: u32,
        rank: u32,
    ) -> NewWorker {
        let plan = &self.state.plan;
        let seat = Seat::new(group.clone(), rank);
        let name = worker_name(rank);
        let attempt = u32::try_from(generation).unwrap_or(u32::MAX);
        NewWorker {
            shared: self.shared.clone(),
            component: component.clone(),
            request: CallRequest {
                target: CallTarget::Living,
                grants: plan.grants.clone(),
                limits: plan.limits.clone(),
                context: StepContext {
                    run: self.job.to_string(),
                    pipeline: plan.name.clone(),
                    step: name.clone(),
                    attempt,
                },
                lent: Lent::default().with(seat.clone()),
            },
            observer: self.log.sender(self.journal.sender()).observer(StepName::from(name.as_str()), attempt),
            spec: spec(plan, &self.state.kept.fetched, rank, size),
            checkpoints: self.checkpoints.clone(),
            events: self.handle.events.clone(),
            generation,
            seat,
        }
    }

    /// Only once the record of the newer one is durable: until then a crash would go on from the older.
    fn drop_checkpoint(&self, artifact: ArtifactRef) {
        let (over, checkpoints) = (self.over.clone(), self.checkpoints.clone());
        let mut news = self.shared.live.watch(&self.job);
        self.shared.tasks.spawn(async move {
            // The commit that is under way may not hold the record yet; the one behind it does.
            let committed = async {
                let mut commits = 0;
                while commits < 2 {
                    match news.recv().await {
                        Ok(LiveUpdate::Committed) => commits += 1,
                        Ok(_) | Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return false,
                    }
                }
                true
            };
            // What stays now is deleted when the drive is over, or with the next start.
            if over.run_until_cancelled(committed).await == Some(true) {
                checkpoints.delete(&artifact).await;
            }
        });
    }
}

fn spec(plan: &Plan, fetched: &std::collections::BTreeMap<String, ArtifactRef>, rank: u32, size: u32) -> Spec {
    let setting = |value: &serde_json::Value| match value {
        serde_json::Value::Bool(flag) => Setting::Flag(*flag),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Setting::Whole(whole),
            None => Setting::Number(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Setting::Text(text.clone()),
        other => Setting::Text(other.to_string()),
    };
    let artifacts = |sources: &std::collections::BTreeMap<String, host_training::PlannedSource>| {
        sources.iter().filter_map(|(name, source)| Some((name.clone(), found(source, fetched)?))).collect()
    };
    Spec {
        rank,
        size,
        seed: plan.seed,
        settings: plan.settings.iter().map(|(name, value)| (name.clone(), setting(value))).collect(),
        data_sets: artifacts(&plan.data_sets),
        models: artifacts(&plan.models),
    }
}

/// Tells the job when its deadline is over, and when a checkpoint is due.
fn watch_time(
    shared: &Arc<Shared>,
    plan: &Plan,
    began_at_millis: Millis,
    handle: &JobHandle,
    over: &CancellationToken,
) {
    if let Some(deadline_millis) = plan.deadline_millis {
        let passed = shared.clock.now_millis().saturating_sub(began_at_millis);
        let left = Duration::from_millis(deadline_millis.saturating_sub(passed));
        let (events, over) = (handle.events.clone(), over.clone());
        shared.tasks.spawn(async move {
            if over.run_until_cancelled(tokio::time::sleep(left)).await.is_some() {
                let _ = events.send(Event::DeadlineReached);
            }
        });
    }
    if let Some(every_millis) = plan.checkpoint_every_millis {
        let (events, over) = (handle.events.clone(), over.clone());
        shared.tasks.spawn(async move {
            let pause = Duration::from_millis(every_millis.max(1));
            while over.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
                if events.send(Event::CheckpointDue).is_err() {
                    return;
                }
            }
        });
    }
}
