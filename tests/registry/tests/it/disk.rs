//! A disk that is really full: a small file system in memory, mounted for the test.
//! Never fills a disk that something else uses.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use registry_cas::{Blobs as _, FolderBlobs, put_bytes, read_all};
use registry_oci::Algorithm;
use registry_server::{RegistryConfig, RegistryServer};
use tokio::net::TcpListener;

use crate::kit::*;

const DISK: &str = "size=2m";

struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where this user may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", DISK, "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            skipped("a small disk cannot be mounted (run as root, with the right to mount tmpfs)");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, since a file may still be open in a thread that is about to end.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_space_made_is_used() {
    let Some(disk) = SmallDisk::mount() else { return };
    let blobs = FolderBlobs::open(&disk.path().join("blobs")).await.unwrap();
    let kept = put_bytes(&blobs, &content(1_000_000)).await.unwrap();

    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    let written = writer.write(&content(3_000_000)).await;
    let error = match written {
        Ok(()) => writer.finish(None).await.unwrap_err(),
        Err(error) => {
            drop(writer);
            error
        }
    };
    assert!(error.is_disk_full(), "{error}");
    assert_eq!(blobs.list().await.unwrap(), std::slice::from_ref(&kept), "nothing half written is listed");
    assert_eq!(read_all(&blobs, &kept, 1_000_000).await.unwrap(), content(1_000_000), "others are not touched");

    // What the failed blob took is free again, and so is what a deleted one had.
    blobs.delete(&kept).await.unwrap();
    put_bytes(&blobs, &content(1_700_000)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_on_a_full_disk_says_so_and_recovers() {
    let Some(disk) = SmallDisk::mount() else { return };
    let blobs = Arc::new(FolderBlobs::open(&disk.path().join("blobs")).await.unwrap());
    let server = RegistryServer::open(RegistryConfig::new(disk.path().join("registry")), blobs).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener, std::future::pending()));

    let client = client(&address);
    let error = client.push_component(&reference("a:1"), content(5_000_000).into(), &description()).await.unwrap_err();
    assert!(error.to_string().contains("507"), "{error}");
    client.push_component(&reference("a:1"), content(1_000_000).into(), &description()).await.unwrap();
    let resolved = client.resolve(&reference("a:1")).await.unwrap();
    client.pull_component(&resolved, &memory()).await.unwrap();
}
