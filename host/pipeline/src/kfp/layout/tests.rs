//! What an attempt sees, held against what the SDK's own executor computes from it.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef, StepName, Value, Wheel};
use registry_oci::Digest;
use sdk_spec::kfp::{ArtifactInput, ArtifactOutput, ArtifactType, ParameterInput, ParameterOutput, ParameterType};
use serde_json::{Value as Json, json};

use super::{Layout, LayoutContent, layout};
use crate::kfp::artifact::RuntimeArtifact;
use crate::kfp::{AttemptNames, ContainerCall, KfpInputs, RunNames};
use crate::python::{PackageRequest, PythonFunction};

pub(crate) fn names() -> RunNames {
    RunNames {
        pipeline: "p".to_owned(),
        job_name: "job".to_owned(),
        job_id: "0199".to_owned(),
        pipeline_root: "minio://bucket/root/".to_owned(),
        create_time: "2026-01-02T03:04:05Z".to_owned(),
        schedule_time: "2026-01-02T03:04:05Z".to_owned(),
    }
}

pub(crate) fn call() -> ContainerCall {
    let parameter = |parameter_type| ParameterInput { parameter_type, ..ParameterInput::default() };
    let mut call = ContainerCall {
        task: "train".to_owned(),
        inputs: BTreeMap::new(),
        late: Vec::new(),
        takes: Default::default(),
        gives: Default::default(),
        command: Vec::new(),
        args: Vec::new(),
        variables: BTreeMap::new(),
        kept_variables: BTreeMap::new(),
        python: None,
        scratch: Vec::new(),
        kept_folders: BTreeMap::new(),
        workspace_bytes_max: None,
    };
    call.takes.parameters.insert("rows".to_owned(), parameter(ParameterType::NumberInteger));
    call.takes.parameters.insert("text".to_owned(), parameter(ParameterType::String));
    call.takes.parameters.insert(
        "rate".to_owned(),
        ParameterInput { default_value: Some(json!(0.5)), is_optional: true, ..parameter(ParameterType::NumberDouble) },
    );
    call.takes.artifacts.insert("data".to_owned(), ArtifactInput::default());
    let artifact_type = ArtifactType { schema_title: "system.Model".to_owned(), ..ArtifactType::default() };
    call.gives.artifacts.insert("model".to_owned(), ArtifactOutput { artifact_type, ..ArtifactOutput::default() });
    let output = |parameter_type| ParameterOutput { parameter_type, ..ParameterOutput::default() };
    call.gives.parameters.insert("score".to_owned(), output(ParameterType::NumberDouble));
    call
}

fn data() -> ArtifactRef {
    let artifact = ArtifactRef {
        digest: Digest::sha256(b"rows"),
        kind: ArtifactKind::DataSet,
        media_type: "text/csv".to_owned(),
        size_bytes: 4,
        metadata: BTreeMap::new(),
    };
    let artifact_type = ArtifactType { schema_title: "system.Dataset".to_owned(), ..ArtifactType::default() };
    let metadata = BTreeMap::from([("columns".to_owned(), json!(2))]);
    RuntimeArtifact { name: "data".to_owned(), artifact_type, uri: "gs://b/rows.csv".to_owned(), metadata }
        .describe(artifact)
}

pub(crate) fn inputs() -> KfpInputs {
    BTreeMap::from([
        ("rows".to_owned(), Value::Plain(json!(3.0))),
        ("text".to_owned(), Value::Plain(json!({ "not": "text" }))),
        ("data".to_owned(), Value::Artifact(data())),
    ])
}

pub(crate) fn laid_out(call: &ContainerCall, inputs: &KfpInputs) -> Layout {
    try_layout(call, inputs).expect("a layout")
}

fn try_layout(call: &ContainerCall, inputs: &KfpInputs) -> Result<Layout, host_base::Failure> {
    let (run, step) = (names(), StepName::from("outer/train"));
    layout(call, inputs, &AttemptNames { run: &run, step: &step, attempt: 2 })
}

fn executor_input(layout: &Layout) -> Json {
    serde_json::from_str(layout.argv.last().expect("words")).expect("JSON")
}

#[test]
fn a_python_function_is_given_the_whole_executor_input() {
    let mut call = call();
    call.python = Some(PythonFunction {
        name: "train".to_owned(),
        source: "def train(): ...".to_owned(),
        packages: PackageRequest::default(),
        wheels: vec![Wheel {
            name: "six".to_owned(),
            version: "1.17.0".to_owned(),
            file: "six-1.17.0-py2.py3-none-any.whl".to_owned(),
            digest: Digest::sha256(b"six"),
            url: "https://example.org/six.whl".to_owned(),
        }],
    });
    let layout = laid_out(&call, &inputs());
    assert_eq!(layout.argv[..5], ["run-python", "kfp", "--function_to_execute", "train", "--executor_input"]);
    let message = executor_input(&layout);
    assert_eq!(message["inputs"]["parameterValues"], json!({ "rate": 0.5, "rows": 3, "text": "{\"not\":\"text\"}" }));
    let data = &message["inputs"]["artifacts"]["data"]["artifacts"][0];
    assert_eq!((&data["uri"], &data["metadata"]), (&json!("gs://b/rows.csv"), &json!({ "columns": 2 })));
    assert_eq!(data["type"]["schemaTitle"], "system.Dataset");
    assert_eq!(message["outputs"]["parameters"]["score"]["outputFile"], "/tmp/kfp/outputs/score");
    let model = &message["outputs"]["artifacts"]["model"]["artifacts"][0];
    let uri = model["uri"].as_str().expect("a URI");
    assert!(uri.starts_with("minio://bucket/root/p/0199/train/") && uri.ends_with("/model"), "{uri}");
    // The SDK derives a step's own folder from this path.
    let folder = uri.replace("minio://", "/minio/").replace("/model", "");
    assert_eq!(message["outputs"]["outputFile"], format!("{folder}/output_metadata.json"));
    for writable in [&folder, "/", "/tmp"] {
        assert!(layout.writable.iter().any(|path| path == writable), "{:?}", layout.writable);
    }
    assert_eq!(layout.outputs["artifact/model"].guest_path, format!("{folder}/model"));
    assert_eq!((layout.env["_KFP_RUNTIME"].as_str(), layout.env["KFP_RETRY_INDEX"].as_str()), ("true", "1"));
    assert_eq!(layout.packages["/packages/0"].name, "six");
    assert_eq!(layout.files.len(), 2);
    assert_eq!(layout.files[0].guest_path, "/gcs/b/rows.csv");
    assert_eq!(layout.files[1].content, LayoutContent::Text("def train(): ...".to_owned()));
}

#[test]
fn each_attempt_has_places_of_its_own() {
    let (run, one, two) = (names(), StepName::from("loop/0/train"), StepName::from("loop/1/train"));
    let place = |step, attempt| {
        let names = AttemptNames { run: &run, step, attempt };
        layout(&call(), &inputs(), &names).expect("a layout").outputs["artifact/model"].guest_path.clone()
    };
    assert_ne!(place(&one, 1), place(&two, 1));
    assert_ne!(place(&one, 1), place(&one, 2));
    assert_eq!(place(&one, 1), place(&one, 1), "what is made again after a crash is made the same");
}

#[test]
fn a_programs_words_are_filled() {
    let mut call = call();
    call.args = [
        "{{$.inputs.parameters['rows']}}",
        "{{$.inputs.artifacts['data'].path}}",
        "{{$.inputs.artifacts['data'].metadata['columns']}}",
        "{{$.outputs.artifacts['model'].uri}}",
        "{{$.outputs.parameters['score'].output_file}}",
        "{{$.pipeline_task_name}}",
    ]
    .map(str::to_owned)
    .to_vec();
    call.variables.insert("JOB".to_owned(), "{{$.pipeline_job_name}}".to_owned());
    let layout = laid_out(&call, &inputs());
    assert_eq!(layout.argv[..4], ["train", "3", "/gcs/b/rows.csv", "2"]);
    assert!(layout.argv[4].starts_with("minio://bucket/root/p/0199/train/"));
    assert_eq!(layout.argv[5..], ["/tmp/kfp/outputs/score", "train"]);
    assert_eq!(layout.env["JOB"], "job");
    call.command = vec!["fit".to_owned()];
    assert_eq!(laid_out(&call, &inputs()).argv[0], "fit");
}

#[test]
fn an_executor_input_inside_a_word_is_sound_json_whatever_the_values() {
    let mut call = call();
    call.args = vec!["{{$}}".to_owned()];
    let mut inputs = inputs();
    inputs.insert("text".to_owned(), Value::Plain(json!("a \"quoted\" \\ {{$.pipeline_job_name}}\n")));
    let message = executor_input(&laid_out(&call, &inputs));
    assert_eq!(message["inputs"]["parameterValues"]["text"], "a \"quoted\" \\ {{$.pipeline_job_name}}\n");
}

#[test]
fn lists_of_artifacts_are_all_shown() {
    let mut second = data();
    second.metadata.insert("kfp.uri".to_owned(), "gs://b/more".to_owned());
    second.metadata.insert("layout".to_owned(), "folder".to_owned());
    let mut inputs = inputs();
    inputs.insert("data".to_owned(), Value::List(vec![Value::Artifact(data()), Value::Artifact(second)]));
    let mut call = call();
    call.args = vec!["{{$}}".to_owned()];
    let layout = laid_out(&call, &inputs);
    let shown = executor_input(&layout)["inputs"]["artifacts"]["data"]["artifacts"].as_array().map(Vec::len);
    assert_eq!((shown, layout.files.len()), (Some(2), 2));
    assert!(matches!(&layout.files[0].content, LayoutContent::Folder(_)), "{:?}", layout.files[0]);
}

#[test]
fn an_imported_reference_is_shown_without_a_file() {
    let mut inputs = inputs();
    let mut external = data();
    external.metadata.insert("kfp.external".to_owned(), "true".to_owned());
    inputs.insert("data".to_owned(), Value::Artifact(external));
    assert!(laid_out(&call(), &inputs).files.is_empty());
}

#[test]
fn missing_and_mistyped_inputs_are_named() {
    let without = |name: &str| {
        let mut inputs = inputs();
        inputs.remove(name);
        try_layout(&call(), &inputs).expect_err(name).message
    };
    assert!(without("rows").contains("given no `rows`"));
    assert!(without("data").contains("no artifact `data`"));
    let mut inputs = inputs();
    inputs.insert("rows".to_owned(), Value::Plain(json!("three")));
    let message = try_layout(&call(), &inputs).expect_err("text for a number").message;
    assert_eq!(message, "task `train` takes a whole number as `rows`, and was given \"three\"");
}

#[test]
fn null_takes_the_default() {
    let mut inputs = inputs();
    inputs.insert("rate".to_owned(), Value::Plain(Json::Null));
    let mut call = call();
    call.args = vec!["{{$.inputs.parameters['rate']}}".to_owned()];
    assert_eq!(laid_out(&call, &inputs).argv[1], "0.5");
}

#[test]
fn texts_that_name_the_attempt_are_finished_for_it() {
    let mut call = call();
    call.late = vec!["text".to_owned()];
    call.args = vec!["{{$.inputs.parameters['text']}}".to_owned(), "{{$.pipeline_task_uuid}}".to_owned()];
    let mut inputs = inputs();
    inputs.insert("text".to_owned(), Value::Plain(json!("{{$.pipeline_task_uuid}}")));
    let layout = laid_out(&call, &inputs);
    assert_eq!(layout.argv[1], layout.argv[2]);
    assert_eq!(layout.argv[1].len(), 36);
}
