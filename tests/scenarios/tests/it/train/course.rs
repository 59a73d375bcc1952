//! What a job's course must be the same in spite of: lost workers, a suspension, a node that stops or is killed.
//! Never compares anything but bits.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::path::Path;

use crate::local_node::LocalNode;

fn job(component: &str, lines: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {{name: course}}\nspec:\n  component: programs/{component}:1\n{lines}"
    )
}

const STEADY: &str = "  workers: 2\n  seed: 11\n  settings: { steps: 400 }\n  checkpoint: { everySteps: 20 }\n";

async fn with_programs() -> LocalNode {
    let node = LocalNode::start().await;
    node.push("programs/train-line:1", &tests_kit::guests::program("train-line")).await;
    node.push("programs/train-badly:1", &tests_kit::guests::program("train-badly")).await;
    node
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_bits_and_so_does_a_job_that_lost_a_worker() {
    let node = with_programs().await;
    let steady = node.train(&job("train-line", STEADY)).await.unwrap();
    let again = node.train(&job("train-line", STEADY)).await.unwrap();
    let lines = STEADY.replace("steps: 400", "steps: 400, fault: trap, fault-rank: 1, fault-step: 333");
    let lost = node.train(&job("train-badly", &lines)).await.unwrap();
    let kept = node.train(&job("train-badly", &format!("{lines}  restart: {{ scope: worker }}\n"))).await.unwrap();
    let insight = node.trained(&steady).await;
    let (model, losses) = (node.model(&insight).await, node.series(&steady, "worker-0", "loss").await);
    assert_eq!(losses.len(), 400);
    for (other, restarts) in [(again, 0), (lost, 1), (kept, 1)] {
        let insight = node.trained(&other).await;
        assert_eq!((insight.record.status.as_str(), insight.kept.restarts), ("succeeded", restarts));
        assert_eq!(node.model(&insight).await, model);
        assert_eq!(node.series(&other, "worker-0", "loss").await, losses);
    }
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_stopped_waits_with_its_state_across_a_restart_of_the_node() {
    let node = with_programs().await;
    let steady = node.train(&job("train-line", STEADY)).await.unwrap();
    let insight = node.trained(&steady).await;
    let model = node.model(&insight).await;
    let stopped = node.train(&job("train-line", STEADY)).await.unwrap();
    node.job_until(&stopped, |insight| !insight.kept.checkpoints.is_empty()).await;
    node.node.executor().suspend_job(&stopped).await.unwrap();
    let insight = node.job_until(&stopped, |insight| insight.record.status == "suspended").await;
    let step = insight.kept.step;
    assert!(step < 400, "it was over before it was stopped");
    let node = node.restart().await;
    let insight = node.job(&stopped).await;
    assert_eq!((insight.record.status.as_str(), insight.kept.step), ("suspended", step));
    node.node.executor().resume_job(&stopped).await.unwrap();
    let insight = node.trained(&stopped).await;
    assert_eq!(node.model(&insight).await, model);
    assert!(node.node.executor().resume_job(&stopped).await.is_err());
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_was_torn_on_the_disk_leads_to_the_one_before_it() {
    let node = with_programs().await;
    let steady = node.train(&job("train-line", STEADY)).await.unwrap();
    let insight = node.trained(&steady).await;
    let model = node.model(&insight).await;
    let torn = node.train(&job("train-line", STEADY)).await.unwrap();
    node.job_until(&torn, |insight| insight.kept.checkpoints.len() == 2).await;
    node.node.executor().suspend_job(&torn).await.unwrap();
    let insight = node.job_until(&torn, |insight| insight.record.status == "suspended").await;
    let [older, newest] = insight.kept.checkpoints.as_slice() else { panic!("{insight:#?}") };
    let folder = node.folder.path().join("data/checkpoints").join(torn.to_string());
    tear(&folder, &newest.artifact.digest.to_string().replace("sha256:", ""));
    node.node.executor().resume_job(&torn).await.unwrap();
    let insight = node.trained(&torn).await;
    assert_eq!(node.model(&insight).await, model);
    let events = node.node.executor().events(&torn, 0, 10_000).await.unwrap();
    let refused = events.iter().find(|event| event.event["event"] == "train-checkpoint-refused").unwrap();
    assert_eq!(refused.event["failure"]["code"], "SM0510", "{refused:?}");
    let began = events.iter().rev().find(|event| event.event["event"] == "train-began").unwrap();
    assert_eq!(began.event["fromStep"], older.step);
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_checkpoints_that_are_kept_are_on_the_disk() {
    let node = with_programs().await;
    let job = node.train(&job("train-line", STEADY)).await.unwrap();
    let insight = node.trained(&job).await;
    let folder = node.folder.path().join("data/checkpoints").join(job.to_string());
    node.node.stop().await;
    let names: Vec<String> =
        files(&folder.join("sha256")).iter().map(|path| path.to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), 2, "{names:#?}");
    for checkpoint in &insight.kept.checkpoints {
        let digest = checkpoint.artifact.digest.to_string().replace("sha256:", "");
        assert!(names.iter().any(|name| name.contains(&digest)), "{digest} is not among {names:#?}");
    }
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Cuts the file of this digest in half.
fn tear(folder: &Path, digest: &str) {
    for path in files(folder) {
        if path.to_string_lossy().contains(digest) {
            let about = path.metadata().unwrap();
            let mut permissions = about.permissions();
            #[expect(clippy::permissions_set_readonly_false, reason = "a file of a test's own folder")]
            permissions.set_readonly(false);
            std::fs::set_permissions(&path, permissions).unwrap();
            return std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(about.len() / 2).unwrap();
        }
    }
    panic!("there is no {digest} below {}", folder.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cancelled_goes_on_from_its_last_checkpoint() {
    let node = with_programs().await;
    let cancelled = node.train(&job("train-line", STEADY)).await.unwrap();
    node.job_until(&cancelled, |insight| !insight.kept.checkpoints.is_empty()).await;
    node.node.executor().cancel_job(&cancelled).await.unwrap();
    let insight = node.trained(&cancelled).await;
    assert_eq!(insight.record.status, "cancelled");
    assert!(node.node.executor().suspend_job(&cancelled).await.is_err());
    node.node.executor().resume_job(&cancelled).await.unwrap();
    let insight = node.job_until(&cancelled, |insight| insight.record.status == "succeeded").await;
    assert_eq!(insight.kept.step, 400);
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_room_and_one_that_waits_can_be_cancelled() {
    let node = LocalNode::start_with(|config| config.workers_at_once_max = Some(2)).await;
    node.push("programs/train-line:1", &tests_kit::guests::program("train-line")).await;
    let endless = STEADY.replace("steps: 400", "steps: 1000000000");
    let first = node.train(&job("train-line", &endless)).await.unwrap();
    node.job_until(&first, |insight| !insight.kept.checkpoints.is_empty()).await;
    let second = node.train(&job("train-line", STEADY)).await.unwrap();
    let third = node.train(&job("train-line", STEADY)).await.unwrap();
    node.node.executor().cancel_job(&second).await.unwrap();
    assert_eq!(node.trained(&second).await.record.status, "cancelled");
    assert!(node.series(&third, "worker-0", "loss").await.is_empty(), "it did not wait for room");
    node.node.executor().cancel_job(&first).await.unwrap();
    assert_eq!(node.trained(&third).await.record.status, "succeeded");
    node.node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_job_is_forgotten_once_its_time_is_over() {
    let node = with_programs().await;
    let job = node
        .train(&job("train-line", "  settings: { steps: 3 }\n  keepFor: 300ms\n  checkpoint: { everySteps: 1 }\n"))
        .await
        .unwrap();
    node.trained(&job).await;
    let folder = node.folder.path().join("data/checkpoints").join(job.to_string());
    assert!(folder.exists());
    node.job_until(&job, |insight| insight.record.attributes.removed).await;
    assert!(!folder.exists());
    let listed = node.node.executor().jobs(host_node::RunFilter::default(), None, 10).await.unwrap();
    assert!(listed.items.is_empty(), "{listed:?}");
    node.node.stop().await;
}
