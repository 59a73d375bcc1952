//! A pipeline that was written in Rust, on a real node.
//! Never writes a document by hand.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;

use host_base::Value;
use sdk_pipeline::{Pipeline, Text, kinds};

use crate::local_node::LocalNode;
use crate::reuse::upload;

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_written_in_rust_runs() {
    let pipeline = Pipeline::new("written-in-rust").description("Adds, tells, and copies a file.");
    let number = pipeline.parameter::<i64>("number").default_value(20);
    let file = pipeline.parameter::<kinds::Artifact>("file");
    let sum = pipeline.step("sum", "programs/echo:1").function("add").argument("left", &number).argument("right", 22);
    let text = Text::new("${it} is ").value(sum.output("output"));
    let tell = pipeline.step("tell", "programs/echo:1").function("echo-string").argument("value", text).attempts(2);
    let copy = pipeline.command("copy", "programs/copy-file:1").after(&tell).input("text", &file);
    let copy = copy.leaves("text", "text/plain").cache(false);
    let _ = pipeline
        .step("again", "programs/handles:1")
        .function("copy-artifact")
        .argument("input", copy.output("text"))
        .after(&sum);
    let document = pipeline.to_yaml().unwrap();

    let node = LocalNode::start().await;
    node.push_guests_of(&document).await;
    let given = BTreeMap::from([("file".to_owned(), upload(&node, "sand and stone").await)]);
    let run = node.submit(&document, &given).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    assert_eq!(steps["tell"].outputs.as_ref().unwrap()["output"]["plain"], "${it} is 42");
    let digest = |step: &str, output: &str| steps[step].outputs.as_ref().unwrap()[output]["artifact"]["digest"].clone();
    assert!(digest("copy", "text").is_string());
    assert_eq!(digest("again", "output"), digest("copy", "text"));

    // What the builder cannot know, the node tells before anything runs.
    let refused = node.submit(&document, &BTreeMap::from([("file".to_owned(), Value::Plain(1.into()))])).await;
    assert!(refused.unwrap_err().iter().any(|failure| failure.message.contains("file")));
}
