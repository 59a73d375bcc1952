//! What happens when a step, a group or a loop has ended: others waited for it, or it was the last inside.
//! Never ends anything that something inside may still change.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Failure, Value};

use super::{Next, Turn};
use crate::resolve::{Scope, list};
use crate::{RunStatus, StepKind, StepStatus, Trigger};

impl Turn<'_> {
    pub(super) fn succeed(&mut self, index: usize, outputs: BTreeMap<String, Value>, reused: bool) {
        let step = &mut self.state.steps[index];
        step.outputs = outputs;
        step.reused = reused;
        step.failure = None;
        self.end(index, StepStatus::Succeeded);
    }

    pub(super) fn fail(&mut self, index: usize, failure: Failure) {
        self.state.steps[index].failure = Some(failure);
        self.end(index, StepStatus::Failed);
    }

    pub(super) fn end(&mut self, index: usize, status: StepStatus) {
        let step = &mut self.state.steps[index];
        step.status = status;
        step.begun = false;
        self.changed.push(index);
        self.next.push_back(Next::Ended(index));
    }

    pub(super) fn after_end(&mut self, index: usize) {
        let step = &self.state.steps[index];
        let parent = step.parent;
        if step.kind != StepKind::Iteration {
            self.tell_dependents(index);
        }
        let inside = self.state.inside_mut(parent);
        inside.unfinished = inside.unfinished.saturating_sub(1);
        inside.under_way = inside.under_way.saturating_sub(1);
        let is_done = inside.unfinished == 0;
        match parent {
            None => self.is_over |= is_done,
            Some(parent) if is_done => self.close(parent),
            Some(parent) if self.state.status == RunStatus::Running => self.begin_rounds_of(parent),
            Some(_) => {}
        }
    }

    fn begin_rounds_of(&mut self, parent: usize) {
        if self.state.steps[parent].kind == StepKind::Loop {
            self.begin_rounds(parent);
        }
    }

    /// What needs the step begins, waits for less, or is skipped; everything else goes on.
    fn tell_dependents(&mut self, index: usize) {
        let (parent, place) = (self.state.steps[index].parent, self.state.steps[index].place);
        let succeeded = self.state.steps[index].status == StepStatus::Succeeded;
        for position in 0..self.state.outline.at(place).dependents.len() {
            let task = self.state.outline.at(place).dependents[position];
            let Some(dependent) = self.state.inside(parent).and_then(|inside| inside.children.get(task).copied())
            else {
                continue;
            };
            if self.state.steps[dependent].status != StepStatus::Waiting {
                continue;
            }
            if !succeeded && self.state.task(dependent).trigger == Trigger::AllSucceeded {
                self.end(dependent, StepStatus::Skipped);
                continue;
            }
            let step = &mut self.state.steps[dependent];
            step.waiting_for = step.waiting_for.saturating_sub(1);
            if step.waiting_for == 0 {
                self.next.push_back(Next::Begin(dependent));
            }
        }
    }

    /// Ends a group that has nothing inside, or nothing that has to be done again.
    pub(super) fn close_if_done(&mut self, index: usize) {
        if self.state.inside(Some(index)).is_none_or(|inside| inside.unfinished == 0) {
            self.close(index);
        }
    }

    /// Ends a group whose inside has ended.
    fn close(&mut self, index: usize) {
        if self.state.steps[index].status != StepStatus::Running {
            return;
        }
        let children = self.state.inside(Some(index)).map(|inside| inside.children.as_slice()).unwrap_or_default();
        let with = |status| children.iter().map(|child| &self.state.steps[*child]).find(|step| step.status == status);
        if let Some(failed) = with(StepStatus::Failed) {
            let failure = failed.failure.clone().map(|failure| match failed.kind {
                // Further out, the sentence already names the step.
                StepKind::Step => {
                    Failure { message: format!("step `{}`: {}", failed.name, failure.message), ..failure }
                }
                _ => failure,
            });
            self.state.steps[index].failure = failure;
            return self.end(index, StepStatus::Failed);
        }
        if with(StepStatus::Cancelled).is_some() {
            return self.end(index, StepStatus::Cancelled);
        }
        let outputs = match self.state.steps[index].kind {
            StepKind::Loop => self.outputs_of_loop(index),
            _ => self.outputs_of_graph(index),
        };
        self.succeed(index, outputs, false);
    }

    fn outputs_of_graph(&self, index: usize) -> BTreeMap<String, Value> {
        let scope = Scope { state: self.state, at: Some(index) };
        scope.outputs(self.state.outline.graph(&self.state.plan, self.state.graph_inside(Some(index))))
    }

    /// A round without an output, because what makes it was skipped, adds nothing to the list.
    fn outputs_of_loop(&self, index: usize) -> BTreeMap<String, Value> {
        let plan = Arc::clone(&self.state.plan);
        let graph = self.state.outline.graph(&plan, self.state.graph_inside(Some(index)));
        let rounds = self.state.inside(Some(index)).map(|inside| inside.children.as_slice()).unwrap_or_default();
        let of_rounds = |name: &String| {
            let outputs = rounds.iter().filter_map(|round| self.state.steps[*round].outputs.get(name).cloned());
            (name.clone(), list(outputs.collect()))
        };
        graph.outputs.keys().map(of_rounds).collect()
    }
}

#[cfg(test)]
mod tests;
