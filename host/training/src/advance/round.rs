//! A round: all workers were asked for the same, and it is over once all have answered.
//! Never takes the word of a worker of an earlier group.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Failure};
use registry_oci::Digest;
use sdk_spec::train_job::{MetricSource, NotANumber, SuccessPolicy};

use super::Course;
use crate::state::Worker;
use crate::{Checkpoint, Command, JobStatus, Phase, Reason, Record};

impl Course<'_> {
    /// Notes a worker's answer; once it was the last one, the round is over.
    pub(super) fn settle(&mut self, generation: u64, rank: u32, answer: impl FnOnce(&mut Worker)) {
        if generation != self.state.kept.generation {
            return;
        }
        let Some(worker) = self.state.live.workers.get_mut(rank as usize).filter(|worker| worker.busy) else { return };
        worker.busy = false;
        answer(worker);
        if self.state.live.workers.iter().any(|worker| worker.busy) {
            return;
        }
        match self.state.live.phase {
            Phase::Breaking => self.broken(),
            Phase::Starting => self.started(),
            Phase::Restoring => self.boundary(),
            Phase::Stepping => self.stepped(),
            Phase::Evaluating => self.evaluated(),
            Phase::Idle | Phase::Fetching | Phase::Checkpointing | Phase::Finishing => {}
        }
    }

    /// Asks all workers for the same.
    pub(super) fn ask_all(&mut self, phase: Phase, command: Command) {
        self.state.live.phase = phase;
        for worker in &mut self.state.live.workers {
            worker.busy = true;
            worker.metrics.clear();
        }
        self.command(command);
    }

    /// Asks the first worker.
    pub(super) fn ask_first(&mut self, phase: Phase, command: Command) {
        self.state.live.phase = phase;
        if let Some(first) = self.state.live.workers.first_mut() {
            first.busy = true;
        }
        self.command(command);
    }

    /// All workers know their job; if there is a checkpoint, they go back to it.
    pub(super) fn started(&mut self) {
        let Some(checkpoint) = self.last_checkpoint() else { return self.boundary() };
        let live = &mut self.state.live;
        (live.step, live.watch) = (checkpoint.step, checkpoint.watch);
        live.checkpoint_step = Some(checkpoint.step);
        live.ending = live.ending.or(checkpoint.ending);
        let generation = self.state.kept.generation;
        self.ask_all(Phase::Restoring, Command::Restore { generation, checkpoint: Box::new(checkpoint) });
    }

    fn stepped(&mut self) {
        self.state.live.step += 1;
        if let Some((rank, name, value)) = self.not_a_number()
            && !self.tolerates(&format!("worker {rank}"), &name, value)
        {
            return;
        }
        if let Some(rule) = &self.state.plan.early_stop
            && rule.of == MetricSource::Step
            && let Some(value) = mean(&self.state.live.workers, &rule.metric)
        {
            let ended = self.state.live.watch.take(rule, value);
            self.state.live.ending = self.state.live.ending.or(ended);
        }
        let live = &mut self.state.live;
        let done = |worker: &Worker| worker.done;
        let is_done = match self.state.plan.success {
            SuccessPolicy::All => live.workers.iter().all(done),
            SuccessPolicy::Any => live.workers.iter().any(done),
            SuccessPolicy::First => live.workers.first().is_some_and(done),
        };
        let steps_are_over = self.state.plan.steps_max.is_some_and(|most| live.step >= most);
        live.ending = live.ending.or(is_done.then_some(Reason::Done)).or(steps_are_over.then_some(Reason::StepsMax));
        self.boundary();
    }

    fn evaluated(&mut self) {
        let metrics = self.state.live.workers.first().map(|worker| worker.metrics.clone()).unwrap_or_default();
        let step = self.state.live.step;
        self.state.live.watch.evaluated_step = step;
        let finite = |value: f64| value.is_finite().then_some(value);
        let kept: BTreeMap<String, Option<f64>> =
            metrics.iter().map(|(name, value)| (name.clone(), finite(*value))).collect();
        self.record(Record::Evaluated { step, metrics: kept });
        if let Some((name, value)) = metrics.iter().find(|(_, value)| !value.is_finite())
            && !self.tolerates("the evaluation", name, *value)
        {
            return;
        }
        if let Some(rule) = &self.state.plan.early_stop
            && rule.of == MetricSource::Evaluation
            && let Some((_, value)) = metrics.iter().find(|(name, _)| *name == rule.metric)
        {
            let ended = self.state.live.watch.take(rule, *value);
            self.state.live.ending = self.state.live.ending.or(ended);
        }
        self.boundary();
    }

    fn not_a_number(&self) -> Option<(usize, String, f64)> {
        let of_worker = |(rank, worker): (usize, &Worker)| {
            let (name, value) = worker.metrics.iter().find(|(_, value)| !value.is_finite())?;
            Some((rank, name.clone(), *value))
        };
        self.state.live.workers.iter().enumerate().find_map(of_worker)
    }

    /// Whether the job goes on as if nothing had happened. Else it has ended, or is on its way to its end.
    fn tolerates(&mut self, who: &str, name: &str, value: f64) -> bool {
        let checkpoint = self.last_checkpoint();
        match (self.state.plan.not_a_number, checkpoint) {
            (NotANumber::Ignore, _) => true,
            (NotANumber::Stop, Some(checkpoint)) => {
                let live = &mut self.state.live;
                (live.step, live.watch) = (checkpoint.step, checkpoint.watch);
                live.checkpoint_step = Some(checkpoint.step);
                live.ending = Some(Reason::NotANumber);
                let generation = self.state.kept.generation;
                self.ask_all(Phase::Restoring, Command::Restore { generation, checkpoint: Box::new(checkpoint) });
                false
            }
            (NotANumber::Stop, None) | (NotANumber::Fail, _) => {
                let step = self.state.live.step;
                let message = format!("{who} reports {name} = {value} after step {step}");
                let hint = "lower the learning rate, or write `notANumber: stop` to end with the last checkpoint";
                let failure = Failure::new(host_base::Code::NotANumber, message).with_hint(hint);
                self.end(JobStatus::Failed, Some(failure));
                false
            }
        }
    }

    pub(super) fn checkpoint_written(&mut self, generation: u64, artifact: ArtifactRef) {
        if generation != self.state.kept.generation || self.state.live.phase != Phase::Checkpointing {
            return;
        }
        let live = &mut self.state.live;
        let checkpoint = Checkpoint { step: live.step, artifact, watch: live.watch, ending: live.ending };
        live.checkpoint_due = false;
        live.checkpoint_step = Some(live.step);
        if let Some(first) = live.workers.first_mut() {
            first.busy = false;
        }
        self.record(Record::Checkpointed { checkpoint });
        self.boundary();
    }

    pub(super) fn model_written(&mut self, generation: u64, artifact: ArtifactRef) {
        if generation != self.state.kept.generation || self.state.live.phase != Phase::Finishing {
            return;
        }
        let step = self.state.live.step;
        let (status, model) = (JobStatus::Succeeded, Some(artifact));
        self.record(Record::Finished { status, step, failure: None, model });
        self.command(Command::StopWorkers);
        self.state.live = crate::state::Live { step, ..Default::default() };
    }

    /// Goes on from an older checkpoint, with new guests: what a worker took in of this one is not known.
    pub(super) fn checkpoint_unusable(&mut self, generation: u64, digest: Digest, failure: Failure) {
        if generation != self.state.kept.generation || self.state.live.phase != Phase::Restoring {
            return;
        }
        // That the refused state was the last one says nothing of the one before it; that no step may follow, does.
        let ending = self.state.live.ending.filter(|reason| *reason == Reason::NotANumber);
        self.record(Record::CheckpointRefused { digest, failure });
        if self.state.kept.status == JobStatus::Suspending {
            return self.suspended();
        }
        if ending == Some(Reason::NotANumber) && self.last_checkpoint().is_none() {
            let message = "a metric was no number, and no checkpoint is left to take the model from";
            let failure = Failure::new(host_base::Code::NotANumber, message).with_hint("lower the learning rate");
            return self.end(JobStatus::Failed, Some(failure));
        }
        self.command(Command::StopWorkers);
        let (size, restarts) = (self.state.kept.size, self.state.kept.restarts);
        self.begin(size, restarts);
        self.state.live.ending = ending;
    }
}

/// The mean of a metric over the workers that report it, added up in the order of their ranks.
fn mean(workers: &[Worker], name: &str) -> Option<f64> {
    let value = |worker: &Worker| worker.metrics.iter().find(|(metric, _)| metric == name).map(|(_, value)| *value);
    let values: Vec<f64> = workers.iter().filter_map(value).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
