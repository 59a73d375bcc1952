//! Between two steps: no worker is at work, and what comes next is decided.
//! Never lets a wish wait longer than to here.

use super::Course;
use crate::{Command, JobStatus, Phase, Record};

impl Course<'_> {
    /// What comes next.
    pub(super) fn boundary(&mut self) {
        let generation = self.state.kept.generation;
        if self.state.kept.status == JobStatus::Suspending {
            return if self.is_written_down() {
                self.suspended();
            } else {
                self.ask_first(Phase::Checkpointing, Command::WriteCheckpoint { generation });
            };
        }
        if self.is_evaluation_due() {
            return self.ask_all(Phase::Evaluating, Command::Evaluate { generation });
        }
        if let Some(reason) = self.state.live.ending {
            self.record(Record::Ending { step: self.state.live.step, reason });
            return self.ask_first(Phase::Finishing, Command::WriteModel { generation });
        }
        if self.is_checkpoint_due() {
            return self.ask_first(Phase::Checkpointing, Command::WriteCheckpoint { generation });
        }
        self.ask_all(Phase::Stepping, Command::Step { generation });
    }

    /// Whether a restart would lose nothing.
    fn is_written_down(&self) -> bool {
        let live = &self.state.live;
        live.step == live.checkpoint_step.unwrap_or(0)
    }

    fn is_evaluation_due(&self) -> bool {
        let live = &self.state.live;
        let Some(every) = self.state.plan.evaluate_every_steps else { return false };
        let is_time = live.ending.is_some() || live.step.is_multiple_of(every.max(1));
        live.step > 0 && is_time && live.watch.evaluated_step != live.step
    }

    fn is_checkpoint_due(&self) -> bool {
        let live = &self.state.live;
        let passed = live.step - live.checkpoint_step.unwrap_or(0);
        let by_steps = self.state.plan.checkpoint_every_steps.is_some_and(|every| passed >= every.max(1));
        passed > 0 && (by_steps || live.checkpoint_due)
    }
}
