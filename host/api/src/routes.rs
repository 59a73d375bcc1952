//! Every route of the interface, as a table.
//! Never has a route that the server lacks, nor the other way round; a test holds the two together.

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// With `{parameters}` in braces.
    pub path: &'static str,
    /// The operation's id in the OpenAPI document.
    pub operation: &'static str,
    /// In a few words.
    pub summary: &'static str,
    /// Schema of the query parameters.
    pub query: Option<&'static str>,
    /// What the request's body is.
    pub request: Body,
    /// Status of a success.
    pub success: u16,
    /// What the answer's body is.
    pub response: Body,
}

/// A body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// None.
    None,
    /// JSON of the schema of this name.
    Json(&'static str),
    /// Whatever the content is.
    Bytes,
    /// Server-sent events, each one JSON of the schema of this name.
    Events(&'static str),
}

const fn get(path: &'static str, operation: &'static str, summary: &'static str, response: Body) -> Route {
    Route { method: "GET", path, operation, summary, query: None, request: Body::None, success: 200, response }
}

const fn post(
    path: &'static str,
    operation: &'static str,
    summary: &'static str,
    request: Body,
    success: u16,
    response: Body,
) -> Route {
    Route { method: "POST", path, operation, summary, query: None, request, success, response }
}

impl Route {
    const fn query(mut self, schema: &'static str) -> Self {
        self.query = Some(schema);
        self
    }
}

/// All routes.
pub const ROUTES: &[Route] = &[
    get("/healthz", "getHealth", "Whether the process answers", Body::None),
    get("/openapi.json", "getOpenApi", "This document", Body::Json("Any")),
    get("/api/v1/node", "getNode", "Version and addresses of the node", Body::Json("NodeInfo")),
    post(
        "/api/v1/pipelines/check",
        "checkPipeline",
        "Check a document against the components it names",
        Body::Json("CheckRequest"),
        200,
        Body::Json("CheckedPipeline"),
    ),
    get("/api/v1/runs", "listRuns", "Runs, newest first", Body::Json("RunList")).query("RunQuery"),
    post(
        "/api/v1/runs",
        "submitRun",
        "Submit a document with parameters; the run is durable when this answers",
        Body::Json("SubmitRequest"),
        201,
        Body::Json("Submitted"),
    ),
    get("/api/v1/runs/{run}", "getRun", "A run with its steps", Body::Json("RunDetail")),
    get(
        "/api/v1/runs/{run}/events",
        "watchRun",
        "News of a run until it ends; resumes behind Last-Event-ID",
        Body::Events("RunNews"),
    ),
    get("/api/v1/runs/{run}/logs", "listLogLines", "Log lines, oldest first", Body::Json("LogLines")).query("LogQuery"),
    post("/api/v1/runs/{run}/cancel", "cancelRun", "Ask a run to end", Body::None, 202, Body::None),
    post(
        "/api/v1/runs/{run}/retry",
        "retryRun",
        "Try the failed, skipped and cancelled steps of an ended run again",
        Body::None,
        202,
        Body::None,
    ),
    get("/api/v1/artifacts", "listArtifacts", "Artifacts, newest first", Body::Json("ArtifactList"))
        .query("ArtifactQuery"),
    post(
        "/api/v1/artifacts",
        "uploadArtifact",
        "Keep the body as an artifact",
        Body::Bytes,
        201,
        Body::Json("Artifact"),
    )
    .query("UploadQuery"),
    get("/api/v1/artifacts/{digest}", "getArtifact", "An artifact with its lineage", Body::Json("ArtifactDetail")),
    get("/api/v1/artifacts/{digest}/content", "readArtifact", "Content, also by Range", Body::Bytes),
];
