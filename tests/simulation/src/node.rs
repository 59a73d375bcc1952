//! One life of a node: the runs it drives and the attempts it makes, until it is killed.
//! Never outlives a crash: what is not on the disk is gone with it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use host_base::{RunId, StepName};
use host_pipeline::{Command, Plan, RunEvent, RunState, RunStatus};

use crate::disk::Disk;
use crate::invariants::Violation;

/// What carrying out commands asks of the world.
pub(crate) enum Wish {
    /// Make an attempt.
    Attempt { run: RunId, command: Command },
    /// Report `RetryDue` after a while.
    Wait { run: RunId, step: StepName, delay_millis: u64 },
    /// Stop an attempt.
    Stop { run: RunId, step: StepName },
}

#[derive(Default)]
pub(crate) struct Node {
    drives: BTreeMap<RunId, RunState>,
    /// Submitted, and not acknowledged yet.
    submitted: BTreeMap<RunId, RunState>,
}

impl Node {
    /// Accepts a run; nothing of it begins before it is durable.
    pub(crate) fn submit(&mut self, now: u64, run: RunId, plan: Arc<Plan>, disk: &mut Disk) {
        let state = host_pipeline::start(plan.clone());
        disk.append(now, &run, &RunEvent::Submitted { plan }, &state);
        self.submitted.insert(run, state);
    }

    /// The submission is durable: the run begins.
    pub(crate) fn begin(&mut self, now: u64, run: &RunId, disk: &mut Disk) -> Vec<Wish> {
        let Some(mut state) = self.submitted.remove(run) else { return Vec::new() };
        let event = RunEvent::Submitted { plan: state.plan.clone() };
        let commands = host_pipeline::advance(&mut state, &event).commands;
        self.drives.insert(run.clone(), state);
        self.carry_out(now, run, commands, disk)
    }

    /// Goes on with every unfinished run.
    pub(crate) fn resume(&mut self, now: u64, disk: &mut Disk) -> Result<Vec<Wish>, Violation> {
        let mut wishes = Vec::new();
        for run in disk.unfinished_runs() {
            let recovered = host_pipeline::recover(&disk.history(&run)).map_err(|failure| failure.to_string())?;
            self.drives.insert(run.clone(), recovered.state);
            wishes.extend(self.carry_out(now, &run, recovered.commands, disk));
            for event in &recovered.events {
                wishes.extend(self.happen(now, &run, event, disk));
            }
        }
        Ok(wishes)
    }

    /// Tries a finished run again, as somebody asked for.
    pub(crate) fn retry(&mut self, now: u64, run: &RunId, disk: &mut Disk) -> Result<Vec<Wish>, Violation> {
        let mut recovered = host_pipeline::recover(&disk.history(run)).map_err(|failure| failure.to_string())?;
        if !recovered.commands.is_empty() {
            return Err(format!("run {run} has ended, yet {:?} is to be done", recovered.commands));
        }
        if recovered.state.status == RunStatus::Succeeded {
            return Ok(Vec::new()); // refused: there is nothing to try again
        }
        let commands = host_pipeline::advance(&mut recovered.state, &RunEvent::RetryRequested).commands;
        disk.append(now, run, &RunEvent::RetryRequested, &recovered.state);
        self.drives.insert(run.clone(), recovered.state);
        Ok(self.carry_out(now, run, commands, disk))
    }

    /// Takes in a report. A run that has ended hears no more.
    pub(crate) fn happen(&mut self, now: u64, run: &RunId, event: &RunEvent, disk: &mut Disk) -> Vec<Wish> {
        let Some(state) = self.drives.get_mut(run).filter(|state| !state.status.is_final()) else { return Vec::new() };
        let commands = host_pipeline::advance(state, event).commands;
        disk.append(now, run, event, state);
        self.carry_out(now, run, commands, disk)
    }

    fn carry_out(&mut self, now: u64, run: &RunId, commands: Vec<Command>, disk: &mut Disk) -> Vec<Wish> {
        let mut queue = VecDeque::from(commands);
        let mut wishes = Vec::new();
        while let Some(command) = queue.pop_front() {
            let run = run.clone();
            match command {
                Command::StartAttempt { .. } => wishes.push(Wish::Attempt { run, command }),
                Command::WaitForRetry { step, delay_millis } => wishes.push(Wish::Wait { run, step, delay_millis }),
                Command::CancelAttempt { step } => wishes.push(Wish::Stop { run, step }),
                Command::FinishRun { status } => {
                    let Some(state) = self.drives.get_mut(&run) else { continue };
                    let event = RunEvent::Finished { status };
                    queue.extend(host_pipeline::advance(state, &event).commands);
                    disk.append(now, &run, &event, state);
                }
            }
        }
        wishes
    }

    /// Forgets runs that have ended; everything of them must be durable.
    pub(crate) fn forget_finished(&mut self) {
        self.drives.retain(|_, state| !state.status.is_final());
    }

    pub(crate) const fn drives(&self) -> &BTreeMap<RunId, RunState> {
        &self.drives
    }
}
