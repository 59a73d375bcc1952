//! Whether a plan's steps may run here: grants against the policy, imports against the grants.
//! Never trusts what a component says of itself outside its binary.

use host_base::{Failure, StepName};
use host_pipeline::{Call, Plan, PlannedStep};

use crate::executor::Shared;

/// All refusals of all steps, so that an author sees them at once.
pub(crate) async fn refusals(shared: &Shared, plan: &Plan) -> Vec<Failure> {
    let mut refusals = Vec::new();
    for (name, step) in plan.steps() {
        refusals.extend(shared.config.policy.check(name.as_str(), &step.grants).err());
        refusals.extend(admit(shared, &name, step).await.err());
    }
    refusals
}

async fn admit(shared: &Shared, name: &StepName, step: &PlannedStep) -> Result<(), Failure> {
    if matches!(step.call, Call::Import(_)) {
        return Ok(());
    }
    let interface = shared.components.interface(&step.component).await?;
    shared.sandbox.admit(&interface.imports, &step.grants).map_err(|mut refusal| {
        refusal.message = format!("step `{name}` ({}): {}", step.component.reference, refusal.message);
        refusal
    })
}
