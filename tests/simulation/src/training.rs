//! A training job in a world of lost workers, torn checkpoints, wishes of people and crashes of the node.
//! Never merciful, but fair: after a while it leaves the job alone, and then the job must end well.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactKind, ArtifactRef, Code, ComponentId, ComponentInterface, Failure, Limits};
use host_training::{Advanced, Checkpoint, Command, Event, Given, JobState, JobStatus, Record};
use registry_oci::Digest;
use sdk_spec::TrainJob;

use crate::chance::Chance;

/// After so many happenings, nothing bad happens any more.
const BAD_TIMES: u64 = 400;
/// A world in which more happens never comes to rest.
const HAPPENINGS_MAX: u64 = 20_000;

/// What a simulated job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobSummary {
    /// Steps that were made, those made again included.
    pub steps: u64,
    /// Workers that were lost.
    pub lost: u64,
    /// Times that the node was killed.
    pub crashes: u64,
    /// Records that crashes lost before they were durable.
    pub records_lost: u64,
    /// Times that the job went on from a checkpoint.
    pub restored: u64,
    /// Times that it was resumed.
    pub resumed: u64,
}

/// What a worker's guest holds.
#[derive(Clone, Debug, Default)]
struct Guest {
    step: u64,
    /// What it is about to say.
    answers: Vec<Event>,
}

struct World {
    chance: Chance,
    state: JobState,
    durable: Vec<Record>,
    pending: Vec<Record>,
    guests: Vec<Option<Guest>>,
    /// Checkpoints on the disk, by digest, with the step that each holds.
    disk: BTreeMap<Digest, u64>,
    /// What is to be deleted once all records so far are durable.
    dropped: Vec<Digest>,
    summary: JobSummary,
    happened: u64,
}

/// Lives through one world.
///
/// # Errors
/// What broke a rule.
pub fn simulate_job(seed: u64) -> Result<JobSummary, String> {
    let mut chance = Chance::new(seed);
    let plan = Arc::new(plan(&mut chance));
    let (state, advanced) = host_training::start(plan);
    let mut world = World {
        chance,
        state,
        durable: Vec::new(),
        pending: Vec::new(),
        guests: Vec::new(),
        disk: BTreeMap::new(),
        dropped: Vec::new(),
        summary: JobSummary::default(),
        happened: 0,
    };
    world.follow(advanced)?;
    // A submission is acknowledged once it is durable.
    world.flush();
    while !(world.state.kept.status == JobStatus::Succeeded && world.pending.is_empty()) {
        world.happened += 1;
        if world.happened > HAPPENINGS_MAX {
            return Err(format!("seed {seed}: the job hangs: {:?}", world.state));
        }
        world.happen().map_err(|what| format!("seed {seed}: {what}"))?;
    }
    Ok(world.summary)
}

fn plan(chance: &mut Chance) -> host_training::Plan {
    let workers = chance.between(1, 4);
    let scope = if chance.percent(50) { "worker" } else { "all" };
    let mut text = format!(
        "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {{name: job}}\nspec:\n  component: a:1\n  workers: {workers}\n  \
         stepsMax: {}\n  checkpoint: {{everySteps: {}, keep: {}}}\n  restart: {{maxRestarts: 1000, scope: {scope}}}\n",
        chance.between(20, 60),
        chance.between(1, 9),
        chance.between(1, 3),
    );
    if chance.percent(50) {
        text += &format!("  workersMin: {}\n", chance.between(1, workers));
    }
    if chance.percent(50) {
        text += &format!("  evaluateEverySteps: {}\n", chance.between(1, 9));
    }
    let job = TrainJob::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let digest = Digest::sha256(b"component");
    let id = ComponentId { reference: "a:1".to_owned(), manifest: digest.clone(), digest, signer: None };
    let exports = vec!["sandmill:train/trainable@0.1.0".to_owned()];
    let interface = ComponentInterface { exports, ..ComponentInterface::default() };
    host_training::compile(&job, (&id, &interface), &Given::default(), &BTreeMap::new(), &Limits::default())
        .unwrap_or_else(|failures| panic!("{failures:?}"))
}

fn artifact(content: &str) -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(content.as_bytes()),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: 1,
        metadata: BTreeMap::new(),
    }
}

impl World {
    fn happen(&mut self) -> Result<(), String> {
        let bad = self.happened < BAD_TIMES;
        if bad && self.chance.percent(2) {
            return self.crash();
        }
        if bad && self.chance.percent(3) {
            return self.tell(Event::SuspendRequested);
        }
        if bad && self.chance.percent(1) {
            return self.tell(Event::CancelRequested);
        }
        if self.chance.percent(20) {
            self.flush();
        }
        match self.state.kept.status {
            JobStatus::Suspended | JobStatus::Failed | JobStatus::Cancelled if self.chance.percent(30) => {
                self.summary.resumed += 1;
                return self.tell(Event::ResumeRequested);
            }
            _ => {}
        }
        let speaking: Vec<usize> = (0..self.guests.len())
            .filter(|rank| self.guests[*rank].as_ref().is_some_and(|guest| !guest.answers.is_empty()))
            .collect();
        let Some(rank) = self.chance.pick(&speaking).copied() else {
            self.flush();
            return Ok(());
        };
        let lost = bad && self.chance.percent(4);
        let Some(guest) = self.guests[rank].as_mut() else { return Ok(()) };
        let answer = guest.answers.remove(0);
        if !lost {
            return self.tell(answer);
        }
        // Instead of answering, it is gone; or it says that it failed, and lives.
        let generation = self.state.kept.generation;
        let alive = self.chance.percent(30) && !matches!(answer, Event::Ready { .. });
        if !alive {
            self.guests[rank] = None;
        }
        self.summary.lost += 1;
        let rank = u32::try_from(rank).unwrap_or_default();
        let failure = Failure::new(Code::Trap, "lost").retryable();
        self.tell(Event::WorkerFailed { generation, rank, failure, alive })
    }

    fn tell(&mut self, event: Event) -> Result<(), String> {
        let advanced = host_training::advance(&mut self.state, event);
        self.follow(advanced)
    }

    fn follow(&mut self, advanced: Advanced) -> Result<(), String> {
        self.pending.extend(advanced.records);
        advanced.commands.into_iter().try_for_each(|command| self.carry_out(command))
    }

    fn carry_out(&mut self, command: Command) -> Result<(), String> {
        match command {
            Command::Fetch { uri } => return Err(format!("{uri} is fetched, and the job names nothing")),
            Command::StartWorkers { generation, size, ranks } => {
                self.guests.resize(size as usize, None);
                for rank in ranks {
                    let place = &mut self.guests[rank as usize];
                    if place.is_some() {
                        return Err(format!("worker {rank} is started, and is there already"));
                    }
                    *place = Some(Guest { step: 0, answers: vec![Event::Ready { generation, rank }] });
                }
                if self.guests.iter().any(Option::is_none) {
                    return Err("a group begins in which one is missing".to_owned());
                }
            }
            Command::Restore { generation, checkpoint } => self.restore(generation, &checkpoint)?,
            Command::Step { generation } => self.step(generation)?,
            Command::Evaluate { generation } => {
                self.all(|rank, _| Event::Evaluated { generation, rank, metrics: vec![("error".to_owned(), 0.5)] })?;
            }
            Command::WriteCheckpoint { generation } => {
                let content = format!("checkpoint of step {}", self.first_step()?);
                let artifact = artifact(&content);
                self.disk.insert(artifact.digest.clone(), self.first_step()?);
                self.dropped.retain(|digest| *digest != artifact.digest);
                self.first(Event::CheckpointWritten { generation, artifact })?;
            }
            Command::WriteModel { generation } => {
                let reached = self.first_step()?;
                if Some(reached) != self.state.plan.steps_max {
                    return Err(format!("the model is written after {reached} steps"));
                }
                self.first(Event::ModelWritten { generation, artifact: artifact("model") })?;
            }
            Command::Dissolve { .. } => {}
            Command::StopWorkers => self.guests.clear(),
            Command::DropCheckpoint { artifact } => self.dropped.push(artifact.digest),
        }
        Ok(())
    }

    fn restore(&mut self, generation: u64, checkpoint: &Checkpoint) -> Result<(), String> {
        let digest = &checkpoint.artifact.digest;
        let Some(step) = self.disk.get(digest).copied() else {
            return Err(format!("the checkpoint of step {} is gone on from, and was deleted", checkpoint.step));
        };
        if step != checkpoint.step {
            return Err(format!("a checkpoint of step {step} stands for step {}", checkpoint.step));
        }
        self.summary.restored += 1;
        let torn = self.happened < BAD_TIMES && self.chance.percent(5);
        let digest = digest.clone();
        self.all(|rank, guest| {
            guest.step = step;
            if torn {
                let failure = Failure::new(Code::CheckpointUnusable, "torn");
                return Event::CheckpointUnusable { generation, digest: digest.clone(), failure };
            }
            Event::Restored { generation, rank }
        })
    }

    fn step(&mut self, generation: u64) -> Result<(), String> {
        let wanted = self.state.step();
        if let Some(guest) = self.guests.iter().flatten().find(|guest| guest.step != wanted) {
            return Err(format!("a worker that made {} steps is to make the one after {wanted}", guest.step));
        }
        self.summary.steps += 1;
        self.all(|rank, guest| {
            guest.step += 1;
            Event::Stepped { generation, rank, metrics: vec![("loss".to_owned(), 1.0)], done: false }
        })
    }

    fn all(&mut self, mut answer: impl FnMut(u32, &mut Guest) -> Event) -> Result<(), String> {
        for (rank, guest) in (0..).zip(&mut self.guests) {
            let Some(guest) = guest else { return Err(format!("worker {rank} is asked, and is gone")) };
            if !guest.answers.is_empty() {
                return Err(format!("worker {rank} is asked in the middle of a call"));
            }
            let event = answer(rank, guest);
            guest.answers.push(event);
        }
        Ok(())
    }

    fn first(&mut self, answer: Event) -> Result<(), String> {
        match self.guests.first_mut() {
            Some(Some(guest)) => guest.answers.push(answer),
            _ => return Err("the first worker is asked, and is gone".to_owned()),
        }
        Ok(())
    }

    fn first_step(&self) -> Result<u64, String> {
        self.guests.first().and_then(Option::as_ref).map(|guest| guest.step).ok_or_else(|| "no worker".to_owned())
    }

    /// Everything written down so far becomes durable, and what is not needed any more is deleted.
    fn flush(&mut self) {
        self.durable.append(&mut self.pending);
        for digest in self.dropped.drain(..) {
            self.disk.remove(&digest);
        }
    }

    fn crash(&mut self) -> Result<(), String> {
        self.summary.crashes += 1;
        self.summary.records_lost += self.pending.len() as u64;
        self.pending.clear();
        self.dropped.clear();
        self.guests.clear();
        let (state, advanced) = host_training::recover(&self.durable).map_err(|failure| failure.to_string())?;
        self.state = state;
        // Twenty crashes in a row without a checkpoint are one more than people stand.
        self.follow(advanced)
    }
}
