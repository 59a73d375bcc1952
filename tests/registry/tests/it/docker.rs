//! Our client against Debian's `docker-registry`, and the same component at both registries.
//! Never uses the machine's own registry service: each test starts one on a free port.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use registry_cas::read_all;
use registry_oci::Digest;

use crate::kit::*;

const PROGRAM: &str = "docker-registry";

pub struct DockerRegistry {
    pub address: String,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl DockerRegistry {
    /// None where the program is neither there nor to be had.
    pub async fn start() -> Option<Self> {
        let program = installed(PROGRAM).or_else(install)?;
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\n",
            folder.path().join("data").display()
        );
        std::fs::write(&config, text).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(program)
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let registry = Self { address, process, _folder: folder };
        registry.ready().await;
        Some(registry)
    }

    async fn ready(&self) {
        let (http, url) = (http(), format!("http://{}/v2/", self.address));
        for _ in 0..200 {
            if http.get(&url).send().await.is_ok_and(|response| response.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = std::fs::read_to_string(self._folder.path().join("log")).unwrap_or_default();
        panic!("docker-registry did not answer within 10 s: {log}");
    }
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn install() -> Option<PathBuf> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if is_root && Path::new("/usr/bin/apt-get").is_file() {
        let arguments = ["120", "apt-get", "install", "--yes", "--no-install-recommends", PROGRAM];
        let _ = Command::new("timeout")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
    let found = installed(PROGRAM);
    if found.is_none() {
        skipped("docker-registry is not installed (apt-get install docker-registry)");
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_component_has_the_same_digests_at_both_registries() {
    let Some(theirs) = DockerRegistry::start().await else { return };
    let ours = OurRegistry::start().await;
    let client = client(&ours.address);
    let component = content(5_000_009);
    let mut manifest_digests = Vec::new();
    for name in [reference("acme/train:1.0"), reference(&format!("{}/acme/train:1.0", theirs.address))] {
        let pushed = client.push_component(&name, component.clone().into(), &description()).await.unwrap();
        // A second push finds everything there.
        assert_eq!(client.push_component(&name, component.clone().into(), &description()).await.unwrap(), pushed);

        let resolved = client.resolve(&name).await.unwrap();
        assert_eq!(resolved.manifest_digest, pushed, "{name}");
        assert_eq!(client.resolve(&resolved.reference).await.unwrap(), resolved, "{name}");
        let blobs = memory();
        let digest = client.pull_component(&resolved, &blobs).await.unwrap();
        assert_eq!(digest, Digest::sha256(&component));
        assert_eq!(read_all(&blobs, &digest, 6_000_000).await.unwrap(), component, "{name}");
        assert_eq!(client.list_tags(&name).await.unwrap(), ["1.0"], "{name}");
        manifest_digests.push(pushed);
    }
    assert_eq!(manifest_digests[0], manifest_digests[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_does_not_have_is_named() {
    let Some(theirs) = DockerRegistry::start().await else { return };
    let client = client("127.0.0.1:1");
    let error = client.resolve(&reference(&format!("{}/acme/train:1.0", theirs.address))).await.unwrap_err();
    assert_eq!(error.to_string(), format!("registry {} has no acme/train:1.0", theirs.address));
}
