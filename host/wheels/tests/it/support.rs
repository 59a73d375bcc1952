//! Wheels made on the spot, and the room under test over memory and a folder.
//! Never shared between tests.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use host_base::{Code, Failure, Wheel};
use host_wheels::{Wheels, WheelsConfig};
use registry_cas::{MemoryBlobs, SharedBlobs};
use registry_oci::Digest;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::index::{Index, Reply};

/// The room under test.
pub struct Rig {
    pub wheels: Wheels,
    pub blobs: SharedBlobs,
    pub folder: TempDir,
}

impl Rig {
    pub fn new(indexes: &[&str]) -> Self {
        Self::with(indexes, |_| {})
    }

    /// With limits that a test can reach.
    pub fn with(indexes: &[&str], change: impl FnOnce(&mut WheelsConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs: SharedBlobs = Arc::new(MemoryBlobs::new(64 << 20));
        let mut config = WheelsConfig::under(folder.path());
        change(&mut config);
        let indexes = indexes.iter().map(|url| url.parse().unwrap()).collect();
        let wheels = Wheels::new(config, indexes, blobs.clone()).unwrap();
        Self { wheels, blobs, folder }
    }

    pub async fn resolve(&self, requirements: &[&str]) -> Result<Vec<Wheel>, Failure> {
        self.resolve_from(requirements, &[]).await
    }

    /// The first failure says enough in these tests.
    pub async fn resolve_from(&self, requirements: &[&str], named: &[&str]) -> Result<Vec<Wheel>, Failure> {
        let texts = |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| (*text).to_owned()).collect() };
        let found = self.wheels.resolve(&texts(requirements), &texts(named)).await;
        found.map_err(|failures| failures.into_iter().next().unwrap())
    }

    pub async fn refusal(&self, requirements: &[&str], code: Code) -> Failure {
        match self.resolve(requirements).await {
            Err(failure) if failure.code == code => failure,
            other => panic!("expected {code:?}, got {other:?}"),
        }
    }

    /// Everything that lies where wheels are unpacked.
    pub fn layers(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.folder.path().join("packages")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// `NAME-VERSION-py3-none-any.whl` with one module that says the version, and what it needs.
pub fn wheel(name: &str, version: &str, needs: &[&str]) -> Vec<u8> {
    let head: String = needs.iter().map(|need| format!("Requires-Dist: {need}\n")).collect();
    archive(&[
        (&format!("{name}/__init__.py"), format!("VERSION = '{version}'\n").as_bytes()),
        (&format!("{name}-{version}.dist-info/METADATA"), format!("Name: {name}\n{head}").as_bytes()),
    ])
}

pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One file of a list, as it should be.
pub fn listed(file: &str, bytes: &[u8]) -> Json {
    json!({ "filename": file, "url": format!("/files/{file}"), "hashes": { "sha256": Digest::sha256(bytes).hex() } })
}

/// A list of files.
pub fn list(files: &[Json]) -> Reply {
    Reply::List(json!({ "meta": { "api-version": "1.1" }, "files": files }).to_string())
}

/// Puts a package of one version on an index, everything as it should be.
pub fn publish(index: &Index, name: &str, version: &str, needs: &[&str]) {
    publish_bytes(index, name, version, wheel(name, version, needs));
}

pub fn publish_bytes(index: &Index, name: &str, version: &str, bytes: Vec<u8>) {
    let file = format!("{name}-{version}-py3-none-any.whl");
    index.put(&format!("/simple/{name}/"), list(&[listed(&file, &bytes)]));
    index.put(&format!("/files/{file}"), Reply::File(bytes));
}
