//! The TrainJob document: a component that is trained, by how many workers, and what is done about what happens.
//! Never resolves components or data; that is the node's work, at submission.

mod sources;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::document::{Found, Read};
use crate::pipeline::{ApiVersion, Metadata};
use crate::{DocumentError, Grants, Span, StepLimits, document, rules};

/// Workers of one job.
pub const WORKERS_MAX: u32 = 256;
/// Times that a job may be started again.
pub const RESTARTS_MAX: u32 = 1_000;
/// Checkpoints that one job may keep.
pub const CHECKPOINTS_MAX: u32 = 100;
/// Settings, data sets or models of one job, each.
pub const ENTRIES_MAX: usize = 1_000;

/// A training job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainJob {
    /// Always `sandmill.dev/v1`.
    pub api_version: ApiVersion,
    /// Always `TrainJob`.
    pub kind: TrainJobKind,
    /// Name and description.
    pub metadata: Metadata,
    /// What is trained, and how.
    pub spec: TrainJobSpec,
}

/// What the document describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TrainJobKind {
    /// A training job.
    TrainJob,
}

/// What is trained, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainJobSpec {
    /// OCI reference of a component that exports `sandmill:train/trainable`. Without a registry it is looked up in the
    /// node's own.
    #[schemars(length(min = 1))]
    pub component: String,
    /// How many guests train together (1).
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    pub workers: u32,
    /// Where all random numbers come from (0).
    #[serde(default)]
    pub seed: u64,
    /// Hyper-parameters by name: true or false, numbers, texts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = ENTRIES_MAX, "propertyNames" = rules::parameter_names()))]
    pub settings: BTreeMap<String, Json>,
    /// What is learned from, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = ENTRIES_MAX, "propertyNames" = rules::parameter_names()))]
    pub data_sets: BTreeMap<String, Source>,
    /// Models to begin from, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = ENTRIES_MAX, "propertyNames" = rules::parameter_names()))]
    pub models: BTreeMap<String, Source>,
    /// What each worker may reach.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Grants,
    /// What each worker may use up: memory and log over its life, computing time and output in one call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: StepLimits,
    /// Wall time of one call into a worker, such as one step (1h).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_timeout: Option<Span>,
    /// Steps after which the job is at its end, whatever its workers say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub steps_max: Option<u64>,
    /// Steps between two evaluations; left out, there are none but the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub evaluate_every_steps: Option<u64>,
    /// When the state is written down.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checkpoint: CheckpointPolicy,
    /// What happens when a worker is lost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub restart: RestartPolicy,
    /// With how few workers the job may go on when one is lost. Left out, lost workers are always replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    pub workers_min: Option<u32>,
    /// Which workers must have nothing more to learn for the job to be at its end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub success: SuccessPolicy,
    /// What a metric that is no number means.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_a_number: NotANumber,
    /// When further training is not worth it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_stop: Option<EarlyStop>,
    /// Whether the job waits to be resumed before its first step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspend: bool,
    /// From submission to end; time spent suspended counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
    /// How long an ended job stays in the lists with its checkpoints; left out, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_for: Option<Span>,
}

/// Where data or a model comes from. With neither key, whoever submits the job gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Source {
    /// Of an artifact on the node: `sha256:` and 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Fetched before training, as far as the node's policy allows: `https://…`, `oci://…`, or an object or a folder of
    /// a bucket, `s3://BUCKET/KEY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Name of a secret that the node keeps, whose keys are variables of the fetch: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL` for a bucket, `ACCESS_TOKEN` for `https://`. With it,
    /// nothing is opened with the node's own credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub secret: Option<String>,
    /// Variables of the fetch that are not confidential; they go before those of the secret.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
}

/// When the state is written down, and how much of that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CheckpointPolicy {
    /// Steps between two checkpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub every_steps: Option<u64>,
    /// Time between two checkpoints, each made at the next step's end. With neither key, one a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// How many are kept, the newest (2).
    #[schemars(range(min = 1, max = CHECKPOINTS_MAX))]
    pub keep: u32,
}

impl Default for CheckpointPolicy {
    fn default() -> Self {
        Self { every_steps: None, every: None, keep: 2 }
    }
}

/// What happens when a worker is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RestartPolicy {
    /// Who is started again.
    pub scope: RestartScope,
    /// How often in all (3). Where there are fewer workers than before, that counts as well.
    #[schemars(range(max = RESTARTS_MAX))]
    pub max_restarts: u32,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self { scope: RestartScope::All, max_restarts: 3 }
    }
}

/// Who is started again when a worker is lost. All go on from the last checkpoint in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestartScope {
    /// All workers are new guests.
    #[default]
    All,
    /// Only the lost one is a new guest; the others keep what they have loaded and go back to the checkpoint.
    Worker,
}

/// Which workers must have nothing more to learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessPolicy {
    /// Every one of them.
    #[default]
    All,
    /// One is enough.
    Any,
    /// The first one decides.
    First,
}

/// What a metric that is no number means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotANumber {
    /// The job has failed.
    #[default]
    Fail,
    /// Training ends, and the model is that of the last checkpoint.
    Stop,
    /// Nothing: it is reported like any other value.
    Ignore,
}

/// When further training is not worth it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarlyStop {
    /// A metric that workers report, from each step as the mean over the workers, or from each evaluation.
    #[schemars(length(min = 1))]
    pub metric: String,
    /// Whether it is one of the evaluations' rather than of the steps'.
    #[serde(default)]
    pub of: MetricSource,
    /// Which way is better.
    #[serde(default)]
    pub goal: Goal,
    /// After so many values in a row that are no better than the best one, training ends.
    #[schemars(range(min = 1))]
    pub patience: u64,
    /// By how much a value must beat the best one to count as better (0).
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub min_delta: f64,
    /// A value that is good enough: training ends once it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
}

/// Where a metric is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MetricSource {
    /// By each step.
    #[default]
    Step,
    /// By each evaluation.
    Evaluation,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// Less, as for a loss.
    #[default]
    Minimize,
    /// More, as for an accuracy.
    Maximize,
}

impl TrainJob {
    /// Reads a document, YAML or JSON.
    ///
    /// # Errors
    /// Everything wrong with it that can be told from the document alone, with lines.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        document::read(text, check)
    }

    /// The document as YAML; reading it gives this document again.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        // A document holds strings, numbers, lists and maps with string keys: there is nothing in it to refuse.
        serde_saphyr::to_string(self).unwrap_or_default()
    }

    /// The document's JSON schema, as published in `sdk/spec/schema/train-job.json`.
    #[must_use]
    pub fn json_schema() -> Json {
        schemars::schema_for!(Self).to_value()
    }
}

const fn one() -> u32 {
    1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Finds all rules that the document breaks and no schema holds.
fn check(read: &Read<TrainJob>, found: &mut Found) {
    let spec = &read.value.spec;
    let mut refuse = |keys: &[&str], message: String, hint: &str| {
        let path: Vec<&str> = std::iter::once("spec").chain(keys.iter().copied()).collect();
        found.push(read.problem(&path, message, Some(hint.to_owned())));
    };
    for (name, value) in &spec.settings {
        if !(value.is_boolean() || value.is_number() || value.is_string()) {
            let message = format!("the setting `{name}` is neither true or false, nor a number, nor a text");
            refuse(&["settings", name], message, "write what has parts as text, and let the component read it");
        }
    }
    sources::check(spec, &mut refuse);
    let spans: [(&[&str], Option<Span>); 5] = [
        (&["stepTimeout"], spec.step_timeout),
        (&["checkpoint", "every"], spec.checkpoint.every),
        (&["deadline"], spec.deadline),
        (&["keepFor"], spec.keep_for),
        (&["limits", "cpu"], spec.limits.cpu),
    ];
    for (keys, span) in spans {
        if span.is_some_and(|span| !(1..=rules::SPAN_MILLIS_MAX).contains(&span.0)) {
            refuse(keys, "the span is not between 1ms and a year".to_owned(), "write a number and a unit, such as 30s");
        }
    }
    if spec.workers_min.is_some_and(|least| least > spec.workers) {
        let message = format!("more workers are needed at least than the job has, which are {}", spec.workers);
        refuse(&["workersMin"], message, "write at most the number under `workers`");
    }
    for (index, grant) in spec.grants.files.iter().enumerate() {
        if !grant.guest.starts_with('/') || grant.guest.split('/').any(|part| part == "..") {
            let keys = ["grants", "files", &index.to_string(), "guest"];
            refuse(&keys, format!("`{}` is no absolute path", grant.guest), "mount folders under paths such as /data");
        }
    }
    let ends = spec.steps_max.is_some() || spec.deadline.is_some();
    if !ends
        && spec.early_stop.as_ref().is_some_and(|stop| stop.of == MetricSource::Evaluation)
        && spec.evaluate_every_steps.is_none()
    {
        let message = "early stop waits for evaluations, and there are none".to_owned();
        refuse(&["earlyStop"], message, "write `evaluateEverySteps`");
    }
}

#[cfg(test)]
mod tests;
