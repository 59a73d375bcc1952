//! The REST interface of Kubeflow Pipelines: from its table of routes to handlers.
//! Never decides and never keeps anything; every answer is read from the executor.

mod answer;
mod artifact;
mod experiment;
mod list;
mod package;
mod pipeline;
mod recurring_run;
mod run;
mod state;
mod task;

use axum::Json;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use host_api::kfp::Health;
use host_api::kfp::routes::{Method, Operation, ROUTES};

use crate::router::Shared;

/// All routes of the table, added to the others.
pub(crate) fn routes(mut router: Router<Shared>) -> Router<Shared> {
    for (path, method, operation) in ROUTES {
        router = router.route(path, handler(*method, *operation));
    }
    router
}

fn handler(method: Method, operation: Operation) -> MethodRouter<Shared> {
    match operation {
        Operation::GetHealth => on(method, health),
        Operation::CreateExperiment => on(method, experiment::create),
        Operation::ListExperiments => on(method, experiment::list),
        Operation::GetExperiment => on(method, experiment::get),
        Operation::ExperimentVerb => on(method, experiment::verb),
        Operation::DeleteExperiment => on(method, experiment::delete),
        Operation::UploadPipeline => on(method, pipeline::upload),
        Operation::UploadPipelineVersion => on(method, pipeline::upload_version),
        Operation::CreatePipeline => on(method, pipeline::create),
        Operation::CreatePipelineAndVersion => on(method, pipeline::create_with_version),
        Operation::ListPipelines => on(method, pipeline::list),
        Operation::GetPipeline => on(method, pipeline::get),
        Operation::GetPipelineByName => on(method, pipeline::by_name),
        Operation::UpdatePipeline => on(method, pipeline::update),
        Operation::DeletePipeline => on(method, pipeline::delete),
        Operation::CreatePipelineVersion => on(method, pipeline::create_version),
        Operation::ListPipelineVersions => on(method, pipeline::list_versions),
        Operation::GetPipelineVersion => on(method, pipeline::get_version),
        Operation::UpdatePipelineVersion => on(method, pipeline::update_version),
        Operation::DeletePipelineVersion => on(method, pipeline::delete_version),
        Operation::CreateRun => on(method, run::create),
        Operation::ListRuns => on(method, run::list),
        Operation::GetRun => on(method, run::get),
        Operation::RunVerb => on(method, run::verb),
        Operation::DeleteRun => on(method, run::delete),
        Operation::ReadArtifact => on(method, artifact::read),
        Operation::CreateRecurringRun => on(method, recurring_run::create),
        Operation::ListRecurringRuns => on(method, recurring_run::list),
        Operation::GetRecurringRun => on(method, recurring_run::get),
        Operation::RecurringRunVerb => on(method, recurring_run::verb),
        Operation::DeleteRecurringRun => on(method, recurring_run::delete),
        Operation::ListTasks => on(method, task::list),
        Operation::GetTask => on(method, task::get),
        Operation::ListArtifacts => on(method, artifact::list),
        Operation::GetArtifact => on(method, artifact::get),
        Operation::ListArtifactTasks => on(method, artifact::tasks),
    }
}

fn on<T: 'static>(method: Method, handler: impl Handler<T, Shared>) -> MethodRouter<Shared> {
    match method {
        Method::Get => routing::get(handler),
        Method::Post => routing::post(handler),
        Method::Patch => routing::patch(handler),
        Method::Delete => routing::delete(handler),
    }
}

async fn health() -> Json<Health> {
    Json(Health { multi_user: false, pipeline_store: "database".to_owned() })
}
