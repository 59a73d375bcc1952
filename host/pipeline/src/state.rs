//! Where a run stands. Derived from its events alone.
//! Never persisted and never changed but by `advance`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use host_base::{Failure, StepName, Value};
use serde::{Deserialize, Serialize};

use crate::outline::{Outline, Place, TaskOutline};
use crate::{Plan, PlannedStep, Task, Work};

/// Steps of one run, with the groups and rounds that hold them. What one event makes known has to fit
/// into one entry of the ledger, and this many do.
pub const RUN_STEPS_MAX: usize = 100_000;

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// Steps are waiting or at work.
    Running,
    /// Someone asked for the run to end, and attempts are still stopping.
    Cancelling,
    /// Nothing failed.
    Succeeded,
    /// At least one step failed for good.
    Failed,
    /// The run was ended on request.
    Cancelled,
}

/// How a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepStatus {
    /// A step that it needs has not ended yet, or its loop has no room for it.
    Waiting,
    /// An attempt is under way; of a group, something inside may be.
    Running,
    /// An attempt failed, and the wait before the next is on.
    Backoff,
    /// It has outputs.
    Succeeded,
    /// Its last attempt failed; of a group, something inside did.
    Failed,
    /// A step that it needs did not succeed, or its condition does not hold.
    Skipped,
    /// The run was cancelled before the step ended.
    Cancelled,
}

/// What a step of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// A call of a component.
    Step,
    /// Steps of its own.
    Group,
    /// An iteration per item.
    Loop,
    /// One round of a loop.
    Iteration,
    /// Steps of its own, under a condition.
    Condition,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// What it carries out.
    pub plan: Arc<Plan>,
    /// How the run is.
    pub status: RunStatus,
    /// What ended the run, where it was not its steps: its deadline.
    pub failure: Option<Failure>,
    /// Every step that there is so far. Those of a group come into being as the group begins; a step's
    /// position never changes.
    pub steps: Vec<StepState>,
    /// How many of them call a component.
    pub steps_total: u64,
    pub(crate) root: Inside,
    pub(crate) outline: Outline,
    names: HashMap<StepName, usize>,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StepState {
    /// Its path: the names from the outermost graph on; a round of a loop has its number for a name.
    pub name: StepName,
    /// What it is.
    pub kind: StepKind,
    /// The group that it is in, by position; none in the outermost graph.
    pub parent: Option<usize>,
    /// How it is.
    pub status: StepStatus,
    /// Attempts begun so far.
    pub attempts: u32,
    /// Attempts that failed and count against the retry policy.
    pub failures: u32,
    /// Attempts in a row that ended with the node.
    pub interruptions: u32,
    /// Its outputs, once it succeeded.
    pub outputs: BTreeMap<String, Value>,
    /// Whether the outputs are an earlier result.
    pub reused: bool,
    /// Why its last attempt failed; of a group, why something inside did.
    pub failure: Option<Failure>,
    /// Which task it carries out; of a round, which loop.
    pub(crate) place: Place,
    /// Needed siblings that have not ended as they should yet.
    pub(crate) waiting_for: usize,
    /// Whether the attempt under way has been reported as begun.
    pub(crate) begun: bool,
    /// What groups have and steps do not.
    pub(crate) inside: Option<Box<Inside>>,
}

/// The inside of a group, a loop or a round; or of the run as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Inside {
    /// The inner graph's inputs; of a round only its item, since the others are its loop's.
    pub(crate) inputs: BTreeMap<String, Value>,
    /// Positions of the steps inside: in the order of the graph's tasks, or of a loop's items.
    pub(crate) children: Vec<usize>,
    /// How many of those have not ended.
    pub(crate) unfinished: usize,
    /// Of a loop: the first round that has not been looked at, and how many are under way.
    pub(crate) next: usize,
    pub(crate) under_way: usize,
    /// What was done inside before does not count any more.
    pub(crate) afresh: bool,
}

impl RunState {
    /// A run of which nothing has happened yet.
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        let outline = Outline::of(&plan);
        Self {
            plan,
            status: RunStatus::Running,
            failure: None,
            steps: Vec::new(),
            steps_total: 0,
            root: Inside::default(),
            outline,
            names: HashMap::new(),
        }
    }

    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &StepName) -> Option<&StepState> {
        self.index(name).map(|index| &self.steps[index])
    }

    /// Where a step stands in `steps`.
    #[must_use]
    pub fn index(&self, name: &StepName) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The call that a step makes; none of a group.
    #[must_use]
    pub fn planned(&self, index: usize) -> Option<&PlannedStep> {
        let step = self.steps.get(index)?;
        match &self.task(index).work {
            Work::Step(planned) if step.kind == StepKind::Step => Some(planned),
            _ => None,
        }
    }

    /// The siblings that a step needs.
    pub fn needed(&self, index: usize) -> impl Iterator<Item = &StepState> {
        let step = &self.steps[index];
        let task = self.task(index);
        let needs = task.needs.iter().filter(|_| step.kind != StepKind::Iteration);
        needs.filter_map(move |needed| self.sibling(step.parent, needed))
    }

    /// The task that a step carries out; of a round, its loop's.
    #[must_use]
    pub fn task(&self, index: usize) -> &Task {
        self.outline.task(&self.plan, self.steps[index].place)
    }

    pub(crate) fn task_outline(&self, index: usize) -> &TaskOutline {
        self.outline.at(self.steps[index].place)
    }

    /// The number of the graph whose tasks stand inside a group or a round.
    pub(crate) fn graph_inside(&self, of: Option<usize>) -> usize {
        of.and_then(|index| self.task_outline(index).graph).unwrap_or_default()
    }

    /// The step of this name in the graph inside `scope`.
    pub(crate) fn sibling(&self, scope: Option<usize>, name: &StepName) -> Option<&StepState> {
        let task = self.outline.graph(&self.plan, self.graph_inside(scope)).index(name)?;
        self.inside(scope)?.children.get(task).map(|index| &self.steps[*index])
    }

    pub(crate) fn inside(&self, of: Option<usize>) -> Option<&Inside> {
        match of {
            None => Some(&self.root),
            Some(index) => self.steps[index].inside.as_deref(),
        }
    }

    /// The inside of a group, made where it has none yet.
    pub(crate) fn inside_mut(&mut self, of: Option<usize>) -> &mut Inside {
        match of {
            None => &mut self.root,
            Some(index) => self.steps[index].inside.get_or_insert_default(),
        }
    }

    /// A new step; or the one that already has this name.
    pub(crate) fn add(&mut self, name: StepName, kind: StepKind, parent: Option<usize>, place: Place) -> usize {
        if let Some(index) = self.index(&name) {
            return index;
        }
        let index = self.steps.len();
        self.steps_total += u64::from(kind == StepKind::Step);
        self.names.insert(name.clone(), index);
        self.steps.push(StepState {
            name,
            kind,
            parent,
            status: StepStatus::Waiting,
            attempts: 0,
            failures: 0,
            interruptions: 0,
            outputs: BTreeMap::new(),
            reused: false,
            failure: None,
            waiting_for: 0,
            begun: false,
            place,
            inside: None,
        });
        index
    }

    /// Brings the tasks inside a group or a round into being, all waiting.
    pub(crate) fn add_tasks(&mut self, parent: Option<usize>) {
        let plan = Arc::clone(&self.plan);
        let graph = self.graph_inside(parent);
        let prefix = parent.map(|index| format!("{}/", self.steps[index].name)).unwrap_or_default();
        let mut children = Vec::new();
        for (task, planned) in self.outline.graph(&plan, graph).tasks.iter().enumerate() {
            let kind = match &planned.work {
                Work::Step(_) => StepKind::Step,
                Work::Graph(group) if group.each.is_some() => StepKind::Loop,
                Work::Graph(_) if planned.when.is_some() => StepKind::Condition,
                Work::Graph(_) => StepKind::Group,
            };
            let name = StepName::from(format!("{prefix}{}", planned.name).as_str());
            let place = Place { graph, task };
            let index = self.add(name, kind, parent, place);
            self.steps[index].waiting_for = self.outline.at(place).needs;
            children.push(index);
        }
        let inside = self.inside_mut(parent);
        inside.unfinished = children.len();
        inside.children = children;
    }
}

impl StepState {
    /// Whether an attempt is under way that has been reported as begun.
    #[must_use]
    pub const fn is_begun(&self) -> bool {
        self.begun
    }

    /// The number of the attempt that is under way or would be next.
    pub(crate) const fn current_attempt(&self) -> u32 {
        if self.begun { self.attempts } else { self.attempts.saturating_add(1) }
    }
}

impl RunStatus {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

impl StepStatus {
    /// Whether nothing more happens to the step in this run.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Skipped | Self::Cancelled)
    }
}
