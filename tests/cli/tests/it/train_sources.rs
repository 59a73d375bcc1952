//! Data of training jobs in a bucket that opens with a secret of the node, and what is told where it does not.
//! Never from the internet: the store is a child of this test.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tests_kit::S3Server;

use crate::server::Server;
use crate::tool::{Said, Tool};

/// Rows as the program under test takes them.
fn rows() -> Vec<u8> {
    let row = |row: u32| [row as f32 / 50.0, 0.5, -0.5, 1.0, row as f32 / 25.0];
    (0..50).flat_map(row).flat_map(f32::to_le_bytes).collect()
}

/// A manifest of Kubeflow's whose data set is fetched with a secret and these variables.
fn manifest(uri: &str, secret: &str, variables: &[(&str, &str)]) -> String {
    let variables: Vec<String> =
        variables.iter().map(|(name, value)| format!("{{name: {name}, value: '{value}'}}")).collect();
    format!(
        "apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: {{name: line}}
spec:
  runtimeRef: {{name: plain}}
  initializer:
    dataset: {{storageUri: '{uri}', secretRef: {{name: {secret}}}, env: [{}]}}
  trainer: {{image: 'programs/train-line:1', args: ['--steps=5'], numNodes: 1}}
",
        variables.join(", ")
    )
}

/// All files of a folder that hold these bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_with(&entry.path(), bytes));
        } else if std::fs::read(entry.path())
            .is_ok_and(|content| content.windows(bytes.len()).any(|part| part == bytes))
        {
            found.push(entry.path());
        }
    }
    found
}

fn run(tool: &Tool, document: &str) -> Said {
    let file = tool.file("job.yaml", document);
    tool.run(&["train", "run", &file, "--watch"])
}

/// Runs a job that has to fail, and returns what was said.
fn fails(tool: &Tool, document: &str) -> String {
    let said = run(tool, document);
    assert_ne!(said.code, Some(0), "{said:#?}");
    said.stderr
}

/// A store that wants a key, and a node that has one of its own, which is not to be used.
struct Locked {
    store: S3Server,
    id: String,
    secret: String,
    server: Server,
    home: Tool,
}

/// What is fetched.
const URI: &str = "s3://data/rows.bin";
/// A job of Sandmill's own form, but for its data.
const OWN_FORM: &str = "apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {name: line}
spec:
  component: 'programs/train-line:1'
  settings: {steps: 5}
";

impl Locked {
    /// None where there is no such store on this machine.
    fn start() -> Option<Self> {
        let store = match S3Server::start() {
            Ok(store) => store,
            Err(reason) => {
                // Past the test runner's capture.
                let _ = writeln!(std::io::stderr(), "skipped: {reason}");
                return None;
            }
        };
        store.put("data", b"");
        for key in ["rows.bin", "rows/first.bin", "rows/more/second.bin"] {
            store.put(&format!("data/{key}"), &rows());
        }
        let (id, secret) = store.lock();
        let home = Tool::alone();
        let own = [
            ("AWS_ACCESS_KEY_ID", id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", &secret),
            ("AWS_ENDPOINT_URL", &store.endpoint),
            // As much as the node, and the store's client in it, can say.
            ("SANDMILL_LOG", "info,host_executor=trace,registry_cas_object=trace,object_store=trace,hyper_util=debug"),
        ];
        let log = File::create(home.path().join("node.log")).unwrap();
        let host = store.endpoint.trim_start_matches("http://");
        let server = Server::start_with(&home.path().join("data"), &["--allow-http", host], &own, log.into());
        server.push(&["train-line"]);
        Some(Self { store, id, secret, server, home })
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn set(&self, name: &str, keys: &[(&str, &str)]) {
        let data = self.data();
        let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let keys = keys.iter().map(String::as_str);
        let arguments = ["secret", "set", name].into_iter().chain(keys).chain(["--data", data.to_str().unwrap()]);
        self.server.tool.data(&arguments.collect::<Vec<_>>());
    }

    /// A manifest that names the secret `store` for this address.
    fn manifest(&self, uri: &str) -> String {
        manifest(uri, "store", &[("AWS_ENDPOINT_URL", &self.store.endpoint)])
    }

    fn fails(&self, document: &str, part: &str) {
        let told = fails(&self.server.tool, document);
        assert!(told.contains(part), "`{part}` is missing: {told}");
    }
}

/// The secret is made whole key by key, and with each it is told what is still wrong.
fn refused_until_whole(locked: &Locked) {
    locked.fails(&locked.manifest(URI), "the job takes the secret `store`, which this node does not keep");
    locked.set("store", &[("AWS_ACCESS_KEY_ID", &locked.id)]);
    locked.fails(&locked.manifest(URI), "`AWS_SECRET_ACCESS_KEY`, which the secret `store` does not hold");
    locked.set("store", &[("AWS_SECRET_ACCESS_KEY", "of some other store")]);
    locked.fails(&locked.manifest(URI), "the store refuses what is in the secret `store`");
    locked.set("store", &[("AWS_SECRET_ACCESS_KEY", &locked.secret)]);
    locked.fails(&locked.manifest("s3://data/nothing"), "there is no such object");
    let elsewhere = manifest(URI, "store", &[("AWS_ENDPOINT_URL", "http://localhost:9")]);
    locked.fails(&elsewhere, "--allow-http localhost:9");
    // Without a secret, only a bucket that the node was started with is read with the node's own key.
    locked.fails(&format!("{OWN_FORM}  dataSets: {{train: {{uri: '{URI}'}}}}\n"), "--allow-bucket s3://data");
}

fn fetched(locked: &Locked) {
    let tool = &locked.server.tool;
    let data_set = || tool.json(&["train", "show", "latest"])["dataSets"]["dataset"].clone();
    // The program takes its data under another name than that of initializers; here it is enough that it was fetched.
    locked.fails(&locked.manifest(URI), "the job has no data set `train`");
    assert_eq!(data_set()["sizeBytes"], rows().len());
    locked.fails(&locked.manifest("s3://data/rows/"), "the job has no data set `train`");
    let folder = data_set();
    assert_eq!((&folder["mediaType"], &folder["metadata"]["layout"]), (&"application/x-tar".into(), &"folder".into()));
    let digest = folder["digest"].as_str().unwrap();
    let files = tool.json(&["artifact", "files", digest]);
    let names: Vec<_> = files["items"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
    assert_eq!(names, ["first.bin", "more/second.bin"]);
    let shown = tool.json(&["artifact", "show", digest]);
    assert_eq!((&shown["step"], &shown["output"]), (&"worker-0".into(), &"dataset".into()), "{shown:#}");

    let place = ("AWS_ENDPOINT_URL", locked.store.endpoint.as_str());
    locked.set("whole", &[("AWS_ACCESS_KEY_ID", &locked.id), ("AWS_SECRET_ACCESS_KEY", &locked.secret), place]);
    let said = run(tool, &format!("{OWN_FORM}  dataSets: {{train: {{uri: '{URI}', secret: whole}}}}\n"));
    assert_eq!(said.code, Some(0), "{said:#?}");
}

fn found_nowhere_else(locked: &Locked) {
    let data = locked.data();
    for (key, value) in [("AWS_ACCESS_KEY_ID", &locked.id), ("AWS_SECRET_ACCESS_KEY", &locked.secret)] {
        let kept = [data.join("secrets/store").join(key), data.join("secrets/whole").join(key)];
        let mut found = files_with(&data, value.as_bytes());
        found.sort();
        assert_eq!(found, kept, "a secret's value is found elsewhere");
    }
    let said = std::fs::read_to_string(locked.home.path().join("node.log")).unwrap();
    assert!(said.contains("credential provider"), "the store's client says nothing: {said}");
    assert!(!said.contains(&locked.id) && !said.contains(&locked.secret), "{said}");
}

#[test]
fn data_in_a_bucket_is_opened_with_a_secret_and_with_nothing_else() {
    let Some(locked) = Locked::start() else { return };
    refused_until_whole(&locked);
    fetched(&locked);
    found_nowhere_else(&locked);
}
