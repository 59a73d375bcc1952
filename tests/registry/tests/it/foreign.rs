//! Foreign clients against our registry with users: `skopeo` from Debian, `oras` for Python from PyPI.
//! Never helps them: they log in, push and pull as they would at any registry.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use registry_oci::{Descriptor, Digest, ImageManifest, Index, canonical_json, media_types};
use registry_server::{AccessConfig, Challenge, PasswordFile};
use serde_json::Value;

use crate::guarded::USERS;
use crate::kit::*;

/// A Python with oras; `cargo xtask test` makes one.
const PYTHON: &str = "SANDMILL_TEST_REGISTRY_PYTHON";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// The usual rules: everybody pulls, users do everything.
async fn guarded(challenge: Challenge) -> OurRegistry {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users");
    std::fs::write(&path, USERS).unwrap();
    let users = Some(PasswordFile::open(path).unwrap());
    let access = AccessConfig { users, challenge, ..AccessConfig::default() };
    OurRegistry::start_in(folder, |config| config.access = Some(access)).await
}

/// Runs a foreign program to its end, without this user's own settings.
async fn run(program: &Path, arguments: &[&str], home: &Path) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env("HOME", home).env("XDG_RUNTIME_DIR", home).env("no_proxy", "*").stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn succeeds(program: &Path, arguments: &[&str], home: &Path) -> String {
    let output = run(program, arguments, home).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{} {arguments:?}: {said}", program.display());
    String::from_utf8(output.stdout).unwrap()
}

/// An image of one layer, as a folder in the layout of the image specification.
fn layout(folder: &Path, layer: &[u8]) -> Digest {
    let blobs = folder.join("blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let keep = |kind: &str, content: &[u8]| {
        let descriptor = Descriptor::of(kind, content);
        std::fs::write(blobs.join(descriptor.digest.hex()), content).unwrap();
        descriptor
    };
    let layer = keep(LAYER, layer);
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
        layer.digest
    );
    let manifest = canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(media_types::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: keep(CONFIG, config.as_bytes()),
        layers: vec![layer],
        subject: None,
        annotations: Default::default(),
    });
    let manifest = keep(media_types::IMAGE_MANIFEST, &manifest);
    let digest = manifest.digest.clone();
    std::fs::write(folder.join("index.json"), canonical_json(&Index::of(vec![manifest]))).unwrap();
    std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    digest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn skopeo_pushes_inspects_pulls_and_deletes() {
    let Some(skopeo) = installed("skopeo") else {
        return skipped("skopeo is not installed (apt-get install skopeo)");
    };
    for challenge in [Challenge::Token, Challenge::Basic] {
        let registry = guarded(challenge).await;
        let home = tempfile::tempdir().unwrap();
        let (source, copy) = (home.path().join("source"), home.path().join("copy"));
        let digest = layout(&source, &content(3_000_000));
        let (source, copied) = (format!("oci:{}", source.display()), format!("oci:{}:v1", copy.display()));
        let image = format!("docker://{}/team/image:v1", registry.address);

        let push = ["copy", "--insecure-policy", "--preserve-digests", "--dest-tls-verify=false", &source, &image];
        assert!(!run(&skopeo, &push, home.path()).await.status.success(), "the anonymous may not push");
        let wrong = [&push[..], &["--dest-creds", "ann:guess"]].concat();
        assert!(!run(&skopeo, &wrong, home.path()).await.status.success(), "nor may who does not know the password");
        let right = [&push[..], &["--dest-creds", "ann:secret:word"]].concat();
        succeeds(&skopeo, &right, home.path()).await;

        let inspected = succeeds(&skopeo, &["inspect", "--tls-verify=false", &image], home.path()).await;
        let inspected: Value = serde_json::from_str(&inspected).unwrap();
        assert_eq!(inspected["Digest"], digest.to_string());
        assert_eq!(inspected["RepoTags"], serde_json::json!(["v1"]));
        let pull = ["copy", "--insecure-policy", "--preserve-digests", "--src-tls-verify=false", &image, &copied];
        succeeds(&skopeo, &pull, home.path()).await;
        let layer = Digest::sha256(&content(3_000_000));
        assert_eq!(std::fs::read(copy.join("blobs/sha256").join(layer.hex())).unwrap(), content(3_000_000));

        // To another repository: the layer is mounted, not sent again.
        let other = format!("docker://{}/team/other:v1", registry.address);
        let both = ["--src-tls-verify=false", "--dest-tls-verify=false", "--dest-creds", "ann:secret:word"];
        let mount = [&["copy", "--insecure-policy"], &both[..], &[&image, &other]].concat();
        succeeds(&skopeo, &mount, home.path()).await;

        let delete = ["delete", "--tls-verify=false", "--creds", "ann:secret:word", &image];
        assert!(!run(&skopeo, &["delete", "--tls-verify=false", &image], home.path()).await.status.success());
        succeeds(&skopeo, &delete, home.path()).await;
        assert!(!run(&skopeo, &["inspect", "--tls-verify=false", &image], home.path()).await.status.success());
        succeeds(&skopeo, &["inspect", "--tls-verify=false", &other], home.path()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oras_for_python_pushes_and_pulls() {
    let Some(python) = std::env::var_os(PYTHON).map(PathBuf::from) else {
        return skipped(&format!("no oras for Python ({PYTHON} names a Python with it; `cargo xtask test` sets it)"));
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/oras_round_trip.py");
    for (challenge, backend) in [(Challenge::Token, "token"), (Challenge::Basic, "basic")] {
        let registry = guarded(challenge).await;
        let work = tempfile::tempdir().unwrap();
        for (name, length) in [("empty.bin", 0), ("small.bin", 100), ("large.bin", 5_000_000)] {
            std::fs::write(work.path().join(name), content(length)).unwrap();
        }
        let work_path = work.path().to_str().unwrap();
        let arguments = [script.to_str().unwrap(), &registry.address, "ann", "secret:word", work_path, backend];
        let said = succeeds(&python, &arguments, work.path()).await;
        let said: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert_eq!(said["status"], 201, "{said}");
        assert_eq!(said["tags"], serde_json::json!(["v1"]));
        for (name, length) in [("empty.bin", 0), ("small.bin", 100), ("large.bin", 5_000_000)] {
            assert_eq!(said["digests"][name], Digest::sha256(&content(length)).hex(), "{name}: {said}");
        }
    }
}
