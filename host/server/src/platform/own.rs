//! What the code of a session reads that was granted its own user's only: runs, jobs, and the artifacts of these.
//! Never narrows what belongs to nobody, such as pipelines and components.

use axum::extract::{RawPathParams, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use host_api::routes::{Operation, Route};
use host_base::{Code, Failure, RunId, Value};
use host_ledger::{ArtifactRecord, RunFilter};
use registry_oci::Digest;

use crate::answer::{Answer, Refusal};
use crate::request::{digest, run_id};
use crate::router::{self, Shared};
use crate::user::{User, not_allowed};

/// The newest runs of a user among which the maker of an artifact is looked for, if somebody else made the same before.
const RUNS_LOOKED_AT: usize = 200;
const MADE_LOOKED_AT: usize = 1_000;

#[derive(Clone)]
struct Narrowed {
    shared: Shared,
    user: User,
    operation: Operation,
}

/// The handler of a route, behind a look at what is asked for.
pub(super) fn handler(route: &Route, shared: &Shared, user: &User) -> MethodRouter<Shared> {
    let narrowed = Narrowed { shared: shared.clone(), user: user.clone(), operation: route.operation };
    router::handler(route).layer(middleware::from_fn_with_state(narrowed, check))
}

async fn check(State(narrowed): State<Narrowed>, path: RawPathParams, request: Request, next: Next) -> Response {
    let named = path.iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default();
    match narrowed.sees(&named).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

impl Narrowed {
    /// Refuses what others submitted. Lists are cut by those who make them.
    async fn sees(&self, named: &str) -> Result<(), Refusal> {
        use Operation as O;
        let executor = &self.shared.executor;
        let (what, submitter) = match self.operation {
            O::GetRun
            | O::GetRunPlan
            | O::GetRunDocument
            | O::GetRunStep
            | O::GetRunMetrics
            | O::GetRunLogs
            | O::CancelRun
            | O::RetryRun => ("run", executor.run_record(&run_id(named)?).await?.attributes.submitter),
            O::GetTrainJob
            | O::GetTrainJobMetrics
            | O::GetTrainJobLogs
            | O::StopTrainJob
            | O::ResumeTrainJob
            | O::CancelTrainJob => ("job", executor.job_record(&run_id(named)?).await?.attributes.submitter),
            O::GetArtifact | O::GetArtifactContent | O::ListArtifactFiles | O::GetArtifactFile => {
                return check_input(&self.shared, &self.user, &digest(named)?).await;
            }
            O::CheckPipeline
            | O::CheckTrainJob
            | O::ListPipelines
            | O::GetPipeline
            | O::ListPipelineVersions
            | O::GetPipelineVersion
            | O::CreatePipeline
            | O::CreatePipelineVersion
            | O::ListRuns
            | O::SubmitRun
            | O::ListExperiments
            | O::CreateExperiment
            | O::ListTrainJobs
            | O::SubmitTrainJob
            | O::ListArtifacts
            | O::UploadArtifact
            | O::ListComponents
            | O::GetComponent
            | O::GetNode => return Ok(()),
            // What names others' runs, and whatever else was not looked at with this in mind.
            _ => {
                let failure = Failure::new(Code::GrantNotAllowed, "this is not for the code of sessions with `own`");
                return Err(failure.with_hint("look at it with `sandmill`, or in the console").into());
            }
        };
        match self.user.sees_only() {
            Some(user) if submitter.as_deref() != Some(user) => Err(hidden(what, named, &self.user)),
            _ => Ok(()),
        }
    }
}

fn hidden(what: &str, named: &str, user: &User) -> Refusal {
    let message = format!("{what} {named} is not {}'s, and this session reads only what is", user.name);
    not_allowed(
        message,
        "start the node with `sandmill up --notebook-platform submit` for sessions that read everything",
    )
    .into()
}

/// Refuses an artifact that is not the user's: a step that is handed one could show its content.
pub(crate) async fn check_input(shared: &Shared, user: &User, digest: &Digest) -> Answer<()> {
    if user.sees_only().is_none() {
        return Ok(());
    }
    let record = shared.executor.artifact(digest).await?;
    match sees_artifact(shared, user, &record).await? {
        true => Ok(()),
        false => Err(hidden("artifact", &digest.to_string(), user)),
    }
}

/// The same for all artifacts among values.
pub(crate) async fn check_inputs<'value>(
    shared: &Shared,
    user: &User,
    values: impl IntoIterator<Item = &'value Value>,
) -> Answer<()> {
    let mut left: Vec<&Value> = values.into_iter().collect();
    while let Some(value) = left.pop() {
        match value {
            Value::Plain(_) => {}
            Value::Artifact(artifact) => check_input(shared, user, &artifact.digest).await?,
            Value::List(items) => left.extend(items),
        }
    }
    Ok(())
}

/// Whether an artifact is the user's: their runs made or used it, or the session added it.
pub(crate) async fn sees_artifact(shared: &Shared, user: &User, record: &ArtifactRecord) -> Result<bool, Failure> {
    let Some(name) = user.sees_only().map(str::to_owned) else { return Ok(true) };
    let digest = &record.artifact.digest;
    if user.has_uploaded(digest) {
        return Ok(true);
    }
    let uses = shared.executor.artifact_uses(digest).await?;
    for run in record.run.iter().chain(uses.iter().map(|used| &used.run)) {
        if sees_run(shared, user, run).await? {
            return Ok(true);
        }
    }
    let filter = RunFilter { submitter: Some(name), ..RunFilter::default() };
    for run in shared.executor.runs(&filter, None, RUNS_LOOKED_AT).await?.items {
        let made = shared.executor.artifacts(Some(&run.id), None, MADE_LOOKED_AT).await?;
        if made.items.iter().any(|made| made.artifact.digest == *digest) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a run or a job is the user's, as far as that matters to what they are shown.
pub(crate) async fn sees_run(shared: &Shared, user: &User, run: &RunId) -> Result<bool, Failure> {
    let Some(name) = user.sees_only() else { return Ok(true) };
    let record = match shared.executor.run_record(run).await {
        Err(failure) if failure.code == Code::NotFound => shared.executor.job_record(run).await,
        record => record,
    };
    Ok(record?.attributes.submitter.as_deref() == Some(name))
}
