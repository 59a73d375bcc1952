//! Trying again: what did not succeed, or hangs on what did not, waits anew.
//! Never touches what succeeded from inputs that are still the same.

use super::Turn;
use crate::{RunStatus, StepStatus};

impl Turn<'_> {
    /// Everything that did not succeed opens anew, with a fresh count against the retry policy.
    pub(super) fn retry_run(&mut self) {
        if !matches!(self.state.status, RunStatus::Failed | RunStatus::Cancelled) {
            return;
        }
        self.state.status = RunStatus::Running;
        self.state.failure = None;
        self.reopen(None, true);
        self.begin_ready(None);
        self.is_over = self.state.root.unfinished == 0;
    }

    /// Lets the tasks inside wait again, but for those that succeeded and needed only such. A task that
    /// runs after others whatever becomes of them goes again with them: its result told of their end.
    pub(super) fn reopen(&mut self, scope: Option<usize>, keep: bool) {
        let children = self.state.inside(scope).map(|inside| inside.children.clone()).unwrap_or_default();
        let graph = self.state.graph_inside(scope);
        let mut kept: Vec<bool> =
            children.iter().map(|child| keep && self.state.steps[*child].status == StepStatus::Succeeded).collect();
        let mut dropped: Vec<usize> = (0..children.len()).filter(|task| !kept[*task]).collect();
        while let Some(task) = dropped.pop() {
            for dependent in &self.state.outline.tasks(graph)[task].dependents {
                if std::mem::take(&mut kept[*dependent]) {
                    dropped.push(*dependent);
                }
            }
        }
        for (child, _) in children.iter().zip(&kept).filter(|(_, kept)| !**kept) {
            let succeeded = self.state.steps[*child].status == StepStatus::Succeeded;
            self.reset(*child, keep && !succeeded);
            self.state.steps[*child].waiting_for = self.state.task_outline(*child).needs;
        }
        for task in (0..children.len()).filter(|task| kept[*task]) {
            for dependent in &self.state.outline.tasks(graph)[task].dependents {
                let step = &mut self.state.steps[children[*dependent]];
                step.waiting_for = step.waiting_for.saturating_sub(1);
            }
        }
        self.state.inside_mut(scope).unfinished = kept.iter().filter(|kept| !**kept).count();
    }

    /// Lets one step wait again. `keep` says whether what was done inside it still counts.
    pub(super) fn reset(&mut self, index: usize, keep: bool) {
        let step = &mut self.state.steps[index];
        step.status = StepStatus::Waiting;
        (step.failures, step.interruptions) = (0, 0);
        step.begun = false;
        step.reused = false;
        step.outputs.clear();
        if let Some(inside) = &mut step.inside {
            inside.afresh |= !keep;
        }
        self.changed.push(index);
    }
}

#[cfg(test)]
mod tests;
