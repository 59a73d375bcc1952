//! Checking documents.
//! Never starts anything.

use axum::Json;
use axum::extract::State;
use host_api::pipeline::{CheckRequest, CheckedPipeline, CheckedStep, Function, TypedName};
use host_base::{FunctionSignature, NamedType};

use crate::answer::Answer;
use crate::request::JsonBody;
use crate::router::Shared;

pub(crate) async fn check(
    State(shared): State<Shared>,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Answer<Json<CheckedPipeline>> {
    let report = shared.executor.check(&request.document).await?;
    let steps = report.steps.into_iter().map(|step| CheckedStep {
        name: step.name,
        component: step.component,
        digest: step.digest,
        function: step.function.map(function),
        needs: step.needs,
        cache: step.cache,
    });
    Ok(Json(CheckedPipeline { pipeline: report.pipeline, steps: steps.collect(), ignored: report.ignored }))
}

fn function(signature: FunctionSignature) -> Function {
    let typed = |named: NamedType| TypedName { name: named.name, value_type: named.value_type.to_string() };
    Function {
        name: signature.name,
        parameters: signature.parameters.into_iter().map(typed).collect(),
        outputs: signature.outputs.into_iter().map(typed).collect(),
    }
}
