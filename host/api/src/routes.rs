//! The route table: every request that a node answers.
//! Never a handler: `host-server` has exactly one per operation, held by an exhaustive match.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::artifact::{ArtifactDetail, ArtifactPage, ArtifactQuery, ArtifactRef, UploadQuery};
use crate::component::{CallingPipelineQuery, CallingPipelines, ComponentDetail, Repositories};
use crate::event::{EventQuery, StreamEvent};
use crate::experiment::{CreateExperiment, Experiment, Experiments};
use crate::folder::{ArtifactFileQuery, ArtifactFiles};
use crate::load::NodeLoad;
use crate::login::{Login, SignIn};
use crate::metric::{MetricPoints, MetricQuery};
use crate::node::{Health, Node};
use crate::notebook::{CreateSession, RanNotebook, RunNotebook, Session, Sessions};
use crate::pipeline::{
    CheckRequest, CheckedPipeline, CreatePipeline, CreatePipelineVersion, Pipeline, PipelineVersion,
    PipelineVersionDetail, PipelineVersions, Pipelines,
};
use crate::plan::{RunDocument, RunPlan};
use crate::run::{LogLines, LogQuery, RunDetail, RunPage, RunQuery, StepQuery, SubmitRequest, Submitted};
use crate::schedule::{CreateSchedule, Schedule, ScheduleQuery, Schedules};
use crate::step::StepDetail;
use crate::train_job::{
    CheckedTrainJob, SubmitTrainJob, SubmittedTrainJob, TrainJobDetail, TrainJobPage, TrainJobQuery,
};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant's meaning is its route's summary")]
pub enum Operation {
    CheckPipeline,
    CreatePipeline,
    ListPipelines,
    GetPipeline,
    DeletePipeline,
    CreatePipelineVersion,
    ListPipelineVersions,
    GetPipelineVersion,
    SubmitRun,
    ListRuns,
    GetRun,
    GetRunPlan,
    GetRunDocument,
    GetRunStep,
    GetRunMetrics,
    StreamRunEvents,
    GetRunLogs,
    CancelRun,
    RetryRun,
    CreateExperiment,
    ListExperiments,
    CreateSession,
    ListSessions,
    GetSession,
    PauseSession,
    ResumeSession,
    EndSession,
    RunNotebook,
    CreateSchedule,
    ListSchedules,
    GetSchedule,
    PauseSchedule,
    ResumeSchedule,
    DeleteSchedule,
    CheckTrainJob,
    SubmitTrainJob,
    ListTrainJobs,
    GetTrainJob,
    GetTrainJobMetrics,
    GetTrainJobLogs,
    StreamTrainJobEvents,
    StopTrainJob,
    ResumeTrainJob,
    CancelTrainJob,
    ListArtifacts,
    UploadArtifact,
    GetArtifact,
    GetArtifactContent,
    ListArtifactFiles,
    GetArtifactFile,
    ListComponents,
    GetComponent,
    SignIn,
    SignOut,
    GetLogin,
    GetNode,
    ListCallingPipelines,
    GetNodeLoad,
    GetHealth,
    GetReadiness,
    GetOpenApi,
}

/// How it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the methods of HTTP")]
pub enum Method {
    Get,
    Post,
    Delete,
}

/// Writes a type's schema, and what it refers to, into a document.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// The path; `{name}` stands for one segment.
    pub path: &'static str,
    /// What it asks for.
    pub operation: Operation,
    /// The operation's name in the OpenAPI document.
    pub id: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What may stand behind the question mark: an object whose fields are all optional.
    pub query: Option<SchemaOf>,
    /// Headers with a meaning of their own, each with a description.
    pub headers: &'static [(&'static str, &'static str)],
    /// The request's body.
    pub request: Body,
    /// The status of success.
    pub status: u16,
    /// The body of success.
    pub response: Body,
}

/// A body.
#[derive(Clone, Copy)]
pub enum Body {
    /// None.
    None,
    /// JSON of one type.
    Json(SchemaOf),
    /// Server-sent events, the data of each JSON of one type.
    Events(SchemaOf),
    /// Bytes of any media type.
    Bytes,
}

const fn json<T: JsonSchema>() -> Body {
    Body::Json(SchemaGenerator::subschema_for::<T>)
}

const fn get(path: &'static str, operation: Operation, id: &'static str, summary: &'static str) -> Route {
    Route {
        method: Method::Get,
        path,
        operation,
        id,
        summary,
        query: None,
        headers: &[],
        request: Body::None,
        status: 200,
        response: Body::None,
    }
}

const fn post(path: &'static str, operation: Operation, id: &'static str, summary: &'static str) -> Route {
    Route { method: Method::Post, ..get(path, operation, id, summary) }
}

const fn delete(path: &'static str, operation: Operation, id: &'static str, summary: &'static str) -> Route {
    Route { method: Method::Delete, ..get(path, operation, id, summary) }
}

impl Route {
    const fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    const fn takes(mut self, body: Body) -> Self {
        self.request = body;
        self
    }

    const fn answers(mut self, status: u16, body: Body) -> Self {
        self.status = status;
        self.response = body;
        self
    }
}

/// Every request that a node answers.
pub const ROUTES: &[Route] = &[
    post(
        "/api/v1/pipelines:check",
        Operation::CheckPipeline,
        "checkPipeline",
        "Checks a document as a submission would, and starts nothing",
    )
    .takes(json::<CheckRequest>())
    .answers(200, json::<CheckedPipeline>()),
    post("/api/v1/pipelines", Operation::CreatePipeline, "createPipeline", "Keeps a pipeline with its first version")
        .takes(json::<CreatePipeline>())
        .answers(201, json::<Pipeline>()),
    get("/api/v1/pipelines", Operation::ListPipelines, "listPipelines", "Lists kept pipelines, oldest first")
        .answers(200, json::<Pipelines>()),
    get("/api/v1/pipelines/{pipeline}", Operation::GetPipeline, "getPipeline", "Shows a kept pipeline")
        .answers(200, json::<Pipeline>()),
    post(
        "/api/v1/pipelines/{pipeline}/versions",
        Operation::CreatePipelineVersion,
        "createPipelineVersion",
        "Adds a version to a pipeline",
    )
    .takes(json::<CreatePipelineVersion>())
    .answers(201, json::<PipelineVersion>()),
    get(
        "/api/v1/pipelines/{pipeline}/versions",
        Operation::ListPipelineVersions,
        "listPipelineVersions",
        "Lists a pipeline's versions, oldest first",
    )
    .answers(200, json::<PipelineVersions>()),
    get(
        "/api/v1/pipelines/{pipeline}/versions/{version}",
        Operation::GetPipelineVersion,
        "getPipelineVersion",
        "Shows a version and what it runs",
    )
    .answers(200, json::<PipelineVersionDetail>()),
    delete(
        "/api/v1/pipelines/{pipeline}",
        Operation::DeletePipeline,
        "deletePipeline",
        "Forgets a pipeline and its versions; runs stay, and go on",
    )
    .answers(204, Body::None),
    post("/api/v1/runs", Operation::SubmitRun, "submitRun", "Starts a run; once this has answered, no crash loses it")
        .takes(json::<SubmitRequest>())
        .answers(201, json::<Submitted>()),
    get("/api/v1/runs", Operation::ListRuns, "listRuns", "Lists runs, newest first")
        .query::<RunQuery>()
        .answers(200, json::<RunPage>()),
    get("/api/v1/runs/{run}", Operation::GetRun, "getRun", "Shows a run and its steps")
        .query::<StepQuery>()
        .answers(200, json::<RunDetail>()),
    get(
        "/api/v1/runs/{run}/plan",
        Operation::GetRunPlan,
        "getRunPlan",
        "Shows what a run carries out: tasks and edges",
    )
    .answers(200, json::<RunPlan>()),
    get(
        "/api/v1/runs/{run}/document",
        Operation::GetRunDocument,
        "getRunDocument",
        "Reads the document that a run came from",
    )
    .answers(200, json::<RunDocument>()),
    get(
        "/api/v1/runs/{run}/steps/{step}",
        Operation::GetRunStep,
        "getRunStep",
        "Shows a step: what it was handed, each attempt, what it may reach; a `/` in its path is written `%2F`",
    )
    .answers(200, json::<StepDetail>()),
    get(
        "/api/v1/runs/{run}/metrics",
        Operation::GetRunMetrics,
        "getRunMetrics",
        "Reads the series that a run's steps reported, oldest point first",
    )
    .query::<MetricQuery>()
    .answers(200, json::<MetricPoints>()),
    get(
        "/api/v1/runs/{run}/events",
        Operation::StreamRunEvents,
        "streamRunEvents",
        "Streams a run's history from its first entry on, its log, progress and metrics, until the run has ended; \
         answers 204 where it has ended and nothing is behind the given position",
    )
    .query::<EventQuery>()
    .headers(&[("last-event-id", "Go on behind this `id` of the stream; stronger than `after`")])
    .answers(200, Body::Events(SchemaGenerator::subschema_for::<StreamEvent>)),
    get("/api/v1/runs/{run}/logs", Operation::GetRunLogs, "getRunLogs", "Reads a run's log, oldest line first")
        .query::<LogQuery>()
        .answers(200, json::<LogLines>()),
    post("/api/v1/runs/{run}/cancel", Operation::CancelRun, "cancelRun", "Asks a run to end; what succeeded stays")
        .answers(202, Body::None),
    post(
        "/api/v1/runs/{run}/retry",
        Operation::RetryRun,
        "retryRun",
        "Tries the steps of an ended run again that did not succeed",
    )
    .answers(202, Body::None),
    post("/api/v1/experiments", Operation::CreateExperiment, "createExperiment", "Makes an experiment")
        .takes(json::<CreateExperiment>())
        .answers(201, json::<Experiment>()),
    get("/api/v1/experiments", Operation::ListExperiments, "listExperiments", "Lists experiments, oldest first")
        .answers(200, json::<Experiments>()),
    post("/api/v1/sessions", Operation::CreateSession, "createSession", "Begins a session of a notebook")
        .takes(json::<CreateSession>())
        .answers(201, json::<Session>()),
    get(
        "/api/v1/sessions",
        Operation::ListSessions,
        "listSessions",
        "Lists the sessions of notebooks, at work or paused",
    )
    .answers(200, json::<Sessions>()),
    get("/api/v1/sessions/{session}", Operation::GetSession, "getSession", "Shows a session")
        .answers(200, json::<Session>()),
    post(
        "/api/v1/sessions/{session}/pause",
        Operation::PauseSession,
        "pauseSession",
        "Writes down what a session has defined, as far as that can be, and ends its guest",
    )
    .answers(200, json::<Session>()),
    post(
        "/api/v1/sessions/{session}/resume",
        Operation::ResumeSession,
        "resumeSession",
        "Puts a paused session to work again; one that is at work stays so",
    )
    .answers(200, json::<Session>()),
    delete("/api/v1/sessions/{session}", Operation::EndSession, "endSession", "Ends a session, whatever it is doing")
        .answers(204, Body::None),
    post(
        "/api/v1/notebooks:run",
        Operation::RunNotebook,
        "runNotebook",
        "Runs a notebook from its first cell to its last, in a session of its own",
    )
    .takes(json::<RunNotebook>())
    .answers(200, json::<RanNotebook>()),
    post(
        "/api/v1/schedules",
        Operation::CreateSchedule,
        "createSchedule",
        "Makes a schedule: a document that is run again and again",
    )
    .takes(json::<CreateSchedule>())
    .answers(201, json::<Schedule>()),
    get("/api/v1/schedules", Operation::ListSchedules, "listSchedules", "Lists schedules, oldest first")
        .answers(200, json::<Schedules>()),
    get("/api/v1/schedules/{schedule}", Operation::GetSchedule, "getSchedule", "Shows a schedule and its next firings")
        .query::<ScheduleQuery>()
        .answers(200, json::<Schedule>()),
    post(
        "/api/v1/schedules/{schedule}/pause",
        Operation::PauseSchedule,
        "pauseSchedule",
        "Stops a schedule from firing",
    )
    .answers(204, Body::None),
    post(
        "/api/v1/schedules/{schedule}/resume",
        Operation::ResumeSchedule,
        "resumeSchedule",
        "Lets a paused schedule fire again",
    )
    .answers(204, Body::None),
    delete(
        "/api/v1/schedules/{schedule}",
        Operation::DeleteSchedule,
        "deleteSchedule",
        "Forgets a schedule; its runs stay, and go on",
    )
    .answers(204, Body::None),
    post(
        "/api/v1/train-jobs:check",
        Operation::CheckTrainJob,
        "checkTrainJob",
        "Checks a training job's document as a submission would, and starts nothing",
    )
    .takes(json::<SubmitTrainJob>())
    .answers(200, json::<CheckedTrainJob>()),
    post(
        "/api/v1/train-jobs",
        Operation::SubmitTrainJob,
        "submitTrainJob",
        "Starts a training job; durable once answered",
    )
    .takes(json::<SubmitTrainJob>())
    .answers(201, json::<SubmittedTrainJob>()),
    get("/api/v1/train-jobs", Operation::ListTrainJobs, "listTrainJobs", "Lists training jobs, newest first")
        .query::<TrainJobQuery>()
        .answers(200, json::<TrainJobPage>()),
    get("/api/v1/train-jobs/{job}", Operation::GetTrainJob, "getTrainJob", "Shows a training job and its workers")
        .answers(200, json::<TrainJobDetail>()),
    get(
        "/api/v1/train-jobs/{job}/metrics",
        Operation::GetTrainJobMetrics,
        "getTrainJobMetrics",
        "Reads the points of the series that a job's workers reported; a step made again is reported again",
    )
    .query::<MetricQuery>()
    .answers(200, json::<MetricPoints>()),
    get(
        "/api/v1/train-jobs/{job}/logs",
        Operation::GetTrainJobLogs,
        "getTrainJobLogs",
        "Reads lines of a job's log; the steps of a job are `worker-0` and so on",
    )
    .query::<LogQuery>()
    .answers(200, json::<LogLines>()),
    get(
        "/api/v1/train-jobs/{job}/events",
        Operation::StreamTrainJobEvents,
        "streamTrainJobEvents",
        "Streams a job's history from its first entry on, its log and what its workers measure, until the job has \
         ended; answers 204 where it has ended and nothing is behind the given position",
    )
    .query::<EventQuery>()
    .headers(&[("last-event-id", "Go on behind this `id` of the stream; stronger than `after`")])
    .answers(200, Body::Events(SchemaGenerator::subschema_for::<StreamEvent>)),
    post(
        "/api/v1/train-jobs/{job}/stop",
        Operation::StopTrainJob,
        "stopTrainJob",
        "Asks a job to wait: its state is written down and its workers end",
    )
    .answers(202, Body::None),
    post(
        "/api/v1/train-jobs/{job}/resume",
        Operation::ResumeTrainJob,
        "resumeTrainJob",
        "Lets a job go on that waits, was cancelled or failed, from its last checkpoint",
    )
    .answers(202, Body::None),
    post("/api/v1/train-jobs/{job}/cancel", Operation::CancelTrainJob, "cancelTrainJob", "Asks a job to end")
        .answers(202, Body::None),
    get("/api/v1/artifacts", Operation::ListArtifacts, "listArtifacts", "Lists artifacts, newest first")
        .query::<ArtifactQuery>()
        .answers(200, json::<ArtifactPage>()),
    post(
        "/api/v1/artifacts",
        Operation::UploadArtifact,
        "uploadArtifact",
        "Keeps the body as an artifact; its media type is the request's Content-Type",
    )
    .query::<UploadQuery>()
    .headers(&[(crate::artifact::METADATA_HEADER, "Names and values to attach, as one JSON object of strings")])
    .takes(Body::Bytes)
    .answers(201, json::<ArtifactRef>()),
    get(
        "/api/v1/artifacts/{digest}",
        Operation::GetArtifact,
        "getArtifact",
        "Shows an artifact, who made it and who used it",
    )
    .answers(200, json::<ArtifactDetail>()),
    get(
        "/api/v1/artifacts/{digest}/content",
        Operation::GetArtifactContent,
        "getArtifactContent",
        "Reads an artifact's bytes: all, or one range of them with status 206",
    )
    .headers(&[
        ("range", "One range of bytes, such as `bytes=0-1023`"),
        ("if-none-match", "The digest in quotes, where the content is held already"),
    ])
    .answers(200, Body::Bytes),
    get(
        "/api/v1/artifacts/{digest}/files",
        Operation::ListArtifactFiles,
        "listArtifactFiles",
        "Lists the files of an artifact that is a folder, without unpacking it",
    )
    .query::<ArtifactFileQuery>()
    .answers(200, json::<ArtifactFiles>()),
    get(
        "/api/v1/artifacts/{digest}/files/{position}",
        Operation::GetArtifactFile,
        "getArtifactFile",
        "Reads one file of a folder by its position in the list: all, or one range of it with status 206",
    )
    .headers(&[
        ("range", "One range of bytes, such as `bytes=0-1023`"),
        ("if-none-match", "The tag that came with the content, where it is held already"),
    ])
    .answers(200, Body::Bytes),
    get(
        "/api/v1/components",
        Operation::ListComponents,
        "listComponents",
        "Lists the names and tags in the node's registry",
    )
    .answers(200, json::<Repositories>()),
    get(
        "/api/v1/components/{component}",
        Operation::GetComponent,
        "getComponent",
        "Shows what a component says of itself; a `/` in its reference is written `%2F`",
    )
    .answers(200, json::<ComponentDetail>()),
    get(
        "/api/v1/calling-pipelines",
        Operation::ListCallingPipelines,
        "listCallingPipelines",
        "Lists the pipelines whose runs call a component, by name",
    )
    .query::<CallingPipelineQuery>()
    .answers(200, json::<CallingPipelines>()),
    get("/api/v1/node/load", Operation::GetNodeLoad, "getNodeLoad", "Shows what the node is at, and the hour before")
        .answers(200, json::<NodeLoad>()),
    get("/api/v1/node", Operation::GetNode, "getNode", "Says which version this is and where its registry listens")
        .answers(200, json::<Node>()),
    post("/api/v1/login", Operation::SignIn, "signIn", "Takes a token for a login, which a browser keeps as a cookie")
        .takes(json::<SignIn>())
        .answers(200, json::<Login>()),
    delete("/api/v1/login", Operation::SignOut, "signOut", "Ends the login that the request brings")
        .answers(204, Body::None),
    get("/api/v1/login", Operation::GetLogin, "getLogin", "Says who asks, and until when their login holds")
        .answers(200, json::<Login>()),
    get("/healthz", Operation::GetHealth, "getHealth", "Answers while the process lives")
        .answers(200, json::<Health>()),
    get("/readyz", Operation::GetReadiness, "getReadiness", "Answers while the ledger can be read")
        .answers(200, json::<Health>()),
    get("/openapi.json", Operation::GetOpenApi, "getOpenApi", "This document")
        .answers(200, json::<serde_json::Value>()),
];
