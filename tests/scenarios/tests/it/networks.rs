//! Networks trained in the sandbox on real data, on a real node: they learn what they should, and the node knows it.
//! Never needs a graphics adapter: steps compute on the processors.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::path::Path;

use host_base::{Code, Value};
use host_node::DeviceBackend;

use crate::local_node::LocalNode;
use crate::reuse::upload;

/// Trains on the digits and scores on rows that were never learned from.
const DIGITS: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: networks }
spec:
  parameters:
    train: { type: artifact }
    test: { type: artifact }
  steps:
    load:
      component: sandmill/load-table:0.1.0
      function: load-table
      arguments: { file: '${parameters.train}' }
    load-test:
      component: sandmill/load-table:0.1.0
      function: load-table
      arguments: { file: '${parameters.test}' }
    mlp:
      component: sandmill/train-network:0.1.0
      function: train-network
      arguments: { table: '${steps.load.table}', test-table: '${steps.load-test.table}', target: label, architecture: mlp }
      grants: { device: { memory: 256MiB } }
    cnn:
      component: sandmill/train-network:0.1.0
      function: train-network
      arguments: { table: '${steps.load.table}', test-table: '${steps.load-test.table}', target: label, architecture: cnn }
      grants: { device: { memory: 256MiB } }
    predict:
      component: sandmill/predict-batch:0.1.0
      function: predict-batch
      arguments: { model: '${steps.cnn.model}', table: '${steps.load-test.table}' }
      grants: { device: { memory: 256MiB } }
";

/// Trains on a text.
const LANGUAGE: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: language }
spec:
  parameters:
    text: { type: artifact }
    other: { type: artifact }
  steps:
    train:
      component: sandmill/train-language-model:0.1.0
      function: train-language-model
      arguments: { text: '${parameters.text}', steps: 300 }
      grants: { device: {} }
    tune:
      component: sandmill/train-language-model:0.1.0
      function: tune-adapter
      arguments: { model: '${steps.train.model}', text: '${parameters.other}', steps: 60, learning-rate: 0.01 }
      grants: { device: {} }
";

/// The same training as a job.
fn language_job(text: &str, workers: u32) -> String {
    format!(
        "
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {{ name: language }}
spec:
  component: sandmill/train-language-model:0.1.0
  workers: {workers}
  seed: 3
  settings: {{ steps: 30, batch: 9, context: 32 }}
  dataSets: {{ text: {{ digest: '{text}' }} }}
  grants: {{ device: {{}} }}
  evaluateEverySteps: 30
"
    )
}

/// Of the rows that were not learned from, at least so many are named rightly.
const ACCURACY_MIN: f64 = 0.97;
/// Nats per character; a network that knows nothing of this text is above 4.5.
const LOSS_MAX: f64 = 2.4;

pub(crate) async fn node() -> LocalNode {
    let program = tests_kit::binary::path().to_owned();
    LocalNode::start_with(|config| {
        config.devices.worker = Some(program);
        config.devices.backend = DeviceBackend::Cpu;
        config.policy.device_memory_bytes_max = 1 << 30;
    })
    .await
}

/// All rows of the digits that were kept from training, under one header.
pub(crate) fn unseen() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/digits");
    let rows = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let second = rows("validation-b.csv");
    let (_, second) = second.split_once('\n').unwrap();
    [rows("validation-a.csv").trim_end(), second].join("\n").into_bytes()
}

/// A file of this project.
async fn upload_file(node: &LocalNode, path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    upload(node, std::fs::read(file).unwrap()).await
}

/// A text that is at hand, what this project says of itself; and another in the same characters: every line backwards.
async fn texts(node: &LocalNode) -> BTreeMap<String, Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ARCHITECTURE.md");
    let text = std::fs::read_to_string(file).unwrap();
    let backwards: Vec<String> = text.lines().map(|line| line.chars().rev().collect()).collect();
    let other = upload(node, backwards.join("\n").into_bytes()).await;
    BTreeMap::from([("text".to_owned(), upload(node, text.into_bytes()).await), ("other".to_owned(), other)])
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_learn_the_digits_and_their_losses_are_kept() {
    let node = node().await;
    node.push_guests_of(DIGITS).await;
    let given = BTreeMap::from([
        ("train".to_owned(), upload_file(&node, "tests/data/digits/train.csv").await),
        ("test".to_owned(), upload(&node, unseen()).await),
    ]);
    let run = node.submit(DIGITS, &given).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    for architecture in ["mlp", "cnn"] {
        let accuracy = steps[architecture].outputs.as_ref().unwrap()["accuracy"]["plain"].as_f64().unwrap();
        assert!(accuracy >= ACCURACY_MIN, "{architecture}: {accuracy}");
    }
    let predicted = &steps["predict"].outputs.as_ref().unwrap()["table"]["artifact"]["metadata"];
    let columns = |table: &serde_json::Value| table["columns"].as_str().unwrap().parse::<u32>().unwrap();
    let asked = &steps["load-test"].outputs.as_ref().unwrap()["table"]["artifact"]["metadata"];
    assert_eq!((columns(predicted), &predicted["rows"]), (columns(asked) + 2, &asked["rows"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transformer_learns_to_continue_a_text_and_an_adapter_another() {
    let node = node().await;
    node.push_guests_of(LANGUAGE).await;
    let given = texts(&node).await;
    let run = node.submit(LANGUAGE, &given).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    let loss = steps["train"].outputs.as_ref().unwrap()["loss"]["plain"].as_f64().unwrap();
    assert!(loss <= LOSS_MAX, "{loss}");
    let tuned = |name: &str| steps["tune"].outputs.as_ref().unwrap()[name]["plain"].as_f64().unwrap();
    assert!(tuned("loss") < 0.9 * tuned("loss-before"), "{} to {}", tuned("loss-before"), tuned("loss"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_two_workers_learns_what_one_does() {
    let node = node().await;
    node.push_guests_of(LANGUAGE).await;
    let Value::Artifact(text) = texts(&node).await.remove("text").unwrap() else { panic!("no artifact") };
    let mut losses = Vec::new();
    for workers in [1, 2] {
        let job = node.train(&language_job(&text.digest.to_string(), workers)).await.unwrap();
        let insight = node.trained(&job).await;
        assert_eq!(insight.record.status, "succeeded", "{insight:#?}");
        assert!(node.model(&insight).await.len() > 100_000, "a model with its weights");
        let scored = node.series(&job, "evaluation", "kept-loss").await;
        let (step, loss) = *scored.last().unwrap_or_else(|| panic!("nothing was scored: {insight:#?}"));
        assert_eq!(step, 30);
        losses.push(f64::from_bits(loss));
    }
    assert!(losses[0] < 3.5 && (losses[0] - losses[1]).abs() < 0.01, "{losses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_beyond_the_nodes_policy_is_refused_at_submission() {
    let node = node().await;
    node.push_guests_of(LANGUAGE).await;
    let given = texts(&node).await;
    let greedy = LANGUAGE.replace("device: {}", "device: { memory: 2GiB }");
    let refused = node.submit(&greedy, &given).await.unwrap_err();
    let said = refused.iter().find(|failure| failure.code == Code::GrantNotAllowed).unwrap();
    assert!(said.hint.as_ref().unwrap().contains("--device-memory-mib 2048"), "{said}");
}
