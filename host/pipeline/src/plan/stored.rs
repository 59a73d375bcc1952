//! Plans as the ledger holds them, in this version's shape or an older one.
//! Never written: what is written is a [`Plan`].

use std::collections::{BTreeMap, BTreeSet};

use host_base::{StepName, Value};
use serde::Deserialize;

use crate::kfp::RunNames;

use super::{Graph, Plan, PlannedStep, Task, Trigger, Work};

/// A plan with a graph or, before graphs nested, with a list of steps.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredPlan {
    pipeline: String,
    #[serde(default)]
    namespace: Option<String>,
    parameters: BTreeMap<String, Value>,
    #[serde(default)]
    graph: Graph,
    #[serde(default)]
    steps: Vec<StoredStep>,
    #[serde(default)]
    kfp: Option<RunNames>,
    #[serde(default)]
    deadline_millis: Option<u64>,
}

/// A step that named itself and what it needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredStep {
    name: StepName,
    needs: BTreeSet<StepName>,
    #[serde(flatten)]
    step: PlannedStep,
}

impl From<StoredPlan> for Plan {
    fn from(stored: StoredPlan) -> Self {
        let StoredPlan { pipeline, namespace, parameters, mut graph, steps, kfp, deadline_millis } = stored;
        graph.tasks.extend(steps.into_iter().map(|StoredStep { name, needs, step }| Task {
            name,
            needs,
            trigger: Trigger::AllSucceeded,
            when: None,
            work: Work::Step(Box::new(step)),
        }));
        Self { pipeline, namespace, parameters, graph, kfp, deadline_millis }
    }
}
