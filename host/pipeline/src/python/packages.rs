//! Packages of a plan's functions of Python: named for whoever looks them up, and pinned once they are found.
//! Never changes a plan that was submitted: what it pins is what every attempt gets.

use std::collections::BTreeMap;

use host_base::Wheel;

use super::{PackageRequest, PythonCall};
use crate::{Call, Plan, Work};

/// What the functions of a plan ask for, each with the first step that does.
#[must_use]
pub fn wanted_packages(plan: &Plan) -> BTreeMap<PackageRequest, String> {
    let mut wanted = BTreeMap::new();
    for (name, step) in plan.steps() {
        if let Call::Python(call) = &step.call
            && !call.function.packages.is_empty()
        {
            wanted.entry(call.function.packages.clone()).or_insert_with(|| name.to_string());
        }
    }
    wanted
}

/// Pins what was found for [`wanted_packages`].
pub fn pin_packages(plan: &mut Plan, found: &BTreeMap<PackageRequest, Vec<Wheel>>) {
    for call in calls(plan) {
        if let Some(wheels) = found.get(&call.function.packages) {
            call.function.wheels.clone_from(wheels);
        }
    }
}

/// Documents with such functions have no graphs within the outermost one.
fn calls(plan: &mut Plan) -> impl Iterator<Item = &mut PythonCall> {
    plan.graph.tasks.iter_mut().filter_map(|task| match &mut task.work {
        Work::Step(step) => match &mut step.call {
            Call::Python(call) => Some(call.as_mut()),
            _ => None,
        },
        Work::Graph(_) => None,
    })
}
