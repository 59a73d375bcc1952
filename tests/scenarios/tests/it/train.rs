//! Training jobs on a real node: scenario folders with a `job.yaml`, and what a job survives.
//! Never replaces a part of the node by a double.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

mod course;
mod crash;
mod folders;

use std::time::{Duration, Instant};

use host_base::{Failure, RunId};
use host_node::{Given, JobInsight, MetricPoint};

use crate::local_node::LocalNode;

/// A job that takes longer has hung.
const JOB_SECONDS_MAX: u64 = 60;

impl LocalNode {
    pub(crate) async fn train(&self, document: &str) -> Result<RunId, Vec<Failure>> {
        self.node.executor().submit_job(document, Given::default(), None, None).await
    }

    pub(crate) async fn job(&self, job: &RunId) -> JobInsight {
        self.node.executor().job(job).await.unwrap()
    }

    /// Waits until this holds for the job.
    pub(crate) async fn job_until(&self, job: &RunId, holds: impl Fn(&JobInsight) -> bool) -> JobInsight {
        let begun = Instant::now();
        let mut news = self.node.executor().watch(job);
        loop {
            let insight = self.job(job).await;
            if holds(&insight) {
                return insight;
            }
            assert!(begun.elapsed().as_secs() < JOB_SECONDS_MAX, "job {job} hangs: {insight:#?}");
            let _ = tokio::time::timeout(Duration::from_millis(50), news.recv()).await;
        }
    }

    pub(crate) async fn trained(&self, job: &RunId) -> JobInsight {
        self.job_until(job, |insight| insight.record.finished_at_millis.is_some()).await
    }

    /// All points of one series, the last one of each step.
    pub(crate) async fn series(&self, job: &RunId, worker: &str, name: &str) -> Vec<(u64, u64)> {
        let mut points = std::collections::BTreeMap::new();
        let mut after = 0;
        loop {
            let read: Vec<MetricPoint> = self.node.executor().metrics(job, after, 10_000).await.unwrap();
            let Some(last) = read.last() else { return points.into_iter().collect() };
            after = last.sequence;
            for point in read.iter().filter(|point| point.step == worker && point.name == name) {
                points.insert(point.index, point.value.unwrap_or(f64::NAN).to_bits());
            }
        }
    }

    /// The content of the model that a job made.
    pub(crate) async fn model(&self, insight: &JobInsight) -> Vec<u8> {
        let model = insight.kept.model.as_ref().unwrap_or_else(|| panic!("there is no model: {insight:#?}"));
        self.node.executor().read_artifact(&model.digest, 0, 1 << 20).await.unwrap().to_vec()
    }
}
