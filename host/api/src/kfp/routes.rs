//! The paths that clients of Kubeflow Pipelines ask for.
//! Never a handler: `host-server` has exactly one per operation, held by an exhaustive match.

/// How it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the methods of HTTP")]
pub enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

/// What a request asks for. A `…Verb` has the verb behind a colon at the end of its path, as in `runs/ID:retry`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Kubeflow's own")]
pub enum Operation {
    GetHealth,
    CreateExperiment,
    ListExperiments,
    GetExperiment,
    ExperimentVerb,
    DeleteExperiment,
    UploadPipeline,
    UploadPipelineVersion,
    CreatePipeline,
    CreatePipelineAndVersion,
    ListPipelines,
    GetPipeline,
    GetPipelineByName,
    UpdatePipeline,
    DeletePipeline,
    CreatePipelineVersion,
    ListPipelineVersions,
    GetPipelineVersion,
    UpdatePipelineVersion,
    DeletePipelineVersion,
    CreateRun,
    ListRuns,
    GetRun,
    RunVerb,
    DeleteRun,
    ReadArtifact,
    CreateRecurringRun,
    ListRecurringRuns,
    GetRecurringRun,
    RecurringRunVerb,
    DeleteRecurringRun,
    ListTasks,
    GetTask,
    ListArtifacts,
    GetArtifact,
    ListArtifactTasks,
}

/// One row of the table: path, method, operation. `{name}` stands for one segment.
pub type Route = (&'static str, Method, Operation);

/// Every request that is answered.
pub const ROUTES: &[Route] = &[
    ("/apis/v2beta1/healthz", Method::Get, Operation::GetHealth),
    ("/apis/v2beta1/experiments", Method::Post, Operation::CreateExperiment),
    ("/apis/v2beta1/experiments", Method::Get, Operation::ListExperiments),
    ("/apis/v2beta1/experiments/{experiment}", Method::Get, Operation::GetExperiment),
    ("/apis/v2beta1/experiments/{experiment}", Method::Post, Operation::ExperimentVerb),
    ("/apis/v2beta1/experiments/{experiment}", Method::Delete, Operation::DeleteExperiment),
    ("/apis/v2beta1/pipelines/upload", Method::Post, Operation::UploadPipeline),
    ("/apis/v2beta1/pipelines/upload_version", Method::Post, Operation::UploadPipelineVersion),
    ("/apis/v2beta1/pipelines", Method::Post, Operation::CreatePipeline),
    ("/apis/v2beta1/pipelines/create", Method::Post, Operation::CreatePipelineAndVersion),
    ("/apis/v2beta1/pipelines", Method::Get, Operation::ListPipelines),
    ("/apis/v2beta1/pipelines/{pipeline}", Method::Get, Operation::GetPipeline),
    ("/apis/v2beta1/pipelines/names/{name}", Method::Get, Operation::GetPipelineByName),
    ("/apis/v2beta1/pipelines/{pipeline}", Method::Patch, Operation::UpdatePipeline),
    ("/apis/v2beta1/pipelines/{pipeline}", Method::Delete, Operation::DeletePipeline),
    ("/apis/v2beta1/pipelines/{pipeline}/versions", Method::Post, Operation::CreatePipelineVersion),
    ("/apis/v2beta1/pipelines/{pipeline}/versions", Method::Get, Operation::ListPipelineVersions),
    ("/apis/v2beta1/pipelines/{pipeline}/versions/{version}", Method::Get, Operation::GetPipelineVersion),
    ("/apis/v2beta1/pipelines/{pipeline}/versions/{version}", Method::Patch, Operation::UpdatePipelineVersion),
    ("/apis/v2beta1/pipelines/{pipeline}/versions/{version}", Method::Delete, Operation::DeletePipelineVersion),
    ("/apis/v2beta1/runs", Method::Post, Operation::CreateRun),
    ("/apis/v2beta1/runs", Method::Get, Operation::ListRuns),
    ("/apis/v2beta1/runs/{run}", Method::Get, Operation::GetRun),
    ("/apis/v2beta1/runs/{run}", Method::Post, Operation::RunVerb),
    ("/apis/v2beta1/runs/{run}", Method::Delete, Operation::DeleteRun),
    ("/apis/v2beta1/runs/{run}/nodes/{node}/artifacts/{artifact}", Method::Get, Operation::ReadArtifact),
    ("/apis/v2beta1/recurringruns", Method::Post, Operation::CreateRecurringRun),
    ("/apis/v2beta1/recurringruns", Method::Get, Operation::ListRecurringRuns),
    ("/apis/v2beta1/recurringruns/{recurring_run}", Method::Get, Operation::GetRecurringRun),
    ("/apis/v2beta1/recurringruns/{recurring_run}", Method::Post, Operation::RecurringRunVerb),
    ("/apis/v2beta1/recurringruns/{recurring_run}", Method::Delete, Operation::DeleteRecurringRun),
    ("/apis/v2beta1/tasks", Method::Get, Operation::ListTasks),
    ("/apis/v2beta1/tasks/{task}", Method::Get, Operation::GetTask),
    ("/apis/v2beta1/artifacts", Method::Get, Operation::ListArtifacts),
    ("/apis/v2beta1/artifacts/{artifact}", Method::Get, Operation::GetArtifact),
    ("/apis/v2beta1/artifact_tasks", Method::Get, Operation::ListArtifactTasks),
];
