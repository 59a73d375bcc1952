//! A real node, killed with SIGKILL again and again while a job is at work: the job ends with the same bits as one that
//! nothing happened to, and goes back no further than its last checkpoint.
//! Never stops the node gently.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::time::{Duration, Instant};

use host_api::train_job::{SubmitTrainJob, TrainJobDetail};
use host_client::Client;

use crate::crash::Process;

/// Lives of the node that end in the middle of the job.
const KILLS: u64 = 6;
/// The job must be over this long after the last start.
const FINISH_SECONDS_MAX: u64 = 90;

const DOCUMENT: &str = "
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {name: crash}
spec:
  component: programs/train-line:1
  workers: 2
  seed: 5
  settings: {steps: 4000}
  checkpoint: {everySteps: 25}
";

async fn submit(client: &Client) -> String {
    let request = SubmitTrainJob { document: DOCUMENT.to_owned(), ..SubmitTrainJob::default() };
    client.submit_train_job(&request).await.unwrap().job
}

async fn ended(client: &Client, job: &str) -> TrainJobDetail {
    let begun = Instant::now();
    loop {
        let detail = client.train_job(job).await.unwrap();
        if detail.job.finished_at_millis.is_some() {
            assert_eq!(detail.job.status, "succeeded", "{detail:#?}");
            return detail;
        }
        assert!(begun.elapsed().as_secs() < FINISH_SECONDS_MAX, "the job hangs: {detail:#?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_survives_a_node_that_is_killed_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    process.push("train-line").await;
    let steady = submit(&process.client).await;
    let expected = ended(&process.client, &steady).await;
    let job = submit(&process.client).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    process.kill();
    let mut reached = 0;
    for kill in 1..KILLS {
        let process = Process::start(folder.path());
        tokio::time::sleep(Duration::from_millis(60 + 37 * kill)).await;
        let detail = process.client.train_job(&job).await.unwrap();
        assert!(detail.step >= reached, "step {reached} was written down, and it went on from {}", detail.step);
        reached = detail.step;
        process.kill();
    }
    let process = Process::start(folder.path());
    let detail = ended(&process.client, &job).await;
    assert!(detail.generation > 1, "it was never broken off: {detail:#?}");
    assert_eq!((detail.step, detail.restarts), (4000, 0));
    assert_eq!(detail.model.unwrap().digest, expected.model.unwrap().digest);
    process.kill();
}
