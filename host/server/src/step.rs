//! One step of a run, looked at closely.
//! Never reads what it was handed or gave; artifacts are named by digest.

use axum::Json;
use axum::extract::{Path, State};
use host_api::step::{Attempt, AttemptLimits, StepCall, StepDetail};
use host_base::{Code, Failure, Limits};
use host_executor::{AttemptEnd, AttemptRecord, StepInsight};
use host_pipeline::PlannedStep;

use crate::answer::Answer;
use crate::plan::function_of;
use crate::request::run_id;
use crate::router::Shared;
use crate::run::step_to_wire;
use crate::value::{TICK_MILLIS, usage_to_wire, values_to_wire};

pub(crate) async fn get(
    State(shared): State<Shared>,
    Path((run, step)): Path<(String, String)>,
) -> Answer<Json<StepDetail>> {
    let run = run_id(&run)?;
    let signers = shared.executor.signers(&run).await?;
    let StepInsight { record, planned, inputs, attempts, imports } = shared.executor.run_step(&run, &step).await?;
    Ok(Json(StepDetail {
        step: step_to_wire(record, &signers)?,
        inputs: inputs.map(values_to_wire),
        attempt_list: attempts.into_iter().map(attempt_to_wire).collect(),
        call: planned.map(|planned| call(planned, imports)).transpose()?,
    }))
}

fn call(planned: PlannedStep, imports: Vec<String>) -> Result<StepCall, Failure> {
    let function = function_of(&planned);
    let grants = match serde_json::to_value(&planned.grants) {
        Ok(serde_json::Value::Object(grants)) => grants,
        other => return Err(Failure::new(Code::Internal, format!("grants cannot be written as JSON: {other:?}"))),
    };
    Ok(StepCall {
        component: planned.component.reference,
        digest: planned.component.digest.to_string(),
        manifest: planned.component.manifest.to_string(),
        function,
        imports,
        grants,
        limits: limits_to_wire(&planned.limits),
        attempts_max: planned.retry.max_attempts,
        cache: planned.cache,
    })
}

const fn limits_to_wire(limits: &Limits) -> AttemptLimits {
    AttemptLimits {
        memory_bytes_max: limits.memory_bytes_max,
        wall_millis_max: limits.wall_millis_max,
        cpu_millis_max: limits.cpu_ticks_max.saturating_mul(TICK_MILLIS),
        output_bytes_max: limits.output_bytes_max,
        log_bytes_max: limits.log_bytes_max,
    }
}

fn attempt_to_wire(record: AttemptRecord) -> Attempt {
    let AttemptRecord { number, started_at_millis, end } = record;
    let running = Attempt {
        number,
        status: "running".to_owned(),
        started_at_millis,
        finished_at_millis: None,
        failure: None,
        usage: None,
        source: None,
    };
    let Some((at_millis, end)) = end else { return running };
    let ended =
        |status: &str| Attempt { status: status.to_owned(), finished_at_millis: Some(at_millis), ..running.clone() };
    match end {
        AttemptEnd::Succeeded(usage) => Attempt { usage: Some(usage_to_wire(usage)), ..ended("succeeded") },
        AttemptEnd::Failed(failure, usage) => {
            Attempt { failure: Some(failure.into()), usage: Some(usage_to_wire(usage)), ..ended("failed") }
        }
        AttemptEnd::Interrupted => ended("interrupted"),
        AttemptEnd::Reused(source) => Attempt { source: Some(source.to_string()), ..ended("reused") },
    }
}
