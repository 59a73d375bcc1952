//! A real node, killed with SIGKILL at random moments: what it acknowledged it finishes, what it
//! recorded it does not repeat.
//! Never stops the node gently.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use host_api::event::{Change, StreamEvent};
use host_api::run::SubmitRequest;
use host_client::Client;
use registry_client::{ClientConfig, RegistryClient};

/// Runs that must have been acknowledged before the test is content.
const RUNS_MIN: usize = 100;
/// The node is killed this long after it is ready, at a moment that the seed chooses.
const LIFE_MILLIS: std::ops::Range<u64> = 30..600;
/// All runs together must be finished this long after the last start.
const FINISH_SECONDS_MAX: u64 = 120;

/// A run takes some 60 ms in four attempts, so that kills hit all stages of many.
const DOCUMENT: &str = r#"
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: crash }
spec:
  steps:
    first: { component: "programs/sleep:1", arguments: { millis: 10 }, cache: false }
    second: { component: "programs/sleep:1", arguments: { millis: 20 }, cache: false, after: [first] }
    third: { component: "programs/sleep:1", arguments: { millis: 15 }, cache: false, after: [first] }
    fourth: { component: "programs/sleep:1", arguments: { millis: 10 }, cache: false, after: [second, third] }
"#;

/// A node in a process of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) client: Client,
    registry: String,
}

impl Process {
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = Command::new(tests_kit::binary::path())
            .args(["up", "--json", "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("`{line}`: {error}"));
        let client = Client::new(ready["server"].as_str().unwrap().parse().unwrap()).unwrap();
        Self { child, client, registry: ready["registry"].as_str().unwrap().to_owned() }
    }

    /// Pushes a test program as `programs/NAME:1`.
    pub(crate) async fn push(&self, program: &str) {
        let bytes = tests_kit::guests::program(program);
        let config = ClientConfig { own_registry: Some(self.registry.clone()), ..ClientConfig::default() };
        let reference = format!("programs/{program}:1").parse().unwrap();
        let description = registry_oci::ComponentDescription::default();
        RegistryClient::new(config).push_component(&reference, bytes.into(), &description).await.unwrap();
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_it_finishes_what_it_acknowledged_and_repeats_nothing_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = SplitMix(20_261_124);
    let mut acknowledged = BTreeSet::new();
    let mut kills = 0;
    while acknowledged.len() < RUNS_MIN {
        let process = Process::start(folder.path());
        if kills == 0 {
            process.push("sleep").await;
        }
        let life = Duration::from_millis(LIFE_MILLIS.start + random.next() % (LIFE_MILLIS.end - LIFE_MILLIS.start));
        let submissions = submit_until_dead(process.client.clone());
        let submissions = tokio::spawn(submissions);
        tokio::time::sleep(life).await;
        process.kill();
        kills += 1;
        acknowledged.extend(submissions.await.unwrap());
        assert!(kills < 300, "only {} runs were acknowledged in {kills} lives", acknowledged.len());
    }

    let process = Process::start(folder.path());
    let begun = Instant::now();
    for run in &acknowledged {
        loop {
            let detail = process.client.run(run).await.unwrap_or_else(|error| panic!("run {run} was lost: {error}"));
            match detail.run.status.as_str() {
                "succeeded" => break,
                "running" => {}
                other => panic!("run {run} ended {other}: {:#?}", detail.steps),
            }
            assert!(begun.elapsed().as_secs() < FINISH_SECONDS_MAX, "run {run} hangs: {detail:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        check_history(&process.client, run).await;
    }
    process.kill();
}

/// Submits one run after the other until the node is gone; returns those that it acknowledged.
async fn submit_until_dead(client: Client) -> Vec<String> {
    let request = SubmitRequest { document: DOCUMENT.to_owned(), ..SubmitRequest::default() };
    let mut acknowledged = Vec::new();
    while let Ok(submitted) = client.submit(&request).await {
        acknowledged.push(submitted.run);
    }
    acknowledged
}

/// Each step has one recorded success, and nothing of it is recorded after that.
async fn check_history(client: &Client, run: &str) {
    let mut events = client.events(run, false);
    let mut succeeded = BTreeSet::new();
    while let Some(event) = events.next().await.unwrap() {
        let StreamEvent::History(history) = event else { continue };
        let (step, success) = match history.change {
            Change::StepSucceeded { step, .. } => (step, true),
            Change::AttemptStarted { step, .. } | Change::AttemptInterrupted { step, .. } => (step, false),
            _ => continue,
        };
        assert!(!succeeded.contains(&step), "run {run} repeated step `{step}` after its recorded success");
        if success {
            succeeded.insert(step);
        }
    }
    assert_eq!(succeeded.len(), 4, "run {run}");
}

/// SplitMix64: enough to choose moments, and the same on every machine.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
