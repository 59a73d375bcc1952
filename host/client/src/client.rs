//! One method per operation.
//! Never repeats a request by itself: a submission that broke off may have been accepted.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use host_api::STEPS_MAX;
use host_api::artifact::{
    ArtifactDetail, ArtifactKind, ArtifactPage, ArtifactQuery, ArtifactRef, METADATA_HEADER, UploadQuery,
};
use host_api::event::EventQuery;
use host_api::experiment::{CreateExperiment, Experiment, Experiments};
use host_api::folder::{ArtifactFileQuery, ArtifactFiles};
use host_api::metric::{MetricPoints, MetricQuery};
use host_api::node::Node;
use host_api::notebook::{CreateSession, RanNotebook, RunNotebook, Session, Sessions};
use host_api::pipeline::{CheckRequest, CheckedPipeline};
use host_api::problem::Problems;
use host_api::run::{LogLines, LogQuery, RunDetail, RunPage, RunQuery, StepQuery, SubmitRequest, Submitted};
use host_api::schedule::{CreateSchedule, Schedule, ScheduleQuery, Schedules};
use host_api::train_job::{SubmitTrainJob, SubmittedTrainJob, TrainJobDetail, TrainJobPage, TrainJobQuery};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::{Address, ClientError, Content, RunEvents};

/// Longest wait for a connection.
const CONNECT_SECONDS_MAX: u64 = 10;
/// Longest silence of a server; a submission may wait for large components to arrive at the node first.
const SILENCE_SECONDS_MAX: u64 = 15 * 60;
/// Largest answer that is read into memory.
const ANSWER_BYTES_MAX: usize = 256 << 20;

/// A server, ready to be called. Cloning shares its connections.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    http: reqwest::Client,
}

impl Client {
    /// A client that has no connection yet.
    ///
    /// # Errors
    /// When this machine's TLS cannot be set up.
    pub fn new(address: Address) -> Result<Self, ClientError> {
        Self::with_token(address, None)
    }

    /// The same for a server that asks for a token.
    ///
    /// # Errors
    /// When the token cannot be sent, or this machine's TLS cannot be set up.
    pub fn with_token(address: Address, token: Option<&str>) -> Result<Self, ClientError> {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let value = HeaderValue::from_str(&format!("Bearer {token}"));
            let mut value = value.map_err(|error| ClientError::Setup(format!("the token cannot be sent: {error}")))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // Refused where another part of the program was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("sandmill/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX))
            .read_timeout(Duration::from_secs(SILENCE_SECONDS_MAX));
        if address.is_local() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| ClientError::Setup(error.to_string()))?;
        Ok(Self { address, http })
    }

    /// Where the server is.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// What the node says of itself.
    ///
    /// # Errors
    /// As every call: the server does not answer, refuses, or is none.
    pub async fn node(&self) -> Result<Node, ClientError> {
        self.get(&["node"], &()).await
    }

    /// Checks a document and starts nothing.
    ///
    /// # Errors
    /// All that is wrong with the document, and as every call.
    pub async fn check(&self, document: String) -> Result<CheckedPipeline, ClientError> {
        self.post(&["pipelines:check"], &CheckRequest { document }).await
    }

    /// Starts a run. When this returns, the run is durable.
    ///
    /// # Errors
    /// All that is wrong with the document or the parameters, and as every call.
    pub async fn submit(&self, request: &SubmitRequest) -> Result<Submitted, ClientError> {
        self.post(&["runs"], request).await
    }

    /// Runs, newest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn runs(&self, query: &RunQuery) -> Result<RunPage, ClientError> {
        self.get(&["runs"], query).await
    }

    /// One run and all its steps, in as many requests as it takes.
    ///
    /// # Errors
    /// No such run, and as every call.
    pub async fn run(&self, run: &str) -> Result<RunDetail, ClientError> {
        let mut query = StepQuery { limit: Some(STEPS_MAX), ..StepQuery::default() };
        let mut detail: RunDetail = self.get(&["runs", run], &query).await?;
        while let Some(last) = detail.next.take() {
            query.after = Some(last);
            let behind: RunDetail = self.get(&["runs", run], &query).await?;
            detail.steps.extend(behind.steps);
            detail.next = behind.next;
        }
        Ok(detail)
    }

    /// Lines of a run's log.
    ///
    /// # Errors
    /// No such run, and as every call.
    pub async fn logs(&self, run: &str, query: &LogQuery) -> Result<LogLines, ClientError> {
        self.get(&["runs", run, "logs"], query).await
    }

    /// A run's events from its first on, until it has ended. Connects with the first call of `next`.
    #[must_use]
    pub fn events(&self, run: &str, with_logs: bool) -> RunEvents {
        RunEvents::new(self.clone(), "runs", run, with_logs)
    }

    /// Asks a run to end.
    ///
    /// # Errors
    /// No such run, it has ended, and as every call.
    pub async fn cancel(&self, run: &str) -> Result<(), ClientError> {
        let request = self.http.post(self.url(&["runs", run, "cancel"]));
        self.send(request).await.map(drop)
    }

    /// Tries the failed steps of an ended run again.
    ///
    /// # Errors
    /// No such run, it has not ended or has succeeded, and as every call.
    pub async fn retry(&self, run: &str) -> Result<(), ClientError> {
        let request = self.http.post(self.url(&["runs", run, "retry"]));
        self.send(request).await.map(drop)
    }

    /// Starts a training job. When this returns, it is durable.
    ///
    /// # Errors
    /// All that is wrong with the document or the data, and as every call.
    pub async fn submit_train_job(&self, request: &SubmitTrainJob) -> Result<SubmittedTrainJob, ClientError> {
        self.post(&["train-jobs"], request).await
    }

    /// Training jobs, newest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn train_jobs(&self, query: &TrainJobQuery) -> Result<TrainJobPage, ClientError> {
        self.get(&["train-jobs"], query).await
    }

    /// One training job.
    ///
    /// # Errors
    /// No such job, and as every call.
    pub async fn train_job(&self, job: &str) -> Result<TrainJobDetail, ClientError> {
        self.get(&["train-jobs", job], &()).await
    }

    /// Points of a job's series.
    ///
    /// # Errors
    /// No such job, and as every call.
    pub async fn train_job_metrics(&self, job: &str, query: &MetricQuery) -> Result<MetricPoints, ClientError> {
        self.get(&["train-jobs", job, "metrics"], query).await
    }

    /// Lines of a job's log.
    ///
    /// # Errors
    /// No such job, and as every call.
    pub async fn train_job_logs(&self, job: &str, query: &LogQuery) -> Result<LogLines, ClientError> {
        self.get(&["train-jobs", job, "logs"], query).await
    }

    /// A job's events from its first on, until it has ended. Connects with the first call of `next`.
    #[must_use]
    pub fn train_job_events(&self, job: &str, with_logs: bool) -> RunEvents {
        RunEvents::new(self.clone(), "train-jobs", job, with_logs)
    }

    /// Asks a job to wait, with its state.
    ///
    /// # Errors
    /// No such job, it has ended, and as every call.
    pub async fn stop_train_job(&self, job: &str) -> Result<(), ClientError> {
        self.send(self.http.post(self.url(&["train-jobs", job, "stop"]))).await.map(drop)
    }

    /// Lets a job go on.
    ///
    /// # Errors
    /// No such job, it has succeeded, and as every call.
    pub async fn resume_train_job(&self, job: &str) -> Result<(), ClientError> {
        self.send(self.http.post(self.url(&["train-jobs", job, "resume"]))).await.map(drop)
    }

    /// Asks a job to end.
    ///
    /// # Errors
    /// No such job, it has ended, and as every call.
    pub async fn cancel_train_job(&self, job: &str) -> Result<(), ClientError> {
        self.send(self.http.post(self.url(&["train-jobs", job, "cancel"]))).await.map(drop)
    }

    /// Makes an experiment.
    ///
    /// # Errors
    /// The name is taken, and as every call.
    pub async fn create_experiment(&self, request: &CreateExperiment) -> Result<Experiment, ClientError> {
        self.post(&["experiments"], request).await
    }

    /// All experiments, oldest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn experiments(&self) -> Result<Experiments, ClientError> {
        self.get(&["experiments"], &()).await
    }

    /// Begins a session of a notebook.
    ///
    /// # Errors
    /// Too many sessions, no such kernel, more than the node grants, and as every call.
    pub async fn create_session(&self, request: &CreateSession) -> Result<Session, ClientError> {
        self.post(&["sessions"], request).await
    }

    /// Writes down what a session has defined, and ends its guest.
    ///
    /// # Errors
    /// No such session, one that runs a cell, and as every call.
    pub async fn pause_session(&self, session: &str) -> Result<Session, ClientError> {
        self.post(&["sessions", session, "pause"], &()).await
    }

    /// Puts a paused session to work again.
    ///
    /// # Errors
    /// No such session, too many at work, a state that cannot be read, and as every call.
    pub async fn resume_session(&self, session: &str) -> Result<Session, ClientError> {
        self.post(&["sessions", session, "resume"], &()).await
    }

    /// The sessions of notebooks, at work or paused.
    ///
    /// # Errors
    /// As every call.
    pub async fn sessions(&self) -> Result<Sessions, ClientError> {
        self.get(&["sessions"], &()).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// No such session, and as every call.
    pub async fn end_session(&self, session: &str) -> Result<(), ClientError> {
        self.send(self.http.delete(self.url(&["sessions", session]))).await.map(drop)
    }

    /// Runs a notebook from its first cell to its last.
    ///
    /// # Errors
    /// What is wrong with the notebook, and as every call.
    pub async fn run_notebook(&self, request: &RunNotebook) -> Result<RanNotebook, ClientError> {
        self.post(&["notebooks:run"], request).await
    }

    /// Makes a schedule.
    ///
    /// # Errors
    /// All that is wrong with the document, the parameters or the times, and as every call.
    pub async fn create_schedule(&self, request: &CreateSchedule) -> Result<Schedule, ClientError> {
        self.post(&["schedules"], request).await
    }

    /// All schedules, oldest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn schedules(&self) -> Result<Schedules, ClientError> {
        self.get(&["schedules"], &()).await
    }

    /// One schedule and its next firings.
    ///
    /// # Errors
    /// No such schedule, and as every call.
    pub async fn schedule(&self, schedule: &str, query: &ScheduleQuery) -> Result<Schedule, ClientError> {
        self.get(&["schedules", schedule], query).await
    }

    /// Stops a schedule from firing.
    ///
    /// # Errors
    /// No such schedule, and as every call.
    pub async fn pause_schedule(&self, schedule: &str) -> Result<(), ClientError> {
        self.send(self.http.post(self.url(&["schedules", schedule, "pause"]))).await.map(drop)
    }

    /// Lets a schedule fire again.
    ///
    /// # Errors
    /// No such schedule, and as every call.
    pub async fn resume_schedule(&self, schedule: &str) -> Result<(), ClientError> {
        self.send(self.http.post(self.url(&["schedules", schedule, "resume"]))).await.map(drop)
    }

    /// Forgets a schedule.
    ///
    /// # Errors
    /// No such schedule, and as every call.
    pub async fn delete_schedule(&self, schedule: &str) -> Result<(), ClientError> {
        self.send(self.http.delete(self.url(&["schedules", schedule]))).await.map(drop)
    }

    /// Artifacts, newest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn artifacts(&self, query: &ArtifactQuery) -> Result<ArtifactPage, ClientError> {
        self.get(&["artifacts"], query).await
    }

    /// One artifact, who made it and who used it.
    ///
    /// # Errors
    /// No such artifact, and as every call.
    pub async fn artifact(&self, digest: &str) -> Result<ArtifactDetail, ClientError> {
        self.get(&["artifacts", digest], &()).await
    }

    /// The bytes of an artifact.
    ///
    /// # Errors
    /// No such artifact, and as every call.
    pub async fn content(&self, digest: &str) -> Result<Content, ClientError> {
        let request = self.http.get(self.url(&["artifacts", digest, "content"]));
        Ok(Content::new(self.address.clone(), self.send(request).await?))
    }

    /// Files of an artifact that is a folder.
    ///
    /// # Errors
    /// No such artifact or no folder, and as every call.
    pub async fn artifact_files(&self, digest: &str, query: &ArtifactFileQuery) -> Result<ArtifactFiles, ClientError> {
        self.get(&["artifacts", digest, "files"], query).await
    }

    /// The bytes of one file of a folder, by its position in the list.
    ///
    /// # Errors
    /// No such artifact or no such file, and as every call.
    pub async fn file_content(&self, digest: &str, position: u64) -> Result<Content, ClientError> {
        let request = self.http.get(self.url(&["artifacts", digest, "files", &position.to_string()]));
        Ok(Content::new(self.address.clone(), self.send(request).await?))
    }

    /// Keeps the stream's bytes as an artifact. `length_bytes` says how many there are, where known.
    ///
    /// # Errors
    /// The stream breaks off, the content is larger than the server takes, and as every call.
    pub async fn upload(
        &self,
        kind: ArtifactKind,
        media_type: &str,
        metadata: &BTreeMap<String, String>,
        length_bytes: Option<u64>,
        content: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<ArtifactRef, ClientError> {
        let mut request = self.http.post(with_query(self.url(&["artifacts"]), &UploadQuery { kind }));
        request = request.header(CONTENT_TYPE, media_type);
        if !metadata.is_empty() {
            request = request.header(METADATA_HEADER, ascii_json(metadata));
        }
        if let Some(length_bytes) = length_bytes {
            request = request.header(CONTENT_LENGTH, length_bytes);
        }
        let response = self.send(request.body(Body::wrap_stream(content))).await?;
        self.read(response).await
    }

    /// Opens the stream of the events of a run or a job behind a position; none where it has ended there.
    pub(crate) async fn open_events(
        &self,
        run: &[&str; 2],
        with_logs: bool,
        after: Option<&str>,
    ) -> Result<Option<Response>, ClientError> {
        let query = EventQuery { after: after.map(str::to_owned), logs: Some(with_logs) };
        let response = self.send(self.http.get(with_query(self.url(&[run[0], run[1], "events"]), &query))).await?;
        Ok((response.status() != StatusCode::NO_CONTENT).then_some(response))
    }

    fn url(&self, segments: &[&str]) -> Url {
        self.address.at(["api", "v1"].iter().chain(segments).copied())
    }

    async fn get<T: DeserializeOwned>(&self, segments: &[&str], query: &impl Serialize) -> Result<T, ClientError> {
        let response = self.send(self.http.get(with_query(self.url(segments), query))).await?;
        self.read(response).await
    }

    async fn post<T: DeserializeOwned>(&self, segments: &[&str], body: &impl Serialize) -> Result<T, ClientError> {
        let response = self.send(self.http.post(self.url(segments)).json(body)).await?;
        self.read(response).await
    }

    /// Sends a request; an answer that is no success becomes an error.
    async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let response = request.send().await.map_err(|error| ClientError::of_request(&self.address, error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = self.body(response).await?;
        match serde_json::from_slice::<Problems>(&body) {
            Ok(problems) if !problems.errors.is_empty() => {
                Err(ClientError::Refused { status: status.as_u16(), problems: problems.errors })
            }
            _ => Err(ClientError::Protocol {
                server: self.address.clone(),
                reason: format!("it answers {status} without saying why"),
            }),
        }
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, ClientError> {
        let body = self.body(response).await?;
        serde_json::from_slice(&body)
            .map_err(|error| ClientError::Protocol { server: self.address.clone(), reason: error.to_string() })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, ClientError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| ClientError::of_request(&self.address, error))? {
            if body.len() + piece.len() > ANSWER_BYTES_MAX {
                let reason = format!("it is larger than {ANSWER_BYTES_MAX} bytes");
                return Err(ClientError::Protocol { server: self.address.clone(), reason });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// The fields of a flat object behind the question mark; those without a value are left out.
fn with_query(mut url: Url, query: &impl Serialize) -> Url {
    if let Ok(Value::Object(fields)) = serde_json::to_value(query) {
        for (name, value) in fields {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                other => other.to_string(),
            };
            url.query_pairs_mut().append_pair(&name, &text);
        }
    }
    url
}

/// JSON that fits into a header: everything beyond ASCII escaped.
fn ascii_json(metadata: &BTreeMap<String, String>) -> String {
    let text = serde_json::json!(metadata).to_string();
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests;
