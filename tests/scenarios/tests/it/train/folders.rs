//! Every folder with a `job.yaml`, on one node: faulty workers run beside sound ones, and the node goes on.
//! Never skips a folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use host_base::RunId;
use host_node::JobInsight;
use serde::Deserialize;

use crate::local_node::LocalNode;
use crate::scenario::Problem;

/// Fewer would mean that folders are not found.
const SCENARIOS_MIN: usize = 15;

/// `expect.yaml` beside a `job.yaml`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expect {
    /// The submission is refused with just these problems, in any order.
    #[serde(default)]
    refused: Vec<Problem>,
    /// How the job ends.
    status: Option<String>,
    /// Why training was at its end.
    reason: Option<String>,
    failure: Option<Problem>,
    step: Option<u64>,
    restarts: Option<u32>,
    size: Option<u32>,
    /// The steps of the checkpoints that are left.
    checkpoints: Option<Vec<u64>>,
    /// How large the values of the last evaluation may be.
    #[serde(default)]
    evaluation: BTreeMap<String, f64>,
    /// How workers ended.
    #[serde(default)]
    workers: BTreeMap<String, String>,
    /// What the job's log must hold, anywhere.
    #[serde(default)]
    log_says: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_folder_ends_as_expected() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = std::fs::read_dir(room).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("job.yaml").exists());
    folders.sort();
    assert!(folders.len() >= SCENARIOS_MIN, "only {} job folders were found", folders.len());
    let node = LocalNode::start().await;
    let mut wrong = Vec::new();
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let document = std::fs::read_to_string(folder.join("job.yaml")).unwrap();
        let expect = std::fs::read_to_string(folder.join("expect.yaml")).unwrap();
        let expect: Expect =
            serde_saphyr::from_str(&expect).unwrap_or_else(|error| panic!("{name}/expect.yaml: {error}"));
        node.push_guests_of(&document).await;
        if let Err(what) = run(&node, &document, &expect).await {
            wrong.push(format!("{name}: {what}"));
        }
    }
    node.node.stop().await;
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), folders.len(), wrong.join("\n"));
}

async fn run(node: &LocalNode, document: &str, expect: &Expect) -> Result<(), String> {
    let job = match node.train(document).await {
        Ok(job) if expect.refused.is_empty() => job,
        Ok(job) => return Err(format!("was accepted as {job}, but had to be refused")),
        Err(failures) => {
            let all = expect.refused.iter().all(|problem| failures.iter().any(|failure| problem.matches(failure)));
            let as_many = failures.len() >= expect.refused.len().max(1);
            return if all && as_many { Ok(()) } else { Err(format!("was refused with {failures:#?}")) };
        }
    };
    let insight = node.trained(&job).await;
    check(&insight, expect).map_err(|what| format!("{what}: {insight:#?}"))?;
    log(node, &job, expect).await
}

fn check(insight: &JobInsight, expect: &Expect) -> Result<(), String> {
    let kept = &insight.kept;
    let reason = kept.reason.map(|reason| serde_json::to_value(reason).unwrap().as_str().unwrap().to_owned());
    let steps: Vec<u64> = kept.checkpoints.iter().map(|checkpoint| checkpoint.step).collect();
    let wrong = [
        (Some(&insight.record.status) != expect.status.as_ref(), "another status"),
        (expect.reason.is_some() && reason != expect.reason, "another reason"),
        (expect.step.is_some_and(|step| step != kept.step), "another step"),
        (expect.restarts.is_some_and(|restarts| restarts != kept.restarts), "other restarts"),
        (expect.size.is_some_and(|size| size != kept.size), "another size"),
        (expect.checkpoints.as_ref().is_some_and(|wanted| *wanted != steps), "other checkpoints"),
    ];
    if let Some((_, what)) = wrong.iter().find(|(wrong, _)| *wrong) {
        return Err((*what).to_owned());
    }
    if let Some(problem) = &expect.failure
        && !kept.failure.as_ref().is_some_and(|failure| problem.matches(failure))
    {
        return Err(format!("another failure than {problem:?}"));
    }
    for (name, most) in &expect.evaluation {
        let measured = kept.evaluation.get(name).copied().flatten();
        if measured.is_none_or(|measured| measured > *most) {
            return Err(format!("`{name}` is {measured:?}, not at most {most}"));
        }
    }
    for (name, status) in &expect.workers {
        let found = insight.workers.iter().find(|worker| worker.name == *name).map(|worker| &worker.status);
        if found != Some(status) {
            return Err(format!("`{name}` is {found:?}, not {status}"));
        }
    }
    Ok(())
}

async fn log(node: &LocalNode, job: &RunId, expect: &Expect) -> Result<(), String> {
    let lines = node.node.executor().logs(job, None, 0, 10_000).await.unwrap();
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    match expect.log_says.iter().find(|part| !text.contains(part.as_str())) {
        Some(part) => Err(format!("its log does not say `{part}`:\n{text}")),
        None => Ok(()),
    }
}
