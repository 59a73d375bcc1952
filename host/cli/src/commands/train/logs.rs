//! `sandmill train logs`: what a job's workers said.
//! Never reads a whole log at once.

use host_api::event::StreamEvent;
use host_api::run::LogQuery;
use host_base::{Code, Failure};
use host_client::Client;

use crate::commands::run::logs::print;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Lines asked for at a time.
const LINES_AT_ONCE: usize = 1_000;

/// Prints lines until there are no more, or with `follow` until the job has ended.
pub async fn logs(client: &Client, job: &str, worker: Option<u32>, follow: bool, printer: &Printer) -> Outcome {
    let step = worker.map(|worker| format!("worker-{worker}"));
    if let Some(step) = &step {
        let workers = client.train_job(job).await?.worker_states;
        if !workers.iter().any(|known| known.name == *step) {
            return Err(Failure::new(Code::NotFound, format!("job {job} has no `{step}`"))
                .with_hint(format!("it has {} workers, counted from 0", workers.len()))
                .into());
        }
    }
    if follow {
        let mut events = client.train_job_events(job, true);
        while let Some(event) = events.next().await? {
            match event {
                StreamEvent::Log(line) if step.as_ref().is_none_or(|step| *step == line.step) => print(&line, printer)?,
                _ => {}
            }
        }
        return Ok(());
    }
    let mut query = LogQuery { step, contains: None, after: None, limit: Some(LINES_AT_ONCE) };
    loop {
        let lines = client.train_job_logs(job, &query).await?.items;
        for line in &lines {
            print(line, printer)?;
        }
        let Some(last) = lines.last() else { return Ok(()) };
        query.after = Some(last.sequence);
    }
}
