//! Results used again: what a later run finds, what it does not, what survives a restart, lineage.
//! Never counts time; whether a step was reused is in the ledger.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;

use host_base::{ArtifactKind, Value};
use host_node::StepRecord;
use registry_oci::Digest;

use crate::local_node::LocalNode;

const DOCUMENT: &str = r#"
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: reuse }
spec:
  parameters:
    left: { type: integer, default: 1 }
    right: { type: integer, default: 2 }
    text: { type: artifact }
  steps:
    first:
      component: programs/echo:1
      function: add
      arguments: { left: "${parameters.left}", right: 1 }
    second:
      component: programs/echo:1
      function: add
      arguments: { left: "${steps.first.output}", right: "${parameters.right}" }
    always:
      component: programs/echo:1
      function: add
      arguments: { left: 1, right: 1 }
      cache: false
    copy:
      component: programs/copy-file:1
      command:
        inputs: { text: "${parameters.text}" }
        outputs: { text: text/plain }
    copy-again:
      component: programs/handles:1
      function: copy-artifact
      arguments: { input: "${steps.copy.text}" }
"#;

pub(crate) async fn upload(node: &LocalNode, content: impl Into<bytes::Bytes>) -> Value {
    let content = futures::stream::iter([Ok::<_, std::io::Error>(content.into())]);
    let executor = node.node.executor();
    Value::Artifact(executor.upload(ArtifactKind::Artifact, "text/plain", BTreeMap::new(), content).await.unwrap())
}

async fn run(node: &LocalNode, right: u32, text: &Value) -> BTreeMap<String, StepRecord> {
    let parameters =
        BTreeMap::from([("right".to_owned(), Value::Plain(right.into())), ("text".to_owned(), text.clone())]);
    let run = node.submit(DOCUMENT, &parameters).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    steps
}

fn reused(steps: &BTreeMap<String, StepRecord>) -> Vec<&str> {
    steps.values().filter(|step| step.reused).map(|step| step.name.as_str()).collect()
}

fn digest_of(step: &StepRecord) -> Digest {
    let outputs = step.outputs.as_ref().unwrap().as_object().unwrap();
    let artifact = outputs.values().find_map(|output| output.get("artifact")).unwrap();
    artifact["digest"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_computes_only_what_its_parameters_change() {
    let node = LocalNode::start().await;
    node.push_guests_of(DOCUMENT).await;
    let text = upload(&node, "sand and stone").await;
    assert!(reused(&run(&node, 2, &text).await).is_empty());
    assert_eq!(reused(&run(&node, 2, &text).await), ["copy", "copy-again", "first", "second"]);
    assert_eq!(reused(&run(&node, 3, &text).await), ["copy", "copy-again", "first"]);

    let node = node.restart().await;
    assert_eq!(reused(&run(&node, 2, &text).await), ["copy", "copy-again", "first", "second"]);
    let other = upload(&node, "wind and water").await;
    let steps = run(&node, 2, &other).await;
    assert_eq!(reused(&steps), ["first", "second"]);

    // The command wrote capitals; what is stored is what it wrote, under its digest.
    let digest = digest_of(&steps["copy"]);
    assert_eq!(digest, Digest::sha256(b"WIND AND WATER"));
    let content = node.node.executor().read_artifact(&digest, 0, 100).await.unwrap();
    assert_eq!(content.as_ref(), b"WIND AND WATER");
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artifact_knows_who_made_it_and_who_used_it() {
    let node = LocalNode::start().await;
    node.push_guests_of(DOCUMENT).await;
    let text = upload(&node, "sand and stone").await;
    let steps = run(&node, 2, &text).await;
    let executor = node.node.executor();
    let made = executor.artifact(&digest_of(&steps["copy"])).await.unwrap();
    assert_eq!((made.step.as_deref(), made.output.as_deref()), (Some("copy"), Some("text")));
    let Value::Artifact(uploaded) = &text else { unreachable!("an upload is an artifact") };
    assert!(executor.artifact(&uploaded.digest).await.unwrap().run.is_none());
    let uses = executor.artifact_uses(&uploaded.digest).await.unwrap();
    assert_eq!(
        uses.iter().map(|used| (used.step.as_str(), used.parameter.as_str())).collect::<Vec<_>>(),
        [("copy", "text")]
    );
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_is_tried_again_without_repeating_what_succeeded() {
    const DOCUMENT: &str = r#"
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: again }
spec:
  steps:
    sound: { component: "programs/echo:1", function: add, arguments: { left: 1, right: 1 }, cache: false }
    fail: { component: "programs/fail:1", function: with-text, after: [sound] }
    behind: { component: "programs/noop:1", after: [fail] }
"#;
    let node = LocalNode::start().await;
    node.push("programs/echo:1", &tests_kit::guests::program("echo")).await;
    node.push("programs/fail:1", &tests_kit::guests::program("fail")).await;
    node.push("programs/noop:1", &tests_kit::guests::program("noop")).await;
    let run = node.submit(DOCUMENT, &BTreeMap::new()).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!((record.status.as_str(), steps["behind"].status.as_str()), ("failed", "skipped"));

    node.node.executor().retry(&run).await.unwrap();
    // The run is open again at once or ends again soon; its history tells which attempts there were.
    let mut attempts = 0;
    for _ in 0..500 {
        let (record, steps) = node.finished(&run).await;
        attempts = steps["fail"].attempts;
        if attempts == 2 && record.status == "failed" {
            assert_eq!(steps["sound"].attempts, 1, "what succeeded was repeated");
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(attempts, 2, "the failed step was not tried again");
    node.node.stop().await;
}
