//! Faults of the disk and of registries: what is said, and that nothing acknowledged is lost.
//! Never fakes a fault: blobs are changed on disk, disks are full, servers hang.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use host_base::{ArtifactKind, Code};
use registry_oci::Digest;

use crate::local_node::LocalNode;

fn one_step(component: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: one }}\nspec:\n  steps:\n    a:\n      component: {component}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tampered_component_is_refused_and_named() {
    let document = one_step("programs/noop:1");
    let node = LocalNode::start().await;
    node.push_guests_of(&document).await;
    let digest = Digest::sha256(&tests_kit::guests::program("noop"));
    let blob = find(&node.folder.path().join("data/blobs"), digest.hex()).expect("the component's blob is on disk");
    let mut bytes = std::fs::read(&blob).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&blob, bytes).unwrap();
    let failures = node.submit(&document, &BTreeMap::new()).await.unwrap_err();
    assert_eq!(failures[0].code, Code::DigestMismatch, "{failures:?}");
    assert!(failures[0].message.contains(digest.hex()), "{failures:?}");
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_nobody_has_is_not_found() {
    let node = LocalNode::start().await;
    node.push("programs/noop:1", &tests_kit::guests::program("noop")).await;
    let nobody = Digest::sha256(b"nobody has this");
    let failures = node.submit(&one_step(&format!("programs/noop@{nobody}")), &BTreeMap::new()).await.unwrap_err();
    assert_eq!(failures[0].code, Code::ComponentNotFound, "{failures:?}");
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_not_there_is_named() {
    let node = LocalNode::start().await;
    // A port that was free a moment ago, and that nobody listens on now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failures =
        node.submit(&one_step(&format!("127.0.0.1:{port}/team/thing:1")), &BTreeMap::new()).await.unwrap_err();
    assert_eq!(failures[0].code, Code::RegistryUnreachable, "{failures:?}");
    assert!(failures[0].message.contains(&format!("127.0.0.1:{port}")), "{failures:?}");
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_no_acknowledged_run_and_passes() {
    let Some(disk) = SmallDisk::mount(48) else {
        eprintln!("skipped: a_full_disk_loses_no_acknowledged_run_and_passes: mounting a small disk needs root");
        return;
    };
    let document = one_step("programs/noop:1");
    let node = LocalNode::start_in(disk.path.clone()).await;
    node.push_guests_of(&document).await;
    let before = node.submit(&document, &BTreeMap::new()).await.unwrap();
    node.finished(&before).await;

    std::fs::write(disk.path.join("filler"), vec![0; 64 << 20]).unwrap_err();
    let content = futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from(vec![1; 1 << 20]))]);
    let upload = node.node.executor().upload(ArtifactKind::Artifact, "text/plain", BTreeMap::new(), content).await;
    assert_eq!(upload.unwrap_err().code, Code::StorageFull);
    // SQLite may have a page left; in the end it says so, and each acknowledged run is really there.
    let mut acknowledged = vec![before];
    let refusal = loop {
        match node.submit(&document, &BTreeMap::new()).await {
            Ok(run) => acknowledged.push(run),
            Err(failures) => break failures,
        }
        assert!(acknowledged.len() < 10_000, "a full disk takes runs without end");
    };
    assert_eq!(refusal[0].code, Code::StorageFull, "{refusal:?}");

    std::fs::remove_file(disk.path.join("filler")).unwrap();
    let after = node.submit(&document, &BTreeMap::new()).await.unwrap();
    acknowledged.push(after);
    let node = node.restart().await;
    for run in &acknowledged {
        assert_eq!(node.finished(run).await.0.status, "succeeded");
    }
    node.node.stop().await;
}

/// A file below `folder` whose name holds `part`.
fn find(folder: &Path, part: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        let matches = entry.file_name().to_string_lossy().contains(part);
        if path.is_dir() { find(&path, part) } else { matches.then_some(path) }
    })
}

/// A disk in memory, unmounted when dropped.
struct SmallDisk {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let options = format!("size={mebibytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&path).output().ok()?;
        mount.status.success().then_some(Self { path, _folder: folder })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the node under test may not have closed its last file yet.
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}
