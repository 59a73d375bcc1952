//! What happens when nothing holds a step, a group or a loop back any more.
//! Never waits for anything: that is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Code, Failure, StepName, Value};

use super::{Next, Turn};
use crate::condition::evaluate;
use crate::resolve::{Scope, items_of};
use crate::{Condition, Each, Group, RUN_STEPS_MAX, StepKind, StepStatus, Work};

impl Turn<'_> {
    pub(super) fn begin(&mut self, index: usize) {
        let step = &self.state.steps[index];
        if step.status != StepStatus::Waiting {
            return;
        }
        if step.kind == StepKind::Iteration {
            let inputs = self.state.inside(Some(index)).map(|inside| inside.inputs.clone()).unwrap_or_default();
            return self.open_graph(index, inputs);
        }
        let plan = Arc::clone(&self.state.plan);
        let task = self.state.outline.task(&plan, step.place);
        match task.when.as_ref().map_or(Ok(true), |when| self.holds(index, when)) {
            Ok(true) => match &task.work {
                Work::Step(_) => self.start_attempt(index),
                Work::Graph(group) => self.begin_group(index, group),
            },
            Ok(false) => self.end(index, StepStatus::Skipped),
            Err(failure) => self.fail(index, failure),
        }
    }

    fn holds(&self, index: usize, when: &Condition) -> Result<bool, Failure> {
        let step = &self.state.steps[index];
        let scope = Scope { state: self.state, at: step.parent };
        let input = |(name, argument): (&String, _)| Some((name.clone(), scope.resolve(argument)?));
        let inputs: BTreeMap<String, Value> = when.inputs.iter().filter_map(input).collect();
        evaluate(&when.expression, &inputs).map_err(|failure| Failure {
            message: format!("condition of step `{}`: {}", step.name, failure.message),
            ..failure
        })
    }

    fn begin_group(&mut self, index: usize, group: &Group) {
        let scope = Scope { state: self.state, at: self.state.steps[index].parent };
        let input = |(name, argument): (&String, _)| Some((name.clone(), scope.resolve(argument)?));
        let inputs: BTreeMap<String, Value> = group.inputs.iter().filter_map(input).collect();
        match &group.each {
            None => self.open_graph(index, inputs),
            Some(each) => {
                let items = items_of(&self.state.steps[index].name, scope.resolve(&each.items));
                match items.and_then(|items| self.with_room(index, group, items)) {
                    Ok(items) => self.open_loop(index, inputs, each, items),
                    Err(failure) => self.fail(index, failure),
                }
            }
        }
    }

    /// The items again, unless their rounds would make the run too large.
    fn with_room(&self, index: usize, group: &Group, items: Vec<Value>) -> Result<Vec<Value>, Failure> {
        let known = self.state.inside(Some(index)).map_or(0, |inside| inside.children.len());
        let new = items.len().saturating_sub(known).saturating_mul(1 + group.graph.tasks.len());
        if self.state.steps.len().saturating_add(new) <= RUN_STEPS_MAX {
            return Ok(items);
        }
        let (step, count) = (&self.state.steps[index].name, items.len());
        let message = format!(
            "loop `{step}` goes over {count} items, with which the run would have more than {RUN_STEPS_MAX} steps"
        );
        Err(Failure::new(Code::TooLarge, message).with_hint("give each round more of the work, or split it into runs"))
    }

    /// Begins the tasks inside a group or a round. What was done inside before counts if its inputs are the same.
    fn open_graph(&mut self, index: usize, inputs: BTreeMap<String, Value>) {
        let inside = self.state.inside_mut(Some(index));
        let keep = !std::mem::take(&mut inside.afresh) && inside.inputs == inputs;
        let is_new = inside.children.is_empty();
        inside.inputs = inputs;
        if is_new {
            let first = self.state.steps.len();
            self.state.add_tasks(Some(index));
            self.changed.extend(first..self.state.steps.len());
        } else {
            self.reopen(Some(index), keep);
        }
        self.run_group(index);
        self.begin_ready(Some(index));
        self.close_if_done(index);
    }

    fn open_loop(&mut self, index: usize, inputs: BTreeMap<String, Value>, each: &Each, items: Vec<Value>) {
        let inside = self.state.inside_mut(Some(index));
        let keep = !std::mem::take(&mut inside.afresh) && inside.inputs == inputs;
        inside.inputs = inputs;
        let before = std::mem::take(&mut inside.children);
        let mut rounds = Vec::with_capacity(items.len());
        for (number, item) in items.into_iter().enumerate() {
            rounds.push(self.open_round(index, number, BTreeMap::from([(each.item.clone(), item)]), keep));
        }
        for round in before.into_iter().skip(rounds.len()) {
            // A list that has become shorter leaves rounds behind that belong to nothing.
            self.state.steps[round].status = StepStatus::Skipped;
            self.changed.push(round);
        }
        let unfinished = rounds.iter().filter(|round| !self.state.steps[**round].status.is_final()).count();
        let inside = self.state.inside_mut(Some(index));
        (inside.children, inside.unfinished, inside.next, inside.under_way) = (rounds, unfinished, 0, 0);
        self.run_group(index);
        self.begin_rounds(index);
        self.close_if_done(index);
    }

    /// A round of a loop, waiting to begin; or the one that was done before for the same item.
    fn open_round(&mut self, parent: usize, number: usize, inputs: BTreeMap<String, Value>, keep: bool) -> usize {
        let loop_step = &self.state.steps[parent];
        let (name, place) = (StepName::from(format!("{}/{number}", loop_step.name).as_str()), loop_step.place);
        let round = self.state.add(name, StepKind::Iteration, Some(parent), place);
        let inside = self.state.inside_mut(Some(round));
        let same = keep && inside.inputs == inputs;
        inside.inputs = inputs;
        if !same || self.state.steps[round].status != StepStatus::Succeeded {
            self.reset(round, same);
        }
        self.changed.push(round);
        round
    }

    fn run_group(&mut self, index: usize) {
        self.state.steps[index].status = StepStatus::Running;
        self.changed.push(index);
    }

    /// Begins as many rounds of a loop as may be under way at once.
    pub(super) fn begin_rounds(&mut self, index: usize) {
        let Work::Graph(group) = &self.state.task(index).work else { return };
        let parallel_max = group.each.as_ref().and_then(|each| each.parallel_max);
        let room = parallel_max.map_or(usize::MAX, |max| max.max(1) as usize);
        loop {
            let inside = self.state.inside_mut(Some(index));
            let Some(round) = inside.children.get(inside.next).copied().filter(|_| inside.under_way < room) else {
                return;
            };
            inside.next += 1;
            if self.state.steps[round].status == StepStatus::Waiting {
                self.state.inside_mut(Some(index)).under_way += 1;
                self.next.push_back(Next::Begin(round));
            }
        }
    }

    /// Begins the tasks inside that wait for nothing.
    pub(super) fn begin_ready(&mut self, scope: Option<usize>) {
        let children = self.state.inside(scope).map(|inside| inside.children.as_slice()).unwrap_or_default();
        let ready = |index: &&usize| {
            let step = &self.state.steps[**index];
            step.status == StepStatus::Waiting && step.waiting_for == 0
        };
        self.next.extend(children.iter().filter(ready).map(|index| Next::Begin(*index)));
    }
}

#[cfg(test)]
mod tests;
