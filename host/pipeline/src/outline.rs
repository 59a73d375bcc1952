//! The plan's graphs with numbers for names, so that each turn finds a task's neighbours at once.
//! Never holds anything of a run.

use crate::{Graph, Plan, Task, Work};

/// All graphs of a plan; the outermost is the first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    graphs: Vec<GraphOutline>,
}

#[derive(Clone, Debug, PartialEq)]
struct GraphOutline {
    /// Which task of each graph from the outermost on leads here.
    route: Vec<usize>,
    tasks: Vec<TaskOutline>,
}

/// A task among its siblings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TaskOutline {
    /// Siblings that need it: the plan's edges the other way round.
    pub(crate) dependents: Vec<usize>,
    /// How many siblings it needs.
    pub(crate) needs: usize,
    /// The graph inside it, where it is a group.
    pub(crate) graph: Option<usize>,
}

/// Which task of which graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) graph: usize,
    pub(crate) task: usize,
}

impl Outline {
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut graphs = vec![GraphOutline::of(&plan.graph, Vec::new())];
        let mut open = vec![(0, &plan.graph)];
        while let Some((number, graph)) = open.pop() {
            for (index, task) in graph.tasks.iter().enumerate() {
                let Work::Graph(group) = &task.work else { continue };
                let route = graphs[number].route.iter().copied().chain([index]).collect();
                graphs[number].tasks[index].graph = Some(graphs.len());
                open.push((graphs.len(), &group.graph));
                graphs.push(GraphOutline::of(&group.graph, route));
            }
        }
        Self { graphs }
    }

    /// The graph of this number in the plan that this is the outline of.
    pub(crate) fn graph<'plan>(&self, plan: &'plan Plan, graph: usize) -> &'plan Graph {
        self.graphs[graph].route.iter().fold(&plan.graph, |graph, task| match &graph.tasks[*task].work {
            Work::Graph(group) => &group.graph,
            // A route leads through groups only.
            Work::Step(_) => graph,
        })
    }

    pub(crate) fn task<'plan>(&self, plan: &'plan Plan, place: Place) -> &'plan Task {
        &self.graph(plan, place.graph).tasks[place.task]
    }

    pub(crate) fn at(&self, place: Place) -> &TaskOutline {
        &self.graphs[place.graph].tasks[place.task]
    }

    pub(crate) fn tasks(&self, graph: usize) -> &[TaskOutline] {
        &self.graphs[graph].tasks
    }
}

impl GraphOutline {
    fn of(graph: &Graph, route: Vec<usize>) -> Self {
        let mut tasks = vec![TaskOutline::default(); graph.tasks.len()];
        for (index, task) in graph.tasks.iter().enumerate() {
            for needed in task.needs.iter().filter_map(|needed| graph.index(needed)) {
                tasks[needed].dependents.push(index);
                tasks[index].needs += 1;
            }
        }
        Self { route, tasks }
    }
}
