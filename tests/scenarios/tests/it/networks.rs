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
  steps:
    train:
      component: sandmill/train-language-model:0.1.0
      function: train-language-model
      arguments: { text: '${parameters.text}', steps: 300 }
      grants: { device: {} }
";

/// Of the rows that were not learned from, at least so many are named rightly.
const ACCURACY_MIN: f64 = 0.97;
/// Nats per character; a network that knows nothing of this text is above 4.5.
const LOSS_MAX: f64 = 2.4;

async fn node() -> LocalNode {
    let program = tests_kit::binary::path().to_owned();
    LocalNode::start_with(|config| {
        config.devices.worker = Some(program);
        config.devices.backend = DeviceBackend::Cpu;
        config.policy.device_memory_bytes_max = 1 << 30;
    })
    .await
}

/// A file of this project.
async fn upload_file(node: &LocalNode, path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    upload(node, std::fs::read(file).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_learn_the_digits_and_their_losses_are_kept() {
    let node = node().await;
    node.push_guests_of(DIGITS).await;
    let given = BTreeMap::from([
        ("train".to_owned(), upload_file(&node, "tests/data/digits/train.csv").await),
        ("test".to_owned(), upload_file(&node, "tests/data/digits/validation-a.csv").await),
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
async fn a_transformer_learns_to_continue_a_text() {
    let node = node().await;
    node.push_guests_of(LANGUAGE).await;
    // A text that is at hand: what this project says of itself.
    let given = BTreeMap::from([("text".to_owned(), upload_file(&node, "ARCHITECTURE.md").await)]);
    let run = node.submit(LANGUAGE, &given).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    let loss = steps["train"].outputs.as_ref().unwrap()["loss"]["plain"].as_f64().unwrap();
    assert!(loss <= LOSS_MAX, "{loss}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_beyond_the_nodes_policy_is_refused_at_submission() {
    let node = node().await;
    node.push_guests_of(LANGUAGE).await;
    let given = BTreeMap::from([("text".to_owned(), upload_file(&node, "ARCHITECTURE.md").await)]);
    let greedy = LANGUAGE.replace("device: {}", "device: { memory: 2GiB }");
    let refused = node.submit(&greedy, &given).await.unwrap_err();
    let said = refused.iter().find(|failure| failure.code == Code::GrantNotAllowed).unwrap();
    assert!(said.hint.as_ref().unwrap().contains("--device-memory-mib 2048"), "{said}");
}
