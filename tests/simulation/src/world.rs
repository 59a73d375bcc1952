//! The world around a node: time, attempts, people, and the hand that pulls the plug.
//! Never merciful, but fair: after a while it leaves the node alone, and then everything must end.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{Code, Failure, RunId, StepName, Usage};
use host_pipeline::{Command, RunEvent, RunState};
use registry_oci::Digest;

use crate::chance::Chance;
use crate::disk::Disk;
use crate::invariants::{Violation, check_end, check_history, may_be_done_again, name};
use crate::node::{Node, Wish};
use crate::pipelines::{outputs, random_plan};

/// Runs submitted in one world.
const RUNS_MAX: u64 = 4;
/// Crashes in one world.
const CRASHES_MAX: u64 = 8;
/// Everything that people do begins within this time, in milliseconds.
const BUSY_MILLIS: u64 = 4_000;
/// Longest time until what was appended is durable, in milliseconds: far longer than a disk takes, so
/// that crashes find something to lose.
const FLUSH_MILLIS_MAX: u64 = 200;
/// A world in which more happens never comes to rest.
const HAPPENINGS_MAX: u64 = 200_000;
/// Lines of the story told with a violation.
const STORY_LINES_MAX: usize = 60;

/// What a simulation came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Acknowledged runs; all of them ended.
    pub runs: u64,
    /// Attempts that began.
    pub attempts: u64,
    /// Times that the node was killed.
    pub crashes: u64,
    /// Entries that crashes lost before they were durable.
    pub entries_lost: u64,
    /// Finished runs that were tried again.
    pub retried: u64,
    /// Runs that somebody asked to end.
    pub cancelled: u64,
}

enum Happening {
    Submit,
    Cancel,
    Retry,
    Crash,
    Restart,
    /// Everything appended so far becomes durable.
    Flush,
    /// An attempt or a timer says something.
    Report {
        run: RunId,
        event: RunEvent,
    },
}

/// When something happens: its time, and a number that tells apart what happens at the same time.
type When = (u64, u64);

struct World {
    chance: Chance,
    now: u64,
    scheduled: u64,
    queue: BTreeMap<When, Happening>,
    disk: Disk,
    flush_is_due: bool,
    /// None between a crash and the restart.
    node: Option<Node>,
    /// What each attempt still has to say.
    attempts: BTreeMap<(RunId, StepName), (u32, Vec<When>)>,
    submitted: Vec<RunId>,
    acknowledged: BTreeSet<RunId>,
    summary: Summary,
    story: Vec<String>,
}

/// Lives through the world of one seed.
///
/// # Errors
/// The rule that was broken, with the end of the story that led to it.
pub fn simulate(seed: u64) -> Result<Summary, Violation> {
    let mut world = World {
        chance: Chance::new(seed),
        now: 0,
        scheduled: 0,
        queue: BTreeMap::new(),
        disk: Disk::default(),
        flush_is_due: false,
        node: Some(Node::default()),
        attempts: BTreeMap::new(),
        submitted: Vec::new(),
        acknowledged: BTreeSet::new(),
        summary: Summary::default(),
        story: Vec::new(),
    };
    world.plan_ahead();
    world.live().map_err(|violation| {
        let from = world.story.len().saturating_sub(STORY_LINES_MAX);
        format!("seed {seed}: {violation}\n{}", world.story[from..].join("\n"))
    })?;
    Ok(world.summary)
}

impl World {
    /// What people and fate will do, and when.
    fn plan_ahead(&mut self) {
        for _ in 0..self.chance.between(1, RUNS_MAX) {
            self.at_random(Happening::Submit);
        }
        for _ in 0..self.chance.below(3) {
            self.at_random(Happening::Cancel);
        }
        for _ in 0..self.chance.below(6) {
            self.at_random(Happening::Retry);
        }
        for _ in 0..self.chance.below(CRASHES_MAX + 1) {
            self.at_random(Happening::Crash);
        }
    }

    fn at_random(&mut self, happening: Happening) {
        let delay = self.chance.below(BUSY_MILLIS);
        self.schedule(delay, happening);
    }

    fn schedule(&mut self, delay: u64, happening: Happening) -> When {
        self.scheduled += 1;
        let when = (self.now + delay, self.scheduled);
        self.queue.insert(when, happening);
        when
    }

    fn live(&mut self) -> Result<(), Violation> {
        while let Some((when, happening)) = self.queue.pop_first() {
            if self.scheduled > HAPPENINGS_MAX {
                return Err("the world does not come to rest".to_owned());
            }
            self.now = when.0;
            self.happen(happening)?;
            if self.chance.percent(5) {
                self.check_replay()?;
            }
        }
        self.check_rest()
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Crash => self.crash(),
            Happening::Restart => return self.restart(),
            // Nobody reaches a node that is down; people try again a little later.
            other if self.node.is_none() => drop(self.schedule(20, other)),
            Happening::Submit => self.submit(),
            Happening::Cancel => {
                let driven: Vec<RunId> = self.node.iter().flat_map(|node| node.drives().keys().cloned()).collect();
                if let Some(run) = self.chance.pick(&driven).cloned() {
                    self.summary.cancelled += 1;
                    return self.report(&run, &RunEvent::CancelRequested);
                }
            }
            Happening::Retry => return self.retry(),
            Happening::Flush => return self.flush(),
            Happening::Report { run, event } => return self.report(&run, &event),
        }
        Ok(())
    }

    fn submit(&mut self) {
        let run = RunId::new(self.now, self.chance.bits());
        let plan = random_plan(&mut self.chance);
        self.tell(&format!("submit {run} of {} steps", plan.steps().len()));
        if let Some(node) = &mut self.node {
            node.submit(self.now, run.clone(), plan, &mut self.disk);
        }
        self.submitted.push(run);
        self.flush_soon();
    }

    fn flush_soon(&mut self) {
        if self.disk.pending() > 0 && !self.flush_is_due {
            self.flush_is_due = true;
            let delay = self.chance.below(FLUSH_MILLIS_MAX);
            self.schedule(delay, Happening::Flush);
        }
    }

    fn flush(&mut self) -> Result<(), Violation> {
        self.flush_is_due = false;
        let durable = self.disk.flush();
        let Some(node) = &mut self.node else { return Ok(()) };
        node.forget_finished();
        for run in durable {
            self.summary.runs += u64::from(self.acknowledged.insert(run.clone()));
            let Some(node) = &mut self.node else { break };
            let wishes = node.begin(self.now, &run, &mut self.disk);
            self.fulfil(wishes)?;
        }
        Ok(())
    }

    fn retry(&mut self) -> Result<(), Violation> {
        let unfinished = self.disk.unfinished_runs();
        let Some(node) = &mut self.node else { return Ok(()) };
        let is_over = |run: &&RunId| !unfinished.contains(run) && !node.drives().contains_key(*run);
        let over: Vec<RunId> = self.acknowledged.iter().filter(is_over).cloned().collect();
        let Some(run) = self.chance.pick(&over).cloned() else { return Ok(()) };
        let wishes = node.retry(self.now, &run, &mut self.disk)?;
        self.summary.retried += u64::from(!wishes.is_empty());
        self.tell(&format!("retry {run}"));
        self.fulfil(wishes)
    }

    fn crash(&mut self) {
        if self.node.take().is_none() {
            return;
        }
        let pending = self.disk.pending();
        let kept = self.chance.below(pending as u64 + 1) as usize;
        self.disk.crash(kept);
        self.tell(&format!("crash; of {pending} entries {kept} are kept"));
        self.summary.crashes += 1;
        self.summary.entries_lost += (pending - kept) as u64;
        // The node's attempts and timers die with it.
        self.attempts.clear();
        self.flush_is_due = false;
        self.queue.retain(|_, happening| !matches!(happening, Happening::Report { .. } | Happening::Flush));
        let delay = self.chance.between(1, 100);
        self.schedule(delay, Happening::Restart);
    }

    fn restart(&mut self) -> Result<(), Violation> {
        self.tell("restart");
        let mut node = Node::default();
        let wishes = node.resume(self.now, &mut self.disk)?;
        self.node = Some(node);
        self.fulfil(wishes)
    }

    fn report(&mut self, run: &RunId, event: &RunEvent) -> Result<(), Violation> {
        self.tell(&format!("{run} {}", brief(event)));
        let Some(node) = &mut self.node else { return Ok(()) };
        let wishes = node.happen(self.now, run, event, &mut self.disk);
        self.fulfil(wishes)
    }

    fn fulfil(&mut self, wishes: Vec<Wish>) -> Result<(), Violation> {
        for wish in wishes {
            match wish {
                Wish::Attempt { run, command } => self.attempt(run, command)?,
                Wish::Wait { run, step, delay_millis } => {
                    let event = RunEvent::RetryDue { step };
                    self.schedule(delay_millis, Happening::Report { run: run.clone(), event: event.clone() });
                    if self.chance.percent(3) {
                        self.schedule(delay_millis + 5, Happening::Report { run, event });
                    }
                }
                Wish::Stop { run, step } => self.stop(&run, step),
            }
        }
        self.flush_soon();
        Ok(())
    }

    /// An attempt's whole fate is decided as it is started.
    fn attempt(&mut self, run: RunId, command: Command) -> Result<(), Violation> {
        let Command::StartAttempt { step, attempt, inputs } = command else { return Ok(()) };
        self.tell(&format!("{run} start {step} {attempt}"));
        self.check_wanted(&run, &step)?;
        if self
            .attempts
            .get(&(run.clone(), step.clone()))
            .is_some_and(|(_, left)| left.iter().any(|when| self.queue.contains_key(when)))
        {
            return Err(format!("step {step} of run {run} is attempted twice at the same time"));
        }
        self.summary.attempts += 1;
        let made = outputs(step.as_str(), &inputs);
        let waits = self.chance.below(50);
        let mut says = Vec::new();
        if self.chance.percent(10) {
            let (cache_key, source) = (Digest::sha256(b"key"), RunId::new(0, 0));
            says.push((waits, RunEvent::StepReused { step: step.clone(), outputs: made, cache_key, source }));
        } else {
            says.push((waits, RunEvent::AttemptStarted { step: step.clone(), attempt }));
            let works = waits + self.chance.below(400);
            let usage = Usage::default();
            let end = if self.chance.percent(75) {
                RunEvent::AttemptSucceeded { step: step.clone(), attempt, outputs: made, cache_key: None, usage }
            } else {
                let codes = [Code::StepFailed, Code::Trap, Code::WallTimeLimit, Code::ImportNotGranted];
                let code = self.chance.pick(&codes).copied().unwrap_or(Code::Trap);
                let failure = Failure::new(code, "as fate would have it");
                RunEvent::AttemptFailed { step: step.clone(), attempt, failure, usage }
            };
            says.push((works, end));
        }
        let left = says.into_iter().map(|(delay, event)| self.say(&run, delay, event)).collect();
        self.attempts.insert((run, step), (attempt, left));
        Ok(())
    }

    /// Schedules a report, and now and then the same one again, much later.
    fn say(&mut self, run: &RunId, delay: u64, event: RunEvent) -> When {
        if self.chance.percent(5) {
            let later = delay + self.chance.below(1_000);
            self.schedule(later, Happening::Report { run: run.clone(), event: event.clone() });
        }
        self.schedule(delay, Happening::Report { run: run.clone(), event })
    }

    /// Stopping an attempt takes a while, and it may be over before.
    fn stop(&mut self, run: &RunId, step: StepName) {
        let Some((attempt, left)) = self.attempts.get(&(run.clone(), step.clone())).cloned() else { return };
        if self.chance.percent(40) {
            return;
        }
        for when in left {
            self.queue.remove(&when);
        }
        let failure = Failure::new(Code::Cancelled, "the run was cancelled");
        let event = RunEvent::AttemptFailed { step, attempt, failure, usage: Usage::default() };
        let delay = self.chance.below(30);
        self.say(run, delay, event);
    }

    /// No attempt of a step that succeeded, and none of a run that is to end.
    fn check_wanted(&self, run: &RunId, step: &StepName) -> Result<(), Violation> {
        let (mut cancelled, mut succeeded, mut again) = (false, false, false);
        for event in self.disk.history_with_pending(run) {
            match event {
                RunEvent::Submitted { plan } => again = may_be_done_again(&plan, step),
                RunEvent::AttemptSucceeded { step: done, .. } | RunEvent::StepReused { step: done, .. }
                    if done == *step =>
                {
                    succeeded = true;
                }
                RunEvent::CancelRequested => cancelled = true,
                RunEvent::RetryRequested => (cancelled, succeeded) = (false, succeeded && !again),
                _ => {}
            }
        }
        if succeeded {
            return Err(format!("step {step} of run {run} is attempted although it succeeded"));
        }
        if cancelled {
            return Err(format!("step {step} of run {run} is attempted although the run is to end"));
        }
        Ok(())
    }

    /// What is remembered and what was recorded are the same.
    fn check_replay(&self) -> Result<(), Violation> {
        for (run, state) in self.node.iter().flat_map(Node::drives) {
            let replayed =
                host_pipeline::replay(&self.disk.history_with_pending(run)).map_err(|failure| failure.to_string())?;
            if replayed != *state {
                return Err(format!("replaying run {run} gives {replayed:#?}\ninstead of {state:#?}"));
            }
        }
        Ok(())
    }

    /// Nothing happens any more: every acknowledged run has ended, and soundly so.
    fn check_rest(&self) -> Result<(), Violation> {
        if self.disk.pending() > 0 {
            return Err(format!("{} entries were never flushed", self.disk.pending()));
        }
        if let Some(run) = self.disk.unfinished_runs().first() {
            return Err(format!("run {run} never ended"));
        }
        for run in &self.submitted {
            let history = self.disk.history(run);
            if history.is_empty() {
                if self.acknowledged.contains(run) {
                    return Err(format!("run {run} was acknowledged and is lost"));
                }
                continue;
            }
            check_history(&history).map_err(|violation| format!("run {run}: {violation}"))?;
            let state: RunState = host_pipeline::replay(&history).map_err(|failure| failure.to_string())?;
            check_end(&state).map_err(|violation| format!("run {run}: {violation}"))?;
        }
        Ok(())
    }

    fn tell(&mut self, line: &str) {
        self.story.push(format!("{:>6} ms  {line}", self.now));
    }
}

fn brief(event: &RunEvent) -> String {
    match event {
        RunEvent::AttemptStarted { step, attempt }
        | RunEvent::AttemptSucceeded { step, attempt, .. }
        | RunEvent::AttemptFailed { step, attempt, .. }
        | RunEvent::AttemptInterrupted { step, attempt } => format!("{} {step} {attempt}", name(event)),
        RunEvent::StepReused { step, .. } | RunEvent::RetryDue { step } => format!("{} {step}", name(event)),
        _ => name(event),
    }
}
