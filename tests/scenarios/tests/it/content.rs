//! Copies of components from other registries: shared by nodes, kept below a size, fetched again when they are gone.
//! Never through a mirror or a double: the other registry is another node's.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::path::Path;

use host_node::ContentStore;
use registry_cas::{Blobs as _, FolderBlobs};
use registry_oci::Digest;

use crate::local_node::LocalNode;

const PROGRAMS: [&str; 3] = ["noop", "copy-file", "sleep"];

/// A pipeline of three components that another registry has.
fn document(registry: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: elsewhere }}\nspec:\n  parameters:\n    \
         text: {{ type: artifact }}\n  steps:\n    one:\n      component: {registry}/programs/noop:1\n      \
         function: run\n    two:\n      component: {registry}/programs/copy-file:1\n      command:\n        inputs: \
         {{ text: \"${{parameters.text}}\" }}\n        outputs: {{ text: text/plain }}\n    three:\n      component: \
         {registry}/programs/sleep:1\n      function: run\n      arguments: {{ millis: 1 }}\n"
    )
}

async fn kept(folder: &Path) -> Vec<Digest> {
    FolderBlobs::open(folder).await.unwrap().list().await.unwrap()
}

/// A node with its copies in this folder runs the pipeline.
async fn run_on_a_node(folder: &Path, bytes_max: u64, document: &str) {
    let content = ContentStore { folder: Some(folder.to_owned()), bytes_max };
    let node = LocalNode::start_with(|config| config.content = content).await;
    let text = crate::reuse::upload(&node, "text").await;
    let run = node.submit(document, &BTreeMap::from([("text".to_owned(), text)])).await.unwrap();
    let (record, steps) = node.finished(&run).await;
    assert_eq!(record.status, "succeeded", "{steps:#?}");
    let own = kept(&node.folder.path().join("data/blobs")).await;
    for name in PROGRAMS {
        let digest = Digest::sha256(&tests_kit::guests::program(name));
        assert!(!own.contains(&digest), "{name} is a copy, and none of the node's own things");
    }
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_share_their_copies_and_run_on_when_these_had_to_make_room() {
    let other = LocalNode::start().await;
    for name in PROGRAMS {
        other.push(&format!("programs/{name}:1"), &tests_kit::guests::program(name)).await;
    }
    let document = document(&other.node.addresses().registry.to_string());
    let folder = tempfile::tempdir().unwrap();

    run_on_a_node(folder.path(), 1 << 30, &document).await;
    let mut expected: Vec<Digest> =
        PROGRAMS.iter().map(|name| Digest::sha256(&tests_kit::guests::program(name))).collect();
    let mut found = kept(folder.path()).await;
    expected.sort();
    found.sort();
    assert_eq!(found, expected);

    // Removed at the source: only the copies can serve the next node.
    let blobs = FolderBlobs::open(&other.folder.path().join("data/blobs")).await.unwrap();
    for digest in &expected {
        blobs.delete(digest).await.unwrap();
    }
    run_on_a_node(folder.path(), 1 << 30, &document).await;

    // Room for one alone: whichever is needed is fetched again.
    for name in PROGRAMS {
        other.push(&format!("programs/{name}:1"), &tests_kit::guests::program(name)).await;
    }
    let narrow = tempfile::tempdir().unwrap();
    run_on_a_node(narrow.path(), 1, &document).await;
    assert_eq!(kept(narrow.path()).await.len(), 1);
    other.node.stop().await;
}
