//! Classifiers in the form of ONNX name the rows of a table on a real node, beside onnxruntime.
//! Never silent where there is no onnxruntime: the test then says that it was skipped, and how it is had.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has to stop, or to say that it was skipped"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use host_base::{ArtifactKind, Value};
use sdk_guest::table::arrow_array::cast::AsArray;
use sdk_guest::table::arrow_array::types::Float32Type;
use sdk_guest::{DataSet, Handle as _};
use serde::Deserialize;

use crate::local_node::LocalNode;
use crate::networks::{node, unseen};
use crate::reuse::upload;

/// A Python with onnx and onnxruntime; `cargo xtask test` makes one.
const PYTHON: &str = "SANDMILL_ONNX_PYTHON";
/// How far a confidence may be from onnxruntime's: sums are added in another order.
const TOLERANCE: f32 = 1e-4;

/// Names the rows by a model that takes any number of them, and by one that takes seven pictures.
const PREDICT: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: onnx }
spec:
  parameters:
    rows: { type: artifact }
    any: { type: model }
    seven: { type: model }
    columns: { type: list }
  steps:
    load:
      component: sandmill/load-table:0.1.0
      function: load-table
      arguments: { file: '${parameters.rows}' }
    any:
      component: sandmill/predict-batch:0.1.0
      function: predict-batch
      arguments: { model: '${parameters.any}', table: '${steps.load.table}', features: '${parameters.columns}' }
      grants: { device: { memory: 64MiB } }
    seven:
      component: sandmill/predict-batch:0.1.0
      function: predict-batch
      arguments:
        model: '${parameters.seven}'
        table: '${steps.load.table}'
        features: '${parameters.columns}'
        classes: [zero, one, two, three, four, five, six, seven, eight, nine]
      grants: { device: { memory: 64MiB } }
    misfit:
      component: sandmill/predict-batch:0.1.0
      function: predict-batch
      arguments: { model: '${parameters.any}', table: '${steps.load.table}' }
      grants: { device: { memory: 64MiB } }
";

const CLASSES: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// What onnxruntime says.
#[derive(Deserialize)]
struct Expected {
    named: Vec<String>,
    sure: Vec<f32>,
    accuracy: f64,
}

/// The folder with the models; none, with the reason on stdout, where they cannot be made.
fn models(rows: &[u8]) -> Option<PathBuf> {
    let Some(python) = std::env::var_os(PYTHON) else {
        println!("skipped: {PYTHON} names no Python; `cargo xtask test` makes one");
        return None;
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("onnx-digits");
    std::fs::create_dir_all(&folder).unwrap();
    let table = folder.join("unseen.csv");
    std::fs::write(&table, rows).unwrap();
    let mut command = Command::new(python);
    command.arg("-B").arg(here.join("onnx/classifier.py")).arg(here.join("../data/digits/train.csv"));
    let made = command.arg(table).arg(&folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(folder)
}

async fn model(node: &LocalNode, path: PathBuf) -> Value {
    let content = bytes::Bytes::from(std::fs::read(path).unwrap());
    let content = futures::stream::iter([Ok::<_, std::io::Error>(content)]);
    let executor = node.node.executor();
    Value::Artifact(executor.upload(ArtifactKind::Model, "application/onnx", BTreeMap::new(), content).await.unwrap())
}

/// The names of the columns of pixels.
fn columns(rows: &[u8]) -> Vec<String> {
    let header = std::str::from_utf8(rows).unwrap().lines().next().unwrap();
    header.split(',').filter(|name| name.starts_with("pixel")).map(str::to_owned).collect()
}

/// The classes and confidences of a table that was named.
async fn told(node: &LocalNode, table: &serde_json::Value) -> (Vec<String>, Vec<f32>) {
    let digest = table["digest"].as_str().unwrap().parse().unwrap();
    let size = usize::try_from(table["sizeBytes"].as_u64().unwrap()).unwrap();
    let bytes = node.node.executor().read_artifact(&digest, 0, size).await.unwrap();
    let table = DataSet::from_bytes("application/vnd.apache.arrow.stream", &bytes).unwrap();
    let table = table.read_table().unwrap();
    let named = table.column_by_name("prediction").unwrap().as_string::<i32>();
    let sure = table.column_by_name("confidence").unwrap().as_primitive::<Float32Type>();
    (named.iter().flatten().map(str::to_owned).collect(), sure.values().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn classifiers_in_onnx_name_rows_as_onnxruntime_does() {
    let rows = unseen();
    let Some(folder) = models(&rows) else { return };
    let expected: Expected =
        serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    assert!(expected.accuracy > 0.9, "a classifier that knows something: {}", expected.accuracy);
    let node = node().await;
    node.push_guests_of(PREDICT).await;
    let given = BTreeMap::from([
        ("rows".to_owned(), upload(&node, rows.clone()).await),
        ("any".to_owned(), model(&node, folder.join("any.onnx")).await),
        ("seven".to_owned(), model(&node, folder.join("seven.onnx")).await),
        ("columns".to_owned(), Value::Plain(columns(&rows).into())),
    ]);
    let run = node.submit(PREDICT, &given).await.unwrap();
    let (_, steps) = node.finished(&run).await;
    for name in ["any", "seven"] {
        let step = &steps[name];
        assert_eq!(step.status, "succeeded", "{step:#?}");
        let (named, sure) = told(&node, &step.outputs.as_ref().unwrap()["table"]["artifact"]).await;
        let class = |digit: &String| match name {
            "seven" => CLASSES[digit.parse::<usize>().unwrap()].to_owned(),
            _ => digit.clone(),
        };
        assert_eq!(named, expected.named.iter().map(class).collect::<Vec<_>>(), "{name}");
        let near = |(found, expected): (&f32, &f32)| (found - expected).abs() <= TOLERANCE;
        assert!(sure.len() == named.len() && sure.iter().zip(&expected.sure).all(near), "{name}: {sure:?}");
    }
    // The label is a number too: without names it would be taken for one of the pixels.
    let misfit = steps["misfit"].failure.as_ref().unwrap_or_else(|| panic!("{:#?}", steps["misfit"]));
    assert!(misfit.message.contains("takes 64 numbers for a row, and there are 65 columns"), "{misfit}");
}
